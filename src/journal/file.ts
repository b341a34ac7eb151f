/** The journal's file: made once, claimed by one process, and looked at before anything is recorded in it. */
import { randomUUID } from 'node:crypto';
import Database from 'better-sqlite3';
import type { Book } from '../book.ts';
import { rowsIn, type EventRows } from './rows.ts';

/** Whose journal it is; written once, when the file is made. */
export interface JournalIdentity {
  municipality: string;
  counter: string;
  book: Book;
}

/** The journal can't be opened; `message` says why and what to do. */
export class JournalFault extends Error {
  override readonly name = 'JournalFault';
}

/** How SQLite is reached: the one way to the disk, so that a proof can put faults in it. */
export type OpenSqlite = (path: string) => Database.Database;

/** A lock of somebody else's is waited for half a second. @throws SqliteError */
export const openSqlite: OpenSqlite = (path) => new Database(path, { timeout: 500 });

const SCHEMA = `
  CREATE TABLE meta (
    journal_id TEXT NOT NULL, municipality TEXT NOT NULL, counter TEXT NOT NULL, book TEXT NOT NULL
  ) STRICT;
  CREATE TABLE events (
    sequence INTEGER PRIMARY KEY, at TEXT NOT NULL, type TEXT NOT NULL, operation_id TEXT,
    payload TEXT NOT NULL, previous_hash TEXT NOT NULL, hash TEXT NOT NULL
  ) STRICT;
  CREATE INDEX events_operation ON events (operation_id, sequence) WHERE operation_id IS NOT NULL;
  CREATE INDEX events_business_date ON events (payload ->> 'businessDate', sequence) WHERE type = 'armed';
  CREATE INDEX events_counted ON events (payload ->> 'businessDate', sequence) WHERE type = 'counted';
  CREATE INDEX events_type ON events (type, sequence) WHERE operation_id IS NULL;
  CREATE TABLE reference (id INTEGER PRIMARY KEY CHECK (id = 1), payload TEXT NOT NULL) STRICT;
  CREATE TRIGGER events_keep BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
  CREATE TRIGGER events_stay BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
`;

/** A journal's file that is open, for this process alone. */
export interface OpenedFile {
  rows: EventRows;
  journalId: string;
}

/** @throws JournalFault */
export type OpenFile = (path: string, identity: JournalIdentity) => OpenedFile;

/**
 * How a journal's file is opened for this process alone, or made: the opener throws JournalFault when it is held by
 * another process, damaged, no journal, or another book's or counter's.
 */
export function fileOpener(open: OpenSqlite = openSqlite): OpenFile {
  return (path, identity) => {
    const db = claimDatabase(path, open);
    try {
      if (db.pragma('user_version', { simple: true }) === 0) makeTables(db, identity);
      const meta = db.prepare('SELECT * FROM meta').get() as JournalIdentity & { journal_id: string };
      const fault = differingIdentity(path, meta, identity) ?? findDamage(path, db);
      if (fault !== undefined) throw new JournalFault(fault);
      return { rows: rowsIn(db), journalId: meta.journal_id };
    } catch (cause) {
      db.close();
      throw cause instanceof Database.SqliteError
        ? new JournalFault(unreadable(path, cause), { cause })
        : cause;
    }
  };
}

/** Whose journal a file is, only looked at. @throws SqliteError where it is no journal, or another process has it */
export function identityIn(path: string): JournalIdentity {
  const db = new Database(path, { readonly: true });
  try {
    return db.prepare('SELECT municipality, counter, book FROM meta').get() as JournalIdentity;
  } finally {
    db.close();
  }
}

const CLAIM = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  BEGIN EXCLUSIVE; COMMIT;
`;

/** One process per counter: SQLite's exclusive lock is the operating system's, and goes with the process. */
function claimDatabase(path: string, open: OpenSqlite): Database.Database {
  let db: Database.Database | undefined;
  try {
    db = open(path);
    db.exec(CLAIM);
    return db;
  } catch (cause) {
    db?.close();
    throw new JournalFault(
      cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_BUSY')
        ? `${path} is in use by another Madoguchi. Stop that one first; two must never record for one counter.`
        : unreadable(path, cause),
      { cause },
    );
  }
}

function makeTables(db: Database.Database, { municipality, counter, book }: JournalIdentity): void {
  db.transaction(() => {
    db.exec(SCHEMA);
    db.prepare('INSERT INTO meta VALUES (?, ?, ?, ?)').run(randomUUID(), municipality, counter, book);
    db.pragma('user_version = 1');
  })();
}

function differingIdentity(
  path: string,
  found: JournalIdentity,
  wanted: JournalIdentity,
): string | undefined {
  if (found.book !== wanted.book) {
    return (
      `${path} is a ${found.book} journal and stays one for ever; BOOK asks for ${wanted.book}. ` +
      'Set BOOK back, or choose an empty DATA_DIR.'
    );
  }
  if (found.municipality !== wanted.municipality || found.counter !== wanted.counter) {
    return (
      `${path} belongs to municipality ${found.municipality}, counter ${found.counter}; the settings say ` +
      `${wanted.municipality}, ${wanted.counter}. Set them back, or choose an empty DATA_DIR.`
    );
  }
  return undefined;
}

/** A page that the disk has garbled is found before a sale is recorded behind it. */
function findDamage(path: string, db: Database.Database): string | undefined {
  const found = db.pragma('quick_check(1)', { simple: true }) as string;
  return found === 'ok' ? undefined : unreadable(path, found);
}

/** What the person at the counter and the administrator are told about a file that can't be used. */
export function unreadable(path: string, cause: unknown): string {
  return (
    `この窓口の記録 ${path} を読み書きできません。会計は始めていません。ファイルは変えずに残し、` +
    `管理者に連絡してください。ディスクの空き・書き込みの権利・故障を確かめ、壊れているときは控えから戻します / ` +
    `can't be opened as a journal (${messageOf(cause)}). It was not changed: check space, rights and health of the ` +
    'disk; if it is damaged keep it and restore a copy.'
  );
}

function messageOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause instanceof Database.SqliteError ? `${cause.code}: ${cause.message}` : cause.message;
}
