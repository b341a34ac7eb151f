/** What an office sees of the four books: edges, statuses, settlements. Integer yen. */

/** One acquirer's edge between our book and its statement. */
export interface EdgeDifference {
  acquirer: string;
  oursYen: number;
  theirsYen: number;
  /** Theirs minus ours. */
  differenceYen: number;
  /** What the exceptions add up to. */
  explainedYen: number;
  /** Not explained: has to be 0. */
  remainderYen: number;
  exceptions: number;
}

export type LineStatus =
  | 'matched'
  | 'amount_over'
  | 'amount_under'
  | 'kind_differs'
  | 'data_differs'
  | 'missing_at_provider'
  | 'missing_in_ledger'
  | 'duplicate_at_provider'
  | 'duplicate_in_ledger'
  /** Near a cut-off or holiday: missing after some business days. */
  | 'timing'
  /** Its statement is not due yet. */
  | 'awaited'
  | 'ambiguous'
  | 'unknown_resolved'
  | 'unknown_open'
  | 'chargeback'
  | 'refund_failed'
  /** Was open, and is known now not to have been taken. */
  | 'not_taken';

/** In order, or waiting within its time: needs nobody. */
export const QUIET = ['matched', 'not_taken', 'awaited', 'timing'] as const;

export type SettlementStatus =
  | 'matched'
  | 'deposit_awaited'
  /** Paid after its day, or not at all by now. */
  | 'deposit_late'
  | 'deposit_short'
  | 'deposit_over'
  /** Paid in parts, and not all of them are here. */
  | 'split_incomplete'
  /** Money is here whose statement is not. */
  | 'statement_awaited';

/** What an acquirer pays together, and the bank lines that paid it. */
export interface SettlementView {
  acquirer: string;
  status: SettlementStatus;
  batches: string[];
  /** The bank's lines. */
  deposits: number[];
  grossYen: number;
  feeYen: number;
  expectedFeeYen: number | null;
  chargebackYen: number;
  carriedYen: number;
  /** Gross - fee + chargebacks + carried: what has to arrive. */
  netYen: number;
  depositedYen: number;
  due: string | null;
  paidOn: string | null;
  faults: ('fee_differs' | 'fee_missing')[];
}

/** What a run says about all books together. */
export interface RunSummary {
  edges: EdgeDifference[];
  bank: {
    netYen: number;
    depositedYen: number;
    differenceYen: number;
    explainedYen: number;
    remainderYen: number;
  };
  /** Approved payments of brands that no acquirer has declared: not compared. */
  undeclared: { count: number; amountYen: number };
}

export interface StatusSum {
  status: LineStatus;
  count: number;
  /** Theirs minus ours. */
  differenceYen: number;
  oursYen: number;
  theirsYen: number;
}

export interface BooksView {
  run: { runId: number; at: string; asOf: string; summary: RunSummary } | null;
  statuses: StatusSum[];
  settlements: SettlementView[];
  exceptions: ExceptionView[];
}

/** One row of the books that is not simply matched. */
export interface ExceptionView {
  counter: string;
  acquirer: string;
  status: LineStatus;
  operationId: string | null;
  lineId: number | null;
  onDate: string | null;
  brand: string | null;
  oursYen: number;
  theirsYen: number;
  due: string | null;
}
