/** Which keys of what is new a night has to look up, where the new rows seem to be a pair by themselves. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTestDatabase } from '../../support/postgres.ts';
import type { Line, Payment } from './chance-books.ts';
import { Nights, testNights } from './nights.ts';

const [DAY, AS_OF] = ['2026-11-02', '2026-11-20'];

const payment = (operation_id: string, amount_yen: number, rest: Partial<Payment> = {}): Payment => ({
  ...{ counter: '01', operation_id, of_operation_id: null, kind: 'sale', amount_yen, state: 'approved' },
  ...{ business_date: DAY, armed_at: `${DAY}T03:00:00Z`, method: 'qr', brand: 'paypay', terminal_id: 'T1' },
  ...{ receipt_number: null, approval_code: null, trace_number: null, ...rest },
});
const line = (line_number: number, yen: number, rest: Partial<Line> = {}): Line => ({
  ...{ line_number, acquirer: 'qr', kind: yen < 0 ? 'refund' : 'sale', yen, on_date: DAY, at: null },
  ...{ brand: 'paypay', terminal_id: 'T1', slip: null, approval: null, provider_id: null, reference: null },
  ...rest,
});

test('two new rows that meet by a key are no pair where an old payment carries it too: their weaker keys count', async (t) => {
  const nights = new Nights(await openTestDatabase(t), 'doubted');
  const old = payment('old', 400, { trace_number: 'a' });
  const other = payment('other', 300, { receipt_number: '7' });
  await nights.next(AS_OF, [old, other], [line(1, 400, { reference: 'old' }), line(2, -400, { slip: '7' })]);
  assert.deepEqual(await nights.said(), [
    'old #1 matched by 2 400 400 2026-11-05',
    'other #2 kind_differs by 3 300 -400 2026-11-05',
  ]);
  const fresh = payment('fresh', 400, {
    ...{ kind: 'void', of_operation_id: 'before', trace_number: 'a', receipt_number: '7' },
  });
  await nights.next(AS_OF, [fresh], [line(3, 400, { provider_id: 'a' })]);
  assert.deepEqual(await nights.said(), [
    '#1 missing_in_ledger 0 400',
    'fresh #2 matched by 3 -400 -400 2026-11-05',
    'old #3 matched by 1 400 400 2026-11-05',
    'other missing_at_provider 300 0 2026-11-05',
  ]);
});

test('two new rows that meet by a key and differ in a stronger one are no pair: their weaker keys count', async (t) => {
  const nights = new Nights(await openTestDatabase(t), 'differing');
  const slip = { receipt_number: '7' };
  await nights.next(AS_OF, [payment('old', 300, slip)], [line(1, 400, { slip: '7' })]);
  const fresh = payment('fresh', 400, { ...slip, trace_number: 'a' });
  await nights.next(AS_OF, [fresh], [line(2, 400, { reference: 'fresh', provider_id: 'b' })]);
  assert.deepEqual(await nights.said(), [
    '#2 missing_in_ledger 0 400',
    'fresh #1 matched by 3 400 400 2026-11-05',
    'old duplicate_in_ledger 300 0 2026-11-05',
  ]);
});

// Of the third a void was taken back before it was sent, and then its line came.
testNights(2, 111);
