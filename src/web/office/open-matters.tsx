/** Above the payments of a day: what is still unknown or undecided, of any day, and what was noticed about the records. */
import type { Notice, OpenPayment } from '../../payments/open-matters.ts';
import { formatDate, formatDayAndTime, formatNumber, formatYen } from '../shared/format.ts';
import { wayOf } from '../shared/payment-words.ts';
import { Sign } from '../shared/sign.tsx';
import { readOpen } from './service.ts';
import { TableHead } from './table-head.tsx';
import { useAnswer } from './use-answer.ts';

export function OpenMattersList({ brandNames }: { brandNames: ReadonlyMap<string, string> }) {
  const { value } = useAnswer('open', readOpen);
  if (value === null || value.payments.length + value.notices.length === 0) return null;
  return (
    <section aria-label="確かめること">
      {value.payments.length > 0 && (
        <>
          <h2 className="section-title">確かめる支払い {value.payments.length}件</h2>
          <p>窓口の画面で、行を押して案内と記録を確かめてください。ここは市の記録に届いた分です。</p>
          <OpenPayments payments={value.payments} brandNames={brandNames} />
        </>
      )}
      {value.notices.length > 0 && (
        <>
          <h2 className="section-title">記録についてのお知らせ</h2>
          <ul className="notes">
            {value.notices.map((notice) => (
              <li key={`${notice.kind} ${notice.at} ${String(notice.about)}`}>
                {formatDayAndTime(notice.at)}　窓口 {notice.counter}　{NOTICES[notice.kind](notice.about)}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

const NOTICES: Record<Notice['kind'], (about: string | null) => string> = {
  card_data_masked: () =>
    'カード番号らしい数字が入力か端末の文に含まれていたため、伏せて記録しました。どこに入力されたか確かめてください。',
  clock_confirmed: (clerk) =>
    `パソコンの時計が合っていませんでした。${clerk ?? '出納員'}が日付を確かめて会計を続けました。時計を直してください。`,
  repeated_id: (numbers) =>
    `同じ会計が、それぞれの記録にあります（伝票 ${numbers ?? ''}）。どちらも残しています。お客様から二重にいただいていないか確かめてください。`,
  quarantined: () =>
    'この窓口番号の別の記録を隔離しています。その窓口は会計を止めています。COUNTER の設定を確かめてください。',
};

/** What has to be found out or decided, in a word and a sign. */
function needOf({ contradicted, state }: OpenPayment): string {
  if (contradicted) return '記録が食い違う';
  return state === 'unknown' ? '結果不明' : 'あとから分かった';
}

function OpenPayments(props: { payments: readonly OpenPayment[]; brandNames: ReadonlyMap<string, string> }) {
  return (
    <table className="grid">
      <caption className="unseen">確かめる支払い</caption>
      <TableHead columns={['日付', '窓口', '伝票', '方法', '端末の伝票', '状態', { n: '金額' }]} />
      <tbody>
        {props.payments.map((payment) => (
          <tr key={`${payment.counter} ${String(payment.number)}`} data-todo="true">
            <td>{formatDate(payment.businessDate)}</td>
            <td>
              {payment.counter}　{payment.windowNameJa}
            </td>
            <td>{formatNumber(payment.number)}</td>
            <td>{wayOf(payment, props.brandNames)}</td>
            <td>{payment.receiptNumber}</td>
            <td>
              <span className="tag" data-kind="ask">
                <Sign kind="ask" size="small" />
                {needOf(payment)}
              </span>
            </td>
            <td className="n">{formatYen(payment.amountYen)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
