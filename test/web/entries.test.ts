/** Times and days as people type them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { daysAfter } from '../../src/business-date.ts';
import { readDate } from '../../src/web/shared/read-date.ts';
import { minutesLater, readTime } from '../../src/web/shared/read-time.ts';

test('a time is four digits, with or without a colon, also in full width; half of one is none yet', () => {
  const cases = [
    ['1742', '17:42'],
    ['17:42', '17:42'],
    ['942', '09:42'],
    ['9:42', '09:42'],
    ['１７：４２', '17:42'],
    ['0005', '00:05'],
    ['', ''],
    ['17', ''],
    ['184', ''],
    ['2460', ''],
    ['2400', ''],
    ['17:4', ''],
  ] as const;
  for (const [typed, time] of cases) assert.equal(readTime(typed), time, typed);
});

test('five minutes more or less stay on the day', () => {
  assert.equal(minutesLater('17:58', 5), '18:03');
  assert.equal(minutesLater('00:02', -5), '00:00');
  assert.equal(minutesLater('23:58', 5), '23:59');
});

test('a day without its year is the nearest to today, and no other than the calendar has', () => {
  const today = '2026-12-28';
  const cases = [
    ['2026/11/27', '2026-11-27'],
    ['2026-11-27', '2026-11-27'],
    ['20261127', '2026-11-27'],
    ['1/4', '2027-01-04'],
    ['0104', '2027-01-04'],
    ['12/27', '2026-12-27'],
    ['１２／２７', '2026-12-27'],
    ['2/30', ''],
    ['2026/02/29', ''],
    ['2028/02/29', '2028-02-29'],
    ['', ''],
    ['12/', ''],
    ['someday', ''],
  ] as const;
  for (const [typed, date] of cases) assert.equal(readDate(typed, today), date, typed);
  assert.equal(daysAfter('2026-12-31', 1), '2027-01-01');
  assert.equal(daysAfter('2027-03-01', -1), '2027-02-28');
});
