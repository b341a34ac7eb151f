/** What else can be put right about a sale, without the terminal: its items, and a 取消 that was made there alone. */
import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { PaymentView } from '../../payments/view.ts';
import { CorrectItems } from './correct-items.tsx';
import { VoidEntry } from './void-entry.tsx';

const ACTS = [
  {
    act: 'correct',
    label: '科目・品目を訂正する',
    note: '合計が同じとき、項目だけを直します。お金は動きません（別の人の確認）。',
  },
  {
    act: 'enter_void',
    label: '端末での取消を入力する',
    note: '端末だけで取り消してあったとき、その伝票を記録します。',
  },
] as const;

/** Only what is paid and untouched; the service has the last word. */
const isWhole = ({ kind, state, returned, outsideYen }: PaymentView): boolean =>
  kind === 'sale' &&
  state === 'approved' &&
  returned.amountYen === 0 &&
  returned.pendingId === null &&
  outsideYen === 0;

export function OtherActs(props: { payment: PaymentView; today: string; secondPersonFromYen: number }) {
  const { payment } = props;
  const [act, setAct] = useState<(typeof ACTS)[number]['act'] | null>(null);
  const onClose = (): void => setAct(null);
  if (!isWhole(payment)) return null;
  return (
    <section className="give-back" aria-labelledby="other-acts-title">
      <h3 id="other-acts-title" className="desk-title">
        記録を直す
      </h3>
      {act === null && (
        <ul className="ways">
          {ACTS.map((each) => (
            <li key={each.act}>
              <Button className="button" onPress={() => setAct(each.act)}>
                {each.label}
              </Button>
              <span className="way-note">{each.note}</span>
            </li>
          ))}
        </ul>
      )}
      {/* Corrected meanwhile at another screen, it is another sale to begin from. */}
      {act === 'correct' && (
        <CorrectItems key={payment.corrections.length} payment={payment} onClose={onClose} />
      )}
      {act === 'enter_void' && <VoidEntry {...props} onClose={onClose} />}
    </section>
  );
}
