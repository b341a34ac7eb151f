/** The whole half year, as `npm run demo-data` plays it: every figure, every plant, and nothing beside them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { playHalfYear } from '../../scripts/demo/half-year.ts';
import { R6 } from '../../scripts/demo/year.ts';
import { readConfig } from '../../src/config.ts';
import { makeFolder } from '../support/folder.ts';
import { MUNICIPALITY, openTestDatabase } from '../support/postgres.ts';
import { recount } from './recount.ts';

test('119 days, 6,512 payments, 135 answers with a mean of 4.8; exceptions are what was planted, and two open cards', async (t) => {
  const { db, openOwner } = await openTestDatabase(t);
  const config = readConfig({ DATA_DIR: makeFolder(t) });
  const { figures } = await playHalfYear({
    config,
    db,
    owner: openOwner(),
    year: R6,
    seed: 6,
    tell: (text) => t.diagnostic(text),
  });
  const { businessDays, payments, survey, remainders, notFound, exceptions } = figures;
  assert.deepEqual([businessDays, payments], [119, 6_512]);
  assert.deepEqual([survey.answers, survey.mean.toFixed(1)], [135, '4.8']);
  assert.deepEqual([...new Set(remainders)], [0]);
  assert.deepEqual(notFound, []);
  assert.deepEqual(exceptions, {
    'fee card fee_differs': 1,
    'file card control_differs': 1,
    'line card chargeback': 1,
    'line card data_differs': 1,
    'line card missing_at_provider': 1,
    'line card missing_in_ledger': 1,
    'line emoney amount_over': 1,
    'line emoney unknown_open': 1,
    'line emoney unknown_resolved': 1,
    'line qr duplicate_at_provider': 1,
    'settlement emoney deposit_short': 1,
    'settlement qr deposit_late': 1,
  });
  // And every figure of the reports once more, by SQL of its own or from the lines that it names.
  const now = new Date('2025-05-01T00:00:00Z');
  const asked = {
    ...{ municipality: MUNICIPALITY, municipalityName: '白井市', madeBy: '会計' },
    book: 'trial' as const,
    ...{ now, today: '2025-05-01' },
  };
  const { figures: many, wrong } = await recount(db, asked, ['2024-10-01', '2025-04-01']);
  t.diagnostic(`${String(many)} figures counted anew, ${String(wrong.length)} wrong`);
  assert.deepEqual(wrong, []);
  assert.ok(many > 2_000);
});
