/**
 * What a child's stay costs, as lines of a basket: care, care after hours from the time of pick-up, meals. Pure, and the
 * same in the browser and in the service; how units are counted and rounded is the fee's own rule (fees/unit-rules.ts).
 */
import { provisionOf, type FeeClass, type FeeItem, type Provision } from '../fees/catalogue.ts';
import { minutesOf, type Inputs } from '../fees/inputs.ts';
import {
  NOBODY,
  priceLine,
  type AskedLine,
  type PricedLine,
  type PricingDay,
  type PricingFault,
} from '../fees/pricing.ts';
import { inputsOf } from '../fees/questions.ts';
import type { Stay } from './daycare.ts';

/** The basket's lines of a stay with what they come to; integer yen. */
export interface Charge {
  lines: AskedLine[];
  priced: PricedLine[];
  totalYen: number;
}

/** The fees that pay for something and are for a class; those without classes are for all. */
export function feesFor(items: readonly FeeItem[], provides: Provision, feeClass: string): FeeItem[] {
  return items.filter(
    (item) =>
      provisionOf(item) === provides &&
      (item.classes.length === 0 || item.classes.some(({ code }) => code === feeClass)),
  );
}

/** The classes that the daycare window's fees know, in the catalogue's order: by age, by residence, as the city has it. */
export function classesOf(items: readonly FeeItem[]): FeeClass[] {
  const classes = items.filter((item) => provisionOf(item) !== undefined).flatMap((item) => item.classes);
  return [...new Map(classes.map((each) => [each.code, each])).values()];
}

/** Paid a day or a visit at a time, or by the time; a month's fee is no matter of the day's list. */
export const isOfTheDay = (item: FeeItem, day: PricingDay): boolean =>
  inputsOf(item, day).some(({ code }) => code === 'usedOn');

const countsUntilPickUp = (item: FeeItem, day: PricingDay): boolean =>
  inputsOf(item, day).some(({ code }) => code === 'until');

/** The fee of care after hours for a class: the one that says from when it counts. Undefined: there is none. */
export function afterHoursFee(
  items: readonly FeeItem[],
  feeClass: string,
  day: PricingDay,
): FeeItem | undefined {
  return feesFor(items, 'extended_care', feeClass).find(
    (item) => countsUntilPickUp(item, day) && item.terms['from'] !== undefined,
  );
}

/**
 * The stay as it would be charged with the child picked up at `until` (`HH:MM`), as child number `child` of its basket.
 * A fault where a fee is missing or the times can't be; no line then, rather than too few.
 */
export function chargeOf(
  stay: Omit<Stay, 'label'>,
  { until, child }: { until: string; child: number },
  items: readonly FeeItem[],
  day: PricingDay,
): Charge | PricingFault {
  const picked = [stay.care, ...stay.meals].filter((code) => code !== null);
  const fees: FeeItem[] = [];
  for (const code of picked) {
    const item = items.find((each) => each.code === code);
    if (item === undefined) return { fault: 'unknown_item', code };
    fees.push(item);
  }
  const late = afterHoursFee(items, stay.class, day);
  if (late !== undefined && isAfterHours(stay, until, late, fees[0], day)) fees.splice(1, 0, late);
  const care = { stay: stay.id, child, from: stay.arrivedAt, until };
  const lines = fees.map((item): AskedLine => ({
    code: item.code,
    quantity: 1,
    inputs: answersOf(item, stay, until, day),
    care,
  }));
  return priceAll(lines, fees, day);
}

/** Care that is charged by the time is charged to the end by that: nobody pays twice for one hour. */
function isAfterHours(
  stay: Omit<Stay, 'label'>,
  until: string,
  late: FeeItem,
  first: FeeItem | undefined,
  day: PricingDay,
): boolean {
  const isByTime = stay.care !== null && first !== undefined && countsUntilPickUp(first, day);
  return !isByTime && minutesOf(until) > minutesOf(late.terms['from'] ?? '24:00');
}

/** What the fee has to know, from the stay; what it does not ask is not said. */
function answersOf(item: FeeItem, stay: Omit<Stay, 'label'>, until: string, day: PricingDay): Inputs {
  const begins = item.terms['from'];
  const from = begins !== undefined && begins > stay.arrivedAt ? begins : stay.arrivedAt;
  const known: Inputs = { class: stay.class, usedOn: stay.caredOn, from, until };
  return Object.fromEntries(
    inputsOf(item, day).flatMap(({ code }) => (known[code] === undefined ? [] : [[code, known[code]]])),
  );
}

function priceAll(lines: AskedLine[], fees: readonly FeeItem[], day: PricingDay): Charge | PricingFault {
  const priced: PricedLine[] = [];
  for (const [index, line] of lines.entries()) {
    const item = fees[index];
    if (item === undefined) return { fault: 'unknown_item', code: line.code };
    const one = priceLine(item, line, day, NOBODY);
    if ('fault' in one) return one;
    priced.push(one);
  }
  return { lines, priced, totalYen: priced.reduce((sum, { amountYen }) => sum + amountYen, 0) };
}
