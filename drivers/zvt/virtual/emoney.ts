/**
 * What Japanese brands do that ZVT knows nothing of, as data (the brands' own rules for merchants). Everybody comes with
 * a purse that is full to the brand's ceiling.
 */
import type { BookEntry } from './book.ts';

/** Prepaid purses: the highest balance in yen. */
const PURSE_YEN: Readonly<Record<string, number>> = {
  transit_ic: 20_000,
  rakuten_edy: 50_000,
  waon: 50_000,
  nanaco: 50_000,
};

/** Undefined if it is no purse: iD and QUICPay are paid later, like cards. */
export function purseOf(brand: string): number | undefined {
  return PURSE_YEN[brand];
}

/** What is left in the purse after a payment; undefined if there is none, or it was no payment from one. */
export function balanceAfter({ brand, amount, kind }: BookEntry): number | undefined {
  const purse = purseOf(brand);
  return purse === undefined || kind !== 'sale' ? undefined : purse - amount;
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
