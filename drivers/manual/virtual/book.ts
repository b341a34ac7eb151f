/** The virtual terminal's own book: what it really took. Each line is on the disk before the slip is printed. */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Method } from '../../../src/terminal/terminal.ts';

/** Money that was moved. A void or refund names the sale of which it gives back. */
export interface Entry {
  kind: 'sale' | 'void' | 'refund';
  slip: string;
  amountYen: number;
  method: Method;
  brand: string;
  at: string;
  of: string | null;
}

export interface Book {
  entries(): readonly Entry[];
  /** What has been taken since the last settlement. */
  running(): readonly Entry[];
  nextSlip(): string;
  add(entry: Entry): void;
  settle(): void;
  close(): void;
}

type Line = { type: 'entry'; entry: Entry } | { type: 'settled' };

const SLIP_DIGITS = 5;

/** The book in `dataDir`, which is made if need be. @throws whatever the file system says */
export function openBook(dataDir: string): Book {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, 'book.jsonl');
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  // A line that the power failure cut short was never printed.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  const lines = whole.filter((line) => line !== '').map((line) => JSON.parse(line) as Line);
  const file = openSync(path, 'a');
  const write = (line: Line): void => {
    writeSync(file, `${JSON.stringify(line)}\n`);
    fsyncSync(file);
    lines.push(line);
  };
  const entriesOf = (some: readonly Line[]): Entry[] =>
    some.flatMap((line) => (line.type === 'entry' ? [line.entry] : []));
  return {
    entries: () => entriesOf(lines),
    running: () => entriesOf(lines.slice(lines.findLastIndex(({ type }) => type === 'settled') + 1)),
    nextSlip: () => String(entriesOf(lines).length + 1).padStart(SLIP_DIGITS, '0'),
    add: (entry) => write({ type: 'entry', entry }),
    settle: () => write({ type: 'settled' }),
    close: () => closeSync(file),
  };
}
