/** What a touch makes of the basket: pure changes of a sale, each for a stage in which it may be changed (sale.ts). */
import { addPlain, setLine, tieSticker, type BasketLine } from './basket.ts';
import type { Sale, SaleAction } from './sale.ts';
import { changeBehind, type SaleTicket } from './ticket.ts';

export function basketOf(sale: Sale): readonly BasketLine[] {
  return sale.baskets[sale.window] ?? [];
}

export const ticketOf = (sale: Sale): SaleTicket | undefined => sale.tickets[sale.window];

/** Chosen anew for each sale. */
export const NO_METHOD = { method: null, brand: null, isAssumed: false } as const;

export function withoutNotice(sale: Sale): Sale {
  return { ...sale, counted: null, stage: { at: 'basket', notice: null } };
}

export function withBasket(sale: Sale, window: string, lines: readonly BasketLine[]): Sale {
  return { ...sale, baskets: { ...sale.baskets, [window]: lines } };
}

/** Changes what was rung up by hand: a ticket's lines stay as they are. */
export function changeBasket(sale: Sale, change: (lines: readonly BasketLine[]) => BasketLine[]): Sale {
  const lines = changeBehind(ticketOf(sale), basketOf(sale), change);
  return { ...withBasket(withoutNotice(sale), sale.window, lines), cleared: null };
}

/** The method of the last sale is taken over by one-time tickets alone: whatever else is rung up asks for it anew. */
export function addFee(sale: Sale, { code, isOneTime }: { code: string; isOneTime?: true }): Sale {
  const added = changeBasket(sale, (lines) => addPlain(lines, code));
  if (isOneTime !== true) return withoutAssumed(added);
  const last = sale.lastPaid[sale.window];
  if (last === undefined || sale.method !== null || basketOf(sale).length > 0) return added;
  return { ...added, method: last.method, brand: last.brand ?? null, isAssumed: true };
}

export const withoutAssumed = (sale: Sale): Sale => (sale.isAssumed ? { ...sale, ...NO_METHOD } : sale);

/** A line in place of the one at `index`; null: a new one. */
export function enterLine(sale: Sale, index: number | null, line: BasketLine): Sale {
  const lines = setLine(basketOf(sale), index, line);
  const asked = withoutAssumed(withoutNotice(sale));
  return { ...withBasket(asked, sale.window, lines), cleared: null, entry: null };
}

/** The index among what was rung up by hand; negative: it is a line of the ticket. */
export const behindTicket = (sale: Sale, index: number): number => index - (ticketOf(sale)?.count ?? 0);

export const tieNumber = (sale: Sale, { index, number }: { index: number; number: string }): Sale =>
  changeBasket(sale, (lines) => tieSticker(lines, behindTicket(sale, index), number));

/** What was rung up already stays, behind the ticket's lines. A second ticket takes the place of the first. */
export function takeTicket(
  sale: Sale,
  { ticket, lines, missing }: Extract<SaleAction, { type: 'ticket_taken' }>,
): Sale {
  const there = { ...withoutAssumed(withoutNotice(sale)), window: ticket.window };
  const behind = basketOf(there).slice(ticketOf(there)?.count ?? 0);
  const code = missing === null ? undefined : lines[missing]?.code;
  return {
    ...withBasket(there, ticket.window, [...lines, ...behind]),
    tickets: { ...sale.tickets, [ticket.window]: ticket },
    cleared: null,
    entry: code === undefined ? null : { code, index: missing },
  };
}

export function changeTicket(sale: Sale, change: Partial<SaleTicket>): Sale {
  const ticket = ticketOf(sale);
  return ticket === undefined
    ? sale
    : { ...sale, tickets: { ...sale.tickets, [sale.window]: { ...ticket, ...change } } };
}

export function withoutTicket({ tickets, window }: Sale): Sale['tickets'] {
  return Object.fromEntries(Object.entries(tickets).filter(([code]) => code !== window));
}

/** What is charged for a stay takes the place of what was charged for it before. */
export function changeStay(
  sale: Sale,
  { stay, lines: charged }: { stay: string; lines: readonly BasketLine[] },
): Sale {
  return changeBasket(withoutAssumed(sale), (lines) => [
    ...lines.filter(({ care }) => care?.stay !== stay),
    ...charged,
  ]);
}

/** The lines can be had back; those of a ticket only by the ticket. */
export function clearBasket(sale: Sale): Sale {
  const lines = basketOf(sale);
  if (lines.length === 0) return sale;
  const emptied = withBasket(withoutNotice(sale), sale.window, []);
  // A ticket's lines come back with the ticket alone: without it they would be sold and the ticket stay open.
  const cleared = ticketOf(sale) === undefined ? { window: sale.window, lines } : null;
  return { ...emptied, tickets: withoutTicket(sale), cleared, ...NO_METHOD };
}

export function restoreBasket(sale: Sale): Sale {
  if (sale.cleared === null) return sale;
  const { window, lines } = sale.cleared;
  return { ...withBasket(sale, window, lines), window, cleared: null };
}
