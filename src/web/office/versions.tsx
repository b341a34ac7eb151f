/** Every version of something declared, the newest first: when, who and why, and what each has changed. */
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { DialogFrame } from '../shared/dialog-frame.tsx';
import { formatDay, formatTime } from '../shared/format.ts';
import { Fault } from './fault.tsx';
import type { Asked } from './use-answer.ts';

export function Versions<Version extends { version: number; at: string }>(props: {
  /** Whose: 「…の履歴」. */
  nameJa: string;
  asked: Pick<Asked<readonly Version[]>, 'value' | 'fault'>;
  /** Who wrote it, who confirmed it, and why. */
  who: (version: Version) => ReactNode;
  /** What it has changed; `before` is undefined with the first. */
  changes: (version: Version, before: Version | undefined) => ReactNode;
  onClose: () => void;
}) {
  const { value, fault } = props.asked;
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
            <p>{props.who(version)}</p>
            {props.changes(version, value?.[index + 1])}
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

/** By whom and why something was declared, as one line; a sample has nobody who confirmed it. */
export const whoDeclared = (version: {
  changedByName: string;
  confirmedByName: string | null;
  reason: string;
}): string =>
  [
    version.changedByName,
    version.confirmedByName === null ? '' : `（確認 ${version.confirmedByName}）`,
    version.reason === '' ? '' : `　理由：${version.reason}`,
  ].join('');
