/** A charge ticket (会計票) in the basket: its lines stand first, as they came, and are closed with one sale. Pure. */
import type { TicketView } from '../../tickets/tickets.ts';
import { formatNumber } from '../shared/format.ts';
import type { Refusal } from '../shared/api.ts';
import type { BasketLine } from './basket.ts';

export interface SaleTicket {
  reference: string;
  window: string;
  /** As it was read: what the sale is sent with. */
  text: string;
  /** How many lines are its own. */
  count: number;
  /** False: there is no network, and another counter may have used it. */
  isSure: boolean;
  /** The clerk has asked the resident, who says that it is not used. */
  isVouched: boolean;
}

export const saleTicketOf = ({ reference, window, lines, isSure }: TicketView, text: string): SaleTicket => ({
  reference,
  window,
  text,
  count: lines.length,
  isSure,
  isVouched: false,
});

/** What a request carries of it. */
export const askedWith = (ticket: SaleTicket | undefined): { ticket?: string; ticketUnsure?: true } =>
  ticket === undefined
    ? {}
    : { ticket: ticket.text, ...(!ticket.isSure && ticket.isVouched && { ticketUnsure: true as const }) };

/** After a reload the ticket's text is all that is left of it: every line is taken for its own. */
export const readBefore = (
  text: string,
  { window, lines }: { window: string; lines: readonly BasketLine[] },
): SaleTicket => ({
  reference: '（読み取り済み）',
  window,
  text,
  count: lines.length,
  isSure: true,
  isVouched: false,
});

/** Changes what stands behind the ticket's own lines; those stay as they are. */
export function changeBehind(
  ticket: SaleTicket | undefined,
  lines: readonly BasketLine[],
  change: (lines: readonly BasketLine[]) => BasketLine[],
): BasketLine[] {
  const count = ticket?.count ?? 0;
  return [...lines.slice(0, count), ...change(lines.slice(count))];
}

/** The service's sentence, with the sale or the counter that it is about. */
export function ticketRefusal({ message, details }: Pick<Refusal, 'message' | 'details'>): string {
  const { number, businessDate, counter, until, window } = details;
  const facts = [
    typeof number === 'number' ? `伝票 ${formatNumber(number)}` : '',
    typeof businessDate === 'string' ? dayOf(businessDate) : '',
    typeof counter === 'string' ? `カウンター ${counter}` : '',
    typeof until === 'string' ? `期限 ${dayOf(until)}` : '',
    typeof window === 'string' ? `窓口：${window}` : '',
  ].filter((fact) => fact !== '');
  return facts.length === 0 ? message : `${message}（${facts.join('・')}）`;
}

const dayOf = (day: string): string => `${Number(day.slice(5, 7))}月${Number(day.slice(8))}日`;
