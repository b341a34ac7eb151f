/** Three days of the demonstration: the counter's real code, closings with 日計, statements, deposits, the survey. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sql, type Kysely } from 'kysely';
import { playHalfYear } from '../../scripts/demo/half-year.ts';
import { planHalfYear, standingIn } from '../../scripts/demo/plan.ts';
import { businessDaysOf, R6 } from '../../scripts/demo/year.ts';
import { readConfig } from '../../src/config.ts';
import type { Database } from '../../src/db/schema.ts';
import { periodOf } from '../../src/reports/periods.ts';
import { readReport } from '../../src/reports/reports.ts';
import { lookIntoFigures } from '../support/every-figure.ts';
import { makeFolder } from '../support/folder.ts';
import { MUNICIPALITY, openTestDatabase } from '../support/postgres.ts';

test('the plan has the days and payments of the year, the same for the same seed', () => {
  assert.equal(businessDaysOf(R6).length, 119);
  const plan = planHalfYear(R6, 6);
  assert.equal(standingIn(plan), R6.payments);
  assert.deepEqual(planHalfYear(R6, 6), plan);
  assert.notDeepEqual(planHalfYear(R6, 7), plan);
  assert.equal(standingIn(planHalfYear(R6, 7)), R6.payments);
});

test('three days come out as planned, with every planted difference found and not a yen unexplained', async (t) => {
  const { db, openOwner } = await openTestDatabase(t);
  const owner = openOwner();
  const began = new Date();
  const config = readConfig({ DATA_DIR: makeFolder(t) });
  const { figures, planned } = await playHalfYear({
    ...{ config, db, owner, year: R6, seed: 6, days: 3 },
    tell: () => undefined,
  });
  assert.equal(figures.businessDays, 3);
  assert.equal(figures.payments, planned.payments);
  assert.deepEqual([figures.survey.answers, figures.survey.mean.toFixed(1)], [135, '4.8']);
  assert.deepEqual([...new Set(figures.remainders)], [0]);
  assert.ok(figures.planted >= 3);
  assert.deepEqual(figures.notFound, []);
  assert.equal(figures.days['different'], undefined);
  assert.ok((figures.counted['cash'] ?? 0) > 0 && (figures.counted['nothing'] ?? 0) > 0);
  assert.deepEqual(readdirSync(join(config.dataDir, 'statements')).toSorted(), [
    ...['card-monthly', 'emoney-fixed', 'payout-itemized', 'payouts-api', 'qr-daily', 'zengin-account'],
  ]);
  await expectClockOfPlay(owner, began);
  await expectFigures(db);
});

/** Whoever looks at the demonstration finds no instant of the day on which it was made. */
async function expectClockOfPlay(owner: Kysely<Database>, began: Date): Promise<void> {
  const { rows: columns } = await sql<{ table: string; column: string }>`
    SELECT c.table_name AS table, c.column_name AS column FROM information_schema.columns c
    JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE c.table_schema = 'public' AND c.data_type LIKE 'timestamp%' AND t.table_type = 'BASE TABLE'`.execute(
    owner,
  );
  assert.ok(columns.length > 20);
  for (const { table, column } of columns) {
    const { rows } = await sql<{ last: string | null }>`
      SELECT max(${sql.ref(column)}) AS last FROM ${sql.table(table)}
      WHERE ${sql.ref(column)} >= ${began} AND isfinite(${sql.ref(column)})`.execute(owner);
    assert.equal(rows[0]?.last, null, `${table}.${column}: ${String(rows[0]?.last)}`);
  }
  const { rows: left } = await sql`SELECT FROM information_schema.columns
    WHERE column_default LIKE '%demo%' OR table_schema = 'demo'`.execute(owner);
  assert.equal(left.length, 0, 'and PostgreSQL has its own clock again');
}

/** Terminals that differ, statements, deposits and what accounting owes, each with its lines. */
async function expectFigures(db: Kysely<Database>): Promise<void> {
  const looked = new Map<string, number>();
  for (const [kind, on] of [
    ['month', '2024-11-30'],
    ['year', '2024-10-01'],
  ] as const) {
    const period = periodOf(kind, on);
    const view = await readReport(db, period, {
      ...{ municipality: MUNICIPALITY, municipalityName: '白井市', book: 'trial', madeBy: '会計' },
      ...{ now: new Date('2025-05-01T00:00:00Z'), today: '2025-05-01' },
    });
    for (const [id, count] of await lookIntoFigures(db, period, view))
      looked.set(id, (looked.get(id) ?? 0) + count);
  }
  for (const id of ['providers', 'expected', 'year_end', 'deposits', 'terminals'])
    assert.ok((looked.get(id) ?? 0) > 0, `${id}: ${JSON.stringify([...looked])}`);
}
