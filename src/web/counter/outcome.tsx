/** The result, in words, and the one thing to do next. */
import { Button } from 'react-aria-components';
import type { PaymentView } from '../../payments/view.ts';
import { METHOD_NAMES } from '../../terminal/offer.ts';
import { formatNumber, formatYen } from '../shared/format.ts';
import { KeyCap } from '../shared/key-cap.tsx';
import { wayOf } from '../shared/payment-words.ts';
import { Sign } from '../shared/sign.tsx';
import { CertificateLink } from '../daycare/certificate-link.tsx';
import { outcomeOf } from './words.ts';

export function OutcomePanel(props: {
  payment: PaymentView;
  unknownRule: string | null;
  brandNames: ReadonlyMap<string, string>;
  onPrimary: () => void;
  onEscape: () => void;
  onPrint: () => void;
}) {
  const { payment, brandNames } = props;
  const words = outcomeOf(payment, props.unknownRule);
  const paid = payment.state === 'approved';
  return (
    <>
      <div className="state" data-kind={words.sign}>
        <Sign kind={words.sign} size="large" />
        <h2>{words.headline}</h2>
        {paid && (
          <p className="state-figures">
            {wayOf(payment, brandNames)}　{formatYen(payment.amountYen)}
          </p>
        )}
        {words.money !== null && <p className="state-money">{words.money}</p>}
        {words.next !== null && <p className="state-next">{words.next}</p>}
        <p className="state-note">{paid ? numbersOf(payment) : codeOf(payment)}</p>
        <AskedOtherwise payment={payment} brandNames={brandNames} />
        {payment.contradicted && (
          <p className="tell">
            <b>記録と端末の答えが食い違っています</b>
            同じ支払いをもう一度押さず、会計課に知らせてください。
          </p>
        )}
      </div>
      {paid ? (
        <>
          <CertificateLink id={payment.id} lines={payment.lines} />
          <Button className="alt" onPress={props.onPrint} aria-keyshortcuts="P">
            利用明細を印刷する <KeyCap>P</KeyCap>
          </Button>
          <Button className="go" onPress={props.onPrimary} aria-keyshortcuts="Enter">
            次の会計 <KeyCap>Enter</KeyCap>
          </Button>
        </>
      ) : (
        <>
          <Button className="alt" onPress={props.onEscape} aria-keyshortcuts="Escape">
            この会計をやめる <KeyCap>Esc</KeyCap>
          </Button>
          <Button className="go" onPress={props.onPrimary} aria-keyshortcuts="Enter">
            {payment.state === 'declined' ? '別の方法で支払う' : '会計に戻る'} <KeyCap>Enter</KeyCap>
          </Button>
        </>
      )}
    </>
  );
}

/** Our slip number and the terminal's approval code. */
function numbersOf({ number, terminal }: PaymentView): string {
  const approval = terminal.approvalCode === null ? '' : `　承認 ${terminal.approvalCode}`;
  return `伝票 ${formatNumber(number)}${approval}`;
}

function codeOf({ number, resultCode }: PaymentView): string {
  return `伝票 ${formatNumber(number)}${resultCode === null ? '' : `　端末のコード ${resultCode}`}`;
}

/** A resident need not know that the Visa is a debit card; the clerk may. */
export function AskedOtherwise(props: { payment: PaymentView; brandNames: ReadonlyMap<string, string> }) {
  const { asked, method } = props.payment;
  if (asked === null) return null;
  const chosen = wayOf(asked, props.brandNames);
  const chosenWords = asked.brand === null ? chosen : `${METHOD_NAMES[asked.method]} ${chosen}`;
  return (
    <p className="state-note">
      選んだのは {chosenWords}、端末の報告は {METHOD_NAMES[method]} {wayOf(props.payment, props.brandNames)}{' '}
      です。
    </p>
  );
}
