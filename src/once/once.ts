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
import { ruleOf } from '../fees/unit-rules.ts';
import type { Journal } from '../journal/journal.ts';
import type { TicketMark } from '../tickets/format.ts';
import type { CityClaims } from './city.ts';

/** What a sale uses up, as its first event has it; left out where it is nothing. */
export interface OnceMark {
  /** `ticket:<reference>`, `sticker:<series>:<year of use>:<number>` */
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
}

/** How a sale that carries a key stands to it. */
export interface Holder {
  id: string;
  /** 伝票番号 */
  number: number;
  businessDate: string;
  /** `held`: no one knows yet whether it is paid. `undone`: paid, and all of it given back. */
  state: 'held' | 'used' | 'undone' | 'free';
}

export interface Once {
  /**
   * Asks PostgreSQL to keep the other counters from it. Without PostgreSQL this counter's own record has to be enough.
   * @throws AppError where another counter has it
   */
  reserve(sale: OnceSale): Promise<void>;
  /**
   * One such sale of this counter after the other: of two at once the loser's claim would cover the winner's, and its release
   * would free what the winner holds. A sale that uses nothing up waits for nobody.
   */
  inTurn<T>(sale: OnceSale, act: () => Promise<T>): Promise<T>;
  /** The sale came to nothing: other counters may have it. Never throws; what stays reserved stays safe. */
  release(saleId: string): Promise<void>;
  /** What the sale's first event has to carry. @throws AppError where it is used up, or not to be used here */
  markFor(sale: OnceSale, businessDate: string): OnceMark;
  /** What lines use up that were sold already, whoever else has it: a record of what has happened is never refused. */
  keysOf(lines: readonly AskedLine[], businessDate: string): OnceMark;
  /** The sales that carry the key, oldest first, as they stand now. */
  holders(key: string): Holder[];
}

export interface OnceOptions {
  journal: Journal;
  catalogue: () => Catalogue;
  city: CityClaims;
  today: () => string;
  findHolder: (id: string) => Holder | undefined;
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

export const ticketKey = (reference: string): string => `ticket:${reference}`;

export function createOnce(options: OnceOptions): Once {
  const { journal, city, findHolder } = options;
  const known = new Map<string, string[]>();
  let seen = 0;
  /** The journal is the index's only source; what was recorded since the last look is read first. */
  const operationsOf = (key: string): readonly string[] => {
    for (const { operationId, keys } of journal.onceAfter(seen)) {
      for (const each of keys) known.set(each, [...(known.get(each) ?? []), operationId]);
    }
    seen = journal.head.sequence;
    return known.get(key) ?? [];
  };
  const holders = (key: string): Holder[] => operationsOf(key).flatMap((id) => findHolder(id) ?? []);

  const markFor: Once['markFor'] = (sale, businessDate) => {
    const ticket = sale.ticket === undefined ? undefined : options.ticketOf(sale.ticket, sale, businessDate);
    const stickers = stickerKeys(sale.lines, options.catalogue(), businessDate);
    const keys = [...(ticket === undefined ? [] : [ticketKey(ticket.reference)]), ...stickers];
    const twice = keys.find((key, index) => keys.indexOf(key) !== index);
    if (twice !== undefined) throw new AppError('sticker_twice', { sticker: stickerOf(twice) });
    for (const key of keys) refuseUsed(key, holders(key));
    return { ...(keys.length > 0 && { once: keys }), ...(ticket !== undefined && { ticket }) };
  };

  let last: Promise<unknown> = Promise.resolve();
  return {
    holders,
    inTurn(sale, act) {
      const usesUp =
        sale.ticket !== undefined || stickerKeys(sale.lines, options.catalogue(), options.today()).length > 0;
      if (!usesUp) return act();
      const mine = last.then(act);
      last = mine.catch(() => undefined);
      return mine;
    },
    async reserve(sale) {
      // Refused here first: a claim that is taken over and let go would free what a sale of this counter holds.
      const { once: keys } = markFor(sale, options.today());
      if (keys === undefined) return;
      const taken = await city.claim(keys, sale.id);
      if (taken !== undefined) throw refusalOf(taken.key, { counter: taken.counter });
    },
    release: (saleId) => city.release(saleId),
    keysOf(lines, businessDate) {
      const keys = stickerKeys(lines, options.catalogue(), businessDate);
      return keys.length > 0 ? { once: keys } : {};
    },
    markFor,
  };
}

/** What is still to be decided, or used, is not to be had again. @throws AppError */
function refuseUsed(key: string, holders: readonly Holder[]): void {
  const isTicket = key.startsWith('ticket:');
  // A sale that was given back whole gives its sticker back; a ticket's matter has been dealt with.
  const holder = holders.findLast(
    ({ state }) => state === 'held' || state === 'used' || (isTicket && state === 'undone'),
  );
  if (holder !== undefined) throw refusalOf(key, holder);
}

function refusalOf(key: string, holder: Partial<Holder> & { counter?: string }): AppError {
  const { id: paymentId, number, businessDate, state, counter } = holder;
  const where = counter === undefined ? { paymentId, number, businessDate } : { counter };
  if (!key.startsWith('ticket:')) return new AppError('sticker_sold', { sticker: stickerOf(key), ...where });
  const code = counter !== undefined ? 'ticket_elsewhere' : state === 'held' ? 'ticket_held' : 'ticket_used';
  return new AppError(code, { reference: key.slice('ticket:'.length), ...where });
}

const stickerOf = (key: string): string => key.split(':').at(-1) ?? '';

/** As it is printed, whatever way it was typed. */
export const plainSticker = (text: string): string => text.normalize('NFKC').trim().toUpperCase();

/** The fiscal year (年度, from April) that `YYYY-MM` or `YYYY-MM-DD` lies in. */
export function fiscalYearOf(day: string): number {
  return Number(day.slice(0, 4)) - (Number(day.slice(5, 7)) < 4 ? 1 : 0);
}

/**
 * A key for each sticker that the lines tie to a sale: of a pass in the year of its use, which need not be the year of the
 * sale. Passes and one-time tickets have numbers of their own unless the item's terms name a `series`.
 */
function stickerKeys(lines: readonly AskedLine[], { items }: Catalogue, on: string): string[] {
  return lines.flatMap(({ code, inputs = {} }) => {
    const item = items.find((each) => each.code === code);
    const sticker = plainSticker(String(inputs['sticker'] ?? ''));
    if (item === undefined || sticker === '') return [];
    const { isSingle } = ruleOf(item);
    const series = item.terms['series'] ?? (isSingle ? 'pass' : 'ticket');
    const year = fiscalYearOf(String(inputs['startMonth'] ?? on));
    const replaced = plainSticker(String(inputs['replaces'] ?? ''));
    // A lost sticker is replaced once.
    const gone = replaced === '' ? [] : [`replaced:${series}:${year}:${replaced}`];
    return [`sticker:${series}:${year}:${sticker}`, ...gone];
  });
}
