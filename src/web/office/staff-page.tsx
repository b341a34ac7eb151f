/** The administrator's list: who works here, as what, and where. Nobody is ever deleted: who leaves is deactivated. */
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { ROLE_NAMES, type StaffView } from '../../staff/staff.ts';
import { refusalTo } from '../shared/api.ts';
import { formatDay, formatTime } from '../shared/format.ts';
import { Sign } from '../shared/sign.tsx';
import { InUse, RowActs } from './entry-rows.tsx';
import { Fault } from './fault.tsx';
import { readStaff, readWindows, releaseLock } from './service.ts';
import { StaffDialog } from './staff-dialog.tsx';
import { StaffHistory } from './staff-history.tsx';
import { useAnswer } from './use-answer.ts';

type Doing = { what: 'edit'; member: StaffView | null } | { what: 'history'; member: StaffView };

const NOTE =
  '変更はすぐに記録され、窓口には1分ほどで届きます。職員番号は別の人に使い回せません。やめた人や異動した人は、「変更」で「使える」を外します。';

export function StaffPage() {
  const staff = useAnswer('staff', readStaff);
  const windows = useAnswer('windows', readWindows);
  const [doing, setDoing] = useState<Doing | null>(null);
  const [told, setTold] = useState<string | null>(null);
  const windowNames = new Map((windows.value ?? []).map(({ code, nameJa }) => [code, nameJa]));
  const staffNames = new Map((staff.value ?? []).map(({ number, nameJa }) => [number, nameJa]));
  async function release({ number, nameJa }: StaffView): Promise<void> {
    const refused = await refusalTo(() => releaseLock(number), NO_ANSWER);
    setTold(refused ?? `${number} ${nameJa} のロックを解除しました。窓口には1分ほどで届きます。`);
    staff.askAgain();
  }
  return (
    <>
      <Fault message={staff.fault ?? windows.fault} />
      <div className="page-head">
        <h2 className="lead">職員</h2>
        <Button className="button primary" onPress={() => setDoing({ what: 'edit', member: null })}>
          職員を加える
        </Button>
      </div>
      <p className="form-note" role="status">
        {told ?? NOTE}
      </p>
      {staff.value === null && staff.fault === null && <p>読み込んでいます</p>}
      {staff.value !== null && (
        <StaffTable
          staff={staff.value}
          windowNames={windowNames}
          onDo={setDoing}
          onRelease={(member) => void release(member)}
        />
      )}
      {doing?.what === 'edit' && (
        <StaffDialog
          member={doing.member}
          windows={windows.value ?? []}
          onClose={() => setDoing(null)}
          onSaved={({ number, nameJa }) => {
            setDoing(null);
            setTold(`${number} ${nameJa} を記録しました。窓口には1分ほどで届きます。`);
            staff.askAgain();
          }}
        />
      )}
      {doing?.what === 'history' && (
        <StaffHistory
          member={doing.member}
          staffNames={staffNames}
          windowNames={windowNames}
          onClose={() => setDoing(null)}
        />
      )}
    </>
  );
}

const NO_ANSWER = 'サービスの答えがありません。解除されたかどうかは、一覧を読み直して確かめてください。';

interface TableProps {
  windowNames: ReadonlyMap<string, string>;
  onDo: (doing: Doing) => void;
  onRelease: (member: StaffView) => void;
}

function StaffTable({ staff, ...props }: TableProps & { staff: readonly StaffView[] }) {
  return (
    <table className="grid staff-table">
      <caption className="unseen">職員の一覧</caption>
      <thead>
        <tr>
          {['職員番号', '氏名', '役割', '窓口', '暗証番号の設定', '状態', '操作'].map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {staff.map((member) => (
          <StaffRow key={member.number} {...props} member={member} />
        ))}
      </tbody>
    </table>
  );
}

function StaffRow({ member, windowNames, onDo, onRelease }: TableProps & { member: StaffView }) {
  const { nameJa, isActive, locks } = member;
  return (
    <tr data-todo={locks.length > 0}>
      <td>{member.number}</td>
      <th scope="row">{nameJa}</th>
      <td>{member.roles.map((role) => ROLE_NAMES[role]).join('・')}</td>
      <td>{member.windows?.map((code) => windowNames.get(code) ?? code).join('・') ?? '役割のすべて'}</td>
      <td>{formatDay(member.pinSetAt)}</td>
      <td>
        <InUse isInUse={isActive} />
        {locks.map(({ counter, until }) => (
          <div key={counter ?? 'office'}>
            <span className="tag" data-kind="no">
              <Sign kind="no" size="small" />
              {counter === null ? '会計課の画面' : `窓口 ${counter}`}でロック（{formatTime(until)}まで）
            </span>
          </div>
        ))}
      </td>
      <td>
        <RowActs
          nameJa={nameJa}
          onChange={() => onDo({ what: 'edit', member })}
          onShow={() => onDo({ what: 'history', member })}
        >
          {locks.length > 0 && (
            <Button
              className="button"
              aria-label={`ロックを解除 ${nameJa}`}
              onPress={() => onRelease(member)}
            >
              ロックを解除
            </Button>
          )}
        </RowActs>
      </td>
    </tr>
  );
}
