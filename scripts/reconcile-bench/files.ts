/** Both books as files in COPY's text format, and back in chunks. */
import { once } from 'node:events';
import { closeSync, createWriteStream, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { copyLine } from '../../src/db/copy.ts';
import {
  generateBooks,
  OURS_COLUMNS,
  THEIRS_COLUMNS,
  type Group,
} from '../../test/reconcile/books/generator.ts';
import { addTruth } from '../../test/reconcile/books/judge.ts';

const CHUNK_BYTES = 1 << 18;

export interface Books {
  ours: string;
  theirs: string;
  /** What each planted row has to be called. */
  planted: Map<string, string>;
}

/** Books of so many rows. */
export const writeBooks = (folder: string, rows: number, seed: number): Promise<Books> =>
  writeGroups(folder, generateBooks(rows, seed));

/** One after the other, as they are made: memory holds a few of them. The statement's rows in another order than ours. */
export async function writeGroups(folder: string, groups: Iterable<Group>): Promise<Books> {
  const files = { ours: join(folder, 'ours.tsv'), theirs: join(folder, 'theirs.tsv') };
  const [ours, theirs] = [createWriteStream(files.ours), createWriteStream(files.theirs)];
  const planted = new Map<string, string>();
  let waiting: string[] = [];
  const flush = async (): Promise<void> => {
    const block = waiting.reverse().join('');
    waiting = [];
    if (!theirs.write(block)) await once(theirs, 'drain');
  };
  for (const group of groups) {
    addTruth(planted, group);
    for (const row of group.ours) {
      if (!ours.write(copyLine(OURS_COLUMNS.map((column) => row[column])))) await once(ours, 'drain');
    }
    for (const row of group.theirs) waiting.push(copyLine(THEIRS_COLUMNS.map((column) => row[column])));
    if (waiting.length > 50_000) await flush();
  }
  await flush();
  await Promise.all([once(ours.end(), 'finish'), once(theirs.end(), 'finish')]);
  return { ...files, planted };
}

export function* readChunks(file: string): Generator<Buffer> {
  const open = openSync(file, 'r');
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      const read = readSync(open, chunk);
      if (read === 0) return;
      yield chunk.subarray(0, read);
    }
  } finally {
    closeSync(open);
  }
}
