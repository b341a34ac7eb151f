/** Where no machine knows: two people say what they have found out, with their reason. */
import { useState } from 'react';
import { Button, Input, Label, TextField } from 'react-aria-components';
import type { PaymentView } from '../../payments/view.ts';
import { formatNumber, formatYen } from '../shared/format.ts';
import { FINDING_WORDS } from '../shared/payment-words.ts';
import { SecondPerson } from '../shared/second-person.tsx';
import { resolvePayment } from './service.ts';

type Finding = 'approved' | 'not_charged';

/** As the service allows: who answers for the money. */
const SECOND = ['treasurer', 'accounting'] as const;

/** The terminal is asked first; what it could not say is for people. */
export const mayBeSettled = ({ state, holdsTerminal, contradicted }: PaymentView): boolean =>
  contradicted || (state === 'unknown' && !holdsTerminal);

export function Settle({ payment }: { payment: PaymentView }) {
  const findings = FINDING_WORDS[payment.kind];
  const [finding, setFinding] = useState<Finding | null>(null);
  const [reason, setReason] = useState('');
  const [confirming, setConfirming] = useState(false);
  const isComplete = finding !== null && reason.trim() !== '';
  return (
    <fieldset className="desk-decide">
      <legend>
        {payment.contradicted
          ? '記録が食い違っています。二人で確かめて決めてください'
          : '端末で分からないときは、二人で確かめて決めます'}
      </legend>
      <p>
        端末の控え、カード会社や決済会社の明細、お客様の利用履歴などを見て、分かったことを選んでください。
      </p>
      <div className="desk-acts">
        {(['approved', 'not_charged'] as const).map((each) => (
          <Button
            key={each}
            className={each === finding ? 'button primary' : 'button'}
            aria-pressed={each === finding}
            onPress={() => setFinding(each)}
          >
            {findings[each]}
          </Button>
        ))}
      </div>
      {finding !== null && (
        <>
          <TextField className="field" value={reason} onChange={setReason} maxLength={200}>
            <Label>何を見て確かめたか</Label>
            <Input />
          </TextField>
          <Button className="button primary" isDisabled={!isComplete} onPress={() => setConfirming(true)}>
            もう一人の確認へ
          </Button>
        </>
      )}
      {confirming && finding !== null && (
        <SecondPerson
          what={`伝票 ${formatNumber(payment.number)}（${formatYen(payment.amountYen)}）は「${findings[finding]}」と決めます。理由：${reason.trim()}`}
          roles={SECOND}
          onConfirm={(second) => resolvePayment(payment.id, { finding, reason: reason.trim(), second })}
          onDone={() => setConfirming(false)}
          onClose={() => setConfirming(false)}
        />
      )}
    </fieldset>
  );
}
