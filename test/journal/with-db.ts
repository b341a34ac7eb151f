/** A journal together with the connection that it writes through, for what a service never does to its own. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { fileOpener } from '../../src/journal/file.ts';
import { openJournal, type Journal } from '../../src/journal/journal.ts';
import type { Cleanup } from '../support/cleanup.ts';
import { makeFolder } from '../support/folder.ts';
import { MUNICIPALITY } from '../support/postgres-cluster.ts';

export const IDENTITY = { municipality: MUNICIPALITY, counter: '01', book: 'trial' } as const;
export const NOW = (): Date => new Date('2026-11-24T00:42:00.000Z');

export function openWithDb(t: Cleanup): { journal: Journal; db: Database.Database } {
  const path = join(makeFolder(t), 'journal.sqlite');
  const db = new Database(path);
  const journal = openJournal(
    path,
    IDENTITY,
    NOW,
    fileOpener(() => db),
  );
  t.after(() => journal.close());
  return { journal, db };
}
