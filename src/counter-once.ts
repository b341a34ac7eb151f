/** What a counter sells only once, put together: its own record, the city's, and the charge tickets. */
import type { Kysely } from 'kysely';
import { businessDateOf } from './business-date.ts';
import type { Config } from './config.ts';
import type { CounterCore } from './counter-core.ts';
import type { Database } from './db/schema.ts';
import type { Catalogue } from './fees/catalogue.ts';
import type { RecordStatus } from './live.ts';
import { createCityClaims, type CityClaims } from './once/city.ts';
import { givenBackKeys, isTicketKey, plainSticker } from './once/keys.ts';
import { createOnce, type Holder, type Once } from './once/once.ts';
import type { StickerHistory, StickerUse } from './once/stickers.ts';
import { createUses } from './once/uses.ts';
import type { PaymentView } from './payments/view.ts';
import { ensureTrialKey, readTicketKeys } from './tickets/keys.ts';
import type { TicketUse } from './tickets/state.ts';
import { createTickets, type Tickets } from './tickets/tickets.ts';

type Sold = Pick<CounterCore, 'payments' | 'counted'>;

interface OnceParts extends Sold, Pick<CounterCore, 'journal' | 'drain' | 'live'> {
  config: Config;
  db: Kysely<Database>;
  catalogue: () => Catalogue;
  now: () => Date;
  onError: (what: string, error: unknown) => void;
}

export interface OpenOnce {
  once: Once;
  tickets: Tickets;
  /** What became of a sticker, here and at the other counters. */
  findSticker: (number: string, year: number) => Promise<StickerHistory>;
}

/**
 * Puts together what is sold once and the charge tickets. Outside a live book the key of the trial's tickets is made
 * if there is none.
 */
export function openOnce(parts: OnceParts): OpenOnce {
  const { config, db, journal, catalogue, drain } = parts;
  if (config.book !== 'live') ensureTrialKey(config.ticketKeys);
  const today = (): string => businessDateOf(parts.now());
  const city = createCityClaims({
    db,
    municipality: config.municipality.code,
    counter: config.counter.id,
    isReachable: () => drain.status.state !== 'offline',
    isSynced: () => drain.status.state === 'synced',
    onError: (error) => parts.onError('the city could not be asked what is sold already', error),
  });
  const once = createOnce({
    ...{ journal, catalogue, city, today },
    findHolder: (id, key) => holderOf(parts, id, [key]),
    ticketOf: (text, sale, businessDate) => tickets.markOf(text, sale, businessDate),
  });
  const tickets = createTickets({
    ...{ journal, catalogue, city, today },
    keys: readTicketKeys(config.ticketKeys),
    counter: config.counter.id,
    usesOf: (key) =>
      once.holders(key).flatMap((holder) => {
        const use = useOf(parts, holder.id);
        return use === undefined ? [] : [{ ...holder, use }];
      }),
    refuseNow: () => parts.payments.refuseNow(),
  });
  parts.live.subscribe((name, value) => {
    if (name === 'record' && (value as RecordStatus).state === 'synced') void once.tidy();
  });
  const findSticker = createStickerFinder(parts, city);
  return { once, tickets, findSticker };
}

/** This counter's own record as it stands now, and what the city's knows of the others. */
function createStickerFinder(parts: OnceParts, city: CityClaims): OpenOnce['findSticker'] {
  const uses = createUses(parts.journal);
  return async (number, year) => {
    const sticker = plainSticker(number);
    const others = await city.stickerUses(sticker, year);
    const isIts = (key: string): boolean => !isTicketKey(key) && key.endsWith(`:${String(year)}:${sticker}`);
    const own = uses.everCarriersOf(isIts).flatMap((id): StickerUse[] => {
      const its = uses.keysOf(id).filter(isIts);
      const use = stickerUseOf(parts, id, its);
      return use === undefined ? [] : [{ ...use, dropped: its.length === 0 }];
    });
    const all = [...own, ...(others ?? [])].sort((a, b) => a.at.localeCompare(b.at));
    return { sticker, year, uses: all, isComplete: others !== undefined };
  };
}

/** A sale that carries something sold once, as it stands to these keys now. */
function holderOf({ payments, counted }: Sold, id: string, keys: readonly string[]): Holder | undefined {
  const payment = payments.find(id);
  if (payment !== undefined) {
    const { number, businessDate } = payment;
    return { id, number, businessDate, state: standingOf(payment, keys) };
  }
  const sale = counted.find(id);
  if (sale === undefined) return undefined;
  const { number, businessDate, withdrawn } = sale;
  return { id, number, businessDate, state: withdrawn === null ? 'used' : 'free' };
}

function standingOf(payment: PaymentView, keys: readonly string[]): Holder['state'] {
  const { state, amountYen, returned, linesLeft } = payment;
  if (state === 'armed' || state === 'unknown') return 'held';
  if (state !== 'approved') return 'free';
  if (returned.amountYen >= amountYen) return 'undone';
  const isBack = keys.length > 0 && givenBackKeys(keys, linesLeft).length === keys.length;
  return isBack ? 'undone' : 'used';
}

function useOf({ payments, counted }: Sold, id: string): TicketUse | undefined {
  const payment = payments.find(id);
  if (payment !== undefined) {
    const isReturned = standingOf(payment, []) === 'undone';
    return { kind: 'payment', state: payment.state, isReturned, sequence: payment.number };
  }
  const sale = counted.find(id);
  return (
    sale && {
      kind: 'counted',
      tender: sale.tender,
      isWithdrawn: sale.withdrawn !== null,
      sequence: sale.number,
    }
  );
}

function stickerUseOf(
  { payments, counted, config }: OnceParts,
  id: string,
  keys: readonly string[],
): Omit<StickerUse, 'dropped'> | undefined {
  const holder = holderOf({ payments, counted }, id, keys);
  if (holder === undefined) return undefined;
  const { number, businessDate, state } = holder;
  const common = { counter: config.counter.id, saleId: id, number, businessDate, state };
  const payment = payments.find(id);
  if (payment !== undefined) {
    const { armedAt: at, amountYen, lines, byHand, returned } = payment;
    return { ...common, at, amountYen, lines, byHand, returnedYen: returned.amountYen, tender: 'cashless' };
  }
  const sale = counted.find(id);
  if (sale === undefined) return undefined;
  const { countedAt: at, amountYen, lines, tender } = sale;
  return { ...common, at, amountYen, lines, tender, byHand: false, returnedYen: 0 };
}
