/**
 * The journal port: SQLite in memory, under the real journal code. What a commit has made durable survives the
 * process; everything else goes with it. The disk can be full, and a flush can fail.
 */
import Database from 'better-sqlite3';
import type { OpenSqlite } from '../../src/journal/journal.ts';
import type { Committed } from './judge.ts';
import type { Life } from './life.ts';

export interface Disk {
  /** `full`: nothing can be written. `flush`: the next write is refused, and yet on the disk after a power cut. */
  fault: 'none' | 'full' | 'flush';
  openFor(life: Life): OpenSqlite;
  /** The process is gone: what it had committed stays. */
  letGo(): void;
}

const WRITES = /^\s*(INSERT|UPDATE|DELETE)/i;
const EVENT = /^\s*INSERT (OR \w+ )?INTO events/i;

/** A database whose writes are effects of a process. @param write does one, or refuses it */
export function guardedSqlite(
  db: Database.Database,
  life: Life,
  write: (act: () => unknown, event: Committed | undefined) => unknown = (act) => act(),
): Database.Database {
  const prepare = db.prepare.bind(db);
  const guardedPrepare = (sql: string): Database.Statement => {
    const statement = prepare(sql);
    if (!WRITES.test(sql)) return statement;
    const run = statement.run.bind(statement);
    const isOfEvent = EVENT.test(sql);
    return Object.assign(statement, {
      run(...values: unknown[]) {
        const event = isOfEvent ? eventOf(values) : undefined;
        const what = event === undefined ? 'write' : `append ${event.type}`;
        return life.does('journal', what, () => write(() => run(...values), event));
      },
    });
  };
  return Object.assign(db, { prepare: guardedPrepare });
}

function eventOf(values: unknown[]): Committed {
  const [sequence, at, type, operationId, payload, , hash] = values;
  return { sequence, at, type, operationId, payload, hash } as Committed;
}

/** @param onCommit told of each event that has become durable */
export function createDisk(onCommit: (event: Committed) => void): Disk {
  let image: Buffer | undefined;
  let open: Database.Database | undefined;
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
      torn = () => void commit();
      refuse('SQLITE_IOERR_FSYNC', 'disk I/O error');
    }
    torn = undefined;
    return commit();
  };
  const disk: Disk = {
    fault: 'none',
    openFor: (life) => () =>
      life.does('journal', 'open', () => {
        open = new Database(image ?? ':memory:');
        return guardedSqlite(open, life, write);
      }),
    letGo() {
      if (open?.open !== true) return;
      // Inside of a transaction nothing is committed yet.
      if (open.inTransaction) open.exec('ROLLBACK');
      torn?.();
      torn = undefined;
      image = open.serialize();
      open.close();
      open = undefined;
    },
  };
  return disk;
}
