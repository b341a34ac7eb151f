/**
 * START. Charge tickets (会計票): what another desk hands to the counter, as a QR code or a barcode. It says which items and how
 * many; our catalogue says what they cost, and the resident is nowhere on it. How one is made: README.md here.
 *
 * A ticket is used once: the sale that closes it carries its reference in its first event (src/once). What is recorded here
 * is only that a ticket was presented, and who cancelled one.
 */
import { AppError } from '../errors.ts';
import type { Catalogue } from '../fees/catalogue.ts';
import type { AskedLine } from '../fees/pricing.ts';
import type { Journal } from '../journal/journal.ts';
import type { CityClaims } from '../once/city.ts';
import { ticketKey } from '../once/keys.ts';
import type { Holder, OnceSale } from '../once/once.ts';
import { mayUseWindow, signatureOf, type Person, type Signature } from '../staff/staff.ts';
import { readTicket, type Ticket, type TicketMark } from './format.ts';
import type { TicketKeys } from './keys.ts';
import type { CancelReason } from './reasons.ts';
import { foldTicket, type TicketState, type TicketUse } from './state.ts';

/** The events of a ticket itself, under its key. */
export type TicketEvent =
  | { type: 'ticket_presented'; payload: Signature & Ticket & { businessDate: string } }
  | {
      type: 'ticket_cancelled';
      payload: Signature & { businessDate: string; reason: CancelReason; note: string };
    };

/** A ticket as the screen is shown it. */
export interface TicketView extends Pick<Ticket, 'reference' | 'window' | 'until' | 'lines'> {
  state: TicketState;
  /**
   * Whether no other counter can have used it: it is bound to this one, or the city's record says so. False: there is no
   * network, and only the resident can tell.
   */
  isSure: boolean;
}

export interface Tickets {
  /** Verifies a scanned or typed text; the first time it is recorded as presented. @throws AppError */
  present(text: string, clerk: Person): Promise<TicketView>;
  /** It will not be paid, by whoever says so and why. @throws AppError */
  cancel(reference: string, why: { reason: CancelReason; note: string }, clerk: Person): Promise<TicketView>;
  /** What a sale has to carry that closes the ticket. @throws AppError where it can't be used here */
  markOf(text: string, sale: OnceSale, businessDate: string): TicketMark;
}

export interface TicketsOptions {
  journal: Journal;
  keys: TicketKeys;
  catalogue: () => Catalogue;
  city: CityClaims;
  counter: string;
  today: () => string;
  /** What was sold with it, as it stands now. */
  usesOf: (key: string) => (Holder & { use: TicketUse })[];
  refuseNow: () => void;
}

/** The tickets of one counter: what became of each is in the journal. */
export function createTickets(options: TicketsOptions): Tickets {
  const { journal, city, today } = options;
  const record = (reference: string, { type, payload }: TicketEvent): void => {
    journal.append(type, ticketKey(reference), payload);
  };
  return {
    async present(text, clerk) {
      const ticket = openTicket(options, text, today());
      refuseOtherWindow(options, ticket.window, clerk);
      refuseClosed(options, ticket.reference);
      const { reached, counter } = await city.look(ticketKey(ticket.reference));
      if (counter !== undefined) {
        throw new AppError('ticket_elsewhere', { reference: ticket.reference, counter });
      }
      if (eventsOf(journal, ticket.reference).length === 0) {
        const payload = { ...ticket, businessDate: today(), ...signatureOf(clerk) };
        record(ticket.reference, { type: 'ticket_presented', payload });
      }
      return viewOf(options, ticket, reached || ticket.counter !== null);
    },
    async cancel(reference, { reason, note }, clerk) {
      const presented = presentedOf(journal, reference);
      if (presented === undefined) throw new AppError('not_found');
      if (!mayUseWindow(clerk, presented.window)) throw new AppError('not_your_window');
      if (reason === 'other' && note === '') throw new AppError('note_needed');
      options.refuseNow();
      refuseClosed(options, reference);
      const answer = await city.claim([ticketKey(reference)], ticketKey(reference));
      if (answer.kind === 'taken')
        throw new AppError('ticket_elsewhere', { reference, counter: answer.counter });
      // A sale may have begun while the city was asked.
      refuseClosed(options, reference);
      const payload = { reason, note, businessDate: today(), ...signatureOf(clerk) };
      record(reference, { type: 'ticket_cancelled', payload });
      return viewOf(options, presented, true);
    },
    markOf(text, sale, businessDate) {
      const ticket = openTicket(options, text, businessDate);
      const { reference, key, until } = ticket;
      if (ticket.window !== sale.window) throw new AppError('ticket_other_window', { reference });
      if (!carriesLines(sale.lines, ticket)) throw new AppError('ticket_differs', { reference });
      refuseClosed(options, reference);
      const isUnsure = ticket.counter === null && sale.ticketUnsure === true;
      return { reference, key, until, counter: ticket.counter, ...(isUnsure && { unsure: true as const }) };
    },
  };
}

/** A ticket of ours that holds today. @throws AppError */
function openTicket(options: TicketsOptions, text: string, on: string): Ticket {
  const { keys, counter, catalogue } = options;
  const read = readTicket(text, keys);
  if ('fault' in read) throw new AppError(read.fault);
  const { ticket } = read;
  const { reference, until } = ticket;
  if (until < on) throw new AppError('ticket_expired', { reference, until });
  if (ticket.counter !== null && ticket.counter !== counter) {
    throw new AppError('ticket_other_counter', { reference, counter: ticket.counter });
  }
  const { items } = catalogue();
  const unknown = ticket.lines.find(
    ({ code }) => !items.some((item) => item.code === code && item.window === ticket.window),
  );
  if (unknown !== undefined) throw new AppError('ticket_unknown_item', { reference, code: unknown.code });
  return ticket;
}

function refuseOtherWindow({ catalogue }: TicketsOptions, window: string, clerk: Person): void {
  if (mayUseWindow(clerk, window)) return;
  const name = catalogue().windows.find(({ code }) => code === window)?.nameJa ?? window;
  throw new AppError('ticket_other_window', { window: name });
}

/** @throws AppError with which sale, and when */
function refuseClosed(options: TicketsOptions, reference: string): void {
  const state = stateOf(options, reference);
  if (state === 'open') return;
  if (state === 'cancelled') throw new AppError('ticket_cancelled', { reference });
  const sale = options.usesOf(ticketKey(reference)).findLast((each) => each.state !== 'free');
  const where = { number: sale?.number, businessDate: sale?.businessDate, paymentId: sale?.id };
  throw new AppError(state === 'held' ? 'ticket_held' : 'ticket_used', { reference, ...where });
}

/**
 * The ticket's lines come first and unchanged; what it leaves open may be filled in, a line may be exempted, and more may be
 * rung up behind them.
 */
function carriesLines(lines: readonly AskedLine[], ticket: Ticket): boolean {
  return ticket.lines.every(({ code, quantity, inputs = {} }, index) => {
    const line = lines[index];
    const isKept = ([name, value]: [string, string | number]): boolean =>
      String(line?.inputs?.[name]) === String(value);
    return line?.code === code && line.quantity === quantity && Object.entries(inputs).every(isKept);
  });
}

function stateOf({ journal, usesOf }: TicketsOptions, reference: string): TicketState {
  const cancelled = eventsOf(journal, reference).filter(({ type }) => type === 'ticket_cancelled');
  return foldTicket([
    ...usesOf(ticketKey(reference)).map(({ use }) => use),
    ...cancelled.map(({ sequence }): TicketUse => ({ kind: 'cancellation', sequence })),
  ]);
}

const eventsOf = (journal: Journal, reference: string): (TicketEvent & { sequence: number })[] =>
  journal.eventsOf(ticketKey(reference)) as unknown as (TicketEvent & { sequence: number })[];

function presentedOf(journal: Journal, reference: string): Ticket | undefined {
  const [first] = eventsOf(journal, reference);
  return first?.type === 'ticket_presented' ? first.payload : undefined;
}

function viewOf(options: TicketsOptions, ticket: Ticket, isSure: boolean): TicketView {
  const { reference, window, until, lines } = ticket;
  return { reference, window, until, lines, state: stateOf(options, reference), isSure };
}
