/** The way up to PostgreSQL: everything once, whatever breaks on the way. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { test, type TestContext } from 'node:test';
import type { Kysely } from 'kysely';
import { createRandom } from '../../scripts/virtual/random.ts';
import { openDb } from '../../src/db/db.ts';
import type { Database } from '../../src/db/schema.ts';
import { createArchive, type Archive } from '../../src/journal/archive.ts';
import { createDrain, keepDraining } from '../../src/journal/drain.ts';
import type { Journal } from '../../src/journal/journal.ts';
import { projectPayments } from '../../src/payments/projection.ts';
import { makeFolder } from '../support/folder.ts';
import { openGate } from '../support/gate.ts';
import { MUNICIPALITY, openTestDatabase } from '../support/postgres.ts';
import { drainAll, open, sell } from './drain-all.ts';
import { NOW, openWithDb } from './with-db.ts';

/** Many events with one flush: what is proved here is the way up, not the disk. */
function openFull(t: TestContext, events: number): Journal {
  const { journal, db: file } = openWithDb(t);
  file.exec('BEGIN');
  journal.append('journal_opened', null, { book: 'trial' });
  while (journal.head.sequence < events) sell(journal, `op-${journal.head.sequence}`);
  file.exec('COMMIT');
  return journal;
}

async function assertArrivedOnce(db: Kysely<Database>, journal: Journal): Promise<void> {
  const events = await db
    .selectFrom('events')
    .select(['sequence', 'hash', 'payload'])
    .orderBy('sequence')
    .execute();
  const own = journal.eventsAfter(0, journal.head.sequence).map(({ sequence, hash, payloadText }) => ({
    sequence,
    hash,
    payload: JSON.parse(payloadText) as unknown,
  }));
  assert.deepEqual(events, own);
  const head = await db
    .selectFrom('journals')
    .select(['head_sequence', 'head_hash'])
    .executeTakeFirstOrThrow();
  assert.deepEqual(head, { head_sequence: journal.head.sequence, head_hash: journal.head.hash });
  const payments = await db
    .selectFrom('payments')
    .select(['operation_id', 'state', 'last_sequence'])
    .execute();
  assert.equal(payments.length, journal.operations().length);
  for (const { operation_id, state, last_sequence } of payments) {
    assert.equal(state, 'approved');
    assert.equal(last_sequence, journal.eventsOf(operation_id).at(-1)?.sequence);
  }
}

test('whatever is recorded arrives without anybody asking for it, and what is recorded in one go arrives together', async (t) => {
  const { db } = await openTestDatabase(t);
  const journal = open(join(makeFolder(t), 'journal.sqlite'));
  t.after(() => journal.close());
  journal.append('journal_opened', null, { book: 'trial' });
  const heads: number[] = [];
  const real = createArchive(db, projectPayments);
  const archive: Archive = {
    transact(IDENTITY, act) {
      heads.push(journal.head.sequence);
      return real.transact(IDENTITY, act);
    },
  };
  let onSynced = (): void => undefined;
  const synced = (): Promise<void> =>
    new Promise((resolve) => {
      onSynced = resolve;
    });
  const drain = createDrain({
    journal,
    archive,
    now: NOW,
    onStatus({ state }) {
      if (state === 'synced') onSynced();
    },
    onError: (error) => assert.fail(String(error)),
  });
  journal.append('pin_accepted', null, { staff: '1' });
  await setImmediate();
  assert.equal(heads.length, 0, 'before its start it asks for nothing');
  const first = synced();
  keepDraining(journal, drain);
  await first;
  const arrived = synced();
  sell(journal, 'op');
  assert.equal(heads.at(-1), 2, 'who records goes on first');
  await arrived;
  assert.equal(heads.join(), '2,5');
  await drain.stop();
  await assertArrivedOnce(db, journal);
  sell(journal, 'after the stop');
  await setImmediate();
  assert.equal(heads.at(-1), 5);
});

test('one wake brings more than one batch; what is recorded then is behind until it arrives, at the latest with the stop', async (t) => {
  const { db } = await openTestDatabase(t);
  const journal = openFull(t, 2_002);
  const drain = createDrain({
    ...{ journal, archive: createArchive(db, projectPayments), now: NOW, onStatus: () => undefined },
    onError: (error) => assert.fail(String(error)),
  });
  drain.wake();
  await drain.tried();
  const { state, pending } = drain.status;
  assert.deepEqual([state, pending], ['synced', 0]);
  journal.append('pin_accepted', null, { staff: '1' });
  assert.deepEqual([drain.status.state, drain.status.pending], ['behind', 1]);
  await drain.stop();
  assert.equal(drain.status.pending, 0);
  await assertArrivedOnce(db, journal);
});

for (const seed of [1, 2, 3]) {
  test(`ten thousand events arrive exactly once wherever the connection is cut (seed ${seed})`, async (t) => {
    const { db, url } = await openTestDatabase(t);
    const journal = openFull(t, 10_000);
    const gate = await openGate(t, url);
    const random = createRandom(seed).next;
    let cuts = 12;
    let bytesLeft = 0;
    gate.cutWhen((chunk) => {
      if (cuts === 0) return false;
      bytesLeft -= chunk.length;
      if (bytesLeft > 0) return false;
      cuts -= 1;
      bytesLeft = Math.floor(random() * 5_000_000);
      return true;
    });
    const client = openDb(gate.url, () => undefined, MUNICIPALITY);
    let errors = 0;
    await drainAll(client, journal, () => {
      errors += 1;
    });
    await client.destroy();
    assert.ok(errors > 3, `${errors} attempts were cut`);
    await assertArrivedOnce(db, journal);
  });
}

test('an answer to the commit that is lost makes nothing arrive twice', async (t) => {
  const { db, url } = await openTestDatabase(t);
  const journal = openFull(t, 10_000);
  const gate = await openGate(t, url);
  let lost = 0;
  gate.cutWhen((chunk, towards) => {
    const isCommitted = towards === 'client' && chunk.includes('COMMIT\0');
    // Every second one, so that the drain gets on.
    if (isCommitted) lost += 1;
    return isCommitted && lost % 2 === 1;
  });
  const client = openDb(gate.url, () => undefined, MUNICIPALITY);
  let errors = 0;
  await drainAll(client, journal, () => {
    errors += 1;
  });
  await client.destroy();
  assert.ok(errors > 1);
  await assertArrivedOnce(db, journal);
});
