/** The reconciliation at work in an office, on the real PostgreSQL: what comes after the night, and a database that comes late. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { openBooks } from '../../src/reconcile/books/office.ts';
import { readMorning } from '../../src/reconcile/morning-read.ts';
import { openReconciling } from '../../src/reconcile/office.ts';
import { openFetching } from '../../src/reconcile/statements/fetching.ts';
import { bringFile } from '../../src/reconcile/statements/bring.ts';
import { readFormats, seedSampleStatements } from '../../src/reconcile/statements/declared.ts';
import { makeFolder } from '../support/folder.ts';
import { openTestCounter } from '../support/drained.ts';
import { testGrain } from '../support/grain.ts';
import { silentLog } from '../support/log.ts';
import { MUNICIPALITY, openTestDatabase } from '../support/postgres.ts';
import { sampleFile } from '../support/statements.ts';

const DAY = '2026-11-20';
/** Saturday morning in Tokyo, after the night. */
const MORNING = new Date('2026-11-21T00:00:00Z');

test('a night that nobody has done is done when a person asks for the comparison, and once', async (t) => {
  const { db } = await openTestDatabase(t);
  await seedSampleStatements(db, MUNICIPALITY);
  const shared = { db, municipality: MUNICIPALITY, isReady: () => false, log: silentLog() };
  const now = (): Date => MORNING;
  const office = openReconciling({
    ...{ ...shared, now, grainOf: () => testGrain },
    fetching: openFetching({ ...shared, now, payouts: undefined }),
  });
  t.after(() => office.nightly.stop());
  await office.reconcileNow();
  await office.reconcileNow();
  const done = await db.selectFrom('night_steps').select(['night', 'attempt', 'step']).execute();
  assert.deepEqual(
    done.filter(({ step }) => step === 'done'),
    [{ night: '2026-11-21', attempt: 1, step: 'done' }],
  );
});

test('a file that was taken just before the plug was pulled is compared at the next start, after the night too', async (t) => {
  const { db } = await openTestDatabase(t);
  await seedSampleStatements(db, MUNICIPALITY);
  const shared = { db, municipality: MUNICIPALITY, isReady: () => true, log: silentLog() };
  const now = (): Date => MORNING;
  const office = openReconciling({
    ...{ ...shared, now, grainOf: () => testGrain },
    fetching: openFetching({ ...shared, now, payouts: undefined }),
  });
  t.after(() => office.nightly.stop());
  await office.catchUp();
  const format = (await readFormats(db, MUNICIPALITY)).find(
    ({ definition }) => definition.code === 'qr-daily',
  );
  if (format === undefined) throw new Error('no sample of a code provider');
  const outcome = await bringFile(db, MUNICIPALITY, DAY, {
    ...{ name: 'QR.tsv', bytes: sampleFile('qr-daily'), origin: 'folder' },
    ...{ format: format.definition, formatVersion: format.version, by: { number: 'folder', name: 'folder' } },
  });
  assert.equal(outcome.file.newLines, 4);
  const compared = () => db.selectFrom('current_matches').select('line_id').execute();
  assert.deepEqual(await compared(), []);
  await office.catchUp();
  assert.equal((await compared()).length, 4);
});

test('a closing that comes after the night is compared at the next start, and its difference is a case', async (t) => {
  const { db } = await openTestDatabase(t);
  await seedSampleStatements(db, MUNICIPALITY);
  const database = { isReady: false };
  const shared = { db, municipality: MUNICIPALITY, isReady: () => database.isReady, log: silentLog() };
  const now = (): Date => MORNING;
  const office = openReconciling({
    ...{ ...shared, now, grainOf: () => testGrain },
    fetching: openFetching({ ...shared, now, payouts: undefined }),
  });
  t.after(() => office.nightly.stop());
  const nights = () => db.selectFrom('nights').select(['night', 'attempt']).execute();
  await office.nightly.run(() => Promise.resolve());
  assert.deepEqual(await nights(), [], 'PostgreSQL is not there yet');
  database.isReady = true;
  await office.catchUp();
  assert.deepEqual(await nights(), [{ night: '2026-11-21', attempt: 1 }]);

  const counter = openTestCounter(t, db);
  counter.readTotals('opening', DAY, []);
  counter.sell({ amountYen: 400, businessDate: DAY });
  counter.close(DAY, [{ bucket: 'card', count: 1, amountYen: 500 }]);
  await counter.drain();
  await office.catchUp();
  assert.deepEqual(await nights(), [{ night: '2026-11-21', attempt: 1 }], 'the night is done once');
  const compared = await db.selectFrom('reconciliations').select('business_date').execute();
  assert.deepEqual(compared, [{ business_date: DAY }]);
  const cases = await db.selectFrom('cases').select('subject').execute();
  assert.ok(
    cases.some(({ subject }) => subject === `day ${DAY}`),
    'the case has followed',
  );
});

test('a comparison that fails is told on the morning page, and tried again until it is done', async (t) => {
  const { db, openOwner } = await openTestDatabase(t);
  const owner = openOwner();
  await seedSampleStatements(db, MUNICIPALITY);
  const shared = { db, municipality: MUNICIPALITY, isReady: () => true, log: silentLog() };
  const now = (): Date => MORNING;
  const office = openReconciling({
    ...{ ...shared, now, grainOf: () => testGrain },
    fetching: openFetching({ ...shared, now, payouts: undefined }),
  });
  t.after(() => office.nightly.stop());
  await office.catchUp();
  const { nightly, follow, noting } = office;
  const books = openBooks({ ...shared, now, nightly, follow, noting, dataDir: makeFolder(t) });
  t.after(() => books.stop());
  const sentence = async (): Promise<string> => (await readMorning(db, MUNICIPALITY, MORNING)).sentence;
  const compared = async (): Promise<number> =>
    (await db.selectFrom('current_matches').select('line_id').execute()).length;
  assert.doesNotMatch(await sentence(), /突合が途中で/);

  // What every comparison begins with is gone.
  await sql`ALTER FUNCTION refresh_statistics() RENAME TO taken_away`.execute(owner);
  const [format] = (await readFormats(db, MUNICIPALITY)).filter(
    ({ definition }) => definition.code === 'qr-daily',
  );
  assert.ok(format !== undefined);
  const outcome = await books.take({
    ...{ name: 'QR.tsv', bytes: sampleFile('qr-daily'), origin: 'folder' },
    ...{ format: format.definition, formatVersion: format.version, by: { number: 'folder', name: 'folder' } },
  });
  assert.deepEqual([outcome.kind, outcome.isCompared, outcome.file.faults], ['imported', false, []]);
  assert.match(await sentence(), /突合が途中で止まったため、まだ増えることがあります/);
  await assert.rejects(office.late(), /refresh_statistics/);
  assert.match(await sentence(), /突合が途中で止まった/);
  assert.equal(await compared(), 0);

  await sql`ALTER FUNCTION taken_away() RENAME TO refresh_statistics`.execute(owner);
  await office.late();
  assert.equal(await compared(), 4);
  assert.doesNotMatch(await sentence(), /突合が途中で/);
  const nights = async () =>
    db.selectFrom('nights').select(['attempt', 'cause']).orderBy('attempt').execute();
  const done = [
    { attempt: 1, cause: 'start' },
    { attempt: 2, cause: 'day' },
    { attempt: 3, cause: 'late' },
    { attempt: 4, cause: 'late' },
  ];
  assert.deepEqual(await nights(), done);
  await office.late();
  assert.deepEqual(await nights(), done, 'what is done is not begun again');
});

test('a night at which the computer slept is done ten minutes after it wakes, and is not called done before', async (t) => {
  const { db } = await openTestDatabase(t);
  await seedSampleStatements(db, MUNICIPALITY);
  const clock = { now: MORNING };
  const shared = { db, municipality: MUNICIPALITY, isReady: () => true, log: silentLog() };
  const now = (): Date => clock.now;
  const office = openReconciling({
    ...{ ...shared, now, grainOf: () => testGrain },
    fetching: openFetching({ ...shared, now, payouts: undefined }),
  });
  t.after(() => office.nightly.stop());
  await office.catchUp();
  clock.now = new Date('2026-11-24T00:00:00Z');
  const morning = () => readMorning(db, MUNICIPALITY, clock.now);
  assert.match((await morning()).sentence, /夜間の突合はまだです/);
  assert.equal((await morning()).isClean, false);
  await office.late();
  const { night } = await morning();
  assert.deepEqual([night?.night, night?.state, night?.missed], ['2026-11-24', 'done', 2]);
});
