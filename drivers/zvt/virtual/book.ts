/**
 * What the virtual terminal has really taken: its own record, independent of the register's, kept across restarts.
 * One JSON object per line, appended and synced; the last line about a payment counts.
 */
import { closeSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Method } from '../../../src/terminal/terminal.ts';

/** `authorised`: the issuer said yes, the register has not confirmed yet. Only `stored` is money taken. */
type EntryState = 'authorised' | 'stored' | 'reversed';

export interface BookEntry {
  traceNumber: number;
  receiptNumber: number;
  /** Minor units of the currency; yen have none. */
  amount: number;
  /** ISO 4217 numeric. */
  currency: string;
  brand: string;
  brandName: string;
  method: Method;
  at: string;
  state: EntryState;
  /** Why it was reversed. */
  note: string | null;
  /** Counted in an end of day that is over. */
  settled: boolean;
}

export interface Book {
  /** Oldest first. */
  entries(): readonly BookEntry[];
  /** Stored and not settled: what the totals of the running period count. */
  open(): readonly BookEntry[];
  /** The number of the next transaction, also of one that will not be stored. */
  nextTrace(): number;
  /** Enters an authorised payment and gives it its receipt number. */
  begin(
    payment: Pick<BookEntry, 'traceNumber' | 'amount' | 'currency' | 'brand' | 'brandName' | 'method'>,
  ): BookEntry;
  /** From here on the money is taken. */
  store(entry: BookEntry): BookEntry;
  reverse(entry: BookEntry, note: string): BookEntry;
  /** End of day: the open entries are settled. */
  settle(): void;
  close(): void;
}

/** BMP 87 has four digits, BMP 0B six; zero is no number. */
const RECEIPTS = 9_999;
const TRACES = 999_999;

export function openBook(dataDir: string): Book {
  const path = join(dataDir, 'book.jsonl');
  const file = openSync(path, 'a+');
  const entries = new Map<number, BookEntry>();
  for (const entry of readWhole(path)) entries.set(entry.traceNumber, entry);
  let trace = Math.max(0, ...entries.keys());
  let receipt = Array.from(entries.values()).at(-1)?.receiptNumber ?? 0;

  const write = (entry: BookEntry): BookEntry => {
    writeSync(file, `${JSON.stringify(entry)}\n`);
    fsyncSync(file);
    entries.set(entry.traceNumber, entry);
    return entry;
  };
  const open = (): BookEntry[] =>
    Array.from(entries.values()).filter(({ state, settled }) => state === 'stored' && !settled);
  const book: Book = {
    entries: () => Array.from(entries.values()),
    open,
    nextTrace() {
      trace = (trace % TRACES) + 1;
      return trace;
    },
    begin(payment) {
      receipt = (receipt % RECEIPTS) + 1;
      const at = new Date().toISOString();
      return write({
        ...payment,
        receiptNumber: receipt,
        at,
        state: 'authorised',
        note: null,
        settled: false,
      });
    },
    store: (entry) => write({ ...entry, state: 'stored' }),
    reverse: (entry, note) => write({ ...entry, state: 'reversed', note }),
    settle() {
      for (const entry of open()) write({ ...entry, settled: true });
    },
    close() {
      closeSync(file);
    },
  };
  // The power went before the register confirmed: a terminal reverses such a payment when it comes up again.
  for (const entry of book.entries()) {
    if (entry.state === 'authorised') book.reverse(entry, '端末が止まったため取り消しました');
  }
  return book;
}

/** The lines that are whole; a torn last one, never confirmed to anybody, is cut off. */
function readWhole(path: string): BookEntry[] {
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) truncateSync(path, Buffer.byteLength(whole));
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as BookEntry);
}
