/** The way up to PostgreSQL: everything once, whatever breaks on the way; and whoever does not fit is stopped. */
import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { test, type TestContext } from 'node:test';
import type { Kysely } from 'kysely';
import { createRandom } from '../../scripts/virtual/random.ts';
import { openDb } from '../../src/db/db.ts';
import type { Database } from '../../src/db/schema.ts';
import { createArchive, type Archive } from '../../src/journal/archive.ts';
import { createDrain, drainBatch, keepDraining } from '../../src/journal/drain.ts';
import { openJournal, type Journal } from '../../src/journal/journal.ts';
import { projectPayments } from '../../src/payments/projection.ts';
import { makeFolder } from '../support/folder.ts';
import { openGate } from '../support/gate.ts';
import { MUNICIPALITY, openTestDatabase } from '../support/postgres.ts';
import { answerOf, armedSale } from '../support/sale.ts';
import { IDENTITY, NOW, openWithDb } from './with-db.ts';

const open = (path: string): Journal => openJournal(path, IDENTITY, NOW);

function sell(journal: Journal, id: string): void {
  journal.append('armed', id, armedSale());
  journal.append('answer', id, { answer: answerOf('approved'), refused: null });
  journal.append('ended', id, { kind: 'completed' });
}

/** Many events with one flush: what is proved here is the way up, not the disk. */
function openFull(t: TestContext, events: number): Journal {
  const { journal, db: file } = openWithDb(t);
  file.exec('BEGIN');
  journal.append('journal_opened', null, { book: 'trial' });
  while (journal.head.sequence < events) sell(journal, `op-${journal.head.sequence}`);
  file.exec('COMMIT');
  return journal;
}

async function drainAll(
  db: Kysely<Database>,
  journal: Journal,
  onError: () => void = () => undefined,
): Promise<void> {
  const archive = createArchive(db, projectPayments);
  for (;;) {
    try {
      const step = await drainBatch(archive, journal);
      assert.ok('arrived' in step, JSON.stringify(step));
      if (step.arrived === journal.head.sequence) return;
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      onError();
    }
  }
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

test('two services that begin under one number at the same moment: one goes on, one is set apart', async (t) => {
  const { db, openAnother } = await openTestDatabase(t);
  const folder = makeFolder(t);
  const journals = ['a', 'b'].map((name) => open(join(folder, name)));
  t.after(() => journals.forEach((journal) => journal.close()));
  for (const journal of journals) sell(journal, 'op-1');
  const archives = [createArchive(db, projectPayments), createArchive(openAnother(), projectPayments)];
  const both = (): Promise<PromiseSettledResult<Awaited<ReturnType<typeof drainBatch>>>[]> =>
    Promise.allSettled(journals.map((journal, at) => drainBatch(archives[at] ?? assert.fail(), journal)));
  await both();
  const steps = (await both()).map((step) => (step.status === 'fulfilled' ? step.value : assert.fail()));
  const [stopped] = steps.flatMap((step) => ('stopped' in step ? step.stopped : []));
  assert.equal(steps.filter((step) => 'arrived' in step && step.arrived === 3).length, 1);
  assert.match(
    stopped ?? '',
    /窓口番号 01 では別の記録（3番まで）がすでに使われています。.*この記録にしかなく.*COUNTER を確かめて/,
  );
  const known = await db.selectFrom('journals').select('status').orderBy('status').execute();
  assert.deepEqual(known, [{ status: 'active' }, { status: 'quarantined' }]);
  await both();
  const events = await db.selectFrom('events').select('journal_id').distinct().execute();
  assert.equal(events.length, 1, 'nothing of the other one is in the record, however often it tries');
});

/** A counter that goes on after a copy of its journal was made at its third event. */
async function restoreBackup(t: TestContext, db: Kysely<Database>): Promise<Journal> {
  const folder = makeFolder(t);
  const [path, backup] = [join(folder, 'journal.sqlite'), join(folder, 'backup.sqlite')];
  const first = open(path);
  sell(first, 'op-1');
  first.close();
  copyFileSync(path, backup);
  const again = open(path);
  sell(again, 'op-2');
  await drainAll(db, again);
  again.close();
  const restored = open(backup);
  t.after(() => restored.close());
  return restored;
}

const rows = (db: Kysely<Database>): Promise<unknown[]> =>
  Promise.all([
    db.selectFrom('events').selectAll().orderBy('sequence').execute(),
    db.selectFrom('journals').selectAll().execute(),
    db.selectFrom('payments').selectAll().orderBy('sequence').execute(),
  ]);

test('a journal restored from an old backup is noticed before it records anything, and overwrites nothing', async (t) => {
  const { db } = await openTestDatabase(t);
  const restored = await restoreBackup(t, db);
  const before = await rows(db);
  const step = await drainBatch(createArchive(db, projectPayments), restored);
  assert.match(
    'stopped' in step ? step.stopped : '',
    /6番までありますが、この窓口の記録は 3番で終わっています。古い控え.*この記録にしかなく/,
  );
  assert.deepEqual(await rows(db), before);
});

test('an event that was edited under the service’s hands is not sent, and neither is what follows it', async (t) => {
  const { db } = await openTestDatabase(t);
  const { journal, db: file } = openWithDb(t);
  sell(journal, 'op-1');
  await drainAll(db, journal);
  const before = await rows(db);
  sell(journal, 'op-2');
  file.exec('DROP TRIGGER events_keep');
  file.exec(`UPDATE events SET payload = replace(payload, '400', '900') WHERE sequence = 5`);
  const step = await drainBatch(createArchive(db, projectPayments), journal);
  assert.match('stopped' in step ? step.stopped : '', /5番が、前の記録とつながりません.*この記録にしかなく/);
  assert.deepEqual(await rows(db), before);
});

test('a journal of another book is not mixed into the record', async (t) => {
  const { db } = await openTestDatabase(t);
  const trial = open(join(makeFolder(t), 'journal.sqlite'));
  const training = openJournal(
    join(makeFolder(t), 'journal.sqlite'),
    { ...IDENTITY, counter: '02', book: 'training' },
    NOW,
  );
  t.after(() => [trial, training].forEach((journal) => journal.close()));
  sell(trial, 'op-1');
  await drainAll(db, trial);
  const before = await rows(db);
  sell(training, 'op-2');
  const step = await drainBatch(createArchive(db, projectPayments), training);
  assert.match(
    'stopped' in step ? step.stopped : '',
    /BOOK=trial の記録があり、training の記録は混ぜられません/,
  );
  assert.deepEqual(await rows(db), before);
});

test('one that went on recording after it was restored is noticed too, and so is a copy on another machine', async (t) => {
  const { db } = await openTestDatabase(t);
  const restored = await restoreBackup(t, db);
  const before = await rows(db);
  sell(restored, 'op-3');
  sell(restored, 'op-4');
  const step = await drainBatch(createArchive(db, projectPayments), restored);
  assert.match(
    'stopped' in step ? step.stopped : '',
    /6番は、市の記録の 6番と違います。.*写しが別のパソコンで.*支払いが、この記録にしかなく.*もう一度受け取らず.*会計課に/,
  );
  assert.deepEqual(await rows(db), before);
});
