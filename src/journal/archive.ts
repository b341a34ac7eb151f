/**
 * What a drain needs of PostgreSQL, and how PostgreSQL does it. Nothing here decides: drain.ts does.
 *
 * The proofs run the drain against a small model of this; one suite holds the model and the server to the same
 * behaviour (test/proof/archive.test.ts).
 */
import { sql, type Kysely, type Transaction } from 'kysely';
import type { Book } from '../book.ts';
import { selectRows } from '../db/rows.ts';
import type { Database } from '../db/schema.ts';
import type { Place, StoredEvent } from './audit.ts';
import type { JournalIdentity } from './journal.ts';

/** Whose journal the drained events are. */
export interface JournalKey {
  municipality: string;
  counter: string;
  journalId: string;
}

/** Called inside the drain's transaction, with the operations whose events have just arrived. */
export type Project = (trx: Transaction<Database>, key: JournalKey, operationIds: string[]) => Promise<void>;

/** A journal that the city knows of this counter. */
export interface KnownJournal {
  journalId: string;
  status: 'active' | 'quarantined';
  head: Place;
}

export interface ArchiveTransaction {
  /** The counter's journals; locked until the transaction ends, so that two services drain one after the other. */
  lockJournals(): Promise<KnownJournal[]>;
  /** Another kind of book that this municipality has a journal of; undefined: there is none. */
  findOtherBook(): Promise<Book | undefined>;
  register(head: Place, status: 'active' | 'quarantined'): Promise<void>;
  /** @throws if one of them is there already */
  insert(events: readonly StoredEvent[]): Promise<void>;
  moveHead(head: Place): Promise<void>;
  /** Folds these operations again. */
  project(operationIds: string[]): Promise<void>;
}

export interface Archive {
  /** All of it is kept, or nothing. @throws if the server can't be reached, or refuses */
  transact<T>(
    journal: JournalIdentity & { journalId: string },
    act: (trx: ArchiveTransaction) => Promise<T>,
  ): Promise<T>;
}

/** The archive in PostgreSQL; `project` makes the rows of each event in the event's own transaction. */
export function createArchive(db: Kysely<Database>, project: Project): Archive {
  return {
    transact: ({ municipality, counter, journalId, book }, act) =>
      db
        .transaction()
        .execute((trx) => act(transactionOn(trx, { municipality, counter, journalId }, book, project))),
  };
}

function transactionOn(
  trx: Transaction<Database>,
  key: JournalKey,
  book: Book,
  project: Project,
): ArchiveTransaction {
  const { municipality, counter, journalId } = key;
  return {
    async lockJournals() {
      const rows = await trx
        .selectFrom('journals')
        .selectAll()
        .where('municipality', '=', municipality)
        .where('counter', '=', counter)
        .orderBy('journal_id')
        .forUpdate()
        .execute();
      return rows.map((row) => ({
        journalId: row.journal_id,
        status: row.status,
        head: { sequence: row.head_sequence, hash: row.head_hash },
      }));
    },
    async findOtherBook() {
      const stranger = await trx
        .selectFrom('journals')
        .select('book')
        .where('municipality', '=', municipality)
        .where('book', '<>', book)
        .limit(1)
        .executeTakeFirst();
      return stranger?.book;
    },
    async register({ sequence, hash }, status) {
      const row = { municipality, counter, journal_id: journalId, book, status };
      await trx
        .insertInto('journals')
        .values({ ...row, head_sequence: sequence, head_hash: hash })
        .execute();
    },
    async insert(events) {
      await trx
        .insertInto('events')
        .columns(EVENT_COLUMNS)
        .expression(
          selectRows('events', EVENT_COLUMNS, `[${events.map((event) => eventRow(key, event)).join(',')}]`),
        )
        .execute();
    },
    async moveHead({ sequence, hash }) {
      await trx
        .updateTable('journals')
        .set({ head_sequence: sequence, head_hash: hash, drained_at: sql`now()` })
        .where('journal_id', '=', journalId)
        .execute();
    },
    project: (operationIds) => project(trx, key, operationIds),
  };
}

const EVENT_COLUMNS = [
  ...(['municipality', 'counter', 'journal_id', 'sequence', 'at', 'type', 'operation_id'] as const),
  ...(['payload', 'previous_hash', 'hash'] as const),
];

/** As JSON; the payload as the very text that was hashed. */
function eventRow({ municipality, counter, journalId }: JournalKey, event: StoredEvent): string {
  const { sequence, at, type, operationId: operation_id, previousHash: previous_hash, hash } = event;
  const rest = {
    municipality,
    counter,
    journal_id: journalId,
    sequence,
    at,
    type,
    operation_id,
    previous_hash,
    hash,
  };
  return `{"payload":${event.payloadText},${JSON.stringify(rest).slice(1)}`;
}
