/** A night on the real PostgreSQL: killed in the middle, resumed, once only, and whatever came late. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../src/db/schema.ts';
import type { DayResult } from '../../src/reconcile/day.ts';
import { nightOf, readLastNight, runNight, type NightOutcome } from '../../src/reconcile/night.ts';
import { nightSteps } from '../../src/reconcile/office.ts';
import { seedSampleStatements } from '../../src/reconcile/statements/declared.ts';
import { sellByCode } from '../support/books.ts';
import { openTestCounter } from '../support/drained.ts';
import { testGrain } from '../support/grain.ts';
import { MUNICIPALITY, openTestDatabase } from '../support/postgres.ts';

const DAY = '2026-11-20';
/** 03:00 of Saturday in Tokyo; the holiday of Monday comes after it. */
const NIGHT = new Date('2026-11-20T18:00:00Z');

function night(db: Kysely<Database>, now = NIGHT, office = 'test'): Promise<NightOutcome> {
  const steps = nightSteps(
    db,
    MUNICIPALITY,
    () => testGrain,
    () => now,
  );
  return runNight(db, MUNICIPALITY, { now, cause: 'start', office, steps });
}

const toldState = async (db: Kysely<Database>): Promise<string | undefined> =>
  (await readLastNight(db, MUNICIPALITY, NIGHT))?.state;

/** All that a night makes, without instants and numbers of its own. */
async function results(db: Kysely<Database>): Promise<unknown> {
  const days = await db
    .selectFrom('reconciliations')
    .select(['counter', 'business_date', 'version', 'result'])
    .orderBy('business_date')
    .execute();
  const matches = await db.selectFrom('match_results').select(['run_id', 'status', 'ours_yen']).execute();
  const cases = await db.selectFrom('cases').select(['counter', 'opened_on']).execute();
  const events = await db.selectFrom('case_events').select(['number', 'kind']).orderBy('case_id').execute();
  return {
    // Payments have ids of their own in each run.
    days: days.map(({ result, ...day }) => {
      const told = result as DayResult;
      return { ...day, ...told, compared: told.compared.length };
    }),
    matches: matches.length,
    statuses: matches.map(({ status }) => status).toSorted(),
    cases,
    events,
  };
}

/** Until a backend of this database waits for that lock. */
async function untilWaited(db: Kysely<Database>): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ many: number }>`
      SELECT count(*) AS many FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`.execute(db);
    if ((rows[0]?.many ?? 0) > 0) return;
  }
}

test('a night that is killed in the middle is begun anew with the same result, and is done once', async (t) => {
  const { db, url, openAnother } = await openTestDatabase(t);
  await seedSampleStatements(db, MUNICIPALITY);
  const counter = openTestCounter(t, db);
  counter.readTotals('opening', DAY, []);
  sellByCode(counter, { slip: '0001', amountYen: 400, businessDate: DAY });
  counter.close(DAY, [{ bucket: 'other', count: 1, amountYen: 500 }]);
  await counter.drain();

  // Held here, the comparison of the books waits in the middle of the night; then the plug is pulled.
  const script = fileURLToPath(new URL('../support/night.ts', import.meta.url));
  await openAnother()
    .connection()
    .execute(async (held) => {
      const lock = sql`hashtextextended(${`match ${MUNICIPALITY}`}, 0)`;
      await sql`SELECT pg_advisory_lock(${lock})`.execute(held);
      const child = spawn(process.execPath, [script, url, NIGHT.toISOString()], { stdio: 'inherit' });
      t.after(() => child.kill('SIGKILL'));
      await untilWaited(db);
      assert.equal((await night(openAnother())).kind, 'elsewhere', 'another office leaves it alone');
      assert.equal(await toldState(db), 'running');
      child.kill('SIGKILL');
      await once(child, 'exit');
      await sql`SELECT pg_advisory_unlock(${lock})`.execute(held);
    });
  const before = await db.selectFrom('night_steps').select(['attempt', 'step']).execute();
  assert.deepEqual(before, [{ attempt: 1, step: 'terminals' }]);

  // The dead office's lock goes with its connection.
  while ((await toldState(db)) === 'running');
  assert.equal(await toldState(db), 'cut_off');
  let outcome = await night(db);
  while (outcome.kind === 'elsewhere') outcome = await night(db);
  assert.deepEqual(outcome, { kind: 'done', night: '2026-11-21', attempt: 2 });
  const resumed = await results(db);
  assert.ok((await db.selectFrom('cases').select('subject').execute()).length > 0, 'the cases have followed');

  const fresh = await openTestDatabase(t);
  await seedSampleStatements(fresh.db, MUNICIPALITY);
  const other = openTestCounter(t, fresh.db);
  other.readTotals('opening', DAY, []);
  sellByCode(other, { slip: '0001', amountYen: 400, businessDate: DAY });
  other.close(DAY, [{ bucket: 'other', count: 1, amountYen: 500 }]);
  await other.drain();
  const kinds = (
    await Promise.all([night(fresh.db, NIGHT, 'a'), night(fresh.openAnother(), NIGHT, 'b')])
  ).map(({ kind }) => kind);
  assert.equal(kinds.filter((kind) => kind === 'done').length, 1, 'once, however many offices are up');
  assert.deepEqual(await results(fresh.db), resumed, 'the same as without the cut');
  assert.equal((await night(db)).kind, 'done_before');

  // Nobody was there over the holiday; the next start does what the missed nights have left, and says so.
  const later = new Date('2026-11-24T23:00:00Z');
  counter.close('2026-11-24', [{ bucket: 'other', count: 1, amountYen: 500 }]);
  await counter.drain();
  assert.deepEqual(await night(db, later), { kind: 'done', night: '2026-11-25', attempt: 1 });
  const last = await readLastNight(db, MUNICIPALITY, later);
  assert.deepEqual([last?.state, last?.missed], ['done', 3]);
});

test('a night that fails says so, and is due again', async (t) => {
  const { db } = await openTestDatabase(t);
  await seedSampleStatements(db, MUNICIPALITY);
  const done = (): Promise<object> => Promise.resolve({});
  const steps = { terminals: done, cases: done, books: () => Promise.reject(new Error('the disk is full')) };
  const order = { now: NIGHT, cause: 'night', office: 'test', steps } as const;
  await assert.rejects(runNight(db, MUNICIPALITY, order), /the disk is full/);
  assert.equal(await toldState(db), 'failed');
  const noted = await db.selectFrom('night_steps').select('step').orderBy('at').execute();
  assert.deepEqual(
    noted.map(({ step }) => step),
    ['terminals', 'cases', 'failed'],
    'what one step can not do keeps no other from its own',
  );
  assert.deepEqual(await night(db), { kind: 'done', night: '2026-11-21', attempt: 2 });
  assert.equal(await toldState(db), 'done');
  const next = new Date(NIGHT.getTime() + 86_400_000);
  assert.equal(await readLastNight(db, MUNICIPALITY, next), null, 'of the next night nothing is done yet');
});

test('a night is the date of its 03:00 in Tokyo', () => {
  const nights = [
    '2026-11-20T17:59:59Z',
    '2026-11-20T18:00:00Z',
    '2026-11-21T14:59:59Z',
    '2026-11-21T15:00:00Z',
  ];
  assert.deepEqual(
    nights.map((at) => nightOf(new Date(at))),
    ['2026-11-20', '2026-11-21', '2026-11-21', '2026-11-21'],
  );
});
