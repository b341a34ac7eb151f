/** What an office sees of a day's reconciliation (突合). */
import type { Sum } from '../sum.ts';
import type { Method } from '../terminal/terminal.ts';

/** One bucket of one terminal's totals against ours. */
export interface ReconciliationRow {
  /** What the terminal is called; in older results its number: see `terminalJa`. */
  terminal: string;
  bucket: string;
  nameJa: string;
  ours: Sum;
  theirs: Sum;
  /** Theirs minus ours. */
  differenceYen: number;
  differenceCount: number;
  /** It differs, and what makes it up is known. */
  isExplained?: true;
}

/** Results of before terminals had names have the number alone. */
export const terminalJa = ({ terminal }: Pick<ReconciliationRow, 'terminal'>): string =>
  /^\d+(（|$)/.test(terminal) ? `端末 ${terminal}` : terminal;

/** The result of one counter's business date, as it was when it was compared. A later result has a new version. */
export interface ReconciliationView {
  municipality: string;
  counter: string;
  businessDate: string;
  version: number;
  at: string;
  /** How many closings of the day it rests on: a later one has not been compared yet. */
  closings: number;
  /**
   * `explained`: they differ by payments that were found paid since, and by nothing else; `open_unknown`: not different,
   * but a payment's result is still unknown, or a terminal was not read.
   */
  status: 'matched' | 'explained' | 'different' | 'open_unknown';
  /** The whole result in one Japanese sentence. */
  sentence: string;
  /** What else a reader has to know, one Japanese sentence each. */
  notes: string[];
  /** What a person still has to do. */
  tasks: number;
  ours: Sum;
  theirs: Sum;
  differenceYen: number;
  /** What of it nothing on record explains. Results of before this was told do not say. */
  unexplainedYen?: number;
  rows: ReconciliationRow[];
  /** Result unknown: neither counted nor matched; a possible explanation of a difference. */
  unknown: Sum;
  /** Taken after an earlier day's closing, and compared with this one. */
  carried: Sum;
  /** Approved on a device whose totals nobody could read any more. Results of before there were any do not say. */
  uncompared?: Sum;
  byMethod: { method: Method; brand: string | null; count: number; amountYen: number }[];
}

/** What can't be compared yet, and why. */
export interface Waiting {
  /** `closing`: nobody has closed that day; `next_closing`: taken after its closing; `model`: of an unknown model. */
  kind: 'closing' | 'next_closing' | 'model';
  counter: string;
  businessDate: string;
  sentence: string;
  payments: Sum;
}
