/** Every version of an entry: when, who, who confirmed, why, and what it changed. */
import type { EntryKind } from '../../fees/catalogue.ts';
import { changesBetween, type WindowName } from '../../fees/describe.ts';
import type { EntryVersion } from '../../fees/revision.ts';
import { Changes } from './differences.tsx';
import { nameOfWindow } from './fee-words.ts';
import { readHistory, readWindows } from './service.ts';
import { useAnswer } from './use-answer.ts';
import { Versions } from './versions.tsx';

export function EntryHistory(props: { kind: EntryKind; code: string; nameJa: string; onClose: () => void }) {
  const { kind, code } = props;
  const asked = useAnswer(`history ${kind} ${code}`, () => readHistory(kind, code));
  const windowName = nameOfWindow(useAnswer('windows', readWindows).value ?? []);
  return (
    <Versions
      nameJa={props.nameJa}
      asked={asked}
      who={(version) => `${peopleOf(version)}　${reasonOf(version)}`}
      changes={(version, before) => (
        <Version kind={kind} version={version} before={before} windowName={windowName} />
      )}
      onClose={props.onClose}
    />
  );
}

function Version<Kind extends EntryKind>(props: {
  kind: Kind;
  version: EntryVersion<Kind>;
  before: EntryVersion<Kind> | undefined;
  windowName: WindowName;
}) {
  const { kind, version, before } = props;
  const changes = changesBetween(kind, before?.definition, version.definition, props.windowName);
  return (
    <details open={before !== undefined}>
      <summary>{before === undefined ? 'はじめの内容' : `変わったところ ${changes.length}件`}</summary>
      <Changes changes={changes} isNew={before === undefined} />
    </details>
  );
}

/** Put there by the program, and by nobody of the city. */
const BY_PROGRAM: Record<string, string> = { sample: '見本の料金表', migration: '前の版からの引き継ぎ' };

const peopleOf = ({ changedBy, confirmedBy }: EntryVersion): string =>
  (BY_PROGRAM[changedBy] ?? changedBy) + (confirmedBy === null ? '' : `（確認 ${confirmedBy}）`);

const reasonOf = ({ changedBy, reason }: EntryVersion): string =>
  changedBy in BY_PROGRAM ? '' : `理由：${reason}`;
