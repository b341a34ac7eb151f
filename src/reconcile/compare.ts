/**
 * A terminal's totals against our record. Pure.
 *
 * A terminal's totals run on since its last 日計 and know no days, so what is compared is the span between two
 * readings: the totals at this closing less those before it, against what was armed between the two.
 */
import type { PaymentState } from '../payments/lifecycle.ts';
import type { Sum } from '../sum.ts';
import type { TotalsGrain } from '../terminal/driver.ts';
import type { Method, TerminalTotals } from '../terminal/terminal.ts';
import type { ReconciliationRow } from './view.ts';

/** What is compared of a payment. */
export interface ComparedPayment {
  id: string;
  kind: 'sale' | 'void' | 'refund';
  state: PaymentState;
  /** Negative: given back. */
  signedYen: number;
  method: Method;
  brand: string | null;
  businessDate: string;
  contradicted: boolean;
}

export type Reading = Pick<TerminalTotals, 'rows' | 'totalYen' | 'since'>;

/** One terminal between two readings of its totals. */
export interface Span {
  /** What it is called. */
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
  /** The payments that our sums are made of. */
  counted: readonly ComparedPayment[];
}

/**
 * Tolerance is zero: amounts and counts per bucket. Only `approved` is a payment. A void takes its sale out of the
 * terminal's totals again, count and amount; a refund does only where the grain says so.
 */
export function compareTotals({ terminal, grain, base, end, payments }: Span): Comparison {
  const counted = payments.filter(({ kind }) => kind !== 'refund' || grain.leavesOutRefunds !== true);
  const countedIn = Map.groupBy(counted, (payment) => grain.bucketOf(payment));
  // Where a period ends by itself, the terminal says when this one began.
  const isSamePeriod = base?.since === end.since;
  const restarted = base !== null && isSamePeriod && hasRestarted(base, end, countedIn);
  const from = isSamePeriod && !restarted ? base : null;
  const approved = counted.filter(isApproved);
  const oursIn = Map.groupBy(approved, (payment) => grain.bucketOf(payment));
  const named = new Map(grain.buckets.map(({ code, nameJa }) => [code, nameJa]));
  const buckets = new Set([...named.keys(), ...oursIn.keys(), ...end.rows.map(({ bucket }) => bucket)]);

  const rows = [...buckets].map((bucket) => {
    const ours = sumOf(oursIn.get(bucket) ?? []);
    const before = readingOf(from, bucket);
    const after = readingOf(end, bucket);
    const added = after.count - before.count;
    const least = -(oursIn.get(bucket) ?? []).filter(isReturn).length;
    const theirs = {
      count: grain.countModulus === null ? added : nearest(added, ours.count, grain.countModulus, least),
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
  return {
    rows: rows.filter(({ ours, theirs }) => !isEmpty(ours) || !isEmpty(theirs)),
    restarted,
    counted: approved,
  };
}

const isApproved = ({ state }: ComparedPayment): boolean => state === 'approved';
const isReturn = ({ kind }: ComparedPayment): boolean => kind !== 'sale';

/** Money leaves a running total only by what was given back: less than that means that it began anew. */
function hasRestarted(
  base: Reading,
  end: Reading,
  countedIn: ReadonlyMap<string, readonly ComparedPayment[]>,
): boolean {
  const mayBeLess = (payments: readonly ComparedPayment[]): number =>
    payments.filter(isReturn).reduce((sum, { signedYen }) => sum - signedYen, 0);
  const isLess = base.rows.some(
    ({ bucket, amountYen }) =>
      readingOf(end, bucket).amountYen < amountYen - mayBeLess(countedIn.get(bucket) ?? []),
  );
  return isLess || end.totalYen < base.totalYen - mayBeLess([...countedIn.values()].flat());
}

function readingOf(reading: Reading | null, bucket: string): Sum {
  return reading?.rows.find((row) => row.bucket === bucket) ?? { count: 0, amountYen: 0 };
}

/**
 * A count that is known only modulo `modulus` (ZVT: one byte): of all that it can be, the one nearest to ours.
 * @param least below zero where more was given back than taken
 */
function nearest(counted: number, ours: number, modulus: number, least: number): number {
  const ahead = (((counted - ours) % modulus) + modulus) % modulus;
  const candidate = ours + (ahead > modulus / 2 ? ahead - modulus : ahead);
  return candidate < least ? candidate + modulus : candidate;
}

/** 件数・金額 of some payments; what was given back takes its sale out again. */
export function sumOf(payments: readonly Pick<ComparedPayment, 'kind' | 'signedYen'>[]): Sum {
  return {
    count: payments.reduce((sum, { kind }) => sum + (kind === 'sale' ? 1 : -1), 0),
    amountYen: payments.reduce((sum, { signedYen }) => sum + signedYen, 0),
  };
}

export const isDifferent = ({ differenceYen, differenceCount }: ReconciliationRow): boolean =>
  differenceYen !== 0 || differenceCount !== 0;

export function isEmpty({ count, amountYen }: Sum): boolean {
  return count === 0 && amountYen === 0;
}
