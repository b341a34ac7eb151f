/**
 * What Japanese brands do that ZVT knows nothing of, as data (the brands' own rules for merchants). Everybody comes with
 * a purse that is full to the brand's ceiling, unless one is filled for whoever comes next.
 */
import { z } from 'zod';
import type { BookEntry } from './book.ts';
import type { Machine } from './machine.ts';

/** Prepaid purses: the highest balance in yen. */
const PURSE_YEN: Readonly<Record<string, number>> = {
  transit_ic: 20_000,
  rakuten_edy: 50_000,
  waon: 50_000,
  nanaco: 50_000,
};

/** A purse with so much in it, of whichever of these brands, for everybody from now on; null: a full one each again. */
export const purseSchema = z.object({ yen: z.int().min(0).max(50_000).nullable() }).strict();

/** The purse that was filled: what was in it, and since when. */
export type Purse = { yen: number; since: string } | null;

/** What is left in the purse that was filled, by the terminal's own book; null: everybody's is full. */
export function purseLeft({ purse, book }: Pick<Machine, 'purse' | 'book'>): number | null {
  if (purse === null) return null;
  return book
    .entries()
    .filter(({ brand, at, state }) => brand in PURSE_YEN && at >= purse.since && state === 'stored')
    .reduce((left, { kind, amount }) => (kind === 'sale' ? left - amount : left + amount), purse.yen);
}

/** What the resident has there, in yen. Undefined if it is no purse: iD and QUICPay are paid later, like cards. */
export function purseOf(machine: Pick<Machine, 'purse' | 'book'>, brand: string): number | undefined {
  const ceiling = PURSE_YEN[brand];
  return ceiling === undefined ? undefined : Math.min(ceiling, purseLeft(machine) ?? ceiling);
}

/**
 * The card left the field and did not come back (処理未了). `pending`: no sale until it is touched again; `stored`: a sale
 * until disproved; `reversed`: none, pay again.
 */
export function outcomeOfLeaving(brand: string): 'pending' | 'stored' | 'reversed' {
  if (brand === 'nanaco') return 'stored';
  return brand === 'id' || brand === 'quicpay' ? 'reversed' : 'pending';
}

/** Brands whose payments no terminal can undo. */
const NEVER_VOIDED = new Set(['rakuten_edy', 'nanaco']);

/** Transit IC: only the very last payment of the terminal can be undone. */
export function isVoidable(sale: BookEntry, last: BookEntry | undefined): boolean {
  if (NEVER_VOIDED.has(sale.brand)) return false;
  return sale.brand !== 'transit_ic' || last?.traceNumber === sale.traceNumber;
}

/** Electronic money can't be given back without the payment that it was; cards and codes can. */
export function isRefundable(method: BookEntry['method']): boolean {
  return method === 'credit' || method === 'qr';
}
