/** What is checked before anything is recorded: a refused request leaves no trace and its id stays free. */
import type { Book } from '../book.ts';
import { AppError } from '../errors.ts';
import { checkBasket, type Basket, type CheckedBasket } from '../fees/basket.ts';
import { isOffered, type Brand, type Catalogue } from '../fees/catalogue.ts';
import type { ApproverOf } from '../fees/pricing.ts';
import { canonicalJson, sha256 } from '../journal/chain.ts';
import { offersFor, takes, type Offer } from '../terminal/offer.ts';
import type { Method } from '../terminal/terminal.ts';
import type { Ledger } from './ledger.ts';

/** What the screen sends; the id is the screen's own and stays the same until it has an answer. */
export interface SaleRequest extends Basket {
  id: string;
  method: Method;
  brand?: string | undefined;
  /** The text of the charge ticket that the sale closes. */
  ticket?: string | undefined;
  /** The city's record could not be asked: the resident says that the ticket is not used. */
  ticketUnsure?: true | undefined;
  /** The clerk's word that this is not the sale whose result is still unknown. */
  anotherResident?: boolean | undefined;
}

/** A basket that may be charged. */
export interface CheckedSale extends CheckedBasket {
  brand: Brand | undefined;
}

/** Prices the basket and checks it, and the brand. @throws AppError */
export function checkSale(
  request: SaleRequest,
  catalogue: Catalogue,
  book: Book,
  businessDate: string,
  approverOf: ApproverOf,
): CheckedSale {
  const basket = checkBasket(request, catalogue, book, businessDate, approverOf);
  const { totalYen, cashOnly } = basket;
  if (cashOnly.length > 0) throw new AppError('not_cashless', { items: cashOnly });
  if (totalYen === 0) throw new AppError('nothing_to_pay');
  const brand = catalogue.brands.find(({ code }) => code === request.brand);
  if (request.method === 'emoney' && request.brand === undefined) throw new AppError('brand_needed');
  if (request.brand !== undefined && brand?.method !== request.method)
    throw new AppError('brand_unavailable');
  if (brand !== undefined && !isOffered(brand, request.window, businessDate)) {
    throw new AppError('brand_not_offered', { brand: brand.nameJa });
  }
  if (brand?.ceilingYen != null && totalYen > brand.ceilingYen) {
    throw new AppError('over_ceiling', { ceilingYen: brand.ceilingYen, brand: brand.nameJa });
  }
  return { ...basket, brand };
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
export function refuseRepeat(request: SaleRequest, { lines, totalYen }: CheckedSale, ledger: Ledger): void {
  if (request.anotherResident === true) return;
  const basket = (each: readonly { code: string; quantity: number }[]): string =>
    canonicalJson(each.map(({ code, quantity }) => `${code}:${quantity}`).sort());
  const same = ledger
    .unsettled()
    .find(
      ({ armed, state }) =>
        state === 'unknown' &&
        armed.kind === 'sale' &&
        armed.window === request.window &&
        armed.amountYen === totalYen &&
        basket(armed.lines) === basket(lines),
    );
  if (same !== undefined) throw new AppError('same_sale_unknown', { paymentId: same.id });
}

/** What makes a repeated request the same: all of it, but that the clerk has said it is for another resident. */
export const hashOf = (request: SaleRequest): string =>
  sha256(canonicalJson({ ...request, anotherResident: undefined }));
