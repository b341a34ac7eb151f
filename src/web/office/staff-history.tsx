/** Every version of a person: when, who wrote it, and what it changed. */
import { Button } from 'react-aria-components';
import { ROLE_NAMES, type StaffVersion, type StaffView } from '../../staff/staff.ts';
import { DialogFrame } from '../shared/dialog-frame.tsx';
import { formatDay, formatTime } from '../shared/format.ts';
import { Changes } from './differences.tsx';
import { Fault } from './fault.tsx';
import { readStaffHistory } from './service.ts';
import { useAnswer } from './use-answer.ts';

export function StaffHistory(props: {
  member: StaffView;
  staffNames: ReadonlyMap<string, string>;
  windowNames: ReadonlyMap<string, string>;
  onClose: () => void;
}) {
  const { member, staffNames } = props;
  const { value, fault } = useAnswer(`staff history ${member.number}`, () => readStaffHistory(member.number));
  const whoOf = (by: string): string => BY_PROGRAM[by] ?? `${by} ${staffNames.get(by) ?? ''}`;
  return (
    <DialogFrame title={`${member.number} ${member.nameJa}の履歴`} onClose={props.onClose}>
      <Fault message={fault} />
      <ol className="versions">
        {(value ?? []).map((version, index) => {
          const before = value?.[index + 1];
          const old = before === undefined ? undefined : factsOf(before, props.windowNames);
          const changes = factsOf(version, props.windowNames)
            .map(([labelJa, after], at) => ({ labelJa, before: old?.[at]?.[1] ?? '', after }))
            .filter((change) => change.before !== change.after);
          return (
            <li key={version.version}>
              <p>
                <strong>第{version.version}版</strong>　{formatDay(version.at)} {formatTime(version.at)}
              </p>
              <p>
                {whoOf(version.changedBy)}
                {before !== undefined && version.pin !== null && `　${PIN_WORDS[version.pin]}`}
              </p>
              {changes.length > 0 && <Changes changes={changes} isNew={before === undefined} />}
            </li>
          );
        })}
      </ol>
      <div className="dialog-actions">
        <Button className="button primary" onPress={props.onClose}>
          閉じる
        </Button>
      </div>
    </DialogFrame>
  );
}

const BY_PROGRAM: Record<string, string> = { sample: '見本の職員', setup: 'はじめの設定' };
const PIN_WORDS = { set: '暗証番号を設定しました', released: 'ロックを解除しました' } as const;

const factsOf = (
  { nameJa, roles, windows, isActive }: StaffVersion,
  windowNames: ReadonlyMap<string, string>,
): [string, string][] => [
  ['氏名', nameJa],
  ['役割', roles.map((role) => ROLE_NAMES[role]).join('・')],
  ['窓口', windows?.map((code) => windowNames.get(code) ?? code).join('・') ?? '役割のすべて'],
  ['状態', isActive ? '使えます' : '使えません'],
];
