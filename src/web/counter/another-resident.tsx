/** The same sale is still unknown: asked before it could be charged a second time. */
import { Button } from 'react-aria-components';
import type { PaymentView } from '../../payments/view.ts';
import { DialogFrame } from '../shared/dialog-frame.tsx';
import { formatNumber, formatTime, formatYen } from '../shared/format.ts';
import { wayOf } from '../shared/payment-words.ts';

export function AnotherResidentDialog({
  unknown,
  ...props
}: {
  message: string;
  /** The unknown payment, where it is on this screen: by its time and way the clerk knows whose it was. */
  unknown: { payment: PaymentView; rule: string } | undefined;
  brandNames: ReadonlyMap<string, string>;
  onConfirm: () => void;
  /** To the unknown payment, where a card's balance can be read before anything is charged again. */
  onLook: () => void;
  onBack: () => void;
}) {
  return (
    <DialogFrame title="別のお客様ですか？" role="alertdialog" onClose={props.onBack}>
      <p>{props.message}</p>
      {unknown !== undefined && (
        <p className="tell">
          <b>前の支払い</b>
          {describe(unknown.payment, props.brandNames)}
        </p>
      )}
      <p>
        <strong>同じお客様なら、もう一度支払いをしないでください。</strong>
        {unknown?.rule ?? '前の支払いの代金が引かれている場合があります。'}
      </p>
      <div className="dialog-actions">
        <Button className="button" autoFocus onPress={props.onBack}>
          分からない（送らない）
        </Button>
        <Button className="button" onPress={props.onLook}>
          同じお客様です（前の支払いを確かめる）
        </Button>
        <Button className="button primary" onPress={props.onConfirm}>
          別のお客様です（支払う）
        </Button>
      </div>
    </DialogFrame>
  );
}

const describe = (payment: PaymentView, brandNames: ReadonlyMap<string, string>): string =>
  [
    formatTime(payment.armedAt),
    wayOf(payment, brandNames),
    formatYen(payment.amountYen),
    `伝票 ${formatNumber(payment.number)}`,
  ].join('　');
