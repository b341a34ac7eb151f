/** Fees as data: what a counter sells, at which prices, from which day. Types and look-ups, nothing that touches the world. */
import type { Method } from '../terminal/terminal.ts';
import type { UnitRuleCode } from './unit-rules.ts';

/**
 * Where a price comes from. Everything but `shiroi`, `national` and `confirmed` must be confirmed before live use;
 * `confirmed` was entered or confirmed by two people of the city, who are named in the item's history.
 */
export const PRICE_STATUSES = [
  'shiroi',
  'shiroi_proposed',
  'national',
  'stand_in',
  'sample',
  'confirmed',
] as const;
export type PriceStatus = (typeof PRICE_STATUSES)[number];

const CONFIRMED: readonly PriceStatus[] = ['shiroi', 'national', 'confirmed'];

/** 非課税 (administrative fee, welfare), or taxable at 10 %, included in the price. */
export const TAX_CATEGORIES = ['exempt_admin', 'exempt_welfare', 'standard_10'] as const;
export type TaxCategory = (typeof TAX_CATEGORIES)[number];

/** What a fee of the daycare window pays for: 一時預かり, 時間外保育, 食事. */
export const PROVISIONS = ['temporary_care', 'extended_care', 'meal'] as const;
export type Provision = (typeof PROVISIONS)[number];

/** The days on which an entry is in use, `YYYY-MM-DD`, both included; left out: open. */
export interface Period {
  from?: string | undefined;
  until?: string | undefined;
}

export interface FeeWindow extends Period {
  code: string;
  nameJa: string;
  nameEn: string;
}

/** Whom a price is for: an age class on the day of care, residents or others, pupils. */
export interface FeeClass {
  code: string;
  nameJa: string;
  nameEn: string;
}

/** A price that holds from a day on, until the next one of its class: two on one day can't be written down. */
export interface FeePrice {
  /** One of the item's classes; null where it has none. */
  class: string | null;
  /** First day, `YYYY-MM-DD` in Tokyo; null: always was. */
  from: string | null;
  /** Integer yen per unit; null: not sold from that day on. */
  priceYen: number | null;
  /** Where the city publishes a price for each month of start: 1 to 12 → integer yen to the end of March. */
  startMonths: Record<string, number> | null;
  status: PriceStatus;
  source: string;
}

export interface FeeItem {
  code: string;
  window: string;
  nameJa: string;
  nameEn: string;
  /** What one is, as it is printed: 通, 件, 人日. */
  unit: string;
  /** How the units are counted, and what has to be asked for it (unit-rules.ts). */
  unitRule: UnitRuleCode;
  /** What the rule leaves open for this item: from which time, rounded to what. */
  terms: Record<string, string>;
  classes: FeeClass[];
  taxCategory: TaxCategory;
  /** 歳入科目 */
  revenueAccount: string;
  /** 会計: each registers for the invoice (適格請求書) by itself. */
  account: string;
  /** False: counted here and paid in cash. */
  cashless: boolean;
  /** By class, then oldest first. */
  prices: FeePrice[];
}

/** When and where a brand is offered; dates inclusive, null: open. */
export interface BrandOffer {
  /** Null: at every window. */
  window: string | null;
  from: string | null;
  until: string | null;
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
  sameTerminal: boolean | null;
  lastOnly: boolean | null;
  /** Empty: wherever a terminal takes it. */
  offers: BrandOffer[];
}

/** A reason for which nothing is charged (手数料条例 第3条, 公用). */
export interface ExemptionGround extends Period {
  code: string;
  /** 減免 (by the ordinance's list), 免除 (by statute), 公用 (for a public office). */
  kind: 'reduction' | 'exemption' | 'official';
  nameJa: string;
  nameEn: string;
  /** Where it is written. */
  basis: string;
  /** Who approves: the clerk who has seen the paper, or a second person with number and PIN. */
  approval: 'clerk' | 'second_person';
}

export interface FeeSettings {
  /** The day whose price counts: when the application arrived, or when the certificate is issued (cities differ). */
  priceBasis: 'acceptance' | 'issue';
  /** 会計 → 登録番号 (T and 13 digits); none: that account is not registered. */
  registrationNumbers: Record<string, string>;
  /** 会計 → what it is called; left out where nobody has named one. */
  accountNames?: Record<string, string> | undefined;
  /** Who issues certificates of provision; left out where nobody has entered it. */
  certificate?: CertificateIssuer | undefined;
}

/** What a 領収証兼特定子ども・子育て支援提供証明書 says of who has issued it. */
export interface CertificateIssuer {
  /** 設置者: the city, or whoever runs the facility for it. */
  issuerJa: string;
  addressJa: string;
  /** 代表者, with the office held. */
  representativeJa: string;
  /** The facility at which each counter stands, by the counter's id. */
  facilities: Record<string, { nameJa: string; addressJa: string }>;
}

/** What an entry of each kind holds. */
export interface EntryOf {
  window: FeeWindow;
  item: FeeItem;
  brand: Brand;
  ground: ExemptionGround;
  settings: FeeSettings;
}
export type EntryKind = keyof EntryOf;
/** The kinds that a city keeps as tables, and in files. */
export type TableKind = Exclude<EntryKind, 'settings'>;

/** The newest version of an entry, with what the next one has to follow. */
export interface Entry<Kind extends EntryKind> {
  code: string;
  version: number;
  position: number;
  definition: EntryOf[Kind];
}

/** The versioned snapshot of the reference data that a counter works from, with or without PostgreSQL. */
export interface Catalogue {
  /** SHA-256 over the rest in canonical JSON, first 12 digits. */
  version: string;
  windows: FeeWindow[];
  items: FeeItem[];
  brands: Brand[];
  grounds: ExemptionGround[];
  settings: FeeSettings;
}

export const DEFAULT_SETTINGS: FeeSettings = { priceBasis: 'issue', registrationNumbers: {} };

/** Undefined: it is no fee of a child's care, or nobody has said what it pays for. */
export const provisionOf = ({ terms }: Pick<FeeItem, 'terms'>): Provision | undefined =>
  PROVISIONS.find((each) => each === terms['provides']);

/** The price of a class on a day; undefined: not sold then. */
export function findPrice(item: FeeItem, feeClass: string | null, on: string): FeePrice | undefined {
  const price = item.prices.findLast((each) => each.class === feeClass && (each.from ?? '') <= on);
  return price?.priceYen === null ? undefined : price;
}

/** Whether a class costs something else on a day, also by the month in which a pass begins. */
export function isPricedOtherwise(
  before: FeeItem,
  after: FeeItem,
  feeClass: string | null,
  on: string,
): boolean {
  const [old, next] = [before, after].map((item) => findPrice(item, feeClass, on));
  return (
    JSON.stringify([old?.priceYen, old?.startMonths]) !== JSON.stringify([next?.priceYen, next?.startMonths])
  );
}

/** The classes that an item has prices for: null, alone, where it has none. */
export const classCodesOf = ({ classes }: Pick<FeeItem, 'classes'>): (string | null)[] =>
  classes.length === 0 ? [null] : classes.map(({ code }) => code);

/** Whether the city has confirmed the price. */
export const isConfirmed = ({ status }: Pick<FeePrice, 'status'>): boolean => CONFIRMED.includes(status);

/** Whether an entry is in use on a day. */
export const holdsOn = (
  { from, until }: { from?: string | null | undefined; until?: string | null | undefined },
  on: string,
): boolean => (from ?? '') <= on && on <= (until ?? '9999-12-31');

/** Whether a brand is offered at a window on a day. */
export function isOffered({ offers }: Pick<Brand, 'offers'>, window: string, on: string): boolean {
  const holds = (offer: BrandOffer): boolean => (offer.window ?? window) === window && holdsOn(offer, on);
  return offers.length === 0 || offers.some(holds);
}

/** The order in which an item keeps its prices. */
export function inOrder(prices: readonly FeePrice[], classes: readonly FeeClass[]): FeePrice[] {
  const place = (price: FeePrice): number => classes.findIndex(({ code }) => code === price.class);
  return prices.toSorted((a, b) => place(a) - place(b) || ((a.from ?? '') < (b.from ?? '') ? -1 : 1));
}
