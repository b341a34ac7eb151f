/** What is checked before anything is recorded: a refused request leaves no trace and its id stays free. */
import { AppError } from '../errors.ts';
import { priceLines, type Brand, type Catalogue, type PricedLine } from '../fees/pricing.ts';
import { canonicalJson } from '../journal/chain.ts';
import type { Book } from '../journal/journal.ts';
import { offersFor, takes, type Offer } from '../terminal/offer.ts';
import type { Method } from '../terminal/terminal.ts';
import type { Ledger } from './ledger.ts';

/** What the screen sends; the id is the screen's own and stays the same until it has an answer. */
export interface SaleRequest {
  id: string;
  window: string;
  lines: { code: string; quantity: number }[];
  /** The total that was shown to the resident. */
  totalYen: number;
  method: Method;
  brand?: string | undefined;
  /** The clerk's word that this is not the sale whose result is still unknown. */
  anotherResident?: boolean | undefined;
}

/** A basket that may be charged. */
export interface CheckedSale {
  lines: PricedLine[];
  totalYen: number;
  brand: Brand | undefined;
  businessDate: string;
  catalogueVersion: string;
  windowNameJa: string;
}

/** Prices the basket and checks it. @throws AppError */
export function checkSale(
  request: SaleRequest,
  catalogue: Catalogue,
  book: Book,
  businessDate: string,
): CheckedSale {
  const window = catalogue.windows.find(({ code }) => code === request.window);
  if (window === undefined) throw new AppError('unknown_item', { window: request.window });
  const priced = priceLines(catalogue, request.window, businessDate, request.lines);
  if ('fault' in priced) {
    const { fault, ...details } = priced;
    throw new AppError(fault, details);
  }
  const unconfirmed = priced.lines.filter(({ priceConfirmed }) => !priceConfirmed);
  if (book === 'live' && unconfirmed.length > 0) {
    throw new AppError('price_unconfirmed', { items: unconfirmed.map(({ nameJa }) => nameJa) });
  }
  if (priced.totalYen !== request.totalYen)
    throw new AppError('price_changed', { totalYen: priced.totalYen });
  const brand = catalogue.brands.find(({ code }) => code === request.brand);
  if (request.method === 'emoney' && request.brand === undefined) throw new AppError('brand_needed');
  if (request.brand !== undefined && brand?.method !== request.method)
    throw new AppError('brand_unavailable');
  if (brand?.ceilingYen != null && priced.totalYen > brand.ceilingYen) {
    throw new AppError('over_ceiling', { ceilingYen: brand.ceilingYen, brand: brand.nameJa });
  }
  return { ...priced, brand, businessDate, catalogueVersion: catalogue.version, windowNameJa: window.nameJa };
}

/** The terminals that can take it, in the order of the settings; at least one. @throws AppError */
export function findOffers(
  offers: readonly Offer[],
  { method }: SaleRequest,
  { brand, totalYen }: CheckedSale,
): readonly Offer[] {
  const wish = { method, brand: brand?.code ?? null, amountYen: totalYen };
  const found = offersFor(offers, wish);
  if (found.length > 0) return found;
  const minimumYen = Math.min(
    ...offers.filter((offer) => takes(offer, wish)).map((offer) => offer.minimumYen),
  );
  if (minimumYen < Infinity) throw new AppError('below_minimum', { minimumYen });
  throw new AppError('brand_unavailable');
}

/** The same window, lines and amount while one like it is unknown is most likely the same resident again. */
export function refuseRepeat(request: SaleRequest, totalYen: number, ledger: Ledger): void {
  if (request.anotherResident === true) return;
  const basket = (lines: readonly { code: string; quantity: number }[]): string =>
    canonicalJson(lines.map(({ code, quantity }) => `${code}:${quantity}`).sort());
  const same = ledger
    .unsettled()
    .find(
      ({ armed, state }) =>
        state === 'unknown' &&
        armed.window === request.window &&
        armed.amountYen === totalYen &&
        basket(armed.lines) === basket(request.lines),
    );
  if (same !== undefined) throw new AppError('same_sale_unknown', { paymentId: same.id });
}
