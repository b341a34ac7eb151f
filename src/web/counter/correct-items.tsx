/** 科目・品目の訂正: other items at the same total, by two people; and what was corrected before. No money moves. */
import { useState } from 'react';
import { Button, Input, Label, TextField } from 'react-aria-components';
import type { PricedLine } from '../../fees/pricing.ts';
import type { PaymentView } from '../../payments/view.ts';
import { formatDate, formatNumber, formatYen } from '../shared/format.ts';
import { summaryOf } from '../shared/payment-words.ts';
import { SecondPerson } from '../shared/second-person.tsx';
import { newId } from '../shared/new-id.ts';
import type { BasketLine } from './basket.ts';
import { ItemPicker, usePicking } from './item-picker.tsx';
import { correctItems } from './service.ts';

/** Earlier corrections, each with what it was and what it became. */
export function Corrections({ payment }: { payment: PaymentView }) {
  if (payment.corrections.length === 0) return null;
  return (
    <section className="give-back" aria-labelledby="corrections-title">
      <h3 id="corrections-title" className="desk-title">
        これまでの訂正
      </h3>
      <ul className="signed-list">
        {payment.corrections.map(({ businessDate, clerk, confirmedBy, note, replaced, lines }, index) => (
          <li key={index}>
            <b>
              {allOf(replaced)} → {allOf(lines)}
            </b>
            <span>
              {formatDate(businessDate)}　{clerk}（確認 {confirmedBy}）　{note}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const allOf = (lines: readonly PricedLine[]): string => lines.map((line) => summaryOf([line])).join('、');

export function CorrectItems({ payment, onClose }: { payment: PaymentView; onClose: () => void }) {
  const [first] = useState(() => payment.lines.map(askedOf));
  const picking = usePicking(payment.window, payment.businessDate, first);
  const [note, setNote] = useState('');
  const [confirming, setConfirming] = useState(false);
  // The same until there is an answer, so that pressed twice it is one correction.
  const [id] = useState(newId);
  const { totalYen, lines } = picking;
  const isSame = totalYen === payment.amountYen;
  const isChanged = JSON.stringify(lines) !== JSON.stringify(first);
  return (
    <div className="give-back-form">
      <ItemPicker picking={picking} />
      <p className="picker-total" role="status">
        <span>
          {isSame
            ? '支払いと同じ合計です'
            : `支払いは ${formatYen(payment.amountYen)} です。同じ合計にしてください`}
        </span>
        <strong>{formatYen(totalYen)}</strong>
      </p>
      <TextField value={note} onChange={setNote} maxLength={200}>
        <Label>訂正の理由（必ず書いてください）</Label>
        <Input />
      </TextField>
      <div className="dialog-actions">
        <Button className="button" onPress={onClose}>
          やめる
        </Button>
        <Button
          className="button primary"
          isDisabled={!isSame || !isChanged || note.trim() === ''}
          onPress={() => setConfirming(true)}
        >
          この内容に訂正する
        </Button>
      </div>
      {confirming && (
        <SecondPerson
          what={`伝票 ${formatNumber(payment.number)} の項目を「${allOf(picking.priced.map(({ priced }) => priced))}」に直します。合計 ${formatYen(totalYen)} は変わりません。`}
          roles={['treasurer', 'accounting']}
          onConfirm={(second) => correctItems(payment.id, { id, lines, totalYen, note: note.trim(), second })}
          onDone={onClose}
          onClose={() => setConfirming(false)}
        />
      )}
    </div>
  );
}

/** A line as it was asked for, so that it can be asked for again. */
function askedOf({ code, count, quantity, inputs = [], exemption }: PricedLine): BasketLine {
  const approval = exemption?.approval ?? undefined;
  return {
    code,
    quantity: count ?? quantity,
    ...(inputs.length > 0 && {
      inputs: Object.fromEntries(inputs.map((input) => [input.code, input.value])),
    }),
    ...(exemption != null && { exemption: { ground: exemption.ground, ...(approval && { approval }) } }),
  };
}
