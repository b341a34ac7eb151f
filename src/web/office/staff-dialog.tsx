/** One person: added, or changed. A PIN is typed twice and never shown; left empty it stays as it is. */
import { useState } from 'react';
import { FieldError, Form, Input, Label, Text, TextField } from 'react-aria-components';
import type { FeeWindow } from '../../fees/catalogue.ts';
import { ROLE_DUTIES, ROLE_NAMES, ROLES, type Role, type StaffView } from '../../staff/staff.ts';
import { refusalTo } from '../shared/api.ts';
import { Check, Checks } from '../shared/checks.tsx';
import { DialogFrame } from '../shared/dialog-frame.tsx';
import { FormEnd } from '../shared/form-end.tsx';
import { plainTextOf, STAFF_NUMBER, textOf } from '../shared/form.ts';
import { PINS_DIFFER, PinTwice } from '../shared/pin-twice.tsx';
import { addStaff, changeStaff, type StaffEntry } from './service.ts';

const NO_ANSWER =
  'サービスの答えがありません。記録されたかどうかは、一覧を読み直すまで分かりません。画面を開き直して確かめてください。';

export function StaffDialog(props: {
  /** Null: somebody new. */
  member: StaffView | null;
  windows: readonly FeeWindow[];
  onClose: () => void;
  onSaved: (member: { number: string; nameJa: string }) => void;
}) {
  const { member } = props;
  const [roles, setRoles] = useState<readonly Role[]>(member?.roles ?? []);
  const [windows, setWindows] = useState<readonly string[]>(member?.windows ?? []);
  const [isActive, setIsActive] = useState(member?.isActive ?? true);
  const { message, busy, save } = useSaving(member, props.onSaved);
  return (
    <DialogFrame
      title={member === null ? '職員を加える' : `${member.number} ${member.nameJa}`}
      role="alertdialog"
      onClose={props.onClose}
    >
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          const all = windows.length === 0;
          save(new FormData(event.currentTarget), { roles, windows: all ? null : windows, isActive });
        }}
      >
        {member === null && (
          <Field
            name="number"
            label="職員番号"
            help="数字10桁まで。別の人が使った番号は使えません。"
            pattern={STAFF_NUMBER}
          />
        )}
        <Field name="nameJa" label="氏名" help="記録と明細に残る名前" value={member?.nameJa} />
        <Checks
          label="役割"
          isRequired
          choices={ROLES.map((role) => [role, ROLE_NAMES[role]])}
          chosen={roles}
          onChange={(next) => setRoles(ROLES.filter((role) => next.includes(role)))}
        />
        <RoleDuties />
        <WindowChecks windows={props.windows} chosen={windows} onChange={setWindows} />
        <PinTwice
          label={member === null ? '暗証番号' : '新しい暗証番号（変えるときだけ）'}
          isRequired={member === null}
        />
        {member !== null && (
          <Check isSelected={isActive} onChange={setIsActive}>
            使える（外すと、窓口には1分ほどで届き、サインインできなくなります）
          </Check>
        )}
        <FormEnd message={message} busy={busy} submit="記録する" onClose={props.onClose} />
      </Form>
    </DialogFrame>
  );
}

/** Nothing on an installation's first day, when there are no windows yet. */
function WindowChecks(props: {
  windows: readonly FeeWindow[];
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
}) {
  const { windows, ...rest } = props;
  if (windows.length === 0) return null;
  return (
    <Checks
      label="窓口（選ばなければ、役割で使えるすべて）"
      choices={windows.map(({ code, nameJa }) => [code, nameJa])}
      {...rest}
    />
  );
}

function RoleDuties() {
  return (
    <details className="role-duties">
      <summary>役割の説明</summary>
      <ul>
        {ROLES.map((role) => (
          <li key={role}>
            {ROLE_NAMES[role]}：{ROLE_DUTIES[role]}
          </li>
        ))}
      </ul>
    </details>
  );
}

function useSaving(member: StaffView | null, onSaved: (member: { number: string; nameJa: string }) => void) {
  const [message, setMessage] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  async function run(
    fields: FormData,
    chosen: Pick<StaffEntry, 'roles' | 'windows' | 'isActive'>,
  ): Promise<void> {
    const [pin, again, nameJa] = ['pin', 'again', 'nameJa'].map((name) => textOf(fields, name));
    if (pin !== again) {
      setMessage(PINS_DIFFER);
      return;
    }
    const number = member?.number ?? plainTextOf(fields, 'number');
    const entry: StaffEntry = { nameJa: nameJa ?? '', ...chosen, ...(pin === '' ? {} : { pin }) };
    setBusy(true);
    const refused = await refusalTo(
      () => (member === null ? addStaff(number, entry) : changeStaff(number, entry)),
      NO_ANSWER,
    );
    setBusy(false);
    setMessage(refused);
    if (refused === null) onSaved({ number, nameJa: entry.nameJa });
  }
  return {
    message,
    busy,
    save: (fields: FormData, chosen: Parameters<typeof run>[1]) => void run(fields, chosen),
  };
}

function Field(props: {
  name: string;
  label: string;
  help: string;
  value?: string | undefined;
  pattern?: string;
}) {
  return (
    <TextField
      name={props.name}
      isRequired
      autoComplete="off"
      maxLength={40}
      defaultValue={props.value ?? ''}
      {...(props.pattern !== undefined && { pattern: props.pattern })}
    >
      <Label>{props.label}</Label>
      <Input />
      <Text slot="description">{props.help}</Text>
      <FieldError>{props.label}を入れ直してください。</FieldError>
    </TextField>
  );
}
