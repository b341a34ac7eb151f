/** Who pays the city for which brands, in which cycle and for which fee. Declared as data. Pure. */
import { z } from 'zod';
import { addBusinessDays, dayOfMonth, endOfMonth, shiftToBusinessDay } from './calendar.ts';

const CODE = z.string().regex(/^[a-z0-9_-]{1,40}$/);
/** A day of the month; 31 is its last. */
const MONTH_DAY = z.number().int().min(1).max(31);
const SHIFT = z.enum(['before', 'after']);

const TERMS = z.strictObject({
  code: CODE,
  /** `*`: at every counter. */
  counter: z.string().min(1).max(20),
  nameJa: z.string().trim().min(1).max(60),
  /** Whose payments it settles. */
  brands: z.array(CODE).min(1).max(60),
  /** The first and the last business date of which; left out: since ever, until further notice. */
  since: z.iso.date().optional(),
  until: z.iso.date().optional(),
  /** Where the terminal returns the provider's own number of a transaction; `none`: nowhere. */
  providerIdIn: z.enum(['trace_number', 'none']),
  /** How it is called as a payer on the bank's statement: any of these within the name. */
  payerNames: z.array(z.string().trim().min(1).max(60)).max(10),
  cycle: z.discriminatedUnion('kind', [
    /** Closed each day, paid so many of the bank's business days later. */
    z.strictObject({ kind: z.literal('daily'), payAfterBusinessDays: z.number().int().min(0).max(60) }),
    /** Closed on these days of the month, paid on a day of a later one, on a business day of the bank before or after it. */
    z.strictObject({
      kind: z.literal('monthly'),
      closes: z.array(MONTH_DAY).min(1).max(6),
      payAfterMonths: z.number().int().min(0).max(3),
      payDay: MONTH_DAY,
      shift: SHIFT,
    }),
  ]),
  /** The statement is here so many business days after the closing day. */
  statementAfterBusinessDays: z.number().int().min(0).max(60),
  /** Null: whatever the statement says is taken. */
  fee: z
    .strictObject({
      /** Millionths: 3.24 % is 32,400. Tax included. */
      ratePpm: z.number().int().min(0).max(500_000),
      brandRatesPpm: z.record(CODE, z.number().int().min(0).max(500_000)),
      rounding: z.enum(['floor', 'round', 'ceil']),
      /** Yen by which a batch's fee may be off. */
      toleranceYen: z.number().int().min(0).max(1000),
    })
    .nullable(),
});

export const ACQUIRER = TERMS.refine(({ since, until }) => (since ?? '') <= (until ?? since ?? ''), {
  path: ['until'],
});
export type Acquirer = z.infer<typeof TERMS>;

type Period = Pick<Acquirer, 'since' | 'until'>;

const isAfter = (day: string, { until }: Period): boolean => until !== undefined && day > until;
export const settlesOn = (period: Period, businessDate: string): boolean =>
  (period.since ?? '') <= businessDate && !isAfter(businessDate, period);

/** What two that are declared for the same counter would both settle; null: nothing. */
export function overlapOf(one: Acquirer, other: Acquirer): (Period & Pick<Acquirer, 'brands'>) | null {
  const brands = one.brands.filter((brand) => other.brands.includes(brand));
  const since = [one.since, other.since].toSorted().findLast((day) => day !== undefined);
  const until = [one.until, other.until].toSorted().find((day) => day !== undefined);
  const isApart = since !== undefined && isAfter(since, { until });
  if (one.counter !== other.counter || one.code === other.code || brands.length === 0 || isApart) return null;
  return { brands, ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) };
}

/**
 * Another that settles some of the same, and did not before: of two, nobody could say whose a payment is. Where two were
 * declared so once, either may still be changed towards an end of it.
 */
export function findRival(
  wanted: Acquirer,
  before: Acquirer | undefined,
  others: readonly Acquirer[],
): { rival: Acquirer; brands: string[] } | undefined {
  for (const rival of others) {
    const [now, was] = [overlapOf(wanted, rival), before === undefined ? null : overlapOf(before, rival)];
    const isNew =
      now !== null &&
      (was === null ||
        now.brands.some((brand) => !was.brands.includes(brand)) ||
        (now.since ?? '') < (was.since ?? '') ||
        (was.until !== undefined && (now.until === undefined || now.until > was.until)));
    if (isNew) return { rival, brands: now.brands };
  }
  return undefined;
}

/** When a payment of a business date has to be on a statement (the office's days), and its money at the bank (the bank's). */
export interface Due {
  closesOn: string;
  statementOn: string;
  paysOn: string;
}

/** The dates (`YYYY-MM-DD`) of a payment of a business date. */
export function dueOf({ cycle, statementAfterBusinessDays }: Acquirer, businessDate: string): Due {
  const closesOn = cycle.kind === 'daily' ? businessDate : nextClosing(cycle.closes, businessDate);
  const statementOn = addBusinessDays(closesOn, statementAfterBusinessDays);
  const paysOn =
    cycle.kind === 'daily'
      ? shiftToBusinessDay(addBusinessDays(closesOn, cycle.payAfterBusinessDays, 'bank'), 'after', 'bank')
      : shiftToBusinessDay(dayOfMonth(closesOn, cycle.payAfterMonths, cycle.payDay), cycle.shift, 'bank');
  return { closesOn, statementOn, paysOn };
}

function nextClosing(closes: readonly number[], date: string): string {
  const inMonth = closes.map((day) => dayOfMonth(date, 0, day)).toSorted();
  const first = Math.min(...closes);
  return inMonth.find((day) => day >= date) ?? dayOfMonth(endOfMonth(date), 1, first);
}
