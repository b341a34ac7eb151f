/** A revision: from which day, which price, and why. It goes into the draft; nothing is changed by it. */
import { useState } from 'react';
import { Form, Input, Label, TextField } from 'react-aria-components';
import type { MaintainedItem, Revision } from '../../fees/revision.ts';
import { DayInput } from '../shared/day-input.tsx';
import { DialogFrame } from '../shared/dialog-frame.tsx';
import { FieldFault } from '../shared/field-fault.tsx';
import { FormEnd } from '../shared/form-end.tsx';
import { plainTextOf, textOf } from '../shared/form.ts';

export function FeeRevision(props: {
  item: MaintainedItem;
  today: string;
  /** The revision before this one in the draft: the next usually has its day and reason. */
  last: Revision | undefined;
  /** Resolves to what was refused; null: it is in the draft. */
  onRevise: (revision: Revision) => Promise<string | null>;
  onClose: () => void;
}) {
  const { item, today, last } = props;
  const [message, setMessage] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const classes = item.classes.length === 0 ? [{ code: null, nameJa: '' }] : item.classes;

  async function submit(fields: FormData): Promise<void> {
    const prices = pricesIn(fields, classes);
    if (prices === undefined) {
      setMessage('料金は整数の円で入れてください。');
      return;
    }
    setBusy(true);
    const revision = { from: textOf(fields, 'from'), prices, reason: textOf(fields, 'reason') };
    setMessage(await props.onRevise(revision));
    setBusy(false);
  }

  return (
    <DialogFrame title={`${item.nameJa}の改定`} onClose={props.onClose}>
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          void submit(new FormData(event.currentTarget));
        }}
      >
        <DayInput
          name="from"
          label="この日の0時から"
          today={today}
          value={last?.from ?? ''}
          min={today}
          isRequired
          autoFocus
        />
        {classes.map(({ code, nameJa }) => (
          <TextField key={code} name={`price ${code ?? ''}`} defaultValue={currentOf(item, code, today)}>
            <Label>
              新しい料金（円／{item.unit}）{nameJa}
            </Label>
            <Input inputMode="numeric" />
          </TextField>
        ))}
        <p className="form-note">料金を空にすると、その日から扱いをやめます。</p>
        <TextField name="reason" isRequired maxLength={200} defaultValue={last?.reason ?? ''}>
          <Label>理由（条例・規則の名前や番号）</Label>
          <Input />
          <FieldFault />
        </TextField>
        <FormEnd message={message} busy={busy} submit="下書きに入れる" onClose={props.onClose} />
      </Form>
    </DialogFrame>
  );
}

/** Undefined: one is no whole number of yen. Left empty: not sold from that day on. */
function pricesIn(
  fields: FormData,
  classes: readonly { code: string | null }[],
): Revision['prices'] | undefined {
  const prices = classes.map(({ code }) => {
    const text = plainTextOf(fields, `price ${code ?? ''}`).replace(/[,円]/g, '');
    return { class: code, priceYen: text === '' ? null : Number(text) };
  });
  const isWhole = prices.every(({ priceYen }) => priceYen === null || /^\d{1,7}$/.test(String(priceYen)));
  return isWhole ? prices : undefined;
}

function currentOf(item: MaintainedItem, feeClass: string | null, today: string): string {
  const price = item.prices.findLast((each) => each.class === feeClass && (each.from ?? '') <= today);
  return price?.priceYen == null ? '' : String(price.priceYen);
}
