/** Payments that were unknown when the clerk went on, and are known now. They stay until they have been read. */
import { Button } from 'react-aria-components';
import type { PaymentView } from '../../payments/view.ts';
import { formatNumber, formatYen } from '../shared/format.ts';
import { signedYen, stateWordsOf, summaryOf } from '../shared/payment-words.ts';
import { Sign } from '../shared/sign.tsx';
import { unknownRuleOf, type Reference } from './use-reference.ts';
import { outcomeOf } from './words.ts';

export function ClearedNotices(props: {
  payments: readonly PaymentView[];
  reference: Reference;
  onSeen: (id: string) => void;
}) {
  return props.payments.map((payment) => {
    const { headline, money } = outcomeOf(payment, unknownRuleOf(props.reference, payment));
    return (
      <div key={payment.id} className="cleared" role="status" data-kind={stateWordsOf(payment).sign}>
        <Sign kind={stateWordsOf(payment).sign} size="small" />
        <p>
          <b>
            伝票 {formatNumber(payment.number)}　{summaryOf(payment.lines)}　{formatYen(signedYen(payment))}：
            {headline}
          </b>
          {money}
        </p>
        <Button className="button" onPress={() => props.onSeen(payment.id)}>
          確かめました
        </Button>
      </div>
    );
  });
}
