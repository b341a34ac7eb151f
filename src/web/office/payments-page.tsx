/** The payments of a day as PostgreSQL holds them. */
import { useState } from 'react';
import { Button, Input, Label, TextField } from 'react-aria-components';
import type { OfficePayment } from '../../payments/office.ts';
import type { PaymentState } from '../../payments/lifecycle.ts';
import type { Method } from '../../terminal/terminal.ts';
import { formatEraDate, formatNumber, formatTime, formatYen } from '../shared/format.ts';
import { formatQuantity, signedYen, stateWordsOf, wayOf } from '../shared/payment-words.ts';
import { Sign } from '../shared/sign.tsx';
import { StickerSearch } from '../shared/sticker-search.tsx';
import { Fault } from './fault.tsx';
import { NearestDays } from './nearest-days.tsx';
import { DayField } from './page-fields.tsx';
import { OnceMattersList } from './once-matters.tsx';
import { OpenMattersList } from './open-matters.tsx';
import { addressOf, lead, useAskedDay } from './place.ts';
import { readPayments, readSticker, searchPayments } from './service.ts';
import { TableHead } from './table-head.tsx';
import { DayTenders } from './tenders.tsx';
import { useAnswer } from './use-answer.ts';

/** Each day is a step of the browser's own, as each report is. */
const showDay = (on: string, isFurther = false): void => lead(addressOf('payments', { on }), isFurther);

export function PaymentsPage(props: {
  today: string;
  newestDay: string;
  brandNames: ReadonlyMap<string, string>;
}) {
  const date = useAskedDay(props.newestDay);
  const [search, setSearch] = useState('');
  const [isLooking, setLooking] = useState(false);
  const wanted = search.trim();
  const { value, fault } = useAnswer(`payments ${date} ${wanted}`, () =>
    wanted === '' ? readPayments(date) : searchPayments(wanted),
  );
  return (
    <>
      <Fault message={fault} />
      <OpenMattersList brandNames={props.brandNames} />
      <OnceMattersList />
      <div className="payments-head">
        <h2 className="lead">
          {wanted === '' ? formatEraDate(date) : `「${wanted}」が見つかった支払い（全期間）`}
        </h2>
        <TextField className="head-field" value={search} onChange={setSearch} maxLength={100}>
          <Label>探す（伝票番号・金額・時刻・シール）</Label>
          <Input />
        </TextField>
        <Button className="button" onPress={() => setLooking(true)}>
          シールを調べる
        </Button>
        <DayField label="日付" today={props.today} value={date} max={props.today} onChange={showDay} />
      </div>
      {value === null && fault === null && <p>読み込んでいます</p>}
      {value !== null && <Payments payments={value} brandNames={props.brandNames} />}
      {wanted === '' && value?.length === 0 && <NearestDays from={date} until={date} onShow={showDay} />}
      {wanted === '' && <DayTenders date={date} />}
      {isLooking && (
        <StickerSearch
          today={props.today}
          number={wanted}
          read={readSticker}
          onClose={() => setLooking(false)}
        />
      )}
    </>
  );
}

function Payments(props: { payments: readonly OfficePayment[]; brandNames: ReadonlyMap<string, string> }) {
  const { payments } = props;
  const approved = payments.filter(({ state }) => state === 'approved');
  const paid = approved.filter(({ kind }) => kind === 'sale');
  const back = approved.filter(({ kind }) => kind !== 'sale');
  const sum = (some: typeof payments): number => some.reduce((yen, { amountYen }) => yen + amountYen, 0);
  if (payments.length === 0) return <p>この日の支払いは、市の記録にまだありません。</p>;
  return (
    <>
      <p className="sum">
        支払済 {paid.length}件　{formatYen(sum(paid))}
        {back.length > 0 && (
          <>
            　取り消し・返金 {back.length}件　{formatYen(-sum(back))}　差引 {formatYen(sum(paid) - sum(back))}
          </>
        )}
      </p>
      <table className="grid">
        <caption className="unseen">支払いの一覧</caption>
        <TableHead columns={['時刻', '窓口', '伝票', '内容', '方法', '状態', { n: '金額' }]} />
        <tbody>
          {payments.map((payment) => (
            <Row key={`${payment.counter} ${payment.id}`} payment={payment} brandNames={props.brandNames} />
          ))}
        </tbody>
      </table>
    </>
  );
}

function Row({ payment, brandNames }: { payment: OfficePayment; brandNames: ReadonlyMap<string, string> }) {
  const { word, sign } = stateWordsOf({
    ...payment,
    state: payment.state as PaymentState,
    returned: { amountYen: payment.returnedYen, pendingId: null },
  });
  const way = wayOf({ method: payment.method as Method, brand: payment.brand }, brandNames);
  return (
    <tr data-todo={payment.state === 'unknown'}>
      <td>
        {payment.businessDate.slice(5).replace('-', '/')} {formatTime(payment.armedAt)}
      </td>
      <td>
        {payment.counter}　{payment.windowNameJa}
      </td>
      <td>{formatNumber(payment.number)}</td>
      <td>
        {payment.lines.map((line) => `${line.nameJa} ${formatQuantity(line.quantity, line.unit)}`).join('、')}
        {payment.ofNumber !== null && `（伝票 ${formatNumber(payment.ofNumber)} の分）`}
      </td>
      <td>{way}</td>
      <td>
        <span className="tag" data-kind={sign}>
          <Sign kind={sign} size="small" />
          {word}
          {payment.byHand && '（手入力）'}
        </span>
      </td>
      <td className="n">{formatYen(signedYen(payment))}</td>
    </tr>
  );
}
