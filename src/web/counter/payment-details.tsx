/** One payment of the list, in full. */
import { Button } from 'react-aria-components';
import type { Brand } from '../../fees/catalogue.ts';
import type { PaymentView } from '../../payments/view.ts';
import { METHOD_NAMES } from '../../terminal/offer.ts';
import { DialogFrame } from '../shared/dialog-frame.tsx';
import { formatDate, formatDayAndTime, formatNumber, formatTime, formatYen } from '../shared/format.ts';
import { formatQuantity, signedYen, stateWordsOf, wayOf } from '../shared/payment-words.ts';
import { Sign } from '../shared/sign.tsx';
import { CertificateLink } from '../daycare/certificate-link.tsx';
import { Corrections } from './correct-items.tsx';
import { UnknownDesk } from './desk.tsx';
import { GiveBack } from './give-back.tsx';
import { OtherActs } from './other-acts.tsx';
import { AskedOtherwise } from './outcome.tsx';
import { Promises } from './promises.tsx';
import { openSlip } from './service.ts';
import { returnOutcomeOf } from './return-words.ts';
import { unknownWords } from './unknown-words.ts';
import { outcomeOf } from './words.ts';

export function PaymentDetails(props: {
  payment: PaymentView;
  unknownRule: string | null;
  brandNames: ReadonlyMap<string, string>;
  brand: Brand | undefined;
  today: string;
  now: Date;
  /** Its void or refund without a result, where there is one. */
  pending: PaymentView | undefined;
  secondPersonFromYen: number;
  /** What gives back, corrects or decides is done at the counter's own screen. */
  isTablet: boolean;
  onClose: () => void;
}) {
  const { payment, brandNames } = props;
  const { word, sign } = stateWordsOf(payment);
  return (
    <DialogFrame title={`伝票 ${formatNumber(payment.number)}`} onClose={props.onClose}>
      <p className="details-state" data-kind={sign}>
        <Sign kind={sign} size="small" />
        <b>{word}</b>
        <strong>{formatYen(signedYen(payment))}</strong>
      </p>
      <p>{meaningOf(payment, props.unknownRule)}</p>
      {payment.ticket !== null && <p className="form-note">{ticketWords(payment, props.today)}</p>}
      <table className="rows">
        <tbody>
          {payment.lines.map((line, index) => (
            <tr key={index}>
              <td>{line.nameJa}</td>
              <td className="row-amount">{formatQuantity(line.quantity, line.unit)}</td>
              <td className="row-amount">{formatYen(line.amountYen)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Facts payment={payment} brandNames={brandNames} />
      <AskedOtherwise payment={payment} brandNames={brandNames} />
      {payment.of !== null && (
        <p className="tell">
          もとの支払いは 伝票 {formatNumber(payment.of.number)} です。
          {payment.of.note === '' ? '' : `理由：${payment.of.note}`}
        </p>
      )}
      <Corrections payment={payment} />
      <Promises payment={payment} mayWithdraw={!props.isTablet} />
      {props.isTablet ? (
        <CounterOnly payment={payment} />
      ) : (
        <>
          <GiveBack {...props} onSent={props.onClose} />
          <OtherActs {...props} />
        </>
      )}
      <UnknownDesk {...props} brand={props.brand} />
      <Actions payment={payment} onClose={props.onClose} />
    </DialogFrame>
  );
}

/** What a tablet does not offer, and where it is done. */
function CounterOnly({ payment }: { payment: PaymentView }) {
  const acts =
    payment.state === 'unknown' || payment.contradicted
      ? '残高の確認、端末を先に使うこと、二人での決定'
      : payment.state !== 'approved'
        ? null
        : payment.toDecide
          ? 'どうするかの決定と、取り消し・返金・訂正'
          : '取り消し・返金・訂正';
  return acts && <p className="form-note">{acts}は、カウンターの画面で行います。</p>;
}

function Actions({ payment, onClose }: { payment: PaymentView; onClose: () => void }) {
  return (
    <div className="dialog-actions">
      <Button className="button" onPress={onClose}>
        閉じる
      </Button>
      {payment.state === 'approved' && payment.kind === 'sale' && (
        <CertificateLink id={payment.id} lines={payment.linesLeft} />
      )}
      {payment.state === 'approved' && (
        <Button className="button primary" onPress={() => openSlip(payment.id)}>
          {payment.kind === 'sale' ? '利用明細' : '取消票'}を印刷する
        </Button>
      )}
    </div>
  );
}

function Facts({ payment, brandNames }: { payment: PaymentView; brandNames: ReadonlyMap<string, string> }) {
  return (
    <dl className="facts">
      <Fact name="窓口" value={payment.windowNameJa} />
      <Fact
        name="方法"
        value={`${METHOD_NAMES[payment.method]}　${payment.brand === null ? '' : wayOf(payment, brandNames)}`}
      />
      <Fact name="受付" value={formatDayAndTime(payment.armedAt)} />
      <Fact name="状態の時刻" value={formatTime(payment.stateAt)} />
      <Fact name="担当" value={payment.clerk} />
      <Fact name="確認" value={payment.of?.confirmedBy ?? null} />
      <Fact name="入力" value={payment.byHand ? '端末の伝票から手入力' : null} />
      <Fact name="会計課から返金" value={payment.outsideYen === 0 ? null : formatYen(payment.outsideYen)} />
      <Fact name="承認番号" value={payment.terminal.approvalCode} />
      <Fact name="端末の伝票" value={payment.terminal.receiptNumber} />
      <Fact name="端末のコード" value={payment.state === 'approved' ? null : payment.resultCode} />
    </dl>
  );
}

/** Whether the ticket may be used again: once all is given back at the terminal, until its last day. */
function ticketWords({ ticket, ticketUntil, returned, amountYen }: PaymentView, today: string): string {
  const name = `会計票 ${ticket ?? ''}`;
  if (returned.amountYen < amountYen || ticketUntil === null) return `${name} の会計です。`;
  return ticketUntil < today
    ? `${name} は期限（${formatDate(ticketUntil)}）を過ぎたため、もう使えません。受け直すときは、出したところで作り直すか、手で入れてください。`
    : `${name} は、${formatDate(ticketUntil)}まで、もう一度使えます。`;
}

/** What is left with the city, once anything has gone back or is to go back. */
function leftWords(amountYen: number, returnedYen: number, outsideYen: number): string {
  const back = returnedYen === 0 ? '' : `端末で ${formatYen(returnedYen)} を返しました。`;
  const owed = outsideYen === 0 ? '' : `会計課から ${formatYen(outsideYen)} を返します。`;
  const leftYen = amountYen - returnedYen - outsideYen;
  return `${back}${owed}${leftYen === 0 ? '受け取る代金は残りません。' : `残りは ${formatYen(leftYen)} です。`}`;
}

function meaningOf(payment: PaymentView, unknownRule: string | null): string {
  if (payment.kind !== 'sale') return returnOutcomeOf(payment).money;
  const { returned, outsideYen, amountYen } = payment;
  if (returned.amountYen > 0 || outsideYen > 0) return leftWords(amountYen, returned.amountYen, outsideYen);
  if (payment.state === 'armed') return '端末で支払いの途中です。';
  if (payment.state === 'unknown') {
    const { warning, rule } = unknownWords(payment, unknownRule, false);
    return `${warning}${rule}`;
  }
  const { money } = outcomeOf(payment, unknownRule);
  return money ?? '代金を受け取っています。';
}

function Fact({ name, value }: { name: string; value: string | null }) {
  if (value === null || value === '') return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
