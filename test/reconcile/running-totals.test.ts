/** A terminal's totals run on: what is less than before was given back, or began anew. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareTotals, type ComparedPayment, type Reading } from '../../src/reconcile/compare.ts';
import { testGrain } from '../support/grain.ts';

const VOIDED: ComparedPayment = {
  ...{ id: 'a', kind: 'void', state: 'approved', signedYen: -400, method: 'credit', brand: 'visa' },
  ...{ businessDate: '2026-11-20', contradicted: false },
};

function reading(rows: Record<string, [count: number, amountYen: number]>): Reading {
  const list = Object.entries(rows).map(([bucket, [count, amountYen]]) => ({ bucket, count, amountYen }));
  return { rows: list, totalYen: list.reduce((sum, { amountYen }) => sum + amountYen, 0) };
}

test('a total that is less by what was given back runs on; by more, it began anew, in one bucket as in all', () => {
  const span = { terminal: '1', grain: testGrain, base: reading({ card: [3, 1200], other: [1, 100] }) };
  const back = VOIDED;
  const end = reading({ card: [2, 800], other: [1, 100] });
  const ranOn = compareTotals({ ...span, end, payments: [back] });
  assert.deepEqual(
    [ranOn.restarted, ranOn.rows.map(({ theirs, differenceYen }) => [theirs, differenceYen])],
    [false, [[{ count: -1, amountYen: -400 }, 0]]],
  );
  assert.equal(compareTotals({ ...span, end, payments: [] }).restarted, true);
  // The whole is more than before, and yet the cards began anew.
  const one = reading({ card: [1, 300], other: [9, 9000] });
  assert.equal(compareTotals({ ...span, end: one, payments: [] }).restarted, true);
});

test('an amount without a count, and a count without an amount, are differences', () => {
  const span = { terminal: '1', grain: testGrain, base: null, payments: [] };
  const { rows } = compareTotals({ ...span, end: reading({ card: [0, 100], other: [1, 0] }) });
  assert.deepEqual(
    rows.map(({ bucket, differenceYen, differenceCount }) => [bucket, differenceYen, differenceCount]),
    [
      ['card', 100, 0],
      ['other', 0, 1],
    ],
  );
});
