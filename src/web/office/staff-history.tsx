/** Every version of a person: when, who wrote it, and what it changed. */
import { ROLE_NAMES, type StaffVersion, type StaffView } from '../../staff/staff.ts';
import { Changes } from './differences.tsx';
import { readStaffHistory } from './service.ts';
import { useAnswer } from './use-answer.ts';
import { Versions } from './versions.tsx';

export function StaffHistory(props: {
  member: StaffView;
  staffNames: ReadonlyMap<string, string>;
  windowNames: ReadonlyMap<string, string>;
  onClose: () => void;
}) {
  const { member, staffNames } = props;
  const asked = useAnswer(`staff history ${member.number}`, () => readStaffHistory(member.number));
  const whoOf = (by: string): string => BY_PROGRAM[by] ?? `${by} ${staffNames.get(by) ?? ''}`;
  return (
    <Versions
      nameJa={`${member.number} ${member.nameJa}`}
      asked={asked}
      who={({ changedBy, pin, version }) =>
        `${whoOf(changedBy)}${version > 1 && pin !== null ? `　${PIN_WORDS[pin]}` : ''}`
      }
      changes={(version, before) => {
        const old = before === undefined ? undefined : factsOf(before, props.windowNames);
        const changes = factsOf(version, props.windowNames)
          .map(([labelJa, after], at) => ({ labelJa, before: old?.[at]?.[1] ?? '', after }))
          .filter((change) => change.before !== change.after);
        return changes.length > 0 && <Changes changes={changes} isNew={before === undefined} />;
      }}
      onClose={props.onClose}
    />
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
