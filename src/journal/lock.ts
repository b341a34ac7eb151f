/** One process per data folder: the operating system's lock, which goes with the process however it ends. */
import Database from 'better-sqlite3';

/** Takes the lock and returns how to give it back; undefined: another process has it. @throws if it can't be written */
export function takeLock(path: string): (() => void) | undefined {
  const db = new Database(path, { timeout: 0 });
  try {
    // Held by the open transaction; nothing is ever written.
    db.exec('BEGIN EXCLUSIVE');
    return () => db.close();
  } catch (error) {
    db.close();
    if (error instanceof Database.SqliteError && error.code === 'SQLITE_BUSY') return undefined;
    throw error;
  }
}
