/** The way up to PostgreSQL, for a journal that does not fit what is there: it is stopped, told why, and overwrites nothing. */
import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Kysely } from 'kysely';
import type { Database } from '../../src/db/schema.ts';
import { createArchive } from '../../src/journal/archive.ts';
import { drainBatch } from '../../src/journal/drain.ts';
import { openJournal, type Journal } from '../../src/journal/journal.ts';
import { projectPayments } from '../../src/payments/projection.ts';
import { makeFolder } from '../support/folder.ts';
import { openTestDatabase } from '../support/postgres.ts';
import { drainAll, open, sell } from './drain-all.ts';
import { IDENTITY, NOW, openWithDb } from './with-db.ts';

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
