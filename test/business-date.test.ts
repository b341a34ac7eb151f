import assert from 'node:assert/strict';
import { test } from 'node:test';
import { businessDateOf, dayAfter, dayBefore } from '../src/business-date.ts';

test('the business date is Tokyo’s, to the millisecond, whatever the machine’s own zone', () => {
  assert.equal(businessDateOf(new Date('2026-11-24T14:59:59.999Z')), '2026-11-24');
  assert.equal(businessDateOf(new Date('2026-11-24T15:00:00.000Z')), '2026-11-25');
});

test('the day before and after, over the ends of months and years', () => {
  assert.equal(dayAfter('2028-02-28'), '2028-02-29');
  assert.equal(dayAfter('2026-12-31'), '2027-01-01');
  assert.equal(dayBefore('2027-03-01'), '2027-02-28');
});
