/**
 * A terminal's totals against our record. Pure.
 *
 * A terminal's totals run on since its last 日計 and know no days, so what is compared is the span between two
 * readings: the totals at this closing less those before it, against what was armed between the two.
 */
import type { PaymentState } from '../payments/lifecycle.ts';
import type { Method, TerminalTotals, TotalsGrain } from '../terminal/terminal.ts';
import type { ReconciliationRow, Sum } from './view.ts';

/** What is compared of a payment. */
export interface ComparedPayment {
  id: string;
  state: PaymentState;
  amountYen: number;
  method: Method;
  brand: string | null;
  businessDate: string;
  contradicted: boolean;
}

export type Reading = Pick<TerminalTotals, 'rows' | 'totalYen' | 'since'>;

/** One terminal between two readings of its totals. */
export interface Span {
  terminal: string;
  grain: TotalsGrain;
  /** The reading before; null: there is none, and the terminal is taken to have been empty. */
  base: Reading | null;
  end: Reading;
  /** Everything armed between the two readings, whatever became of it. */
  payments: readonly ComparedPayment[];
}

export interface Comparison {
  /** The buckets in which anything was counted, in the grain's order. */
  rows: ReconciliationRow[];
  /** The terminal has done its own 日計 since the reading before: it began again at zero. */
  restarted: boolean;
}

/** Tolerance is zero: amounts and counts per bucket. Only `approved` is a payment. */
export function compareTotals({ terminal, grain, base, end, payments }: Span): Comparison {
  // Where a period ends by itself, the terminal says when this one began.
  const isSamePeriod = base?.since === end.since;
  const restarted = base !== null && isSamePeriod && hasRestarted(base, end);
  const from = isSamePeriod && !restarted ? base : null;
  const paid = payments.filter(({ state }) => state === 'approved');
  const oursIn = Map.groupBy(paid, (payment) => grain.bucketOf(payment));
  const named = new Map(grain.buckets.map(({ code, nameJa }) => [code, nameJa]));
  const buckets = new Set([...named.keys(), ...oursIn.keys(), ...end.rows.map(({ bucket }) => bucket)]);

  const rows = [...buckets].map((bucket) => {
    const ours = sumOf(oursIn.get(bucket) ?? []);
    const before = readingOf(from, bucket);
    const after = readingOf(end, bucket);
    const counted = after.count - before.count;
    const theirs = {
      count: grain.countModulus === null ? counted : nearest(counted, ours.count, grain.countModulus),
      amountYen: after.amountYen - before.amountYen,
    };
    return {
      terminal,
      bucket,
      nameJa: named.get(bucket) ?? bucket,
      ours,
      theirs,
      differenceYen: theirs.amountYen - ours.amountYen,
      differenceCount: theirs.count - ours.count,
    };
  });
  return { rows: rows.filter(({ ours, theirs }) => !isEmpty(ours) || !isEmpty(theirs)), restarted };
}

/** Money never leaves a running total by itself: less than before means that it began anew. */
function hasRestarted(base: Reading, end: Reading): boolean {
  const isLess = base.rows.some(({ bucket, amountYen }) => readingOf(end, bucket).amountYen < amountYen);
  return isLess || end.totalYen < base.totalYen;
}

function readingOf(reading: Reading | null, bucket: string): Sum {
  return reading?.rows.find((row) => row.bucket === bucket) ?? { count: 0, amountYen: 0 };
}

/** A count that is known only modulo `modulus` (ZVT: one byte): of all that it can be, the one nearest to ours. */
function nearest(counted: number, ours: number, modulus: number): number {
  const ahead = (((counted - ours) % modulus) + modulus) % modulus;
  const candidate = ours + (ahead > modulus / 2 ? ahead - modulus : ahead);
  return candidate < 0 ? candidate + modulus : candidate;
}

/** 件数・金額 of some payments. */
export function sumOf(payments: readonly { amountYen: number }[]): Sum {
  return { count: payments.length, amountYen: payments.reduce((sum, { amountYen }) => sum + amountYen, 0) };
}

function isEmpty({ count, amountYen }: Sum): boolean {
  return count === 0 && amountYen === 0;
}
