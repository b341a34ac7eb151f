/** What a terminal of this counter can take. Pure; the service and the screen ask the same. */
import type { Driver, TotalsGrain } from './driver.ts';
import type { Method } from './terminal.ts';

/** In the order in which they are offered. */
export const METHODS = ['credit', 'debit', 'emoney', 'qr'] as const satisfies readonly Method[];

export const METHOD_NAMES: Record<Method, string> = {
  credit: 'クレジット',
  debit: 'デビット',
  emoney: '電子マネー',
  qr: 'QRコード',
};

export interface Offer {
  /** The terminal's number at this counter. */
  id: string;
  /** As clerks call it; with its number where there are several. */
  nameJa: string;
  /** The brands, per method; none for a method that it does not take. */
  brands: Record<Method, string[]>;
  minimumYen: number;
  /** How its totals are divided. */
  buckets: TotalsGrain['buckets'];
  /** It has no link: what it knows, the clerk is asked. */
  asksClerk?: true;
}

export interface Wish {
  method: Method;
  /** Null: the terminal finds out. */
  brand: string | null;
  amountYen: number;
}

/** What the terminals take, each as far as the settings let it. */
export function offersOf(
  terminals: readonly { id: string; driver: Driver; methods?: readonly Method[] }[],
): Offer[] {
  return terminals.map(({ id, driver, methods }) => ({
    id,
    nameJa: terminals.length === 1 ? driver.nameJa : `${id}番 ${driver.nameJa}`,
    brands: {
      credit: brandsFor('credit', driver, methods),
      debit: brandsFor('debit', driver, methods),
      emoney: brandsFor('emoney', driver, methods),
      qr: brandsFor('qr', driver, methods),
    },
    minimumYen: driver.minimumYen ?? 1,
    buckets: driver.totals.buckets,
    ...(driver.reach === 'clerk' && { asksClerk: true }),
  }));
}

/** What clerks call each terminal, by its number. */
export type TerminalNames = Readonly<Record<string, string>>;

export const namesOf = (offers: readonly Pick<Offer, 'id' | 'nameJa'>[]): TerminalNames =>
  Object.fromEntries(offers.map(({ id, nameJa }) => [id, nameJa]));

/** Without names (older closings keep none) by its number. */
export const nameOfTerminal = (names: TerminalNames | undefined, id: string): string =>
  names?.[id] ?? `端末 ${id}`;

const brandsFor = (method: Method, driver: Driver, methods: readonly Method[] | undefined): string[] =>
  methods?.includes(method) === false ? [] : driver.brands[method];

/** Whether a terminal takes the brand, or, with `brand` null, anything by that method; amounts are not looked at. */
export function takes({ brands }: Offer, { method, brand }: Omit<Wish, 'amountYen'>): boolean {
  return brand === null ? brands[method].length > 0 : brands[method].includes(brand);
}

/** The terminals that can take it, in the order in which they are to be tried. */
export const offersFor = (offers: readonly Offer[], wish: Wish): Offer[] =>
  offers.filter((offer) => takes(offer, wish) && wish.amountYen >= offer.minimumYen);

/** Every brand that any of them takes, once each. */
export const brandsOf = (offers: readonly Offer[], method: Method): string[] => [
  ...new Set(offers.flatMap(({ brands }) => brands[method])),
];
