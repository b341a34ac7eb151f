/**
 * START. The counter's journal: an append-only, hash-chained record in SQLite of what happened at this counter.
 *
 * `append` returns only when the event is on the disk (WAL with synchronous=FULL: one flush a commit). Nothing is
 * ever updated or deleted; states are folds of the events. One process holds a journal; SIGKILL frees it.
 */
import { maskCardNumbersIn } from '../card-mask.ts';
import { AppError } from '../errors.ts';
import { findBreak, type StoredEvent } from './audit.ts';
import { canonicalJson, chainHash, genesisHash } from './chain.ts';
import { JournalFault, fileOpener, unreadable, type JournalIdentity, type OpenFile } from './file.ts';
import type { EventRows } from './rows.ts';

export { JournalFault, type JournalIdentity, type OpenFile } from './file.ts';

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
  /** In place of the one before; durable when it returns. @throws AppError `journal_unwritable` if the disk refuses */
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
  open: OpenFile = fileOpener(),
): Journal {
  const { rows, journalId } = open(path, identity);
  try {
    const journal = journalOn(rows, journalId, identity, now);
    refuseBroken(path, findRecentBreak(journal));
    return journal;
  } catch (cause) {
    rows.close();
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

const eventOf = (event: StoredEvent): JournalEvent => ({
  ...event,
  payload: readPayload(event.payloadText),
});

/** @throws AppError `journal_unwritable` where the disk has garbled it */
function readPayload(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('journal_unwritable', {}, { cause });
  }
}

function journalOn(rows: EventRows, journalId: string, identity: JournalIdentity, now: () => Date): Journal {
  const genesis = genesisHash(journalId);
  const known: Known = { operations: new Set(rows.operationIds()), types: new Set(rows.types()) };
  const listeners: (() => void)[] = [];
  let head: Journal['head'] = rows.last() ?? { sequence: 0, hash: genesis, at: null };

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
      rows.insert([event, ...alarm]);
      for (const each of [event, ...alarm]) noteKnown(known, each);
      const { sequence, hash, at } = alarm[0] ?? event;
      head = { sequence, hash, at };
      for (const listener of listeners) listener();
      return event;
    },
    eventsOf: (operationId) =>
      known.operations.has(operationId) ? rows.ofOperation(operationId).map(eventOf) : [],
    eventsAfter: rows.after,
    eventsOfType: (type) => (known.types.has(type) ? rows.ofType(type).map(eventOf) : []),
    latestAfter: rows.latestAfter,
    hashAt: (sequence) => (sequence === 0 ? genesis : rows.hashAt(sequence)),
    countedOn: rows.countedOn,
    businessDatesFrom: (businessDate) => [...new Set(rows.businessDatesFrom(businessDate))].sort(),
    operations: rows.armed,
    onceAfter: (sequence) =>
      rows.onceAfter(sequence).map(({ operationId, keys }) => ({
        operationId,
        keys: JSON.parse(keys) as string[],
      })),
    reference() {
      const text = rows.reference();
      return text === undefined ? undefined : readPayload(text);
    },
    saveReference: (payload) => rows.saveReference(JSON.stringify(payload)),
    onRecorded: (listener) => void listeners.push(listener),
    close: rows.close,
  };
}

/** What there is anything of: most ids that are asked about are new, and need no look at the disk. */
interface Known {
  operations: Set<string>;
  /** Of the events that belong to no operation. */
  types: Set<string>;
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
