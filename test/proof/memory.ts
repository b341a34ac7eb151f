/**
 * The journal's rows in arrays: the same answers as SQLite's (src/journal/rows.ts), and the same effects in the same
 * order, for days on which it is not the disk that is looked at.
 */
import { randomUUID } from 'node:crypto';
import Database from 'better-sqlite3';
import type { StoredEvent } from '../../src/journal/audit.ts';
import { JournalFault } from '../../src/journal/journal.ts';
import { refusedByDisk, type EventRows } from '../../src/journal/rows.ts';
import type { Platter, Write } from './disk.ts';
import type { Life } from './life.ts';

interface Shelf {
  all: StoredEvent[];
  ofOperations: Map<string, StoredEvent[]>;
  ofTypes: Map<string, StoredEvent[]>;
  /** What has been read of payloads, which SQLite reads far quicker. */
  said: WeakMap<StoredEvent, Said>;
  reference: string | undefined;
}

interface Said {
  businessDate?: string | undefined;
  once?: unknown;
}

export function createMemory(): Platter {
  const shelf: Shelf = {
    ...{ all: [], ofOperations: new Map(), ofTypes: new Map() },
    ...{ said: new WeakMap(), reference: undefined },
  };
  let journalId: string | undefined;
  /** The one write of a start that makes the file. */
  const makeIdentity = (life: Life, write: Write): string => {
    try {
      return life.does('journal', 'write', () => write(() => randomUUID(), undefined) as string);
    } catch (cause) {
      throw cause instanceof Database.SqliteError
        ? new JournalFault('the disk refused the new journal', { cause })
        : cause;
    }
  };
  return {
    openFor: (opened, life, write) => () => {
      const rows = opened(() => rowsOn(shelf, life, write));
      journalId ??= makeIdentity(life, write);
      return { rows, journalId };
    },
    // An insertion has taken back what it did not finish.
    undo: () => undefined,
  };
}

function rowsOn(shelf: Shelf, life: Life, write: Write): EventRows {
  const { all } = shelf;
  const after = (sequence: number): StoredEvent[] => all.slice(placeAfter(all, sequence));
  const saying = (types: readonly string[], events: readonly StoredEvent[]) =>
    events
      .filter(({ type }) => types.includes(type))
      .map((event) => ({ operationId: event.operationId, ...saidIn(shelf, event) }));
  return {
    last: () => all.at(-1),
    insert: inserterOn(shelf, life, write),
    ofOperation: (operationId) => [...(shelf.ofOperations.get(operationId) ?? [])],
    after: (sequence, limit) => after(sequence).slice(0, limit),
    ofType: (type) => [...(shelf.ofTypes.get(type) ?? [])],
    hashAt(sequence) {
      const event = all[placeAfter(all, sequence) - 1];
      return event?.sequence === sequence ? event.hash : undefined;
    },
    latestAfter: (sequence) =>
      after(sequence).reduce<string | null>(
        (latest, { at }) => (latest !== null && latest > at ? latest : at),
        null,
      ),
    operationIds: () => [...shelf.ofOperations.keys()],
    types: () => [...shelf.ofTypes.keys()],
    countedOn: (businessDate) =>
      saying(['counted'], all).flatMap((event) =>
        event.businessDate === businessDate ? (event.operationId ?? []) : [],
      ),
    businessDatesFrom: (from) =>
      saying(['armed', 'counted'], all).flatMap(({ businessDate = '' }) =>
        businessDate >= from ? businessDate : [],
      ),
    armed: () => all.flatMap(({ type, operationId }) => (type === 'armed' ? (operationId ?? []) : [])),
    onceAfter: (sequence) =>
      saying(['armed', 'counted', 'corrected'], after(sequence)).flatMap(({ operationId, once }) =>
        once === undefined || operationId === null ? [] : { operationId, keys: JSON.stringify(once) },
      ),
    reference: () => shelf.reference,
    saveReference: (text) =>
      void life.does('journal', 'write', () => write(() => (shelf.reference = text), undefined)),
    close: () => undefined,
  };
}

function saidIn({ said }: Shelf, event: StoredEvent): Said {
  const known = said.get(event);
  if (known !== undefined) return known;
  const { businessDate, once } = JSON.parse(event.payloadText) as Said;
  said.set(event, { businessDate, once });
  return { businessDate, once };
}

/** Where the first event after a sequence stands: numbers have no gaps but behind a write that was torn. */
function placeAfter(all: readonly StoredEvent[], sequence: number): number {
  let place = Math.min(Math.max(sequence, 0), all.length);
  while (place > 0 && (all[place - 1]?.sequence ?? 0) > sequence) place -= 1;
  return place;
}

/** All of them, or none. */
function inserterOn(shelf: Shelf, life: Life, write: Write): EventRows['insert'] {
  return (events) => {
    const before = shelf.all.length;
    try {
      for (const event of events) {
        life.does('journal', `append ${event.type}`, () =>
          write(() => add(shelf, event), { ...event, payload: event.payloadText }),
        );
      }
    } catch (cause) {
      // A single one is its own transaction: what follows it undoes nothing.
      if (events.length > 1) while (shelf.all.length > before) takeBack(shelf);
      throw refusedByDisk(cause);
    }
  };
}

const placesOf = (
  { ofOperations, ofTypes }: Shelf,
  { operationId, type }: StoredEvent,
): [Map<string, StoredEvent[]>, string] =>
  operationId === null ? [ofTypes, type] : [ofOperations, operationId];

function add(shelf: Shelf, event: StoredEvent): void {
  if (event.sequence <= (shelf.all.at(-1)?.sequence ?? 0))
    throw new Database.SqliteError(
      'UNIQUE constraint failed: events.sequence',
      'SQLITE_CONSTRAINT_PRIMARYKEY',
    );
  // What is kept is what SQLite would: nothing of the object that it came in.
  const { sequence, at, type, operationId, payloadText, previousHash, hash } = event;
  const kept = { sequence, at, type, operationId, payloadText, previousHash, hash };
  shelf.all.push(kept);
  const [places, key] = placesOf(shelf, kept);
  const there = places.get(key);
  if (there === undefined) places.set(key, [kept]);
  else there.push(kept);
}

function takeBack(shelf: Shelf): void {
  const event = shelf.all.pop();
  if (event === undefined) return;
  const [places, key] = placesOf(shelf, event);
  const there = places.get(key);
  there?.pop();
  if (there?.length === 0) places.delete(key);
}
