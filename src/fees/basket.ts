/** A basket as a screen or a script sends it, checked against the catalogue before anything is recorded. */
import { z } from 'zod';
import type { Book } from '../book.ts';
import { AppError } from '../errors.ts';
import { holdsOn, type Catalogue } from './catalogue.ts';
import { priceLines, type ApproverOf, type AskedLine, type PricedLine } from './pricing.ts';

const TIME = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/);

export const MOST_LINES = 50;
const MOST_OF_ONE = 999;

/** The lines of a request. */
export const ASKED_LINES = z
  .array(
    z.strictObject({
      code: z.string().min(1).max(40),
      quantity: z.number().int().min(1).max(MOST_OF_ONE),
      inputs: z.record(z.string().max(40), z.union([z.string().max(40), z.number().int()])).optional(),
      exemption: z.strictObject({ ground: z.string().max(40), approval: z.uuid().optional() }).optional(),
      care: z
        .strictObject({
          stay: z.uuid().toLowerCase(),
          child: z.number().int().min(1).max(MOST_LINES),
          from: TIME,
          until: TIME,
        })
        .optional(),
    }),
  )
  .min(1)
  .max(MOST_LINES);

export interface Basket {
  window: string;
  lines: readonly AskedLine[];
  /** The total that was shown to the resident. Integer yen. */
  totalYen: number;
}

/**
 * Called with a sale that may be made, in the same breath before it is recorded: what its lines settle elsewhere is
 * taken for it there. @throws AppError where it is settled already, or may be: the sale is not made
 */
export type BeforeSale = (saleId: string, lines: readonly AskedLine[]) => void;

/** A basket at the prices of the day, as it may be recorded. */
export interface CheckedBasket {
  lines: PricedLine[];
  totalYen: number;
  businessDate: string;
  catalogueVersion: string;
  windowNameJa: string;
  /** Names of what is charged here and can't be paid without cash. */
  cashOnly: string[];
}

/** Prices the basket and checks it. @throws AppError; nothing was recorded then */
export function checkBasket(
  basket: Basket,
  catalogue: Catalogue,
  book: Book,
  businessDate: string,
  approverOf: ApproverOf,
): CheckedBasket {
  const window = catalogue.windows.find(({ code }) => code === basket.window);
  if (window === undefined) throw new AppError('unknown_item', { window: basket.window });
  if (!holdsOn(window, businessDate)) throw new AppError('window_closed', { window: window.nameJa });
  const priced = priceLines(catalogue, window.code, businessDate, basket.lines, approverOf);
  if ('fault' in priced) {
    const { fault, ...details } = priced;
    throw new AppError(fault, details);
  }
  const { lines, totalYen } = priced;
  const unconfirmed = lines.filter(({ priceConfirmed }) => !priceConfirmed);
  if (book === 'live' && unconfirmed.length > 0) {
    throw new AppError('price_unconfirmed', { items: unconfirmed.map(({ nameJa }) => nameJa) });
  }
  if (totalYen !== basket.totalYen) throw new AppError('price_changed', { totalYen });
  const cashOnly = new Set(catalogue.items.filter(({ cashless }) => !cashless).map(({ code }) => code));
  return {
    lines,
    totalYen,
    businessDate,
    catalogueVersion: catalogue.version,
    windowNameJa: window.nameJa,
    cashOnly: lines
      .filter(({ code, amountYen }) => amountYen > 0 && cashOnly.has(code))
      .map(({ nameJa }) => nameJa),
  };
}
