/** What the journal asks of SQLite: rows in and rows out, and nothing of what they mean. */
import Database from 'better-sqlite3';
import { AppError } from '../errors.ts';
import type { StoredEvent } from './audit.ts';

/**
 * Where a journal's events are. Every call but `close` throws AppError `journal_unwritable` if the disk refuses, or
 * gives back what can't be right.
 */
export interface EventRows {
  /** The newest. */
  last(): Pick<StoredEvent, 'sequence' | 'hash' | 'at'> | undefined;
  /** All of them with one flush, or none; durable when it returns. */
  insert(events: readonly StoredEvent[]): void;
  ofOperation(operationId: string): StoredEvent[];
  /** At most so many after a sequence. */
  after: (sequence: number, limit: number) => StoredEvent[];
  /** Those that belong to no operation. */
  ofType(type: string): StoredEvent[];
  hashAt(sequence: number): string | undefined;
  /** The newest instant after a sequence. */
  latestAfter: (sequence: number) => string | null;
  /** The ids of all operations there are events of, in no order. */
  operationIds(): string[];
  /** The types of the events that belong to no operation, in no order. */
  types(): string[];
  countedOn: (businessDate: string) => string[];
  /** In no order. */
  businessDatesFrom(businessDate: string): string[];
  /** The ids of all that were armed, oldest first. */
  armed: () => string[];
  /** `once` of what was armed, counted or corrected after a sequence, as JSON, oldest first. */
  onceAfter(sequence: number): { operationId: string; keys: string }[];
  /** The snapshot of the reference data, as JSON. */
  reference(): string | undefined;
  saveReference(text: string): void;
  close: () => void;
}

const COLUMNS = 'sequence, at, type, operation_id, payload, previous_hash, hash';
/** In the order of `COLUMNS`: as arrays rows are read quicker than as objects. */
type EventRow = [number, string, string, string | null, string, string, string];

function storedEvent(row: EventRow): StoredEvent {
  const [sequence, at, type, operationId, payloadText, previousHash, hash] = row;
  return { sequence, at, type, operationId, payloadText, previousHash, hash };
}

/** A question, prepared when it is first asked: a start needs few of them. */
type Question = (...values: unknown[]) => unknown[];

function questionOf(prepare: () => Database.Statement): Question {
  let prepared: Database.Statement | undefined;
  return (...values) =>
    onDisk(() => {
      prepared ??= prepare();
      return prepared.all(...values);
    });
}

/** The rows of a journal's file that is open. */
export function rowsIn(db: Database.Database): EventRows {
  const events = (rest: string): ((...values: unknown[]) => StoredEvent[]) => {
    const ask = questionOf(() => db.prepare(`SELECT ${COLUMNS} FROM events WHERE ${rest}`).raw());
    return (...values) => (ask(...values) as EventRow[]).map(storedEvent);
  };
  const valuesOf = (what: string, rest: string): Question =>
    questionOf(() => db.prepare(`SELECT ${what} FROM events WHERE ${rest}`).pluck());
  const last = questionOf(() =>
    db.prepare('SELECT sequence, hash, at FROM events ORDER BY sequence DESC LIMIT 1'),
  );
  const hash = valuesOf('hash', 'sequence = ?');
  const latest = valuesOf('max(at)', 'sequence > ?');
  return {
    last: () => last()[0] as ReturnType<EventRows['last']>,
    insert: writerOn(db),
    ofOperation: events('operation_id = ? ORDER BY sequence'),
    after: events('sequence > ? ORDER BY sequence LIMIT ?'),
    ofType: events('operation_id IS NULL AND type = ? ORDER BY sequence'),
    hashAt: (sequence) => hash(sequence)[0] as string | undefined,
    latestAfter: (sequence) => latest(sequence)[0] as string | null,
    operationIds: valuesOf('DISTINCT operation_id', 'operation_id IS NOT NULL') as () => string[],
    types: valuesOf('DISTINCT type', 'operation_id IS NULL') as () => string[],
    ...operationsIn(valuesOf),
    ...referenceOn(db),
    close: () => db.close(),
  };
}

function writerOn(db: Database.Database): EventRows['insert'] {
  const insert = db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)');
  const one = ({ sequence, at, type, operationId, payloadText, previousHash, hash }: StoredEvent): void =>
    void insert.run(sequence, at, type, operationId, payloadText, previousHash, hash);
  const several = db.transaction((events: readonly StoredEvent[]) => events.forEach(one));
  return (events) =>
    onDisk(() => {
      // A single insert is its own transaction, and quicker.
      if (events.length === 1 && events[0] !== undefined) one(events[0]);
      else several(events);
    });
}

function operationsIn(
  valuesOf: (what: string, rest: string) => Question,
): Pick<EventRows, 'countedOn' | 'businessDatesFrom' | 'armed' | 'onceAfter'> {
  const counted = valuesOf(
    'operation_id',
    "type = 'counted' AND payload ->> 'businessDate' = ? ORDER BY sequence",
  );
  const datesOf = (type: string): Question =>
    valuesOf("DISTINCT payload ->> 'businessDate'", `type = '${type}' AND payload ->> 'businessDate' >= ?`);
  const dates = [datesOf('armed'), datesOf('counted')];
  const all = valuesOf('operation_id', "type = 'armed' ORDER BY sequence");
  const once = valuesOf(
    "json_array(operation_id, payload ->> '$.once')",
    "sequence > ? AND type IN ('armed', 'counted', 'corrected') AND payload ->> '$.once' IS NOT NULL ORDER BY sequence",
  );
  return {
    countedOn: (businessDate) => counted(businessDate) as string[],
    businessDatesFrom: (businessDate) => dates.flatMap((each) => each(businessDate) as string[]),
    armed: () => all() as string[],
    onceAfter: (sequence) =>
      (once(sequence) as string[]).map((pair) => {
        const [operationId, keys] = JSON.parse(pair) as [string, string];
        return { operationId, keys };
      }),
  };
}

function referenceOn(db: Database.Database): Pick<EventRows, 'reference' | 'saveReference'> {
  const read = questionOf(() => db.prepare('SELECT payload FROM reference').pluck());
  const save =
    'INSERT INTO reference VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET payload = excluded.payload';
  return {
    reference: () => read()[0] as string | undefined,
    saveReference: (text) => void onDisk(() => db.prepare(save).run(text)),
  };
}

/** @throws AppError `journal_unwritable` if the disk refuses */
function onDisk<T>(act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw refusedByDisk(cause);
  }
}

/** What a disk's refusal is to whoever asked: the journal can't be had now, in plain words; or the bug that it is. */
export function refusedByDisk(cause: unknown): unknown {
  return cause instanceof Database.SqliteError ? new AppError('journal_unwritable', {}, { cause }) : cause;
}
