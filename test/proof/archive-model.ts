/**
 * The database port: what the drain needs of PostgreSQL, as a small model. The same suite holds it and the real server
 * to the same behaviour (archive.test.ts).
 */
import type { Archive, ArchiveTransaction } from '../../src/journal/archive.ts';
import type { StoredEvent } from '../../src/journal/audit.ts';
import type { Book } from '../../src/book.ts';

interface Known {
  municipality: string;
  counter: string;
  journalId: string;
  book: Book;
  status: 'active' | 'quarantined';
  head: { sequence: number; hash: string };
  events: StoredEvent[];
}

export interface ArchiveModel {
  /** A client's way to the server. */
  connect(onStatement?: OnStatement): Archive;
  /** The clients' connections break: what they had not committed is undone, and their locks are free. */
  cut(): void;
  /** The events of a journal as they have arrived, in the order of their numbers. */
  eventsOf(journalId: string): readonly StoredEvent[];
  /** The operations that were folded anew, oldest first. */
  readonly projected: readonly string[];
  /** How many transactions were kept. */
  readonly commits: number;
}

/** A statement is about to be run on the server; the promise rejects if the server can't be reached. */
type OnStatement = <T>(what: string, run: () => T) => Promise<T>;

const atOnce: OnStatement = (_, run) => Promise.resolve(run());

export function createArchiveModel(): ArchiveModel {
  let journals: Known[] = [];
  const projected: string[] = [];
  let lastInLine: Promise<unknown> = Promise.resolve();
  let commits = 0;

  /** Statements change a copy; the commit puts it in the original's place. */
  const transactionOn = (
    copy: Known[],
    folded: string[],
    own: Omit<Known, 'status' | 'head' | 'events'>,
    reach: OnStatement,
  ): ArchiveTransaction => {
    const find = (): Known | undefined => copy.find(({ journalId }) => journalId === own.journalId);
    const findOwn = (): Known => {
      const known = find();
      if (known === undefined) throw new Error('violates a foreign key');
      return known;
    };
    return {
      lockJournals: () =>
        reach('lock', () =>
          copy
            .filter(
              ({ municipality, counter }) => municipality === own.municipality && counter === own.counter,
            )
            .map(({ journalId, status, head }) => ({ journalId, status, head })),
        ),
      findOtherBook: () =>
        reach(
          'select',
          () =>
            copy.find(({ municipality, book }) => municipality === own.municipality && book !== own.book)
              ?.book,
        ),
      register: (head, status) =>
        reach('register', () => {
          const isTaken = copy.some(
            ({ municipality, counter, status: theirs }) =>
              municipality === own.municipality && counter === own.counter && theirs === 'active',
          );
          if (find() !== undefined || (status === 'active' && isTaken)) throw new Error('duplicate key');
          copy.push({ ...own, status, head, events: [] });
        }),
      insert: (events) =>
        reach('insert', () => {
          const known = findOwn();
          const newest = known.events.at(-1)?.sequence ?? 0;
          if (events.every(({ sequence }) => sequence > newest)) {
            known.events = known.events.concat(events);
            return;
          }
          const there = new Set(known.events.map(({ sequence }) => sequence));
          if (events.some(({ sequence }) => there.has(sequence))) throw new Error('duplicate key');
          known.events = [...known.events, ...events].sort((one, other) => one.sequence - other.sequence);
        }),
      moveHead: ({ sequence, hash }) =>
        reach('update', () => {
          findOwn().head = { sequence, hash };
        }),
      project: (operationIds) => reach('project', () => void folded.push(...operationIds)),
    };
  };

  const connect = (reach: OnStatement): Archive => ({
    transact({ municipality, counter, journalId, book }, act) {
      const run = async (): Promise<Awaited<ReturnType<typeof act>>> => {
        await reach('begin', () => undefined);
        const copy = journals.map((known) => ({ ...known }));
        const folded: string[] = [];
        const own = { municipality, counter, journalId, book };
        const result = await act(transactionOn(copy, folded, own, reach));
        await reach('commit', () => {
          journals = copy;
          commits += 1;
          projected.push(...folded);
        });
        return result;
      };
      // The lock on the counter's journals: one transaction after the other.
      const running = lastInLine.then(run);
      lastInLine = running.catch(() => undefined);
      return running;
    },
  });
  return {
    connect: (onStatement = atOnce) => connect(onStatement),
    cut() {
      lastInLine = Promise.resolve();
    },
    eventsOf: (id) => journals.find(({ journalId }) => journalId === id)?.events ?? [],
    get commits() {
      return commits;
    },
    get projected() {
      return projected;
    },
  };
}
