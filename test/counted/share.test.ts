import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fiscalYearOf } from '../../src/business-date.ts';
import { monthsOf, shareOf, type TenderCount } from '../../src/counted/share.ts';

const of = (tender: TenderCount['tender'], count: number, amountYen: number): TenderCount => ({
  month: '2026-11',
  window: 'resident',
  tender,
  count,
  amountYen,
});

test('the cashless share is of what was paid, cash included; what cost nothing is beside it', () => {
  const share = shareOf([
    of('cashless', 2, 800),
    of('cash', 1, 400),
    of('nothing', 5, 0),
    of('cashless', 0, 0),
  ]);
  assert.deepEqual(share.paid, { count: 3, amountYen: 1200 });
  assert.deepEqual([share.byCount, share.byAmount, share.nothing.count], [667, 667, 5]);
});

test('of nothing there is no share, and all of it is a hundred percent', () => {
  assert.equal(shareOf([of('nothing', 3, 0)]).byCount, null);
  assert.equal(shareOf([of('cashless', 3, 1200)]).byCount, 1000);
});

test('a fiscal year has its twelve months from April, and a day of March belongs to the year before', () => {
  const months = monthsOf(2026);
  assert.deepEqual(
    [months.length, months[0], months[8], months[9], months[11]],
    [12, '2026-04', '2026-12', '2027-01', '2027-03'],
  );
  assert.deepEqual([fiscalYearOf('2027-03-31'), fiscalYearOf('2027-04-01')], [2026, 2027]);
});
