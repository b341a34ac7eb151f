/** Three days of the demonstration: the counter's real code, closings with 日計, statements, deposits, the survey. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { playHalfYear } from '../../scripts/demo/half-year.ts';
import { planHalfYear, standingIn } from '../../scripts/demo/plan.ts';
import { businessDaysOf, R6 } from '../../scripts/demo/year.ts';
import { readConfig } from '../../src/config.ts';
import { makeFolder } from '../support/folder.ts';
import { openTestDatabase } from '../support/postgres.ts';

test('the plan has the days and payments of the year, the same for the same seed', () => {
  assert.equal(businessDaysOf(R6).length, 119);
  const plan = planHalfYear(R6, 6);
  assert.equal(standingIn(plan), R6.payments);
  assert.deepEqual(planHalfYear(R6, 6), plan);
  assert.notDeepEqual(planHalfYear(R6, 7), plan);
  assert.equal(standingIn(planHalfYear(R6, 7)), R6.payments);
});

test('three days come out as planned, with every planted difference found and not a yen unexplained', async (t) => {
  const { db } = await openTestDatabase(t);
  const config = readConfig({ DATA_DIR: makeFolder(t) });
  const { figures, planned } = await playHalfYear({
    ...{ config, db, year: R6, seed: 6, days: 3 },
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
});
