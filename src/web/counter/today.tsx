/** Today's payments. What is not known stands first, with what it means; only what is paid counts in the total. */
import { Button } from 'react-aria-components';
import type { PaymentView } from '../../payments/view.ts';
import { formatTime, formatYen } from '../shared/format.ts';
import { signedYen, stateWordsOf, summaryOf, wayOf } from '../shared/payment-words.ts';
import { Sign } from '../shared/sign.tsx';
import { isAlarming } from './desk-words.ts';
import { listPayments, sumPosted, type LiveState } from './live.ts';

export function Today(props: {
  live: LiveState;
  today: string;
  now: Date;
  brandNames: ReadonlyMap<string, string>;
  onOpen: (id: string) => void;
}) {
  const { live, brandNames, onOpen } = props;
  const { open, done } = listPayments(live, props.today);
  const total = sumPosted([...open, ...done], props.today);
  return (
    <section className="today" aria-labelledby="today-title">
      <h2 id="today-title" className="today-title">
        今日の支払い
        <span>{total.count}件</span>
        <span>{formatYen(total.amountYen)}</span>
      </h2>
      {live.record?.state === 'offline' && (
        <p className="today-record">
          市の記録に{pendingWords(live.record.pending)}（窓口の会計は続けられます）
        </p>
      )}
      {open.length + done.length === 0 ? (
        <p className="today-empty">
          {live.connection === 'connecting'
            ? '読み込んでいます'
            : 'まだありません。支払いが済むと、ここに並びます。'}
        </p>
      ) : (
        // Scrolls by keyboard too.
        <div className="today-scroll" tabIndex={0} role="group" aria-label="今日の支払いの一覧">
          <OpenPayments open={open} now={props.now} />
          <table className="rows">
            <thead className="unseen">
              <tr>
                <th>時刻</th>
                <th>内容</th>
                <th>方法</th>
                <th>状態</th>
                <th>金額</th>
              </tr>
            </thead>
            <tbody>
              {[...open, ...done].map((payment) => (
                <PaymentRow key={payment.id} payment={payment} brandNames={brandNames} onOpen={onOpen} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** What has still to be found out or decided. */
function OpenPayments({ open, now }: { open: readonly PaymentView[]; now: Date }) {
  const unknown = open.filter(({ state }) => state === 'unknown');
  const isLong = unknown.some((payment) => isAlarming(payment, now));
  return (
    <>
      {unknown.length > 0 && (
        <p className="today-open" data-long={isLong}>
          結果の分からない支払いが {unknown.length}件 あります。同じお客様にもう一度支払いをしないでください。
          {isLong && '2分を過ぎました。行を押して、案内とできることを確かめてください。'}
        </p>
      )}
      {open.length > unknown.length && (
        <p className="today-open">
          あとから支払いが分かったものが {open.length - unknown.length}件
          あります。行を押して、どうするか決めてください。
        </p>
      )}
    </>
  );
}

function pendingWords(pending: number | null): string {
  return pending === null ? '未送信があります' : `未送信 ${String(pending)}件`;
}

function PaymentRow(props: {
  payment: PaymentView;
  brandNames: ReadonlyMap<string, string>;
  onOpen: (id: string) => void;
}) {
  const { payment } = props;
  const { word, sign } = stateWordsOf(payment);
  const way = wayOf(payment, props.brandNames);
  return (
    <tr data-kind={sign}>
      <td className="row-time">{formatTime(payment.armedAt)}</td>
      <td className="row-what">
        <Button className="row-button" onPress={() => props.onOpen(payment.id)}>
          {summaryOf(payment.lines)}
        </Button>
        <span className="row-way-below">{way}</span>
      </td>
      <td className="row-way">{way}</td>
      <td className="row-state">
        <Sign kind={sign} size="small" />
        {word}
      </td>
      <td className="row-amount">{formatYen(signedYen(payment))}</td>
    </tr>
  );
}
