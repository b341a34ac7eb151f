/**
 * Batches or deposits that are not settled yet, by day and by day and amount. Whatever is asked of them is asked of a few
 * days around one, so that years of batches cost what they are many, and not what they are many times each other.
 */
import { addBusinessDays, addDays } from './calendar.ts';

/** A bank may be so many of its business days behind the pay day, and the money still be this settlement's. */
const GRACE_BUSINESS_DAYS = 5;

/** For sorting days and names. */
export const before = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

interface Pile<Row> {
  rows: Set<Row>;
  /** Together, integer yen. */
  yen: number;
}

export interface PayDays<Row> {
  dayOf: (row: Row) => string;
  yenOf: (row: Row) => number;
  rows: Set<Row>;
  /** Under its day, and under its day and amount. */
  piles: Map<string, Pile<Row>>;
}

/** @param rows in the order in which they are to be found again */
export function payDaysOf<Row>(
  rows: readonly Row[],
  { dayOf, yenOf }: Pick<PayDays<Row>, 'dayOf' | 'yenOf'>,
): PayDays<Row> {
  const payDays: PayDays<Row> = { dayOf, yenOf, rows: new Set(rows), piles: new Map() };
  for (const row of rows) {
    for (const name of pilesOf(payDays, row)) {
      const pile = payDays.piles.get(name) ?? { rows: new Set(), yen: 0 };
      pile.rows.add(row);
      pile.yen += yenOf(row);
      payDays.piles.set(name, pile);
    }
  }
  return payDays;
}

const ofAmount = (day: string, yen: number): string => `${day} ${String(yen)}`;
const pilesOf = <Row>({ dayOf, yenOf }: PayDays<Row>, row: Row): string[] => [
  dayOf(row),
  ofAmount(dayOf(row), yenOf(row)),
];

/** Rows that have found their counterpart are there no more. */
export function takeOut<Row>(payDays: PayDays<Row>, rows: readonly Row[]): void {
  for (const row of rows) {
    payDays.rows.delete(row);
    for (const name of pilesOf(payDays, row)) {
      const pile = payDays.piles.get(name);
      if (pile?.rows.delete(row) === true) pile.yen -= payDays.yenOf(row);
    }
  }
}

export const rowsOn = <Row>(payDays: PayDays<Row>, days: readonly string[]): Row[] =>
  days.flatMap((day) => [...(payDays.piles.get(day)?.rows ?? [])]);

/** The sum of all that is there on these days. */
export const yenOn = <Row>({ piles }: PayDays<Row>, days: readonly string[]): number =>
  days.reduce((sum, day) => sum + (piles.get(day)?.yen ?? 0), 0);

/** Those of one amount. */
export const equalOn = <Row>({ piles }: PayDays<Row>, day: string, yen: number): ReadonlySet<Row> =>
  piles.get(ofAmount(day, yen))?.rows ?? new Set();

export interface Windows {
  /** The days on which a bank may pay what is due on a day: from it on. */
  from: (due: string) => readonly string[];
  /** The days of which the window reaches a day, in their order. */
  reaching: (day: string) => readonly string[];
}

/** Each is worked out once: years have few days. */
export function createWindows(): Windows {
  const once = (work: (day: string) => string[]): ((day: string) => readonly string[]) => {
    const known = new Map<string, string[]>();
    return (day) => {
      const days = known.get(day) ?? work(day);
      known.set(day, days);
      return days;
    };
  };
  const from = once((due) => {
    const end = addBusinessDays(due, GRACE_BUSINESS_DAYS, 'bank');
    const days = [due];
    for (let day = due; day < end; days.push(day)) day = addDays(day, 1);
    return days;
  });
  const reaching = once((day) => {
    const days: string[] = [];
    for (let due = day; (from(due).at(-1) ?? due) >= day; due = addDays(due, -1)) days.unshift(due);
    return days;
  });
  return { from, reaching };
}
