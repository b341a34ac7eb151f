/** The lines that are being rung up, and what they cost today. Pure. */
import {
  NOBODY,
  priceLine,
  type AskedLine,
  type PricedItem,
  type PricedLine,
  type PricingDay,
} from '../../fees/pricing.ts';

/** A line as it will be sent. Two lines of one fee differ in what was entered with them. */
export type BasketLine = AskedLine;

/** A typing error of three digits is not worth ringing up. */
export const MOST_OF_ONE_FEE = 99;

const isPlain = ({ inputs, exemption }: BasketLine): boolean =>
  inputs === undefined && exemption === undefined;

/** One more, or less, of the line at a place; a line of none is gone. */
export function changeLine(lines: readonly BasketLine[], index: number, by: 1 | -1): BasketLine[] {
  return lines
    .map((line, at) =>
      at === index ? { ...line, quantity: Math.min(MOST_OF_ONE_FEE, line.quantity + by) } : line,
    )
    .filter(({ quantity }) => quantity > 0);
}

/** One more of a fee with which nothing was entered. */
export function addPlain(lines: readonly BasketLine[], code: string): BasketLine[] {
  const known = lines.findIndex((line) => line.code === code && isPlain(line));
  return known < 0 ? [...lines, { code, quantity: 1 }] : changeLine(lines, known, 1);
}

/** One less of a fee, from its last line. */
export function removeLast(lines: readonly BasketLine[], code: string): BasketLine[] {
  const last = lines.findLastIndex((line) => line.code === code);
  return last < 0 ? [...lines] : changeLine(lines, last, -1);
}

/** A line as it was entered, in the place of the one that was changed; null: behind the others. */
export function setLine(lines: readonly BasketLine[], index: number | null, line: BasketLine): BasketLine[] {
  return index === null ? [...lines, line] : lines.map((known, at) => (at === index ? line : known));
}

/** The line rung up last that can bear a sticker's number and bears none, behind the first `fixed`; -1: there is none. */
export function withoutSticker(
  lines: readonly BasketLine[],
  fixed: number,
  items: readonly PricedItem[],
): number {
  const asks = ({ code }: BasketLine): boolean =>
    items.some((item) => item.code === code && item.inputs.some((input) => input.code === 'sticker'));
  return lines.findLastIndex(
    (line, index) => index >= fixed && asks(line) && (line.inputs?.['sticker'] ?? '') === '',
  );
}

/** One of a line bears the number from now on; the others of it stay without. */
export function tieSticker(lines: readonly BasketLine[], index: number, sticker: string): BasketLine[] {
  const line = lines[index];
  if (line === undefined) return [...lines];
  const tied = { ...line, quantity: 1, inputs: { ...line.inputs, sticker } };
  return line.quantity === 1 ? setLine(lines, index, tied) : [...changeLine(lines, index, -1), tied];
}

/** A line of the basket with what it costs today. */
export interface PricedBasketLine {
  /** Its place in the basket. */
  index: number;
  item: PricedItem;
  asked: BasketLine;
  quantity: number;
  priced: PricedLine;
  unitPriceYen: number;
  amountYen: number;
}

/** A line that has still to know something before it costs anything; a charge ticket may bring it. */
export interface UnpricedLine {
  index: number;
  item: PricedItem;
  /** What is missing, as its field is called. */
  labelJa: string;
}

export interface PricedBasket {
  lines: PricedBasketLine[];
  missing: UnpricedLine[];
  totalYen: number;
}

/** The basket at today's prices. What can't be sold today is left out, and so is never charged. */
export function priceBasket(
  basket: readonly BasketLine[],
  items: readonly PricedItem[],
  day: PricingDay,
): PricedBasket {
  const missing: UnpricedLine[] = [];
  const lines = basket.flatMap((asked, index): PricedBasketLine[] => {
    const item = items.find(({ code }) => code === asked.code);
    if (item === undefined) return [];
    const priced = priceLine(item, asked, day, NOBODY);
    if ('fault' in priced) {
      if (priced.fault === 'bad_input') missing.push({ index, item, labelJa: priced.labelJa });
      return [];
    }
    const { unitPriceYen, amountYen } = priced;
    return [{ index, item, asked, quantity: asked.quantity, priced, unitPriceYen, amountYen }];
  });
  return { lines, missing, totalYen: lines.reduce((sum, { amountYen }) => sum + amountYen, 0) };
}

/** What was entered with a line, as the clerk reads it: `市内・2026年11月・A-0012`. */
export const detailsOf = ({ inputs = [] }: Pick<PricedLine, 'inputs'>): string =>
  inputs.map(({ textJa }) => textJa).join('・');
