/**
 * START. What may be sold only once: a charge ticket (会計票), and a sticker within its year of use. The event that arms a
 * sale, or counts it, carries the keys; so the sale and what it uses up are one record, before the first byte leaves.
 *
 * On this counter the journal decides, with or without network. Between counters PostgreSQL does (city.ts).
 */
import { z } from 'zod';
import { AppError } from '../errors.ts';
import type { Catalogue } from '../fees/catalogue.ts';
import type { AskedLine } from '../fees/pricing.ts';
import type { Journal } from '../journal/journal.ts';
import type { TicketMark } from '../tickets/format.ts';
import type { CityClaims } from './city.ts';
import { isReplacedKey, isTicketKey, numberIn, soldBefore, stickerKeys, ticketKey } from './keys.ts';
import { createUses } from './uses.ts';

/** What a sale uses up, as its first event has it; left out where it is nothing. */
export interface OnceMark {
  once?: readonly string[];
  ticket?: TicketMark;
}

/** A sale as far as this room knows it. */
export interface OnceSale {
  id: string;
  window: string;
  lines: readonly AskedLine[];
  /** The text of the charge ticket that it closes. */
  ticket?: string | undefined;
  /** The resident says that no other counter has used the ticket, while the city's record can't. */
  ticketUnsure?: boolean | undefined;
  /** The business date whose items and year it is about; left out: today's. */
  on?: string;
}

/** How a sale that carries a key stands to it: where only some of its lines went back, each sticker by its own line. */
export interface Holder {
  id: string;
  /** 伝票番号 */
  number: number;
  businessDate: string;
  /** `held`: no one knows yet whether it is paid. `undone`: paid, and given back. */
  state: 'held' | 'used' | 'undone' | 'free';
}

export interface Once {
  /**
   * Asks PostgreSQL to keep the other counters from it. Without PostgreSQL this counter's own record has to be enough,
   * but for a ticket that any counter may take: then the sale has to say that the resident was asked.
   * @throws AppError where another counter has it, or what is replaced was never sold
   */
  reserve(sale: OnceSale): Promise<void>;
  /**
   * One such sale of this counter after the other: of two at once the loser's claim would cover the winner's, and its release
   * would free what the winner holds. A sale that uses nothing up waits for nobody.
   */
  inTurn<T>(sale: OnceSale, act: () => Promise<T>): Promise<T>;
  /** Other counters may have what the sale has claimed and does not hold. Never throws; what stays claimed stays safe. */
  release(saleId: string): Promise<void>;
  /** What the sale's first event has to carry. @throws AppError where it is used up, or not to be used here */
  markFor(sale: OnceSale, businessDate: string): OnceMark;
  /** What lines use up that were sold already, whoever else has it: a record of what has happened is never refused. */
  keysOf(lines: readonly AskedLine[], businessDate: string): OnceMark;
  /** The sales that carry the key, oldest first, as they stand now. */
  holders(key: string): Holder[];
  /** Claims that an earlier run, or an answer that came too late, has left behind are given up. Never throws. */
  tidy(): Promise<void>;
}

export interface OnceOptions {
  journal: Journal;
  catalogue: () => Catalogue;
  city: CityClaims;
  today: () => string;
  findHolder: (id: string, key: string) => Holder | undefined;
  /** The ticket that a text is. @throws AppError where it can't be used here */
  ticketOf: (text: string, sale: OnceSale, businessDate: string) => TicketMark;
}

/** A charge ticket's text, as a request carries it; what it says is for src/tickets. */
export const TICKET_TEXT = z.string().min(1).max(3_000);

/** Takes a sale that nobody else may have; what another request has recorded meanwhile is left alone. */
export async function withReserved<T>(
  once: Once,
  sale: OnceSale,
  isKnown: () => boolean,
  take: () => T,
): Promise<T> {
  return once.inTurn(sale, async () => {
    if (!isKnown()) await once.reserve(sale);
    try {
      return take();
    } catch (error) {
      if (!isKnown()) await once.release(sale.id);
      throw error;
    }
  });
}

/** The keys of one counter, read from its journal and asked of the city. */
export function createOnce(options: OnceOptions): Once {
  const { journal, city, findHolder, catalogue, today } = options;
  const uses = createUses(journal);
  const holders = (key: string): Holder[] => uses.carriersOf(key).flatMap((id) => findHolder(id, key) ?? []);
  const stickersOf = ({ lines, on = today() }: OnceSale): string[] => stickerKeys(lines, catalogue(), on);

  const markFor: Once['markFor'] = (sale, businessDate) => {
    const ticket = sale.ticket === undefined ? undefined : options.ticketOf(sale.ticket, sale, businessDate);
    const stickers = stickersOf({ ...sale, on: businessDate });
    const keys = [...(ticket === undefined ? [] : [ticketKey(ticket.reference)]), ...stickers];
    const twice = keys.find((key, index) => keys.indexOf(key) !== index);
    if (twice !== undefined) throw new AppError('sticker_twice', { sticker: numberIn(twice) });
    // What is corrected keeps what it has.
    const others = (key: string): Holder[] => holders(key).filter(({ id }) => id !== sale.id);
    for (const key of keys) refuseUsed(key, others(key));
    return { ...(keys.length > 0 && { once: keys }), ...(ticket !== undefined && { ticket }) };
  };

  const refuseNeverSold = async (sale: OnceSale): Promise<void> => {
    for (const key of soldBefore(sale.lines, catalogue(), sale.on ?? today())) {
      const isOurs = holders(key).some(({ state, id }) => state === 'used' && id !== sale.id);
      if (isOurs) continue;
      const { reached, counter } = await city.look(key);
      const details = { sticker: numberIn(key) };
      if (!reached) throw new AppError('sticker_unchecked', details);
      if (counter === undefined) throw new AppError('sticker_not_sold', details);
    }
  };

  let last: Promise<unknown> = Promise.resolve();
  const queue = <T>(act: () => Promise<T>): Promise<T> => {
    const mine = last.then(act);
    last = mine.catch(() => undefined);
    return mine;
  };
  return {
    holders,
    inTurn: (sale, act) => (sale.ticket !== undefined || stickersOf(sale).length > 0 ? queue(act) : act()),
    async reserve(sale) {
      // Refused here first: a claim that is taken over and let go would free what a sale of this counter holds.
      const { once: keys, ticket } = markFor(sale, sale.on ?? today());
      if (keys === undefined) return;
      await refuseNeverSold(sale);
      const answer = await city.claim(keys, sale.id);
      if (answer.kind === 'taken') throw refusalOf(answer.key, { counter: answer.counter });
      if (answer.kind === 'claimed' || ticket === undefined) return;
      if (ticket.counter === null && sale.ticketUnsure !== true)
        throw new AppError('ticket_unsure', { reference: ticket.reference });
    },
    release: (saleId) => city.keepOnly(saleId, uses.keysOf(saleId)),
    tidy: () => queue(() => city.releaseOrphans()),
    keysOf(lines, businessDate) {
      const keys = stickerKeys(lines, catalogue(), businessDate);
      return keys.length > 0 ? { once: keys } : {};
    },
    markFor,
  };
}

/** What is still to be decided, or used, is not to be had again; what was given back may be. @throws AppError */
function refuseUsed(key: string, holders: readonly Holder[]): void {
  const holder = holders.findLast(({ state }) => state === 'held' || state === 'used');
  if (holder !== undefined) throw refusalOf(key, holder);
}

function refusalOf(key: string, holder: Partial<Holder> & { counter?: string }): AppError {
  const { id: paymentId, number, businessDate, state, counter } = holder;
  const where = counter === undefined ? { paymentId, number, businessDate } : { counter };
  if (!isTicketKey(key)) {
    const code = isReplacedKey(key) ? 'sticker_replaced' : 'sticker_sold';
    return new AppError(code, { sticker: numberIn(key), ...where });
  }
  const code = counter !== undefined ? 'ticket_elsewhere' : state === 'held' ? 'ticket_held' : 'ticket_used';
  return new AppError(code, { reference: numberIn(key), ...where });
}
