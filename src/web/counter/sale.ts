/**
 * The sale on the screen, as one pure reducer: what is in the basket, how it shall be paid, and how far it is.
 * What became of the payment is never decided here; that is the record's word, which `live.ts` keeps.
 */
import type { SaleRequest } from '../../payments/checks.ts';
import type { Method } from '../../terminal/terminal.ts';
import { changeLine, removeLast, type BasketLine } from './basket.ts';
import {
  addFee,
  behindTicket,
  changeBasket,
  changeStay,
  changeTicket,
  clearBasket,
  enterLine,
  NO_METHOD,
  restoreBasket,
  takeTicket,
  tieNumber,
  withBasket,
  withoutAssumed,
  withoutNotice,
  withoutTicket,
} from './sale-basket.ts';
import { readBefore, type SaleTicket } from './ticket.ts';

/** A request that was pressed, as it is kept over a reload. */
export interface PendingSale {
  request: SaleRequest;
  /** When the clerk pressed, in ISO 8601 UTC. */
  pressedAt: string;
  /** The charge ticket that it closes. */
  ticket?: SaleTicket | undefined;
}

/** Why the basket is on the screen again. `code` is the service's own, or `not_arrived`. */
export interface Notice {
  code: string;
  message: string;
}

export type Stage =
  | { at: 'basket'; notice: Notice | null }
  /** Under way to the service; `troubled` once an attempt had no answer. */
  | { at: 'sending'; pending: PendingSale; troubled: boolean }
  /** The service wants to know that this is not the resident whose payment is still unknown. */
  | { at: 'another_resident'; pending: PendingSale; message: string; unknownId: string }
  /** Recorded; its state is that of the payment with this id. */
  | { at: 'payment'; pending: PendingSale };

export interface Sale {
  window: string;
  /** One basket per window: a payment belongs to one window. */
  baskets: Readonly<Record<string, readonly BasketLine[]>>;
  /** The charge ticket whose lines stand first in the basket of its window. */
  tickets: Readonly<Record<string, SaleTicket>>;
  /** The basket that was cleared last, for 「元に戻す」. */
  cleared: { window: string; lines: readonly BasketLine[] } | null;
  /** A fee whose entry is open: what it needs to know, or what a line shall be changed to (`index`; null: a new one). */
  entry: { code: string; index: number | null; sticker?: string } | null;
  /** The sale without a terminal that was recorded last, until the next touch. */
  counted: string | null;
  method: Method | null;
  brand: string | null;
  /** What was paid with last, by window: the next one-time ticket there begins with it. */
  lastPaid: Readonly<Record<string, Pick<SaleRequest, 'method' | 'brand'>>>;
  /** The method is the last one's, and nobody has touched it. */
  isAssumed: boolean;
  stage: Stage;
}

type Counting = Pick<SaleRequest, 'window' | 'lines' | 'ticket'>;

export type SaleAction =
  /** Those of whoever is signed in: another clerk may have others. */
  | { type: 'windows_given'; windows: readonly string[] }
  | { type: 'window_chosen'; window: string }
  /** `isOneTime`: sold again and again, one at a touch: a basket of nothing else begins with the method paid with last. */
  | { type: 'fee_added'; code: string; isOneTime?: true }
  | { type: 'fee_removed'; code: string }
  | { type: 'line_changed'; index: number; by: 1 | -1 }
  | { type: 'entry_opened'; code: string; index: number | null }
  | { type: 'entry_closed' }
  | { type: 'line_entered'; line: BasketLine }
  /** All that a child's stay is charged for, in the place of what was in the basket for it; nothing takes it out. */
  | { type: 'stay_charged'; stay: string; lines: readonly BasketLine[] }
  /** `missing`: the first of its lines that has still to know something. */
  | { type: 'ticket_taken'; ticket: SaleTicket; lines: readonly BasketLine[]; missing: number | null }
  | { type: 'ticket_removed' }
  /** What the resident says about a ticket that the city's record can't be asked about. */
  | { type: 'ticket_vouched'; isVouched: boolean }
  /** For the entry that is open, if it asks for one. */
  | { type: 'sticker_scanned'; number: string }
  /** For one of a line that was rung up without. */
  | { type: 'sticker_tied'; index: number; number: string }
  /** Recorded without a terminal. */
  | { type: 'counted'; id: string }
  | { type: 'count_refused'; notice: Notice }
  /** After a reload, what was pressed without a terminal and had no answer yet. */
  | { type: 'counting_resumed'; request: Counting }
  | { type: 'basket_cleared' }
  | { type: 'basket_restored' }
  | { type: 'method_chosen'; method: Method }
  | { type: 'brand_chosen'; brand: string | null }
  | { type: 'pay_pressed'; pending: PendingSale }
  | { type: 'resumed'; pending: PendingSale }
  | { type: 'troubled' }
  | { type: 'recorded' }
  | { type: 'refused'; notice: Notice }
  | { type: 'another_resident_asked'; message: string; unknownId: string }
  | { type: 'another_resident_confirmed'; at: string }
  | { type: 'back_to_basket'; keepMethod: boolean }
  | { type: 'next_sale'; isPaid?: true };

export function createSale(window: string): Sale {
  return {
    window,
    baskets: {},
    tickets: {},
    cleared: null,
    entry: null,
    counted: null,
    lastPaid: {},
    ...NO_METHOD,
    stage: { at: 'basket', notice: null },
  };
}

/** What happens from the press on. */
const SENT = [
  'pay_pressed',
  'resumed',
  'troubled',
  'recorded',
  'refused',
  'another_resident_asked',
  'another_resident_confirmed',
  'back_to_basket',
  'next_sale',
] as const satisfies SaleAction['type'][];
type SentAction = Extract<SaleAction, { type: (typeof SENT)[number] }>;
const isSent = (action: SaleAction): action is SentAction => SENT.some((type) => type === action.type);

/** One step. An action that does not belong to the stage changes nothing: a double click pays once. */
export const reduceSale = (sale: Sale, action: SaleAction): Sale =>
  isSent(action) ? reduceSent(sale, action) : reduceBasket(sale, action);

function reduceSent(sale: Sale, action: SentAction): Sale {
  const { stage } = sale;
  switch (action.type) {
    case 'pay_pressed':
      return stage.at === 'basket' ? send(sale, action.pending) : sale;
    case 'resumed':
      return resume(sale, action.pending);
    case 'troubled':
      return stage.at === 'sending' ? { ...sale, stage: { ...stage, troubled: true } } : sale;
    case 'recorded':
      return stage.at === 'sending' ? { ...sale, stage: { at: 'payment', pending: stage.pending } } : sale;
    case 'refused':
      return stage.at === 'sending' ? refuse(sale, action.notice) : sale;
    case 'another_resident_asked':
      return stage.at === 'sending' ? askAnotherResident(sale, stage.pending, action) : sale;
    case 'another_resident_confirmed':
      return stage.at === 'another_resident' ? send(sale, asAnotherResident(stage.pending, action.at)) : sale;
    case 'back_to_basket':
      return backToBasket(sale, action.keepMethod);
    case 'next_sale':
      return stage.at === 'payment'
        ? nextSale(action.isPaid === true ? noteMethod(sale, stage.pending) : sale)
        : sale;
  }
}

function reduceBasket(sale: Sale, action: Exclude<SaleAction, SentAction>): Sale {
  const { stage } = sale;
  switch (action.type) {
    case 'windows_given':
      return stage.at === 'basket' ? keepWindows(sale, action.windows) : sale;
    case 'window_chosen':
      return stage.at === 'basket' ? { ...withoutAssumed(withoutNotice(sale)), window: action.window } : sale;
    case 'fee_added':
      return stage.at === 'basket' ? addFee(sale, action) : sale;
    case 'fee_removed':
      return stage.at === 'basket' ? changeBasket(sale, (lines) => removeLast(lines, action.code)) : sale;
    case 'line_changed':
      if (stage.at !== 'basket') return sale;
      return changeBasket(sale, (lines) => changeLine(lines, behindTicket(sale, action.index), action.by));
    case 'entry_opened':
      if (stage.at !== 'basket') return sale;
      return { ...withoutNotice(sale), entry: { code: action.code, index: action.index } };
    case 'entry_closed':
      return { ...sale, entry: null };
    case 'line_entered':
      if (stage.at !== 'basket' || sale.entry === null) return sale;
      return enterLine(sale, sale.entry.index, action.line);
    case 'stay_charged':
      return stage.at === 'basket' ? changeStay(sale, action) : sale;
    case 'ticket_taken':
      return stage.at === 'basket' ? takeTicket(sale, action) : sale;
    case 'sticker_scanned':
      return sale.entry === null ? sale : { ...sale, entry: { ...sale.entry, sticker: action.number } };
    case 'sticker_tied':
      return stage.at === 'basket' ? tieNumber(sale, action) : sale;
    case 'counted':
      return stage.at === 'basket' ? { ...nextSale(sale), counted: action.id } : sale;
    case 'count_refused':
      return stage.at === 'basket' ? refuse(sale, action.notice) : sale;
    case 'counting_resumed':
      return resumeCounting(sale, action.request);
    case 'ticket_vouched':
      return stage.at === 'basket' ? changeTicket(sale, { isVouched: action.isVouched }) : sale;
    case 'ticket_removed':
    case 'basket_cleared':
      return stage.at === 'basket' ? clearBasket(sale) : sale;
    case 'basket_restored':
      return stage.at === 'basket' ? restoreBasket(sale) : sale;
    case 'method_chosen':
      return stage.at === 'basket' ? chooseMethod(sale, action.method) : sale;
    case 'brand_chosen':
      return stage.at === 'basket' ? { ...withoutNotice(sale), brand: action.brand, isAssumed: false } : sale;
  }
}

/** What was pressed before a reload, without a terminal. */
function resumeCounting(sale: Sale, request: Counting): Sale {
  const { window, lines, ticket } = request;
  const tickets =
    ticket === undefined ? sale.tickets : { ...sale.tickets, [window]: readBefore(ticket, request) };
  return { ...withBasket(sale, window, lines), window, tickets };
}

/** A brand belongs to its method. */
function chooseMethod(sale: Sale, method: Method): Sale {
  return {
    ...withoutNotice(sale),
    method,
    brand: method === sale.method ? sale.brand : null,
    isAssumed: false,
  };
}

function askAnotherResident(
  sale: Sale,
  pending: PendingSale,
  { message, unknownId }: { message: string; unknownId: string },
): Sale {
  return { ...sale, stage: { at: 'another_resident', pending, message, unknownId } };
}

/** What was begun at a window that is not this clerk's is put away; nothing of it was sent. */
function keepWindows(sale: Sale, windows: readonly string[]): Sale {
  if (windows.includes(sale.window)) return sale;
  const baskets = Object.fromEntries(Object.entries(sale.baskets).filter(([code]) => windows.includes(code)));
  return { ...createSale(windows[0] ?? ''), baskets, tickets: sale.tickets };
}

const noteMethod = (sale: Sale, { request: { window, method, brand } }: PendingSale): Sale => ({
  ...sale,
  lastPaid: { ...sale.lastPaid, [window]: { method, brand } },
});

/** Where the network was lost since the ticket was read, the resident has still to be asked. */
function refuse(sale: Sale, notice: Notice): Sale {
  const refused: Sale = { ...sale, stage: { at: 'basket', notice } };
  return notice.code === 'ticket_unsure'
    ? changeTicket(refused, { isSure: false, isVouched: false })
    : refused;
}

function send(sale: Sale, pending: PendingSale): Sale {
  return { ...sale, stage: { at: 'sending', pending, troubled: false } };
}

/** After a reload: the basket and the method are those of the request. */
function resume(sale: Sale, pending: PendingSale): Sale {
  const { window, lines, method, brand } = pending.request;
  const tickets = pending.ticket === undefined ? sale.tickets : { ...sale.tickets, [window]: pending.ticket };
  const restored = { ...withBasket(sale, window, lines), window, tickets, method, brand: brand ?? null };
  return send(restored, pending);
}

/** A refused request has recorded nothing, so its id is free for the confirmed one. */
function asAnotherResident(pending: PendingSale, at: string): PendingSale {
  return { ...pending, request: { ...pending.request, anotherResident: true }, pressedAt: at };
}

function backToBasket(sale: Sale, keepMethod: boolean): Sale {
  if (sale.stage.at !== 'payment' && sale.stage.at !== 'another_resident') return sale;
  const back = withoutNotice(sale);
  return keepMethod ? back : { ...back, ...NO_METHOD };
}

function nextSale(sale: Sale): Sale {
  const emptied = withBasket(withoutNotice(sale), sale.window, []);
  return { ...emptied, tickets: withoutTicket(sale), cleared: null, ...NO_METHOD };
}
