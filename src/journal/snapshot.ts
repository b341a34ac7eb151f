/**
 * A copy of a journal to read while the service writes. SQLite itself lets nobody else in (the service holds the file
 * for itself), but its files may be copied: first the database, then its write-ahead log. What a checkpoint moves from
 * the log into the database meanwhile stays in the log until that begins anew, and then its header changes: as long as
 * the header is the same before and after, database and log together are one moment's whole.
 */
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';

const ATTEMPTS = 20;
const LOG_HEADER_BYTES = 32;

export interface Snapshot {
  db: Database.Database;
  /** Takes the copy away. */
  close(): void;
}

/** @throws if there is no file, it is no database, or it never holds still */
export function openSnapshot(path: string): Snapshot {
  statSync(path);
  const folder = mkdtempSync(join(tmpdir(), 'madoguchi-verify-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const copy = join(folder, 'journal.sqlite');
    copyWhole(path, copy);
    const db = new Database(copy);
    return {
      db,
      close() {
        db.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

function copyWhole(path: string, copy: string): void {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const before = stateOf(path);
    rmSync(`${copy}-wal`, { force: true });
    copyFileSync(path, copy);
    if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${copy}-wal`);
    if (stateOf(path) === before) return;
  }
  throw new Error(`${path} was never still for as long as a copy takes`);
}

/** The log's header; without a log, when the database itself was last written. */
function stateOf(path: string): string {
  const log = `${path}-wal`;
  if (!existsSync(log) || statSync(log).size === 0) return `no log, ${statSync(path).mtimeMs}`;
  const header = Buffer.alloc(LOG_HEADER_BYTES);
  const file = openSync(log, 'r');
  try {
    readSync(file, header, 0, LOG_HEADER_BYTES, 0);
  } finally {
    closeSync(file);
  }
  return header.toString('hex');
}
