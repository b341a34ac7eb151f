/** Every version of an entry: when, who, who confirmed, why, and what it changed. */
import { Button } from 'react-aria-components';
import type { EntryKind } from '../../fees/catalogue.ts';
import { changesBetween } from '../../fees/describe.ts';
import type { EntryVersion } from '../../fees/revision.ts';
import { DialogFrame } from '../shared/dialog-frame.tsx';
import { formatDay, formatTime } from '../shared/format.ts';
import { Changes } from './differences.tsx';
import { Fault } from './fault.tsx';
import { readHistory } from './service.ts';
import { useAnswer } from './use-answer.ts';

export function EntryHistory(props: { kind: EntryKind; code: string; nameJa: string; onClose: () => void }) {
  const { kind, code } = props;
  const { value, fault } = useAnswer(`history ${kind} ${code}`, () => readHistory(kind, code));
  return (
    <DialogFrame title={`${props.nameJa}の履歴`} onClose={props.onClose}>
      <Fault message={fault} />
      {value === null && fault === null && <p>読み込んでいます</p>}
      {value?.length === 0 && <p>まだ変えたことがありません。</p>}
      <ol className="versions">
        {(value ?? []).map((version, index) => (
          <li key={version.version}>
            <p>
              <strong>第{version.version}版</strong>　{formatDay(version.at)} {formatTime(version.at)}
            </p>
            <p>
              {peopleOf(version)}　{reasonOf(version)}
            </p>
            <Version kind={kind} version={version} before={value?.[index + 1]} />
          </li>
        ))}
      </ol>
      <div className="dialog-actions">
        <Button className="button primary" onPress={props.onClose}>
          閉じる
        </Button>
      </div>
    </DialogFrame>
  );
}

function Version<Kind extends EntryKind>(props: {
  kind: Kind;
  version: EntryVersion<Kind>;
  before: EntryVersion<Kind> | undefined;
}) {
  const { kind, version, before } = props;
  const changes = changesBetween(kind, before?.definition, version.definition);
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
