/** What a change makes of an item's prices. Pure: the office previews with what the service writes. */
import {
  findPrice,
  inOrder,
  isConfirmed,
  type FeeItem,
  type FeePrice,
  type FeeSettings,
} from './catalogue.ts';
import type { PricedItem } from './pricing.ts';

/** From a day on: the price of each class named; null takes the item out of sale. Integer yen. */
export interface Revision {
  from: string;
  prices: { class: string | null; priceYen: number | null }[];
  reason: string;
}

/** The item with a revision in it. What was to hold from the same day is replaced; nothing else changes. Pure. */
export function revise(item: FeeItem, { from, prices, reason }: Revision): FeeItem {
  const revised = prices.map(({ class: feeClass, priceYen }): FeePrice => {
    const before = findPrice(item, feeClass, from);
    return {
      class: feeClass,
      from,
      priceYen,
      // A published list of months belongs to the price that it was published with.
      startMonths: null,
      status: 'confirmed',
      source: priceYen === null ? (before?.source ?? reason) : reason,
    };
  });
  const isReplaced = (price: FeePrice): boolean =>
    price.from === from && prices.some((each) => each.class === price.class);
  return {
    ...item,
    prices: inOrder([...item.prices.filter((price) => !isReplaced(price)), ...revised], item.classes),
  };
}

/** Every price of the item that nobody has confirmed, confirmed. Pure. */
export const confirmAll = (item: FeeItem): FeeItem => ({
  ...item,
  prices: item.prices.map((price) => (isConfirmed(price) ? price : { ...price, status: 'confirmed' })),
});

/** An item with the version that a change of it follows. */
export interface MaintainedItem extends PricedItem {
  version: number;
}

/** A version of an item, as its history shows it. */
export interface ItemVersion {
  version: number;
  at: string;
  changedBy: string;
  confirmedBy: string | null;
  reason: string;
  definition: FeeItem;
}

/** What the office's fee page works from. */
export interface FeeMaintenance {
  on: string;
  items: MaintainedItem[];
  settings: FeeSettings & { version: number };
}
