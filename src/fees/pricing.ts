/**
 * What a basket costs on a day. Pure, and the same on the counter, in the browser and in the office's preview: integer
 * yen, a unit price times whole units, no fraction anywhere.
 */
import {
  classCodesOf,
  findPrice,
  holdsOn,
  isConfirmed,
  provisionOf,
  type Catalogue,
  type ExemptionGround,
  type FeeItem,
  type FeePrice,
  type PriceStatus,
  type Provision,
  type TaxCategory,
} from './catalogue.ts';
import type { Inputs, InputSpec, LineInput } from './inputs.ts';
import { inputsOf, readAnswers, type AskingDay } from './questions.ts';
import { prorate, ruleOf, unitsOf } from './unit-rules.ts';

/** Who approved that nothing is charged, by number and by the name of that day. */
export interface Approver {
  number: string;
  name: string;
}

/** Which child's care a line pays for, without saying whose: a place in the basket, and the times. */
export interface LineCare {
  /** 1 for the first child of the basket, 2 for the next. */
  child: number;
  /** `HH:MM`, in Tokyo. */
  from: string;
  until: string;
}

/** A line as it is asked for. */
export interface AskedLine {
  code: string;
  /** Copies, cases, passes: at least 1. What the unit rule multiplies stands in `inputs`. */
  quantity: number;
  inputs?: Inputs | undefined;
  /** Nothing is charged, for this ground; `approval` is the second person's, where the ground wants one. */
  exemption?: { ground: string; approval?: string | undefined } | undefined;
  /** From the day's list of the daycare window; `stay` is its row, which never leaves the counter. */
  care?: (LineCare & { stay: string }) | undefined;
}

/** Why nothing is charged, frozen with the line. */
export interface LineExemption {
  ground: string;
  groundJa: string;
  kind: ExemptionGround['kind'];
  /** The second person's approval in the journal; null: the clerk approves. */
  approval: string | null;
  approver: Approver;
  /** What it would have cost. Integer yen. */
  waivedYen: number;
}

/** A fee as it was when the sale was recorded; frozen, with no reference to the catalogue. */
export interface PricedLine {
  code: string;
  nameJa: string;
  nameEn: string;
  unit: string;
  /** Units that are charged: what was asked, times what the unit rule counts. */
  quantity: number;
  unitPriceYen: number;
  /** Always `unitPriceYen` × `quantity`. */
  amountYen: number;
  taxCategory: TaxCategory;
  /** 歳入科目 */
  revenueAccount: string;
  /** False while nobody has confirmed the price; shown as such wherever the price is. */
  priceConfirmed: boolean;
  // What follows is missing on lines that were recorded before there was any of it.
  /** Copies, cases, passes as they were rung up, before the unit rule multiplied them. */
  count?: number;
  inputs?: LineInput[];
  /** The day whose price this is, `YYYY-MM-DD`. */
  pricedOn?: string;
  /** 登録番号 of the account (会計) that a taxable line belongs to; null: not taxable, or not registered. */
  registrationNumber?: string | null;
  /** What that account is called, where it has a number and a name. */
  accountNameJa?: string;
  exemption?: LineExemption | null;
  provides?: Provision;
  care?: LineCare;
}

/** Why a basket can't be charged. */
export type PricingFault =
  | { fault: 'unknown_item'; code: string }
  | { fault: 'no_price'; code: string; nameJa: string }
  | { fault: 'bad_input'; code: string; nameJa: string; input: string; labelJa: string }
  | { fault: 'unknown_ground'; code: string; nameJa: string };

/** The day of the sale, and what the city has settled. */
export interface PricingDay extends AskingDay, Pick<Catalogue, 'grounds'> {}

/** Who approved a line that is not charged. */
export type ApproverOf = (line: AskedLine) => Approver;

/** Where it is only about the price: nobody has approved anything yet. */
export const NOBODY: ApproverOf = () => ({ number: '', name: '' });

/** Prices the lines of one window. */
export function priceLines(
  catalogue: Catalogue,
  window: string,
  on: string,
  asked: readonly AskedLine[],
  approverOf: ApproverOf,
): { lines: PricedLine[]; totalYen: number } | PricingFault {
  const lines: PricedLine[] = [];
  for (const line of asked) {
    const item = catalogue.items.find(({ code, window: at }) => code === line.code && at === window);
    if (item === undefined) return { fault: 'unknown_item', code: line.code };
    const priced = priceLine(item, line, { ...catalogue, on }, approverOf);
    if ('fault' in priced) return priced;
    lines.push(priced);
  }
  return { lines, totalYen: lines.reduce((sum, { amountYen }) => sum + amountYen, 0) };
}

/** Prices one line. A unit price times whole units; what a ground exempts costs nothing and keeps what it would cost. */
export function priceLine(
  item: FeeItem,
  asked: AskedLine,
  day: PricingDay,
  approverOf: ApproverOf,
): PricedLine | PricingFault {
  const { code, nameJa } = item;
  const answers = readAnswers(item, asked.inputs ?? {}, day);
  if ('input' in answers) return { fault: 'bad_input', code, nameJa, ...answers };
  const values = new Map(answers.map((each) => [each.code, each.value]));
  const pricedOn = pricedOnOf(item, values, day);
  const price = findPrice(item, values.get('class') ?? soleClass(item), pricedOn);
  const unitPriceYen = price && startingIn(item, price, values.get('startMonth'));
  if (price === undefined || unitPriceYen === undefined) return { fault: 'no_price', code, nameJa };
  const units = countUnits(item, asked.quantity, values);
  if (typeof units !== 'number') return units;
  const ground = day.grounds.find((each) => each.code === asked.exemption?.ground && holdsOn(each, day.on));
  if (asked.exemption !== undefined && ground === undefined) return { fault: 'unknown_ground', code, nameJa };
  const listYen = unitPriceYen * units;
  return {
    code,
    nameJa,
    nameEn: item.nameEn,
    unit: item.unit,
    quantity: units,
    unitPriceYen: ground === undefined ? unitPriceYen : 0,
    amountYen: ground === undefined ? listYen : 0,
    taxCategory: item.taxCategory,
    revenueAccount: item.revenueAccount,
    priceConfirmed: isConfirmed(price),
    count: asked.quantity,
    inputs: answers.filter(({ value }) => value !== ''),
    pricedOn,
    ...issuerOf(item, day),
    exemption: ground === undefined ? null : exemptionFor(ground, asked, approverOf(asked), listYen),
    ...careOf(item, asked),
  };
}

/** What a certificate of provision has to say about a line; nothing on any other. */
function careOf(item: FeeItem, { care }: AskedLine): Pick<PricedLine, 'provides' | 'care'> {
  const provides = provisionOf(item);
  return {
    ...(provides !== undefined && { provides }),
    ...(care !== undefined && { care: { child: care.child, from: care.from, until: care.until } }),
  };
}

const exemptionFor = (
  ground: ExemptionGround,
  { exemption }: AskedLine,
  approver: Approver,
  waivedYen: number,
): LineExemption => ({
  ground: ground.code,
  groundJa: ground.nameJa,
  kind: ground.kind,
  approval: exemption?.approval ?? null,
  approver,
  waivedYen,
});

function pricedOnOf(item: FeeItem, values: ReadonlyMap<string, string>, { on }: PricingDay): string {
  const { pricedOn } = ruleOf(item);
  const day = values.get(pricedOn ?? 'acceptedOn') ?? on;
  if (pricedOn !== 'startMonth') return day;
  // A pass that begins in the month of the sale has today's price, one for later that of its first day.
  return `${day}-01` > on ? `${day}-01` : on;
}

/** An item with one class is for nobody else: there is nothing to ask. */
const soleClass = ({ classes }: FeeItem): string | null => classes[0]?.code ?? null;

/** The price for a start in that month; undefined: none is published for it. */
function startingIn(item: FeeItem, price: FeePrice, startMonth: string | undefined): number | undefined {
  const { proration } = ruleOf(item);
  const priceYen = price.priceYen ?? undefined;
  if (proration === null || priceYen === undefined || startMonth === undefined) return priceYen;
  const month = Number(startMonth.slice(5));
  if (proration === 'start_months') return price.startMonths?.[String(month)];
  return prorate(proration, priceYen, month, item.terms);
}

function countUnits(
  item: FeeItem,
  quantity: number,
  values: ReadonlyMap<string, string>,
): number | PricingFault {
  const { code, nameJa } = item;
  const { factors, inputs, isSingle } = ruleOf(item);
  if (isSingle && quantity !== 1)
    return { fault: 'bad_input', code, nameJa, input: 'quantity', labelJa: '数' };
  let units = quantity;
  for (const factor of factors) {
    const counted = unitsOf(factor, values, item.terms);
    const input = factor.by === 'count' ? factor.input : factor.until;
    const labelJa = inputs.find((each) => each.code === input)?.labelJa ?? input;
    if (counted === undefined) return { fault: 'bad_input', code, nameJa, input, labelJa };
    units *= counted;
  }
  return units;
}

/** Who an invoice is from: the account of a taxable item, where it is registered. */
function issuerOf(
  { taxCategory, account }: FeeItem,
  { settings }: PricingDay,
): Pick<PricedLine, 'registrationNumber' | 'accountNameJa'> {
  const number = taxCategory === 'standard_10' ? settings.registrationNumbers[account] : undefined;
  const accountNameJa = settings.accountNames?.[account];
  if (number === undefined) return { registrationNumber: null };
  return { registrationNumber: number, ...(accountNameJa !== undefined && { accountNameJa }) };
}

/** An item as it stands on a day, with what has to be asked for it; what `GET /api/fees` returns. */
export interface PricedItem extends FeeItem {
  inputs: InputSpec[];
  /** The lowest that one unit costs on that day; null: not sold, or no price is published for a start in that month. */
  priceYen: number | null;
  /** The highest; differs where classes do. */
  highestYen: number | null;
  confirmed: boolean;
  status: PriceStatus | null;
  source: string | null;
}

/** The item with its price on the date `on` (`YYYY-MM-DD`). */
export function priceItem(item: FeeItem, day: AskingDay): PricedItem {
  const { on } = day;
  const found = classCodesOf(item).flatMap((feeClass) => findPrice(item, feeClass, on) ?? []);
  const amounts = found.flatMap((price) => startingIn(item, price, on.slice(0, 7)) ?? []);
  const worst = found.find((price) => !isConfirmed(price)) ?? found[0];
  return {
    ...item,
    inputs: inputsOf(item, day),
    priceYen: amounts.length === 0 ? null : Math.min(...amounts),
    highestYen: amounts.length === 0 ? null : Math.max(...amounts),
    confirmed: found.length > 0 && found.every(isConfirmed),
    status: worst?.status ?? null,
    source: worst?.source ?? null,
  };
}

/** The items of a window on a day, in the catalogue's order. */
export function pricedItems(catalogue: Catalogue, window: string, on: string): PricedItem[] {
  return catalogue.items
    .filter((item) => item.window === window)
    .map((item) => priceItem(item, { ...catalogue, on }))
    .filter((item) => item.status !== null);
}
