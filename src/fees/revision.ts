/** What a change makes of an item's prices. Pure: the office previews with what the service writes. */
import {
  classCodesOf,
  findPrice,
  inOrder,
  isConfirmed,
  isPricedOtherwise,
  type EntryKind,
  type EntryOf,
  type ExemptionGround,
  type FeeItem,
  type FeePrice,
  type FeeSettings,
} from './catalogue.ts';
import type { Difference } from './describe.ts';
import type { PricedItem } from './pricing.ts';

/** From a day on: the price of each class named; null takes the item out of sale. Integer yen. */
export interface Revision {
  from: string;
  prices: { class: string | null; priceYen: number | null }[];
  reason: string;
}

/** A revision that follows a version of an item, not published yet. */
export interface DraftRevision {
  code: string;
  base: number;
  revision: Revision;
}

/** What is not published yet, as the office keeps it; the version tells two people's changes apart. */
export interface FeeDraft {
  version: number;
  revisions: DraftRevision[];
  /** Null: there has never been one. */
  changedBy: string | null;
  /** ISO 8601, UTC. */
  at: string | null;
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

/**
 * Whether a version says something else about a day that has passed. Only a confirmed price can have been charged in a
 * live book, so only that is fixed: what nobody has confirmed may be put right whenever it was to begin.
 */
export function rewritesPast(before: FeeItem, after: FeeItem, today: string): boolean {
  return differsOn(before, after, (feeClass, day) => {
    const old = findPrice(before, feeClass, day);
    return day < today && old !== undefined && isConfirmed(old);
  });
}

/** Whether something is sold at another price on any day, or no longer, or anew. */
export const changesAPrice = (before: FeeItem, after: FeeItem): boolean =>
  differsOn(before, after, () => true);

function differsOn(
  before: FeeItem,
  after: FeeItem,
  counts: (feeClass: string | null, day: string) => boolean,
): boolean {
  const days = new Set([...before.prices, ...after.prices].map(({ from }) => from ?? ''));
  return classCodesOf(before).some((feeClass) =>
    [...days].some((day) => counts(feeClass, day) && isPricedOtherwise(before, after, feeClass, day)),
  );
}

/** An item with the version that a change of it follows. */
export interface MaintainedItem extends PricedItem {
  version: number;
}

/** A version of an entry, as its history shows it. */
export interface EntryVersion<Kind extends EntryKind = EntryKind> {
  version: number;
  at: string;
  changedBy: string;
  confirmedBy: string | null;
  reason: string;
  definition: EntryOf[Kind];
}

/** What the office's fee page works from. */
export interface FeeMaintenance {
  on: string;
  items: MaintainedItem[];
  grounds: ExemptionGround[];
  settings: FeeSettings & { version: number };
}

/** A file that was looked at: what it would change, and the items as they would be. */
export interface LookedFile {
  differences: Difference[];
  /** Of a fee table: for the preview. */
  items: FeeItem[];
}
