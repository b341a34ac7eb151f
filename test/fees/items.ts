/** Items for tests of pricing: a certificate at a price, changed as the test needs it. */
import assert from 'node:assert/strict';
import { DEFAULT_SETTINGS, type Catalogue, type FeeItem, type FeePrice } from '../../src/fees/catalogue.ts';
import type { Inputs } from '../../src/fees/inputs.ts';
import { NOBODY, priceLine, type PricedLine, type PricingDay } from '../../src/fees/pricing.ts';

export const TODAY: PricingDay = { on: '2026-11-24', grounds: [], settings: DEFAULT_SETTINGS };

export function priceAt(priceYen: number | null, change: Partial<FeePrice> = {}): FeePrice {
  return {
    class: null,
    from: null,
    priceYen,
    startMonths: null,
    status: 'shiroi',
    source: 'test',
    ...change,
  };
}

export function itemAt(priceYen: number | null, change: Partial<FeeItem> = {}): FeeItem {
  return {
    code: 'A',
    window: 'resident',
    nameJa: '証明書',
    nameEn: 'Certificate',
    unit: '通',
    unitRule: 'per_copy',
    terms: {},
    classes: [],
    taxCategory: 'exempt_admin',
    revenueAccount: '使用料及び手数料/手数料/総務手数料',
    account: 'general',
    cashless: true,
    prices: [priceAt(priceYen)],
    ...change,
  };
}

export function catalogueOf(items: FeeItem[], change: Partial<Catalogue> = {}): Catalogue {
  return {
    version: 'test',
    windows: [{ code: 'resident', nameJa: '市民', nameEn: 'Residents' }],
    items,
    brands: [],
    grounds: [],
    settings: DEFAULT_SETTINGS,
    ...change,
  };
}

/** Fails the test where the item has no price then. */
export function priced(
  item: FeeItem,
  inputs: Inputs = {},
  quantity = 1,
  day: PricingDay = TODAY,
): PricedLine {
  const line = priceLine(item, { code: item.code, quantity, inputs }, day, NOBODY);
  assert.ok(!('fault' in line), JSON.stringify(line));
  return line;
}
