/** The administrator's list: who works here, as what, and where. Nobody is ever deleted: who leaves is deactivated. */
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { ROLE_NAMES, type StaffView } from '../../staff/staff.ts';
import { formatDay } from '../shared/format.ts';
import { Sign } from '../shared/sign.tsx';
import { Fault } from './fault.tsx';
import { readStaff, readWindows } from './service.ts';
import { StaffDialog } from './staff-dialog.tsx';
import { useAnswer } from './use-answer.ts';

export function StaffPage() {
  const staff = useAnswer('staff', readStaff);
  const windows = useAnswer('windows', readWindows);
  /** Null: nobody is being changed; `new`: somebody is added. */
  const [edited, setEdited] = useState<StaffView | 'new' | null>(null);
  const [saved, setSaved] = useState<string | null>(null);
  const windowNames = new Map((windows.value ?? []).map(({ code, nameJa }) => [code, nameJa]));
  return (
    <>
      <Fault message={staff.fault ?? windows.fault} />
      <div className="page-head">
        <h2 className="lead">職員</h2>
        <Button className="button primary" onPress={() => setEdited('new')}>
          職員を加える
        </Button>
      </div>
      <p className="form-note" role="status">
        {saved ??
          '変更はすぐに記録され、窓口には1分ほどで届きます。職員番号は別の人に使い回せません。やめた人は、「変更」で「使える」を外します。'}
      </p>
      {staff.value === null && staff.fault === null && <p>読み込んでいます</p>}
      {staff.value !== null && (
        <StaffTable staff={staff.value} windowNames={windowNames} onEdit={setEdited} />
      )}
      {edited !== null && (
        <StaffDialog
          member={edited === 'new' ? null : edited}
          windows={windows.value ?? []}
          onClose={() => setEdited(null)}
          onSaved={({ number, nameJa }) => {
            setEdited(null);
            setSaved(`${number} ${nameJa} を記録しました。窓口には1分ほどで届きます。`);
            staff.askAgain();
          }}
        />
      )}
    </>
  );
}

function StaffTable(props: {
  staff: readonly StaffView[];
  windowNames: ReadonlyMap<string, string>;
  onEdit: (member: StaffView) => void;
}) {
  return (
    <table className="grid">
      <caption className="unseen">職員の一覧</caption>
      <thead>
        <tr>
          <th scope="col">職員番号</th>
          <th scope="col">氏名</th>
          <th scope="col">役割</th>
          <th scope="col">窓口</th>
          <th scope="col">暗証番号の設定</th>
          <th scope="col">状態</th>
          <th scope="col">
            <span className="unseen">操作</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {props.staff.map((member) => (
          <tr key={member.number}>
            <td>{member.number}</td>
            <th scope="row">{member.nameJa}</th>
            <td>{member.roles.map((role) => ROLE_NAMES[role]).join('・')}</td>
            <td>
              {member.windows?.map((code) => props.windowNames.get(code) ?? code).join('・') ??
                '役割のすべて'}
            </td>
            <td>{formatDay(member.pinSetAt)}</td>
            <td>
              <span className="tag" data-kind={member.isActive ? 'ok' : 'stop'}>
                <Sign kind={member.isActive ? 'ok' : 'stop'} size="small" />
                {member.isActive ? '使えます' : '使えません'}
              </span>
            </td>
            <td>
              <Button
                className="quiet"
                onPress={() => props.onEdit(member)}
                aria-label={`変更 ${member.nameJa}`}
              >
                変更
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
