/**
 * What the virtual terminal has really taken: its own record, independent of the register's, kept across restarts.
 * One JSON object per line, appended and synced; the last line about a payment counts.
 */
import { closeSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Method } from '../../../src/terminal/terminal.ts';

/**
 * `authorised`: the issuer said yes, the register has not confirmed yet. Only `stored` is money moved. `pending` (処理未了):
 * the card left the field too soon, and only touching it again tells.
 */
type EntryState = 'authorised' | 'stored' | 'reversed' | 'pending';

export interface BookEntry {
  kind: 'sale' | 'void' | 'refund';
  /** Of a void: the trace number of the sale that it undoes. */
  of: number | null;
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
  /** What it leaves in the resident's purse, in yen; null: it was paid from none. */
  balance: number | null;
  state: EntryState;
  /** Why it was reversed. */
  note: string | null;
  /** Counted in an end of day that is over. */
  settled: boolean;
}

export interface Book {
  /** Oldest first. */
  entries(): readonly BookEntry[];
  /** The turnover store: everything stored and not settled, oldest first. */
  turnover(): readonly BookEntry[];
  /** The sales in the turnover store that no void has undone: what the totals of the running period count. */
  open(): readonly BookEntry[];
  isVoided(sale: BookEntry): boolean;
  /** The number of the next transaction, also of one that will not be stored. */
  nextTrace(): number;
  /** Enters an authorised payment and gives it its receipt number. */
  begin(
    payment: Pick<
      BookEntry,
      'kind' | 'of' | 'traceNumber' | 'amount' | 'currency' | 'brand' | 'brandName' | 'method' | 'balance'
    >,
  ): BookEntry;
  /** From here on the money is taken. */
  store(entry: BookEntry): BookEntry;
  reverse(entry: BookEntry, note: string): BookEntry;
  /** 処理未了: whether the money was taken is not known until the card is touched again. */
  suspend(entry: BookEntry): BookEntry;
  /** After a loss of power: what the register had not confirmed by then is reversed. */
  recover(): void;
  /** End of day: the open entries are settled. @param restartsReceipts the next receipt has the number 1 */
  settle(restartsReceipts: boolean): void;
  close(): void;
}

/** BMP 87 has four digits, BMP 0B six; zero is no number. */
const RECEIPTS = 9_999;
const TRACES = 999_999;

/**
 * The book in `dataDir`, which is there; every change is on the disk before the call returns. @throws whatever the
 * file system says
 */
export function openBook(dataDir: string): Book {
  const path = join(dataDir, 'book.jsonl');
  const file = openSync(path, 'a+');
  return createBook({
    kept: readWhole(path),
    keep(entry) {
      writeSync(file, `${JSON.stringify(entry)}\n`);
      fsyncSync(file);
    },
    close: () => closeSync(file),
  });
}

/** Where a book is kept: the entries of an earlier run, and how one more line becomes durable. */
interface Shelf {
  kept: readonly BookEntry[];
  keep: (entry: BookEntry) => void;
  close: () => void;
}

export function createBook({ kept, keep, close }: Shelf): Book {
  const entries = new Map<number, BookEntry>();
  const enter = (entry: BookEntry): void => {
    // Numbers come again after they have wrapped: the new entry is the youngest.
    if (entry.state === 'authorised') entries.delete(entry.traceNumber);
    entries.set(entry.traceNumber, entry);
  };
  for (const entry of kept) enter(entry);
  const all = (): BookEntry[] => Array.from(entries.values());
  let trace = all().at(-1)?.traceNumber ?? 0;
  let receipt = all().at(-1)?.receiptNumber ?? 0;

  const write = (entry: BookEntry): BookEntry => {
    keep(entry);
    enter(entry);
    return entry;
  };
  const turnover = (): BookEntry[] => all().filter(({ state, settled }) => state === 'stored' && !settled);
  const isVoided = ({ traceNumber }: BookEntry): boolean =>
    all().some(({ state, of, settled }) => state === 'stored' && of === traceNumber && !settled);
  const book: Book = {
    entries: all,
    turnover,
    open: () => turnover().filter((entry) => entry.kind === 'sale' && !isVoided(entry)),
    isVoided,
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
    suspend: (entry) => write({ ...entry, state: 'pending' }),
    recover() {
      for (const entry of all()) {
        if (entry.state === 'authorised') book.reverse(entry, '端末が止まったため取り消しました');
      }
    },
    settle(restartsReceipts) {
      for (const entry of turnover()) write({ ...entry, settled: true });
      if (restartsReceipts) receipt = 0;
    },
    close,
  };
  // The power went before the register confirmed: a terminal reverses such a payment when it comes up again.
  book.recover();
  return book;
}

/** The lines that are whole; a torn last one, never confirmed to anybody, is cut off. Balances are younger than the rest. */
function readWhole(path: string): BookEntry[] {
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) truncateSync(path, Buffer.byteLength(whole));
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ balance: null, ...(JSON.parse(line) as object) }) as BookEntry);
}
