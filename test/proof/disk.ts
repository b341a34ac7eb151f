/**
 * The journal port: SQLite in memory, under the real journal code. What a commit has made durable survives the
 * process; everything else goes with it. The disk can be full, and a flush can fail.
 *
 * The connection outlives the processes, and with it the statements that it has prepared: a start would take longer over
 * them than over everything else. What a process holds of it is its own, and is worth nothing once it is dead.
 */
import Database from 'better-sqlite3';
import { fileOpener } from '../../src/journal/file.ts';
import type { OpenFile } from '../../src/journal/journal.ts';
import type { Committed } from './judge.ts';
import type { Life } from './life.ts';
import { createMemory } from './memory.ts';

/** SQLite, or arrays in its place. */
export type Medium = 'sqlite' | 'memory';

export interface Disk {
  /** `full`: nothing can be written. `flush`: the next write is refused, and yet on the disk after a power cut. */
  fault: 'none' | 'full' | 'flush';
  openFor(life: Life): OpenFile;
  /** The process is gone: what it had committed stays. */
  letGo(): void;
}

const WRITES = /^\s*(INSERT|UPDATE|DELETE)/i;
const EVENT = /^\s*INSERT (OR \w+ )?INTO events/i;

export type Write = (act: () => unknown, event: Committed | undefined) => unknown;

/** A database whose writes are effects of a process. @param write does one, or refuses it */
export function guardedSqlite(
  db: Database.Database,
  life: Life,
  write: Write = (act) => act(),
): Database.Database {
  const prepare = db.prepare.bind(db);
  const guardedPrepare = (sql: string): Database.Statement => {
    const statement = prepare(sql);
    return WRITES.test(sql) ? guardedStatement(statement, sql, life, write) : statement;
  };
  return Object.assign(db, { prepare: guardedPrepare });
}

/** The same statement, in the hands of one process. */
function guardedStatement(
  statement: Database.Statement,
  sql: string,
  life: Life,
  write: Write,
): Database.Statement {
  const isOfEvent = EVENT.test(sql);
  return Object.assign(Object.create(statement) as Database.Statement, {
    run(...values: unknown[]) {
      const event = isOfEvent ? eventOf(values) : undefined;
      const what = event === undefined ? 'write' : `append ${event.type}`;
      return life.does('journal', what, () => write(() => statement.run(...values), event));
    },
  });
}

function eventOf(values: unknown[]): Committed {
  const [sequence, at, type, operationId, payload, , hash] = values;
  return { sequence, at, type, operationId, payload, hash } as Committed;
}

/**
 * @param onCommit told of each event that has become durable
 * @param medium `memory`: arrays take the place of SQLite, and a day goes quicker; simulation.test.ts holds them together
 */
export function createDisk(onCommit: (event: Committed) => void, medium: Medium = 'sqlite'): Disk {
  const platter = medium === 'sqlite' ? openPlatter() : createMemory();
  let isOpen = false;
  /** A write that was refused and is on the disk all the same. */
  let torn: (() => void) | undefined;

  const refuse = (code: string, message: string): never => {
    throw new Database.SqliteError(message, code);
  };
  const write = (act: () => unknown, event: Committed | undefined): unknown => {
    const commit = (): unknown => {
      const done = act();
      if (event !== undefined) onCommit(event);
      return done;
    };
    if (disk.fault === 'full') refuse('SQLITE_FULL', 'database or disk is full');
    if (disk.fault === 'flush') {
      disk.fault = 'none';
      // A file that could not be made is not there; an event is.
      if (event !== undefined) torn = () => void commit();
      refuse('SQLITE_IOERR_FSYNC', 'disk I/O error');
    }
    torn = undefined;
    return commit();
  };
  const disk: Disk = {
    fault: 'none',
    openFor: (life) =>
      platter.openFor(
        (open) =>
          life.does('journal', 'open', () => {
            isOpen = true;
            return open();
          }),
        life,
        write,
      ),
    letGo() {
      if (!isOpen) return;
      isOpen = false;
      platter.undo();
      torn?.();
      torn = undefined;
    },
  };
  return disk;
}

/** Where the rows are: they stay, whatever process comes and goes. */
export interface Platter {
  /** @param opened the effect of opening it */
  openFor(opened: <T>(open: () => T) => T, life: Life, write: Write): OpenFile;
  /** What is not committed yet, of a process that is gone. */
  undo(): void;
}

function openPlatter(): Platter {
  const db = new Database(':memory:');
  const prepared = new Map<string, Database.Statement>();
  const prepare = (sql: string): Database.Statement => {
    const statement = prepared.get(sql) ?? db.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  };
  const handFor = (life: Life, write: Write): Database.Database =>
    Object.assign(Object.create(db) as Database.Database, {
      prepare: (sql: string) =>
        WRITES.test(sql) ? guardedStatement(prepare(sql), sql, life, write) : prepare(sql),
      // Through the database itself, which keeps its own BEGIN and COMMIT prepared.
      transaction: db.transaction.bind(db),
      close: () => undefined,
    });
  return {
    openFor: (opened, life, write) => fileOpener(() => opened(() => handFor(life, write))),
    undo() {
      if (db.inTransaction) db.exec('ROLLBACK');
    },
  };
}
