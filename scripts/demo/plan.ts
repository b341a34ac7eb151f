/**
 * What happens at the counter in the half year, decided by the seed before it is played: who comes when, buys what, pays
 * how, and what goes otherwise than it should. Amounts are the fee table's matter, not the plan's.
 */
import type { AskedLine } from '../../src/fees/pricing.ts';
import { addDays } from '../../src/reconcile/books/calendar.ts';
import { createRandom, type Random } from '../virtual/random.ts';
import { basketAt, CASH_ONLY, freeBasket, tenderAt, type NextSticker, type PaidWith } from './baskets.ts';
import { pickWeighted, shareOut } from './chance.ts';
import {
  businessDaysOf,
  FIRST_HALF_HOUR_MS,
  HOURS,
  shareOfWindow,
  weightOf,
  WINDOWS,
  type DemoYear,
  type Window,
} from './year.ts';

/**
 * How a visit goes. `declined`: the first card is refused, the second pays. `wrong`: rung up wrongly, voided, rung up
 * again. `unplugged`: the cable comes out after the terminal has stored the payment. `refunded`: part or all of it is
 * given back on a later day. `promised`: accounting pays it back. `walked_away`, `stopped`, `cancelled`: nobody pays
 * without cash. `left`: the card leaves the field too soon, and does not come back (処理未了).
 */
export type Story =
  | 'paid'
  | 'declined'
  | 'wrong'
  | 'unplugged'
  | 'refunded'
  | 'promised'
  | 'walked_away'
  | 'stopped'
  | 'cancelled'
  | 'left';

/** What becomes of a card that was taken away: touched again elsewhere, so that it was paid; or never. */
export interface Aftermath {
  /** When the card is touched again; null: it never was charged. */
  touchedOn: string | null;
  /** When two people put down what they have found out; null: nobody has yet. */
  resolvedOn: string | null;
}

export interface Visit {
  /** Milliseconds since midnight in Tokyo. */
  atMs: number;
  window: Window;
  lines: AskedLine[];
  /** Null: counted, in cash or without charge. */
  tender: PaidWith | null;
  story: Story;
  aftermath: Aftermath | null;
}

export interface PlannedDay {
  date: string;
  visits: Visit[];
}

/** Ends with the payment standing. */
const STANDING: readonly (readonly [Story, number])[] = [
  ['paid', 9_690],
  ['declined', 160],
  ['wrong', 45],
  ['unplugged', 14],
  ['refunded', 22],
  ['promised', 9],
];
/** Beside so many that stand, one that comes to nothing. */
const IN_VAIN = 0.013;
const CASH_PER_CASHLESS = [1.6, 1.35, 1.2, 1.0, 0.85, 0.7];
const FREE_PER_CASHLESS = 0.09;
const CASH_ONLY_PER_DAY = 0.35;

/** @param days left out: all of the year's; otherwise the first so many, with their part of the payments */
export function planHalfYear(year: DemoYear, seed: number, days = Infinity): PlannedDay[] {
  const random = createRandom(seed);
  const dates = businessDaysOf(year);
  const counts = countsOf(year, dates, random);
  let stickers = 0;
  const nextSticker: NextSticker = () => `R${String(++stickers).padStart(5, '0')}`;
  const planned = dates.slice(0, days).map((date, index): PlannedDay => {
    const visits = WINDOWS.flatMap((window, place) => {
      const standing = counts[index * WINDOWS.length + place] ?? 0;
      return visitsAt(window, date, standing, random, nextSticker);
    });
    return { date, visits: [...visits, ...freeVisits(visits.length, random)] };
  });
  planAftermaths(planned, random);
  for (const { visits } of planned) visits.sort((a, b) => a.atMs - b.atMs);
  return planned;
}

/** How many payments stand in the end, per day and window. */
function countsOf(year: DemoYear, dates: readonly string[], random: Random): number[] {
  const weights = dates.flatMap((date, index) => {
    const isFirstAfterBreak = index > 0 && dates[index - 1] !== addDays(date, -1);
    const luck = 0.85 + random.next() * 0.3;
    return WINDOWS.map((window) => ({
      window,
      weight: weightOf(window, date, isFirstAfterBreak) * luck * (0.8 + random.next() * 0.4),
    }));
  });
  const sums = new Map(
    WINDOWS.map((window) => [
      window,
      weights.reduce((sum, each) => sum + (each.window === window ? each.weight : 0), 0),
    ]),
  );
  return shareOut(
    year.payments,
    weights.map(({ window, weight }) => (shareOfWindow(window) * weight) / (sums.get(window) ?? 1)),
  );
}

function visitsAt(
  window: Window,
  date: string,
  standing: number,
  random: Random,
  nextSticker: NextSticker,
): Visit[] {
  const month = (Number(date.slice(5, 7)) + 2) % 12;
  const visit = (tender: PaidWith | null, story: Story): Visit => ({
    ...{ atMs: timeAt(window, random), window, tender, story, aftermath: null },
    lines: basketAt(window, date, random, nextSticker),
  });
  const cashless = Array.from({ length: standing }, () => {
    const tender = tenderAt(window, random);
    return visit(tender, storyFor(tender, random));
  });
  const inVain = Array.from({ length: countAbout(standing * IN_VAIN, random) }, () =>
    visit(tenderAt(window, random), random.pick(['walked_away', 'stopped', 'cancelled'])),
  );
  const cash = Array.from({ length: countAbout(standing * (CASH_PER_CASHLESS[month] ?? 1), random) }, () =>
    visit(null, 'paid'),
  );
  return [...cashless, ...inVain, ...cash];
}

/** What a brand does not know can't happen to it. */
function storyFor({ method, brand }: PaidWith, random: Random): Story {
  const story = pickWeighted(random, STANDING);
  const isVoidable = method === 'credit' || method === 'qr' || brand === 'waon' || brand === 'id';
  if (story === 'wrong' && !isVoidable) return 'paid';
  if (story === 'refunded' && method !== 'credit' && method !== 'qr') return 'promised';
  return story;
}

/** The whole part for certain, the rest by chance. */
const countAbout = (many: number, random: Random): number =>
  Math.floor(many) + (random.chance(many % 1) ? 1 : 0);

function timeAt(window: Window, random: Random): number {
  const halfHours = HOURS[window].map((weight, index) => [index, weight] as const);
  return Math.round(FIRST_HALF_HOUR_MS + (pickWeighted(random, halfHours) + random.next()) * 1_800_000);
}

function freeVisits(many: number, random: Random): Visit[] {
  const counted = (window: Window, lines: AskedLine[]): Visit => ({
    ...{ atMs: timeAt(window, random), window, lines, tender: null },
    ...{ story: 'paid', aftermath: null },
  });
  const free = Array.from({ length: countAbout(many * FREE_PER_CASHLESS * 0.5, random) }, () => {
    const { window, lines } = freeBasket(random);
    return counted(window, lines);
  });
  const cashOnly = countAbout(CASH_ONLY_PER_DAY, random);
  return [...free, ...Array.from({ length: cashOnly }, () => counted('resident', [CASH_ONLY]))];
}

/** Days from the left card to its next touch, and from there to the two people's word; by place in the half year. */
const LEFT: readonly {
  at: number;
  brand: string;
  touchedAfter: number | null;
  resolvedAfter: number | null;
}[] = [
  { at: 0.06, brand: 'transit_ic', touchedAfter: 2, resolvedAfter: 42 },
  { at: 0.2, brand: 'waon', touchedAfter: 5, resolvedAfter: 30 },
  { at: 0.33, brand: 'transit_ic', touchedAfter: null, resolvedAfter: 60 },
  { at: 0.45, brand: 'waon', touchedAfter: null, resolvedAfter: 35 },
  { at: 0.55, brand: 'transit_ic', touchedAfter: 9, resolvedAfter: 40 },
  { at: 0.66, brand: 'rakuten_edy', touchedAfter: 3, resolvedAfter: 38 },
  // These two are left for whoever looks at the open matters: one that a statement has found, one that nothing tells.
  { at: 0.9, brand: 'transit_ic', touchedAfter: 4, resolvedAfter: null },
  { at: 0.97, brand: 'transit_ic', touchedAfter: null, resolvedAfter: null },
];

/**
 * Turns some visits into cards that left too soon. One that is found paid within the half year takes the place of a
 * payment that would have stood; the others are beside it.
 */
function planAftermaths(days: readonly PlannedDay[], random: Random): void {
  const last = days.at(-1)?.date ?? '';
  for (const { at, brand, touchedAfter, resolvedAfter } of LEFT) {
    const day = days[Math.floor(at * days.length)];
    const candidates = day?.visits.filter(
      ({ tender, story, window }) => tender !== null && story === 'paid' && window !== 'bicycle',
    );
    const model = candidates?.[random.below(candidates.length)];
    if (day === undefined || model === undefined) continue;
    const touchedOn = touchedAfter === null ? null : addDays(day.date, touchedAfter);
    const resolvedOn = resolvedAfter === null ? null : addDays(day.date, resolvedAfter);
    const isFound = touchedOn !== null && resolvedOn !== null && resolvedOn <= last;
    const visit = isFound ? model : { ...model, atMs: timeAt(model.window, random) };
    Object.assign(visit, {
      tender: { method: 'emoney', brand },
      story: 'left',
      aftermath: { touchedOn, resolvedOn: resolvedOn !== null && resolvedOn <= last ? resolvedOn : null },
    });
    if (!isFound) day.visits.push(visit);
  }
}

/** Payments that will stand when the plan has been played. */
export function standingIn(days: readonly PlannedDay[]): number {
  const stands = ({ tender, story, aftermath }: Visit): boolean =>
    tender !== null &&
    (STANDING.some(([each]) => each === story) ||
      (story === 'left' && aftermath?.touchedOn != null && aftermath.resolvedOn !== null));
  return days.reduce((sum, { visits }) => sum + visits.filter(stands).length, 0);
}
