/**
 * The day's list on the counter's own disk: a file of its own, beside the journal and in no hash chain, so that a label
 * can be erased. What is erased is overwritten (secure_delete), and no log of it stays (journal_mode TRUNCATE).
 */
import Database from 'better-sqlite3';
import { AppError } from '../errors.ts';
import type { Stay } from './daycare.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS stays (
    id TEXT PRIMARY KEY, label TEXT, listed_on TEXT NOT NULL, cared_on TEXT NOT NULL, class TEXT NOT NULL, care TEXT,
    meals TEXT NOT NULL, arrived_at TEXT NOT NULL, planned_at TEXT, picked_up_at TEXT, sale_id TEXT
  ) STRICT;
`;

export interface StayStore {
  /** By day of care, then by arrival. */
  all(): Stay[];
  /** All of them or none; durable when it returns. */
  save(stays: readonly Stay[]): void;
  remove(ids: readonly string[]): void;
  close(): void;
}

interface Row {
  id: string;
  label: string | null;
  listed_on: string;
  cared_on: string;
  class: string;
  care: string | null;
  meals: string;
  arrived_at: string;
  planned_at: string | null;
  picked_up_at: string | null;
  sale_id: string | null;
}

/** @throws better-sqlite3's error where the file can't be used */
export function openStayStore(path: string): StayStore {
  const db = new Database(path, { timeout: 500 });
  try {
    db.pragma('locking_mode = EXCLUSIVE');
    db.pragma('journal_mode = TRUNCATE');
    db.pragma('synchronous = FULL');
    db.pragma('secure_delete = ON');
    db.exec(SCHEMA);
    return storeOn(db);
  } catch (cause) {
    db.close();
    throw cause;
  }
}

function storeOn(db: Database.Database): StayStore {
  const all = db.prepare('SELECT * FROM stays ORDER BY cared_on, arrived_at');
  const write = db.prepare('INSERT OR REPLACE INTO stays VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const erase = db.prepare('DELETE FROM stays WHERE id = ?');
  const save = db.transaction((stays: readonly Stay[]) => {
    for (const stay of stays) {
      const { id, label, listedOn, caredOn, care, meals, arrivedAt, plannedAt, pickedUpAt, saleId } = stay;
      const times = [arrivedAt, plannedAt, pickedUpAt];
      write.run(id, label, listedOn, caredOn, stay.class, care, JSON.stringify(meals), ...times, saleId);
    }
  });
  const remove = db.transaction((ids: readonly string[]) => ids.forEach((id) => erase.run(id)));
  return {
    all: () => unlessRefused(() => (all.all() as Row[]).map(stayOf)),
    save: (stays) => unlessRefused(() => save(stays)),
    remove: (ids) => unlessRefused(() => remove(ids)),
    close: () => db.close(),
  };
}

const stayOf = (row: Row): Stay => ({
  id: row.id,
  label: row.label,
  listedOn: row.listed_on,
  caredOn: row.cared_on,
  class: row.class,
  care: row.care,
  meals: JSON.parse(row.meals) as string[],
  arrivedAt: row.arrived_at,
  plannedAt: row.planned_at,
  pickedUpAt: row.picked_up_at,
  saleId: row.sale_id,
});

/** A disk's refusal is told without what was to be written. @throws AppError `daycare_unusable` */
function unlessRefused<T>(act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw cause instanceof Database.SqliteError ? new AppError('daycare_unusable', {}, { cause }) : cause;
  }
}
