/** The charge tickets (会計票) of a day, and what became of each; what two counters have used stands first. */
import { useState } from 'react';
import { isClosed, TICKET_STATE_NAMES, type TicketState } from '../../tickets/state.ts';
import type { OfficeTicket } from '../../tickets/office.ts';
import { CANCEL_REASON_NAMES } from '../../tickets/reasons.ts';
import { formatDate, formatEraDate, formatNumber, formatTime, formatYen } from '../shared/format.ts';
import type { SignKind } from '../shared/payment-words.ts';
import { Sign } from '../shared/sign.tsx';
import { Fault } from './fault.tsx';
import { ChoiceField, DayField } from './page-fields.tsx';
import { readTickets } from './service.ts';
import { TableHead } from './table-head.tsx';
import { useAnswer } from './use-answer.ts';

const SHOWN = ['all', 'open', 'held', 'paid', 'cash', 'exempt', 'cancelled'] as const;

export function TicketsPage({ today }: { today: string }) {
  const [date, setDate] = useState(today);
  const [shown, setShown] = useState<(typeof SHOWN)[number]>('all');
  const { value, fault } = useAnswer(`tickets ${date}`, () => readTickets(date));
  return (
    <>
      <Fault message={fault} />
      <div className="payments-head">
        <h2 className="lead">{formatEraDate(date)}</h2>
        <ChoiceField
          label="状態"
          value={shown}
          choices={SHOWN.map((state) => [state, state === 'all' ? 'すべて' : TICKET_STATE_NAMES[state]])}
          onChange={(state) => setShown(state as typeof shown)}
        />
        <DayField label="日付" today={today} value={date} max={today} onChange={setDate} />
      </div>
      {value === null && fault === null && <p>読み込んでいます</p>}
      {value !== null && (
        <TicketTable tickets={value.filter(({ state }) => shown === 'all' || state === shown)} />
      )}
    </>
  );
}

function TicketTable({ tickets }: { tickets: readonly OfficeTicket[] }) {
  const twice = tickets.filter(({ alsoAt }) => alsoAt.length > 0);
  if (tickets.length === 0) return <p>この日に読み取った会計票は、市の記録にありません。</p>;
  return (
    <>
      {twice.length > 0 && (
        <p className="tell">
          <b>2つのカウンターで使われた会計票があります。</b>
          二重に受け取った分を確かめ、片方を取り消すか返金してください。
        </p>
      )}
      <table className="grid">
        <caption className="unseen">会計票の一覧</caption>
        <TableHead columns={['時刻', '受付番号', '窓口', '状態', '伝票', { n: '金額' }]} />
        <tbody>
          {tickets.map((ticket) => (
            <Row key={`${ticket.counter} ${ticket.reference}`} ticket={ticket} />
          ))}
        </tbody>
      </table>
    </>
  );
}

const SIGNS: Readonly<Record<TicketState, SignKind>> = {
  open: 'run',
  held: 'ask',
  paid: 'ok',
  cash: 'ok',
  exempt: 'ok',
  cancelled: 'none',
};

function Row({ ticket }: { ticket: OfficeTicket }) {
  const { state, cancelled, alsoAt } = ticket;
  return (
    <tr data-todo={alsoAt.length > 0}>
      <td>
        {ticket.businessDate.slice(5).replace('-', '/')} {formatTime(ticket.firstAt)}
      </td>
      <td>
        {ticket.reference}
        {!isClosed(state) && `（${formatDate(ticket.until)}まで）`}
      </td>
      <td>
        {ticket.counter}　{ticket.windowNameJa}
        {alsoAt.length > 0 && `（カウンター ${alsoAt.join('・')} でも使われています）`}
        {ticket.isUnsure && (
          <span className="ticket-reason">市の記録につながらず、お客様の言葉で受け付け</span>
        )}
      </td>
      <td>
        <span className="tag" data-kind={SIGNS[state]}>
          <Sign kind={SIGNS[state]} size="small" />
          {TICKET_STATE_NAMES[state]}
        </span>
        {cancelled !== null && (
          <span className="ticket-reason">
            {CANCEL_REASON_NAMES[cancelled.reason]}
            {cancelled.note !== '' && `：${cancelled.note}`}（{cancelled.clerk}）
          </span>
        )}
      </td>
      <td className="ticket-number">{ticket.number !== null && formatNumber(ticket.number)}</td>
      <td className="n">{ticket.amountYen !== null && formatYen(ticket.amountYen)}</td>
    </tr>
  );
}
