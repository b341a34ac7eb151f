/**
 * START. The counter's journal: an append-only, hash-chained record in SQLite of what happened at this counter.
 *
 * `append` returns only when the event is on the disk (WAL with synchronous=FULL: one flush a commit). Nothing is
 * ever updated or deleted; states are folds of the events. One process holds a journal; SIGKILL frees it.
 */
import { randomUUID } from 'node:crypto';
import Database from 'better-sqlite3';
import { canonicalJson, chainHash, genesisHash } from './chain.ts';

/** A journal belongs to one kind of book, for ever. */
export type Book = 'trial' | 'training' | 'live';

export interface JournalEvent {
  sequence: number;
  at: string;
  type: string;
  operationId: string | null;
  payload: unknown;
  previousHash: string;
  hash: string;
}

/** Whose journal it is; written once, when the file is made. */
export interface JournalIdentity {
  municipality: string;
  counter: string;
  book: Book;
}

export interface Journal extends JournalIdentity {
  /** Random per file: a second journal under the same counter is told apart by it. */
  readonly journalId: string;
  readonly head: { sequence: number; hash: string };
  /** Durable when it returns. @throws if the disk refuses; the event then does not exist. */
  append(type: string, operationId: string | null, payload: unknown): JournalEvent;
  eventsOf(operationId: string): JournalEvent[];
  /** Ids of the operations armed on a business date, oldest first. */
  operationsOn(businessDate: string): string[];
  /** Every operation's id, oldest first. */
  operations(): string[];
  /** Ids of the operations armed on a terminal after a sequence, oldest first. */
  operationsOnTerminal(terminal: string, afterSequence: number): string[];
  /** At most `limit` ids of operations armed on a terminal before a sequence, newest first. */
  operationsOnTerminalBefore(terminal: string, beforeSequence: number, limit: number): string[];
  eventsAfter(sequence: number, limit: number): JournalEvent[];
  eventsOfType(type: string): JournalEvent[];
  /** The hash of the event at a sequence; 0 is the genesis. Undefined: there is no such event. */
  hashAt(sequence: number): string | undefined;
  /** The snapshot of the reference data that the counter works from; undefined before the first pull. */
  reference(): unknown;
  saveReference(payload: unknown): void;
  close(): void;
}

/** The file can't be used as it is; `message` says why and what to do. */
export class JournalFault extends Error {
  override readonly name = 'JournalFault';
}

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
  CREATE INDEX events_terminal ON events (payload ->> 'terminal', sequence) WHERE type = 'armed';
  CREATE INDEX events_type ON events (type, sequence) WHERE operation_id IS NULL;
  CREATE TABLE reference (id INTEGER PRIMARY KEY CHECK (id = 1), payload TEXT NOT NULL) STRICT;
  CREATE TRIGGER events_keep BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
  CREATE TRIGGER events_stay BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
`;

/** How SQLite is reached: the one way to the disk, so that a proof can put faults in it. */
export type OpenSqlite = (path: string) => Database.Database;

const openSqlite: OpenSqlite = (path) => new Database(path, { timeout: 500 });

/**
 * Opens the journal at `path`, or makes a new one.
 * @throws JournalFault when it is held by another process, belongs to another book or counter, or is no journal.
 */
export function openJournal(
  path: string,
  identity: JournalIdentity,
  now: () => Date,
  open: OpenSqlite = openSqlite,
): Journal {
  const db = claimDatabase(path, open);
  if (db.pragma('user_version', { simple: true }) === 0) {
    db.transaction(() => {
      db.exec(SCHEMA);
      db.prepare('INSERT INTO meta VALUES (?, ?, ?, ?)').run(
        randomUUID(),
        identity.municipality,
        identity.counter,
        identity.book,
      );
      db.pragma('user_version = 1');
    })();
  }
  const meta = db.prepare('SELECT * FROM meta').get() as {
    journal_id: string;
    municipality: string;
    counter: string;
    book: Book;
  };
  const fault = differingIdentity(path, meta, identity);
  if (fault !== undefined) {
    db.close();
    throw new JournalFault(fault);
  }
  return journalOn(db, meta.journal_id, identity, now);
}

/** One process per counter: SQLite's exclusive lock is the operating system's, and goes with the process. */
function claimDatabase(path: string, open: OpenSqlite): Database.Database {
  const db = open(path);
  try {
    db.pragma('locking_mode = EXCLUSIVE');
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    db.exec('BEGIN EXCLUSIVE; COMMIT');
    return db;
  } catch (cause) {
    db.close();
    const code = cause instanceof Database.SqliteError ? cause.code : '';
    throw new JournalFault(
      code.startsWith('SQLITE_BUSY')
        ? `${path} is in use by another Madoguchi. Stop that one first; two must never record for one counter.`
        : `${path} can't be opened as a journal (${String(cause)}). It was not changed; keep it and restore a copy.`,
      { cause },
    );
  }
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

interface EventRow {
  sequence: number;
  at: string;
  type: string;
  operation_id: string | null;
  payload: string;
  previous_hash: string;
  hash: string;
}

function eventOf(row: EventRow): JournalEvent {
  return {
    sequence: row.sequence,
    at: row.at,
    type: row.type,
    operationId: row.operation_id,
    payload: JSON.parse(row.payload) as unknown,
    previousHash: row.previous_hash,
    hash: row.hash,
  };
}

function journalOn(
  db: Database.Database,
  journalId: string,
  identity: JournalIdentity,
  now: () => Date,
): Journal {
  const insert = db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)');
  const ofOperation = db.prepare('SELECT * FROM events WHERE operation_id = ? ORDER BY sequence');
  const after = db.prepare('SELECT * FROM events WHERE sequence > ? ORDER BY sequence LIMIT ?');
  const ofType = db.prepare('SELECT * FROM events WHERE operation_id IS NULL AND type = ? ORDER BY sequence');
  const hash = db.prepare('SELECT hash FROM events WHERE sequence = ?').pluck();
  const armed = (rest: string): Database.Statement =>
    db.prepare(`SELECT operation_id FROM events WHERE type = 'armed' ${rest}`).pluck();
  const onDate = armed("AND payload ->> 'businessDate' = ? ORDER BY sequence");
  const onTerminal = armed("AND payload ->> 'terminal' = ? AND sequence > ? ORDER BY sequence");
  const before = armed("AND payload ->> 'terminal' = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?");
  const all = armed('ORDER BY sequence');
  const last = db.prepare('SELECT sequence, hash FROM events ORDER BY sequence DESC LIMIT 1');
  let head = (last.get() as Journal['head'] | undefined) ?? { sequence: 0, hash: genesisHash(journalId) };

  return {
    ...identity,
    journalId,
    get head() {
      return head;
    },
    append(type, operationId, payload) {
      const event = { sequence: head.sequence + 1, at: now().toISOString(), type, operationId, payload };
      const text = canonicalJson(payload);
      const hashed = chainHash(head.hash, event, text);
      insert.run(event.sequence, event.at, type, operationId, text, head.hash, hashed);
      const previousHash = head.hash;
      head = { sequence: event.sequence, hash: hashed };
      return { ...event, previousHash, hash: hashed };
    },
    eventsOf: (operationId) => (ofOperation.all(operationId) as EventRow[]).map(eventOf),
    operationsOn: (businessDate) => onDate.all(businessDate) as string[],
    operations: () => all.all() as string[],
    operationsOnTerminal: (terminal, sequence) => onTerminal.all(terminal, sequence) as string[],
    operationsOnTerminalBefore: (terminal, sequence, limit) =>
      before.all(terminal, sequence, limit) as string[],
    eventsAfter: (sequence, limit) => (after.all(sequence, limit) as EventRow[]).map(eventOf),
    eventsOfType: (type) => (ofType.all(type) as EventRow[]).map(eventOf),
    hashAt: (sequence) =>
      sequence === 0 ? genesisHash(journalId) : (hash.get(sequence) as string | undefined),
    reference() {
      const text = db.prepare('SELECT payload FROM reference').pluck().get() as string | undefined;
      return text === undefined ? undefined : (JSON.parse(text) as unknown);
    },
    saveReference(payload) {
      db.prepare(
        'INSERT INTO reference VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET payload = excluded.payload',
      ).run(JSON.stringify(payload));
    },
    close: () => db.close(),
  };
}
