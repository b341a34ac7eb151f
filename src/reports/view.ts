/** What a report is, as it is read, shown and written to files. Integer yen; instants in UTC; days `YYYY-MM-DD`. */
import type { Book } from '../book.ts';
import type { ExemptionGround } from '../fees/catalogue.ts';
import type { LineStatus } from '../reconcile/books/view.ts';
import type { Method } from '../terminal/terminal.ts';
import type { Period } from './periods.ts';

/**
 * What a line belongs to. `correction` moves income from one item to another and adds up to 0; `cash` and `nothing` are
 * counted without a terminal; of the unknown ones nobody knows whether money moved: they are in no total.
 */
export const ENTRIES = [
  ...(['sale', 'void', 'refund', 'correction'] as const),
  ...(['cash', 'nothing', 'unknown_sale', 'unknown_return'] as const),
];
export type Entry = (typeof ENTRIES)[number];

/** What the city has taken without cash: sales, less what a terminal gave back, with what was moved between items. */
export const INCOME: readonly Entry[] = ['sale', 'void', 'refund', 'correction'];
export const RETURNS: readonly Entry[] = ['void', 'refund'];

/** The lines that agree in everything else, added up. */
export interface LineSum {
  /** Null: of all days. */
  day: string | null;
  entry: Entry;
  /** 歳入科目 */
  account: string;
  window: string;
  code: string;
  nameJa: string;
  unit: string;
  tax: string;
  /** Null: no terminal was asked. */
  method: Method | null;
  brand: string | null;
  /** 減免・免除・公用; null: charged. */
  ground: string | null;
  groundKind: ExemptionGround['kind'] | null;
  quantity: number;
  amountYen: number;
  /** What it would have cost. */
  waivedYen: number;
}

/** The payments and counted sales that agree, added up: a payment is counted once, however many lines it has. */
export interface PaymentSum {
  /** On which it counts. */
  day: string;
  /** At the counter: the earlier one where the result was found later. Acquirers pay by this one. */
  businessDate: string;
  /** `*`: any that no acquirer is declared for by name. */
  counter: string;
  window: string;
  entry: Entry;
  method: Method | null;
  brand: string | null;
  count: number;
  amountYen: number;
}

export interface CounterSum {
  counter: string;
  entry: Entry;
  count: number;
  amountYen: number;
}

/** Which lines a figure is made of. Left out: any. */
export interface LineFilter {
  entries?: readonly Entry[] | undefined;
  account?: string | undefined;
  window?: string | undefined;
  code?: string | undefined;
  nameJa?: string | undefined;
  unit?: string | undefined;
  tax?: string | undefined;
  /** Any of these; a brand of null: none is known. */
  ways?: readonly { method: Method; brand: string | null; counter?: string | undefined }[] | undefined;
  /** Counters that `*` in `ways` does not mean: they have acquirers of their own. */
  besides?: readonly string[] | undefined;
  method?: Method | undefined;
  ground?: string | undefined;
  /** Lines that nothing was charged for. */
  isExempt?: true | undefined;
  counter?: string | undefined;
  /** Sales that no terminal has undone, then or later. */
  stands?: true | undefined;
  /** What another book says, in place of the lines of ours; with `part`, which of its figures. */
  told?: Told | undefined;
  part?: Part | undefined;
  /** `from` and `until` are days at the counter, not those on which a line counts. */
  byBusinessDate?: true | undefined;
  /** Both days included; within the report's. */
  from?: string | undefined;
  until?: string | undefined;
}

/** Where another book says it. What is left out is not narrowed: a total's. */
export type Told =
  | { of: 'terminals'; counter?: string | undefined; businessDate?: string | undefined }
  | { of: 'matches'; acquirer?: string | undefined; status?: LineStatus | undefined }
  | {
      of: 'settlements';
      acquirer?: string | undefined;
      batches?: readonly string[] | undefined;
      deposits?: readonly number[] | undefined;
    }
  | { of: 'refunds'; counter: string; refundId: string };

/** Which figure of a told row. `rows`: each comparison once; `difference`: theirs less ours, received less owed. */
export const PARTS = [
  ...(['ours', 'theirs', 'difference', 'unexplained', 'rows'] as const),
  ...(['gross', 'fee', 'net', 'received', 'owed'] as const),
];
export type Part = (typeof PARTS)[number];

/** What a cell counts of the lines that it is made of. `payments`: each operation once. */
export type Measure = 'payments' | 'quantity' | 'amountYen' | 'waivedYen';

export interface Column {
  nameJa: string;
  /**
   * `codes`: names in Latin letters, none of them to be broken, with 「、」 between. `era`: the days of the column before it
   * in the era's years, which is how paper writes a date by itself.
   */
  kind: 'text' | 'codes' | 'date' | 'era' | 'count' | 'yen';
  /** The figures of this column can be looked into: they are this measure of the row's lines, narrowed by `filter`. */
  drill?: { measure: Measure; filter: LineFilter };
}

/** A `date` is `YYYY-MM-DD`, or 合計 over a column of them; null: nothing to say. */
export type Cell = string | number | null;
export const isDate = (cell: string): boolean => /^\d{4}-\d\d-\d\d$/.test(cell);

export interface Row {
  cells: Cell[];
  /** Which lines the row is made of; null: it has none of its own. */
  filter: LineFilter | null;
  /** Somebody has to look at it. */
  isTodo?: boolean;
}

/** One table of a report: the same on the screen, in every file and on paper. */
export interface Section {
  id: string;
  titleJa: string;
  /** What has to be known to read it right. */
  note: string;
  columns: Column[];
  rows: Row[];
  /** Null: adding up would say nothing. */
  total: Row | null;
}

/** What the report was made from, and what is not in it: nobody is to take it for more than it is. */
export interface Origin {
  municipality: string;
  municipalityName: string;
  book: Book;
  madeAt: string;
  madeBy: string;
  /** In Japanese sentences: days that are not closed, unknown results, records that are set apart. */
  warnings: string[];
  /** How many closings agree with the terminals' totals, in one Japanese sentence. */
  compared: string;
  /** How far each counter's record has arrived; null: nothing yet. */
  counters: { counter: string; arrivedAt: string | null }[];
}

/** One bar of a picture, in parts that are named in its legend. */
export interface Plot {
  titleJa: string;
  /** Names of the parts, in their order. */
  parts: string[];
  /** `yen`: how high the parts are. */
  bars: { nameJa: string; yen: number[] }[];
}

export interface ReportView {
  period: Period;
  /** The whole in one sentence. */
  sentence: string;
  /** Nothing at all was recorded on these days. */
  isEmpty: boolean;
  origin: Origin;
  plots: Plot[];
  sections: Section[];
}

/** One line that a figure is made of. A correction has two: what was taken from an item, and what was put to another. */
export interface EntryLine {
  counter: string;
  operationId: string;
  /** 伝票番号 */
  number: number;
  onDate: string;
  at: string;
  entry: Entry;
  windowNameJa: string;
  account: string;
  nameJa: string;
  unit: string;
  wayJa: string;
  groundJa: string;
  quantity: number;
  amountYen: number;
  waivedYen: number;
}

/** One line of another book, with the payment of ours that belongs to it. */
export interface ToldLine {
  onDate: string | null;
  /** A file and its line, a terminal, a slip. */
  placeJa: string;
  whatJa: string;
  /** Null: no payment of ours belongs to it, or none alone. */
  counter: string | null;
  number: number | null;
  amountYen: number;
}

export interface EntryList {
  /** Of all lines, also of those beyond this page. */
  total: Record<Measure, number> & { lines: number };
  lines: EntryLine[];
  /** In place of `lines`, where another book says it. */
  told: ToldLine[];
}

/** The nearest days before and after a span on which anything was recorded; null: there is none. */
export interface RecordedDays {
  before: string | null;
  after: string | null;
}
