/** What accounting has been asked to pay out of a sale, and taking that back while nothing is paid. */
import { useState } from 'react';
import { Button, Input, Label, TextField } from 'react-aria-components';
import type { PaymentView } from '../../payments/view.ts';
import { formatDate, formatNumber, formatYen } from '../shared/format.ts';
import { SecondPerson } from '../shared/second-person.tsx';
import { withdrawRefund } from './service.ts';

type Promised = PaymentView['outside'][number];

export function Promises({ payment, mayWithdraw }: { payment: PaymentView; mayWithdraw: boolean }) {
  const [withdrawing, setWithdrawing] = useState<Promised | null>(null);
  if (payment.outside.length === 0) return null;
  return (
    <section className="give-back" aria-labelledby="promises-title">
      <h3 id="promises-title" className="desk-title">
        会計課からの返金
      </h3>
      <ul className="signed-list">
        {payment.outside.map((promised) => (
          <li key={promised.id}>
            <b>{formatYen(promised.amountYen)}</b>
            <span>
              {formatDate(promised.businessDate)}　{promised.clerk}
            </span>
            {promised.withdrawal === null ? (
              mayWithdraw &&
              withdrawing === null && (
                <Button className="button" onPress={() => setWithdrawing(promised)}>
                  取り下げる
                </Button>
              )
            ) : (
              <span>
                取り下げ {formatDate(promised.withdrawal.businessDate)}　{promised.withdrawal.clerk}（確認{' '}
                {promised.withdrawal.confirmedBy}）　{promised.withdrawal.note}
              </span>
            )}
          </li>
        ))}
      </ul>
      {withdrawing !== null && (
        <WithdrawForm payment={payment} promised={withdrawing} onClose={() => setWithdrawing(null)} />
      )}
    </section>
  );
}

function WithdrawForm(props: { payment: PaymentView; promised: Promised; onClose: () => void }) {
  const { payment, promised, onClose } = props;
  const [note, setNote] = useState('');
  const [confirming, setConfirming] = useState(false);
  return (
    <div className="give-back-form">
      <p>会計課がまだ払っていないときだけ、取り下げられます。お客様には返らなくなります。</p>
      <TextField value={note} onChange={setNote} maxLength={200}>
        <Label>取り下げる理由（必ず書いてください）</Label>
        <Input />
      </TextField>
      <div className="dialog-actions">
        <Button className="button" onPress={onClose}>
          やめる
        </Button>
        <Button
          className="button primary"
          isDisabled={note.trim() === ''}
          onPress={() => setConfirming(true)}
        >
          {formatYen(promised.amountYen)}の返金を取り下げる
        </Button>
      </div>
      {confirming && (
        <SecondPerson
          what={`伝票 ${formatNumber(payment.number)} の、会計課からの返金 ${formatYen(promised.amountYen)} を取り下げます。`}
          roles={['treasurer', 'accounting']}
          onConfirm={(second) => withdrawRefund(payment.id, promised.id, { note: note.trim(), second })}
          onDone={onClose}
          onClose={() => setConfirming(false)}
        />
      )}
    </div>
  );
}
