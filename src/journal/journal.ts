/**
 * START. The counter's journal: an append-only, hash-chained record in SQLite of what happened at this counter.
 *
 * `append` returns only when the event is on the disk (WAL with synchronous=FULL: one flush a commit). Nothing is
 * ever updated or deleted; states are folds of the events. One process holds a journal; SIGKILL frees it.
 */
import type Database from 'better-sqlite3';
import { maskCardNumbersIn } from '../card-mask.ts';
import { AppError } from '../errors.ts';
import { findBreak, type StoredEvent } from './audit.ts';
import { canonicalJson, chainHash, genesisHash } from './chain.ts';
import {
  JournalFault,
  openFile,
  openSqlite,
  refusedByDisk,
  unreadable,
  type JournalIdentity,
  type OpenSqlite,
} from './file.ts';

export { JournalFault, type Book, type JournalIdentity, type OpenSqlite } from './file.ts';

/** An event, and what its payload says. */
export interface JournalEvent extends StoredEvent {
  payload: unknown;
}

export interface Journal extends JournalIdentity {
  /** Random per file: a second journal under the same counter is told apart by it. */
  readonly journalId: string;
  /** The newest event; `at` is null and `sequence` 0 before the first. */
  readonly head: { sequence: number; hash: string; at: string | null };
  /**
   * Durable when it returns. A card number in any of its texts is masked before it is written, and an event of its own
   * (`card_data_masked`) raises the alarm: the event is what is returned, not what was given.
   * @param check sees the event before it is written; what it throws keeps the event from being made
   * @throws AppError `journal_unwritable` if the disk refuses; the event then counts as never made, and the next takes
   *   its number
   */
  append(
    type: string,
    operationId: string | null,
    payload: object,
    check?: (event: JournalEvent) => void,
  ): JournalEvent;
  eventsOf(operationId: string): JournalEvent[];
  /** Ids of the operations counted without a terminal on a business date, oldest first. */
  countedOn(businessDate: string): string[];
  /** The business dates from one on, on which something was armed or counted, oldest first. */
  businessDatesFrom(businessDate: string): string[];
  /** Every operation's id, oldest first. */
  operations(): string[];
  /** At most so many events after a sequence, as they are stored. */
  eventsAfter(sequence: number, limit: number): StoredEvent[];
  /** What the sales after a sequence use up (`once` in their first event, and where they are corrected), oldest first. */
  onceAfter(sequence: number): { operationId: string; keys: string[] }[];
  /** Events of a type that belong to no operation, oldest first. */
  eventsOfType(type: string): JournalEvent[];
  /** The newest instant of the events after a sequence, which need not be the last one's; null: there is none. */
  latestAfter(sequence: number): string | null;
  /** The hash of the event at a sequence; 0 is the genesis. Undefined: there is no such event. */
  hashAt(sequence: number): string | undefined;
  /** The snapshot of the reference data that the counter works from; undefined before the first pull. */
  reference(): unknown;
  saveReference(payload: unknown): void;
  /** Tells of everything that is recorded, as soon as it is on the disk, for as long as the journal is open. */
  onRecorded(listener: () => void): void;
  close(): void;
}

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
  const { db, journalId } = openFile(path, identity, open);
  try {
    const journal = journalOn(db, journalId, identity, now);
    refuseBroken(path, findRecentBreak(journal));
    return journal;
  } catch (cause) {
    db.close();
    throw cause instanceof AppError ? new JournalFault(unreadable(path, cause.cause), { cause }) : cause;
  }
}

function refuseBroken(path: string, broken: number | undefined): void {
  if (broken === undefined) return;
  throw new JournalFault(
    `${path} の ${broken}番目の記録が、前の記録とつながりません。書き換えられたか、壊れています。会計は始めていません。` +
      `ファイルは変えずに残し、管理者に連絡してください（npm run verify-journal で調べられます） / ` +
      `event ${broken} does not follow the one before it: edited or damaged. Nothing was changed; see npm run verify-journal.`,
  );
}

const CHECKED_AT_ONCE = 1_000;

/** Since the last closing: what is older has been looked at before, and all of it by verify-journal. */
function findRecentBreak(journal: Journal): number | undefined {
  let sequence = journal.eventsOfType('closed').at(-1)?.sequence ?? 0;
  for (;;) {
    const events = journal.eventsAfter(sequence, CHECKED_AT_ONCE);
    const newest = events.at(-1);
    if (newest === undefined) return undefined;
    const broken = findBreak({ sequence, hash: journal.hashAt(sequence) ?? '' }, events);
    if (broken !== undefined) return broken;
    ({ sequence } = newest);
  }
}

const COLUMNS = 'sequence, at, type, operation_id, payload, previous_hash, hash';
/** In the order of `COLUMNS`: as arrays rows are read quicker than as objects. */
type EventRow = [number, string, string, string | null, string, string, string];

function storedEvent(row: EventRow): StoredEvent {
  const [sequence, at, type, operationId, payloadText, previousHash, hash] = row;
  return { sequence, at, type, operationId, payloadText, previousHash, hash };
}

function eventOf(row: EventRow): JournalEvent {
  const event = storedEvent(row);
  return { ...event, payload: readPayload(event.payloadText) };
}

/** @throws AppError `journal_unwritable` where the disk has garbled it */
function readPayload(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('journal_unwritable', {}, { cause });
  }
}

/** Prepared when it is first asked for: a start needs few of them. */
type Lazy = () => Database.Statement;

function lazily(prepare: () => Database.Statement): Lazy {
  let prepared: Database.Statement | undefined;
  return () => (prepared ??= prepare());
}

/** @throws AppError `journal_unwritable` if the disk refuses, or gives back what can't be right */
function allOf(statement: Lazy, ...values: unknown[]): unknown[] {
  try {
    return statement().all(...values);
  } catch (cause) {
    throw refusedByDisk(cause);
  }
}

function journalOn(
  db: Database.Database,
  journalId: string,
  identity: JournalIdentity,
  now: () => Date,
): Journal {
  const events = (rest: string): Lazy =>
    lazily(() => db.prepare(`SELECT ${COLUMNS} FROM events WHERE ${rest}`).raw());
  const ofOperation = events('operation_id = ? ORDER BY sequence');
  const after = events('sequence > ? ORDER BY sequence LIMIT ?');
  const ofType = events('operation_id IS NULL AND type = ? ORDER BY sequence');
  const valuesOf = (what: string, rest: string): Lazy =>
    lazily(() => db.prepare(`SELECT ${what} FROM events WHERE ${rest}`).pluck());
  const hash = valuesOf('hash', 'sequence = ?');
  const latest = valuesOf('max(at)', 'sequence > ?');
  const last = db.prepare('SELECT sequence, hash, at FROM events ORDER BY sequence DESC LIMIT 1');
  const genesis = genesisHash(journalId);
  const known = knownOn(db);
  const write = writerOn(db);
  const listeners: (() => void)[] = [];
  let head = (last.get() as Journal['head'] | undefined) ?? { sequence: 0, hash: genesis, at: null };

  return {
    ...identity,
    journalId,
    get head() {
      return head;
    },
    append(type, operationId, payload, check) {
      const kept = maskCardNumbersIn(payload, isNoCardNumber);
      const instant = now();
      const event = follow(head, instant, type, operationId, kept);
      check?.(event);
      const alarm =
        kept === payload ? [] : [follow(event, instant, ALARM, null, { sequence: event.sequence })];
      try {
        write([event, ...alarm]);
      } catch (cause) {
        throw refusedByDisk(cause);
      }
      for (const each of [event, ...alarm]) noteKnown(known, each);
      const { sequence, hash, at } = alarm[0] ?? event;
      head = { sequence, hash, at };
      for (const listener of listeners) listener();
      return event;
    },
    eventsOf: (operationId) =>
      known.operations.has(operationId) ? (allOf(ofOperation, operationId) as EventRow[]).map(eventOf) : [],
    eventsAfter: (sequence, limit) => (allOf(after, sequence, limit) as EventRow[]).map(storedEvent),
    eventsOfType: (type) => (known.types.has(type) ? (allOf(ofType, type) as EventRow[]).map(eventOf) : []),
    latestAfter: (sequence) => allOf(latest, sequence)[0] as string | null,
    hashAt: (sequence) => (sequence === 0 ? genesis : (allOf(hash, sequence)[0] as string | undefined)),
    ...operationsIn(db),
    ...onceOn(db),
    ...referenceOn(db),
    onRecorded: (listener) => void listeners.push(listener),
    close: () => db.close(),
  };
}

/** What there is anything of: most ids that are asked about are new, and need no look at the disk. */
interface Known {
  operations: Set<string>;
  /** Of the events that belong to no operation. */
  types: Set<string>;
}

function knownOn(db: Database.Database): Known {
  const select = (what: string, of: string): Set<string> =>
    new Set(
      allOf(
        lazily(() => db.prepare(`SELECT DISTINCT ${what} FROM events WHERE operation_id IS ${of}`).pluck()),
      ) as string[],
    );
  return { operations: select('operation_id', 'NOT NULL'), types: select('type', 'NULL') };
}

function noteKnown({ operations, types }: Known, { operationId, type }: JournalEvent): void {
  if (operationId === null) types.add(type);
  else operations.add(operationId);
}

/** A card number came as far as the journal, and was masked there. */
const ALARM = 'card_data_masked';

/**
 * A terminal's message in hex: what in it is a card number only its driver knows, and has masked. And the city's own
 * number on its invoices: 13 digits, one in ten of which passes Luhn.
 */
const isNoCardNumber = (name: string): boolean => name === 'raw' || name === 'registrationNumber';

/** The event that would stand behind `before`. */
function follow(
  before: Pick<JournalEvent, 'sequence' | 'hash'>,
  now: Date,
  type: string,
  operationId: string | null,
  payload: object,
): JournalEvent {
  const [sequence, at] = [before.sequence + 1, now.toISOString()];
  const payloadText = canonicalJson(payload);
  const hash = chainHash(before.hash, { sequence, at, type, operationId }, payloadText);
  return { sequence, at, type, operationId, payload, payloadText, previousHash: before.hash, hash };
}

/** All of them with one flush, or none. */
function writerOn(db: Database.Database): (events: readonly JournalEvent[]) => void {
  const insert = db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)');
  const one = ({ sequence, at, type, operationId, payloadText, previousHash, hash }: JournalEvent): void =>
    void insert.run(sequence, at, type, operationId, payloadText, previousHash, hash);
  const several = db.transaction((events: readonly JournalEvent[]) => events.forEach(one));
  // A single insert is its own transaction, and quicker.
  return (events) => (events.length === 1 && events[0] !== undefined ? one(events[0]) : several(events));
}

function operationsIn(
  db: Database.Database,
): Pick<Journal, 'countedOn' | 'businessDatesFrom' | 'operations'> {
  const valuesOf = (what: string, rest: string): Lazy =>
    lazily(() => db.prepare(`SELECT ${what} FROM events WHERE ${rest}`).pluck());
  const counted = valuesOf(
    'operation_id',
    "type = 'counted' AND payload ->> 'businessDate' = ? ORDER BY sequence",
  );
  const datesOf = (type: string): Lazy =>
    valuesOf("DISTINCT payload ->> 'businessDate'", `type = '${type}' AND payload ->> 'businessDate' >= ?`);
  const dates = [datesOf('armed'), datesOf('counted')];
  const all = valuesOf('operation_id', "type = 'armed' ORDER BY sequence");
  return {
    countedOn: (businessDate) => allOf(counted, businessDate) as string[],
    businessDatesFrom: (businessDate) =>
      [...new Set(dates.flatMap((each) => allOf(each, businessDate) as string[]))].sort(),
    operations: () => allOf(all) as string[],
  };
}

function onceOn(db: Database.Database): Pick<Journal, 'onceAfter'> {
  const after = lazily(() =>
    db.prepare(
      `SELECT operation_id AS operationId, payload ->> '$.once' AS keys FROM events
       WHERE sequence > ? AND type IN ('armed', 'counted', 'corrected') AND payload ->> '$.once' IS NOT NULL ORDER BY sequence`,
    ),
  );
  return {
    onceAfter: (sequence) =>
      (allOf(after, sequence) as { operationId: string; keys: string }[]).map(({ operationId, keys }) => ({
        operationId,
        keys: JSON.parse(keys) as string[],
      })),
  };
}

function referenceOn(db: Database.Database): Pick<Journal, 'reference' | 'saveReference'> {
  const read = lazily(() => db.prepare('SELECT payload FROM reference').pluck());
  const save = lazily(() =>
    db.prepare(
      'INSERT INTO reference VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET payload = excluded.payload',
    ),
  );
  return {
    reference() {
      const text = read().get() as string | undefined;
      return text === undefined ? undefined : (JSON.parse(text) as unknown);
    },
    saveReference: (payload) => void save().run(JSON.stringify(payload)),
  };
}
