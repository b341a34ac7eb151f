/** Fees as data and what a basket costs on a day. Pure: the same here, in the browser and in PostgreSQL's seed. */
import type { Method } from '../terminal/terminal.ts';

/** Where a price comes from. Everything but `shiroi` and `national` must be confirmed before live use. */
export type PriceStatus = 'shiroi' | 'shiroi_proposed' | 'national' | 'stand_in' | 'sample' | 'confirmed';

export interface FeeWindow {
  code: string;
  nameJa: string;
  nameEn: string;
}

/** A price, valid from `from` to `until`, both inclusive dates `YYYY-MM-DD`; null: open. */
export interface FeePrice {
  from: string | null;
  until: string | null;
  priceYen: number;
  status: PriceStatus;
  source: string;
}

export interface FeeItem {
  code: string;
  window: string;
  nameJa: string;
  nameEn: string;
  unit: string;
  unitRule: string;
  itemClass: string | null;
  taxCategory: string;
  revenueAccount: string;
  cashless: boolean;
  prices: FeePrice[];
  /** Annual passes: the price by start month (1 to 12) where one is published; null: not prorated. */
  priceByStartMonth: Record<string, number> | null;
}

export interface Brand {
  code: string;
  method: Method;
  nameJa: string;
  nameEn: string;
  ceilingYen: number | null;
  unknownRule: string;
  /** Whether and how a payment can be given back (`void_or_refund`, `void_last_only`, `never` …), and for how many days. */
  cancelRule: string;
  cancelDays: number | null;
}

/** The versioned snapshot of the reference data that a counter works from, with or without PostgreSQL. */
export interface Catalogue {
  /** SHA-256 over the rest in canonical JSON, first 12 digits. */
  version: string;
  windows: FeeWindow[];
  items: FeeItem[];
  brands: Brand[];
}

/** An item as it stands on a day; what `GET /api/fees` returns. */
export interface PricedItem {
  code: string;
  nameJa: string;
  nameEn: string;
  unit: string;
  unitRule: string;
  itemClass: string | null;
  taxCategory: string;
  revenueAccount: string;
  cashless: boolean;
  /** Null: not sold on that day, or no price is published for a start in that month. */
  priceYen: number | null;
  confirmed: boolean;
  status: PriceStatus | null;
  source: string | null;
}

/** A fee as it was when the sale was armed; frozen, with no reference to the catalogue. */
export interface PricedLine {
  code: string;
  nameJa: string;
  nameEn: string;
  unit: string;
  quantity: number;
  unitPriceYen: number;
  amountYen: number;
  taxCategory: string;
  /** 歳入科目 */
  revenueAccount: string;
  /** False while the administrator has not confirmed the price; shown as such wherever the price is. */
  priceConfirmed: boolean;
}

const CONFIRMED: readonly PriceStatus[] = ['shiroi', 'national', 'confirmed'];

/** The item with its price on the date `on` (`YYYY-MM-DD`). */
export function priceItem(item: FeeItem, on: string): PricedItem {
  const price = item.prices.find(({ from, until }) => (from ?? '') <= on && on <= (until ?? '9999-12-31'));
  const month = String(Number(on.slice(5, 7)));
  const priceYen = item.priceByStartMonth === null ? price?.priceYen : item.priceByStartMonth[month];
  return {
    code: item.code,
    nameJa: item.nameJa,
    nameEn: item.nameEn,
    unit: item.unit,
    unitRule: item.unitRule,
    itemClass: item.itemClass,
    taxCategory: item.taxCategory,
    revenueAccount: item.revenueAccount,
    cashless: item.cashless,
    priceYen: price === undefined ? null : (priceYen ?? null),
    confirmed: price !== undefined && CONFIRMED.includes(price.status),
    status: price?.status ?? null,
    source: price?.source ?? null,
  };
}

/** The items of a window on a day, in the catalogue's order. */
export function pricedItems(catalogue: Catalogue, window: string, on: string): PricedItem[] {
  return catalogue.items
    .filter((item) => item.window === window)
    .map((item) => priceItem(item, on))
    .filter((item) => item.status !== null);
}

/** Why a basket can't be charged. */
export type PricingFault =
  | { fault: 'unknown_item'; code: string }
  | { fault: 'no_price'; code: string; nameJa: string }
  | { fault: 'not_cashless'; code: string; nameJa: string }
  | { fault: 'nothing_to_pay' };

/** Prices the lines of one window on a day. Integer yen; a quantity is at least 1. */
export function priceLines(
  catalogue: Catalogue,
  window: string,
  on: string,
  asked: readonly { code: string; quantity: number }[],
): { lines: PricedLine[]; totalYen: number } | PricingFault {
  const lines: PricedLine[] = [];
  for (const { code, quantity } of asked) {
    const item = catalogue.items.find((candidate) => candidate.code === code && candidate.window === window);
    if (item === undefined) return { fault: 'unknown_item', code };
    const priced = priceItem(item, on);
    if (priced.priceYen === null) return { fault: 'no_price', code, nameJa: item.nameJa };
    if (!item.cashless) return { fault: 'not_cashless', code, nameJa: item.nameJa };
    lines.push({
      code,
      nameJa: item.nameJa,
      nameEn: item.nameEn,
      unit: item.unit,
      quantity,
      unitPriceYen: priced.priceYen,
      amountYen: priced.priceYen * quantity,
      taxCategory: item.taxCategory,
      revenueAccount: item.revenueAccount,
      priceConfirmed: priced.confirmed,
    });
  }
  const totalYen = lines.reduce((sum, line) => sum + line.amountYen, 0);
  return totalYen === 0 ? { fault: 'nothing_to_pay' } : { lines, totalYen };
}
