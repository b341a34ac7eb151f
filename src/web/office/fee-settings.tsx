/** What the city has settled about prices: whose day counts, and the number on its invoices. */
import { useState } from 'react';
import { Button, Form, Input, Label, TextField } from 'react-aria-components';
import type { FeeMaintenance } from '../../fees/revision.ts';
import { textOf } from '../shared/form.ts';
import { SecondPerson } from '../shared/second-person.tsx';
import { CONFIRMERS } from './fee-words.ts';
import { changeFeeSettings } from './service.ts';

/** 会計: the general account; others come with the fee table's own column. */
const ACCOUNT = 'general';

export function FeeSettingsForm(props: { settings: FeeMaintenance['settings']; onDone: () => void }) {
  const { settings } = props;
  const [wanted, setWanted] = useState<{
    priceBasis: string;
    registrationNumbers: Record<string, string>;
  } | null>(null);
  return (
    <section className="fee-settings" aria-label="料金の決まり">
      <h3 className="section-title">料金の決まり</h3>
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          const fields = new FormData(event.currentTarget);
          const others = Object.entries(settings.registrationNumbers).filter(
            ([account]) => account !== ACCOUNT,
          );
          const number = textOf(fields, 'number');
          setWanted({
            priceBasis: textOf(fields, 'priceBasis'),
            registrationNumbers: Object.fromEntries(number === '' ? others : [...others, [ACCOUNT, number]]),
          });
        }}
      >
        <label>
          <span>どの日の料金か</span>
          <select name="priceBasis" defaultValue={settings.priceBasis}>
            <option value="issue">交付の日</option>
            <option value="acceptance">受付の日</option>
          </select>
        </label>
        <TextField name="number" defaultValue={settings.registrationNumbers[ACCOUNT] ?? ''}>
          <Label>一般会計の登録番号（T と13桁。登録していないときは空）</Label>
          <Input pattern="T[0-9]{13}" maxLength={14} />
        </TextField>
        <div className="dialog-actions">
          <Button className="button" type="submit">
            別の人の確認へ
          </Button>
        </div>
      </Form>
      {wanted !== null && (
        <SecondPerson
          what={`料金は${wanted.priceBasis === 'issue' ? '交付の日' : '受付の日'}のものにします。一般会計の登録番号は「${wanted.registrationNumbers[ACCOUNT] ?? 'なし'}」です。`}
          roles={CONFIRMERS}
          onConfirm={(second) => changeFeeSettings(settings.version, wanted, second)}
          onDone={() => {
            setWanted(null);
            props.onDone();
          }}
          onClose={() => setWanted(null)}
        />
      )}
    </section>
  );
}
