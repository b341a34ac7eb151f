/** Due dates by the Japanese calendar. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dueOf, type Acquirer } from '../../../src/reconcile/books/acquirer.ts';
import {
  addBusinessDays,
  dayOfMonth,
  isBusinessDay,
  shiftToBusinessDay,
} from '../../../src/reconcile/books/calendar.ts';

test('a business day is no weekend, no holiday, no day in lieu and none of the year-end closure', () => {
  const days = [
    '2026-05-06',
    '2026-09-22',
    '2026-11-23',
    '2026-12-28',
    '2026-12-29',
    '2027-01-03',
    '2027-01-04',
  ];
  assert.deepEqual(
    days.map((day) => isBusinessDay(day)),
    [false, false, false, true, false, false, true],
  );
  assert.equal(isBusinessDay('2026-11-28'), false, 'a Saturday');
});

test('a bank works on 29 and 30 December, when the office is closed already', () => {
  const days = ['2026-12-28', '2026-12-29', '2026-12-30', '2026-12-31', '2027-01-03', '2027-01-04'];
  assert.deepEqual(
    days.map((day) => isBusinessDay(day, 'bank')),
    [true, true, true, false, false, true],
  );
  assert.equal(isBusinessDay('2029-12-30', 'bank'), false, 'a Sunday');
  assert.equal(addBusinessDays('2026-12-28', 3, 'bank'), '2027-01-04');
  assert.equal(shiftToBusinessDay('2026-12-31', 'before', 'bank'), '2026-12-30');
});

test('business days are counted over the year-end both ways', () => {
  assert.equal(addBusinessDays('2026-12-28', 1), '2027-01-04');
  assert.equal(addBusinessDays('2027-01-04', -1), '2026-12-28');
  assert.equal(shiftToBusinessDay('2027-01-31', 'before'), '2027-01-29');
  assert.equal(shiftToBusinessDay('2027-01-31', 'after'), '2027-02-01');
  assert.equal(dayOfMonth('2027-01-31', 1, 31), '2027-02-28');
});

const MONTHLY: Acquirer = {
  ...{
    code: 'card',
    counter: '*',
    nameJa: 'カード',
    brands: ['visa'],
    providerIdIn: 'none',
    payerNames: [],
    fee: null,
  },
  cycle: { kind: 'monthly', closes: [31], payAfterMonths: 1, payDay: 31, shift: 'before' },
  statementAfterBusinessDays: 5,
};

test('closed at the end of the month, paid by the end of the next, on the business day before', () => {
  assert.deepEqual(dueOf(MONTHLY, '2026-11-05'), {
    closesOn: '2026-11-30',
    statementOn: '2026-12-07',
    // Banks are closed on the 31st, and work the day before; the office does not.
    paysOn: '2026-12-30',
  });
  const twice: Acquirer = {
    ...MONTHLY,
    cycle: { kind: 'monthly', closes: [15, 31], payAfterMonths: 0, payDay: 31, shift: 'after' },
  };
  assert.equal(dueOf(twice, '2026-11-16').closesOn, '2026-11-30');
  assert.equal(dueOf(twice, '2026-11-15').closesOn, '2026-11-15');
  const late: Acquirer = {
    ...MONTHLY,
    cycle: { kind: 'monthly', closes: [10], payAfterMonths: 1, payDay: 5, shift: 'after' },
  };
  assert.deepEqual(dueOf(late, '2026-11-11'), {
    closesOn: '2026-12-10',
    statementOn: '2026-12-17',
    paysOn: '2027-01-05',
  });
});

test('closed each day, paid some business days later', () => {
  const daily: Acquirer = {
    ...MONTHLY,
    cycle: { kind: 'daily', payAfterBusinessDays: 2 },
    statementAfterBusinessDays: 1,
  };
  assert.deepEqual(dueOf(daily, '2026-11-20'), {
    closesOn: '2026-11-20',
    statementOn: '2026-11-24',
    paysOn: '2026-11-25',
  });
  const over = dueOf(daily, '2026-12-28');
  assert.deepEqual([over.statementOn, over.paysOn], ['2027-01-04', '2026-12-30']);
});
