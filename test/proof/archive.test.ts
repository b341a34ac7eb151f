/** One suite for the drain's way to PostgreSQL: the model that the proofs use, and the real server. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { createArchive, type Archive, type KnownJournal } from '../../src/journal/archive.ts';
import type { StoredEvent } from '../../src/journal/audit.ts';
import { openJournal, type Journal } from '../../src/journal/journal.ts';
import { projectPayments } from '../../src/payments/projection.ts';
import { makeFolder } from '../support/folder.ts';
import { openTestDatabase } from '../support/postgres.ts';
import { armedSale } from '../support/sale.ts';
import { createArchiveModel } from './archive-model.ts';
import { IDENTITY } from './counter.ts';

/** One of the two, and what has arrived there. */
interface Subject {
  /** A client's way to it. */
  connect: () => Archive;
  arrived: (journalId: string) => Promise<{ sequence: number; hash: string }[]>;
  /** The operations that were folded. */
  projected: () => Promise<string[]>;
}

const SUBJECTS: Record<string, (t: TestContext) => Promise<Subject>> = {
  'the model': () => {
    const model = createArchiveModel();
    return Promise.resolve({
      connect: () => model.connect(),
      arrived: (id) => Promise.resolve(model.eventsOf(id).map(({ sequence, hash }) => ({ sequence, hash }))),
      projected: () => Promise.resolve([...new Set(model.projected)].sort()),
    });
  },
  PostgreSQL: async (t) => {
    const { db, openAnother } = await openTestDatabase(t);
    return {
      connect: () => createArchive(openAnother(), projectPayments),
      arrived: (id) =>
        db
          .selectFrom('events')
          .select(['sequence', 'hash'])
          .where('journal_id', '=', id)
          .orderBy('sequence')
          .execute(),
      async projected() {
        const rows = await db.selectFrom('payments').select('operation_id').orderBy('operation_id').execute();
        return rows.map((row) => row.operation_id);
      },
    };
  },
};

/** A journal with one armed sale behind its first event. */
function openOne(t: TestContext, operationId: string, change: Partial<typeof IDENTITY> = {}): Journal {
  const now = (): Date => new Date('2026-11-24T00:42:00.000Z');
  const journal = openJournal(join(makeFolder(t), 'journal.sqlite'), { ...IDENTITY, ...change }, now);
  t.after(() => journal.close());
  journal.append('journal_opened', null, { book: journal.book });
  journal.append('armed', operationId, armedSale());
  return journal;
}

const eventsOf = (journal: Journal): StoredEvent[] => journal.eventsAfter(0, journal.head.sequence);
const placesOf = (journal: Journal): { sequence: number; hash: string }[] =>
  eventsOf(journal).map(({ sequence, hash }) => ({ sequence, hash }));
const beginning = (journal: Journal): { sequence: number; hash: string } => ({
  sequence: 0,
  hash: journal.hashAt(0) ?? '',
});

/** All of a journal in one transaction. */
function send(archive: Archive, journal: Journal): Promise<void> {
  return archive.transact(journal, async (trx) => {
    await trx.lockJournals();
    await trx.register(beginning(journal), 'active');
    await trx.insert(eventsOf(journal));
    await trx.moveHead(journal.head);
    await trx.project(['op-1']);
  });
}

const known = (archive: Archive, journal: Journal): Promise<KnownJournal[]> =>
  archive.transact(journal, (trx) => trx.lockJournals());

for (const [name, open] of Object.entries(SUBJECTS)) {
  describe(`the drain's protocol on ${name}`, () => {
    test('what a transaction has sent is there once it is over, head and projection too', async (t) => {
      const subject = await open(t);
      const archive = subject.connect();
      const journal = openOne(t, 'op-1');
      assert.deepEqual(await known(archive, journal), []);
      await send(archive, journal);
      const { sequence, hash } = journal.head;
      const own = { journalId: journal.journalId, status: 'active', head: { sequence, hash } };
      assert.deepEqual(await known(subject.connect(), journal), [own]);
      assert.deepEqual(await subject.arrived(journal.journalId), placesOf(journal));
      assert.deepEqual(await subject.projected(), ['op-1']);
    });

    test('a transaction that fails at its very end has changed nothing', async (t) => {
      const subject = await open(t);
      const archive = subject.connect();
      const journal = openOne(t, 'op-1');
      const failing = archive.transact(journal, async (trx) => {
        await trx.register(beginning(journal), 'active');
        await trx.insert(eventsOf(journal));
        await trx.moveHead(journal.head);
        await trx.project(['op-1']);
        throw new Error('at the last moment');
      });
      await assert.rejects(failing, /at the last moment/);
      assert.deepEqual(await known(archive, journal), []);
      assert.deepEqual(await subject.arrived(journal.journalId), []);
      assert.deepEqual(await subject.projected(), []);
    });

    test('an event that is there already is refused, with all that came along', async (t) => {
      const subject = await open(t);
      const archive = subject.connect();
      const journal = openOne(t, 'op-1');
      await send(archive, journal);
      const before = placesOf(journal);
      journal.append('cancel_requested', 'op-1', { clerk: '市民 花子' });
      await assert.rejects(archive.transact(journal, (trx) => trx.insert(eventsOf(journal))));
      assert.deepEqual(await subject.arrived(journal.journalId), before);
    });

    test('events of a journal that was never registered are refused', async (t) => {
      const subject = await open(t);
      const journal = openOne(t, 'op-1');
      await assert.rejects(subject.connect().transact(journal, (trx) => trx.insert(eventsOf(journal))));
      assert.deepEqual(await subject.arrived(journal.journalId), []);
    });

    test('a counter has one active journal; another can be set apart', async (t) => {
      const subject = await open(t);
      const archive = subject.connect();
      const [first, second] = [openOne(t, 'op-1'), openOne(t, 'op-1')];
      await send(archive, first);
      await assert.rejects(
        archive.transact(second, (trx) => trx.register(beginning(second), 'active')),
        'a second active one',
      );
      await archive.transact(second, (trx) => trx.register(beginning(second), 'quarantined'));
      const statuses = (await known(archive, first)).map(({ status }) => status).sort();
      assert.deepEqual(statuses, ['active', 'quarantined']);
    });

    test('another counter’s journals are not shown; another book of the municipality is', async (t) => {
      const subject = await open(t);
      const archive = subject.connect();
      await send(archive, openOne(t, 'op-1'));
      const other = openOne(t, 'op-2', { counter: '02' as '01' });
      assert.deepEqual(await known(archive, other), []);
      assert.equal(await archive.transact(other, (trx) => trx.findOtherBook()), undefined);
      const live = openOne(t, 'op-3', { counter: '03' as '01', book: 'live' as 'trial' });
      assert.equal(await archive.transact(live, (trx) => trx.findOtherBook()), 'trial');
    });

    test('two services drain one after the other: who waits for the lock sees what the first has done', async (t) => {
      const subject = await open(t);
      const journal = openOne(t, 'op-1');
      await send(subject.connect(), journal);
      journal.append('cancel_requested', 'op-1', { clerk: '市民 花子' });
      const isLocked = Promise.withResolvers<void>();
      const mayGoOn = Promise.withResolvers<void>();
      const first = subject.connect().transact(journal, async (trx) => {
        const [own] = await trx.lockJournals();
        isLocked.resolve();
        await mayGoOn.promise;
        await trx.insert(journal.eventsAfter(own?.head.sequence ?? 0, 10));
        await trx.moveHead(journal.head);
      });
      await isLocked.promise;
      const second = subject.connect().transact(journal, (trx) => trx.lockJournals());
      mayGoOn.resolve();
      await first;
      assert.equal((await second)[0]?.head.sequence, journal.head.sequence);
      assert.deepEqual(await subject.arrived(journal.journalId), placesOf(journal));
    });
  });
}
