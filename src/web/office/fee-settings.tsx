/** What the city has settled: whose day's price counts, each account's name and number on its invoices, and who issues certificates. */
import { useState } from 'react';
import { Button, Input, Label, TextField } from 'react-aria-components';
import { accountsOf, registrationNumberFault, type Account, type NumberFault } from '../../fees/accounts.ts';
import type { FeeSettings } from '../../fees/catalogue.ts';
import { BASIS_NAMES, changesBetween } from '../../fees/describe.ts';
import type { FeeMaintenance } from '../../fees/revision.ts';
import { SecondPerson } from '../shared/second-person.tsx';
import { CertificateIssuerFields, issuerFault, issuerOf, typedIssuer } from './certificate-issuer.tsx';
import { Changes } from './differences.tsx';
import { EntryHistory } from './entry-history.tsx';
import { CONFIRMERS } from './fee-words.ts';
import { ChoiceField } from './page-fields.tsx';
import { changeFeeSettings } from './service.ts';

const FAULTS: Record<NumberFault, string> = {
  form: '登録番号は T と13桁の数字です。',
  check_digit:
    '登録番号の検査用の数字（T の次の1桁）が合いません。通知書と見くらべて、打ち間違いを直してください。',
};

type Typed = Pick<Account, 'code' | 'nameJa' | 'registrationNumber'>;

export function FeeSettingsForm(props: { fees: FeeMaintenance; mayChange: boolean; onDone: () => void }) {
  const { fees, mayChange } = props;
  const { settings } = fees;
  const accounts = accountsOf(fees.items, settings);
  const [priceBasis, setPriceBasis] = useState(settings.priceBasis);
  const [typed, setTyped] = useState<readonly Typed[]>(accounts);
  const [issuer, setIssuer] = useState(() => typedIssuer(settings.certificate));
  const [isShown, setIsShown] = useState(false);
  const wanted = { ...settingsOf(typed, priceBasis), certificate: issuerOf(issuer) };
  return (
    <section className="fee-settings" aria-label="会計と決まり">
      <ChoiceField
        label="どの日の料金か"
        value={priceBasis}
        choices={Object.entries(BASIS_NAMES)}
        isDisabled={!mayChange}
        onChange={(next) => setPriceBasis(next as FeeSettings['priceBasis'])}
      />
      <p className="form-note">
        登録番号は、課税の項目（駐輪場など）の利用明細に、その項目の会計の番号で出ます。登録していない会計は空にします。
      </p>
      <AccountTable
        accounts={accounts}
        typed={typed}
        mayChange={mayChange}
        onChange={(index, next) =>
          setTyped(typed.map((each, at) => (at === index ? { ...each, ...next } : each)))
        }
      />
      <div className="dialog-actions">
        <Button className="button" onPress={() => setIsShown(true)}>
          履歴
        </Button>
        {mayChange && (
          <Button
            className="button"
            onPress={() => setTyped([...typed, { code: '', nameJa: '', registrationNumber: '' }])}
          >
            会計を加える
          </Button>
        )}
      </div>
      <CertificateIssuerFields typed={issuer} mayChange={mayChange} onChange={setIssuer} />
      {mayChange && <Publish {...props} fault={faultIn(typed) ?? issuerFault(issuer)} wanted={wanted} />}
      {isShown && (
        <EntryHistory
          kind="settings"
          code="settings"
          nameJa="会計と決まり"
          onClose={() => setIsShown(false)}
        />
      )}
    </section>
  );
}

function Publish(props: {
  fees: FeeMaintenance;
  /** What is wrong with what was typed; null: nothing. */
  fault: string | null;
  wanted: FeeSettings;
  onDone: () => void;
}) {
  const { wanted } = props;
  const { version, ...settings } = props.fees.settings;
  const [reason, setReason] = useState('');
  const [message, setMessage] = useState<string | null>(null);
  const [confirming, setConfirming] = useState(false);
  const changes = changesBetween('settings', settings, wanted);

  function submit(): void {
    const missing = reason.trim() === '' ? '理由を入れてください。' : null;
    const fault = props.fault ?? (changes.length === 0 ? '変わるところがありません。' : missing);
    setMessage(fault);
    setConfirming(fault === null);
  }

  return (
    <>
      <TextField className="reason-field" value={reason} onChange={setReason} maxLength={200}>
        <Label>理由</Label>
        <Input />
      </TextField>
      <p className="form-error" role="alert">
        {message}
      </p>
      <Button className="button primary" onPress={submit}>
        別の人の確認へ
      </Button>
      {confirming && (
        <SecondPerson
          what={`会計と決まりを次のように変えます（理由：${reason}）。`}
          roles={CONFIRMERS}
          onConfirm={(second) => changeFeeSettings({ base: version, reason, settings: wanted }, second)}
          onDone={props.onDone}
          onClose={() => setConfirming(false)}
        >
          <Changes changes={changes} isNew={false} />
        </SecondPerson>
      )}
    </>
  );
}

function AccountTable(props: {
  accounts: readonly Account[];
  typed: readonly Typed[];
  mayChange: boolean;
  onChange: (index: number, next: Partial<Typed>) => void;
}) {
  const field = (index: number, name: keyof Typed, label: string, isFixed = false) => (
    <input
      aria-label={`${label} ${String(index + 1)}行目`}
      value={props.typed[index]?.[name] ?? ''}
      readOnly={isFixed || !props.mayChange}
      maxLength={name === 'nameJa' ? 100 : name === 'code' ? 40 : 14}
      onChange={({ target }) => props.onChange(index, { [name]: target.value.trim() })}
    />
  );
  return (
    <table className="grid accounts">
      <caption className="unseen">会計の一覧</caption>
      <thead>
        <tr>
          <th scope="col">コード</th>
          <th scope="col">会計の名前</th>
          <th scope="col">登録番号（T と13桁）</th>
          <th scope="col" className="n">
            項目（課税）
          </th>
        </tr>
      </thead>
      <tbody>
        {props.typed.map((_, index) => {
          const account = props.accounts[index];
          return (
            <tr key={index}>
              <td>{account === undefined ? field(index, 'code', 'コード') : account.code}</td>
              <td>{field(index, 'nameJa', '会計の名前')}</td>
              <td>{field(index, 'registrationNumber', '登録番号')}</td>
              <td className="n">
                {account === undefined ? '0件' : `${account.items}件（${account.taxable}件）`}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** What is wrong with what was typed, for whoever typed it; null: nothing. */
function faultIn(typed: readonly Typed[]): string | null {
  for (const { code, nameJa, registrationNumber } of typed) {
    if (!/^[A-Za-z0-9_-]{1,40}$/.test(code)) return `会計のコードは半角の英数字・-・_ です：「${code}」`;
    if (typed.filter((each) => each.code === code).length > 1) return `会計 ${code} が2回あります。`;
    if (nameJa === '') return `会計 ${code} の名前を入れてください。`;
    const fault = registrationNumber === '' ? undefined : registrationNumberFault(registrationNumber);
    if (fault !== undefined) return `${nameJa}：${FAULTS[fault]}`;
  }
  return null;
}

function settingsOf(typed: readonly Typed[], priceBasis: FeeSettings['priceBasis']): FeeSettings {
  return {
    priceBasis,
    accountNames: Object.fromEntries(typed.map(({ code, nameJa }) => [code, nameJa])),
    registrationNumbers: Object.fromEntries(
      typed.flatMap(({ code, registrationNumber }) =>
        registrationNumber === '' ? [] : [[code, registrationNumber]],
      ),
    ),
  };
}
