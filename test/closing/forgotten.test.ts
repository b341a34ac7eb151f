/** Days that nobody has closed, or not to their end: noticed the next morning, and closed under their own date. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderClosingSlip } from '../../src/closing/slip.ts';
import { readClosingState } from '../../src/closing/state.ts';
import type { CountedRequest } from '../../src/counted/counted.ts';
import { signatureOf } from '../../src/staff/staff.ts';
import { HANAKO, TARO } from '../proof/clerk.ts';
import { DAY_MS, openBench, refused, SLIP_HEAD, type Bench } from './bench.ts';
import { createTestTerminal } from './terminal.ts';

test('a forgotten day is noticed the next morning, and closed under its own date', async (t) => {
  const terminal = createTestTerminal('1');
  const { counter, clock, close, sell } = await openBench(t, terminal);
  const daysToClose = (): string[] =>
    readClosingState(counter, new Date(clock.ms)).days.map(({ businessDate }) => businessDate);
  await sell('a');
  assert.deepEqual(daysToClose(), ['2026-11-26']);
  clock.ms += DAY_MS;
  assert.deepEqual(daysToClose(), ['2026-11-26', '2026-11-27']);
  const closing = await close({ businessDate: '2026-11-26' });
  assert.deepEqual([closing.businessDate, closing.count], ['2026-11-26', 1]);
  assert.deepEqual(daysToClose(), ['2026-11-27']);
  await assert.rejects(close({ businessDate: '2026-11-26' }), refused('not_to_be_closed'));
  await assert.rejects(close({ businessDate: '2026-11-28' }), refused('not_to_be_closed'));
  await sell('b');
  const next = await close();
  assert.deepEqual([next.count, next.periods?.map(({ ours }) => ours.count)], [1, [1]]);
});

test('of two forgotten days the first is compared with all that the terminal holds, and says so', async (t) => {
  const { clock, close, sell } = await openBench(t, createTestTerminal('1'));
  await sell('a');
  clock.ms += DAY_MS;
  await sell('b', 2);
  clock.ms += DAY_MS;
  const first = await close({ businessDate: '2026-11-26' });
  assert.deepEqual([first.count, first.periods?.map(({ ours }) => ours.count)], [1, [2]]);
  assert.deepEqual(first.remarks, ['この日よりあとに受けた 1件 200円を含みます。']);
  assert.match(
    renderClosingSlip({ ...first, times: 1, notes: [] }, SLIP_HEAD),
    /この日よりあとに受けた 1件 200円/,
  );
  assert.deepEqual((await close({ businessDate: '2026-11-27' })).remarks, []);
});

const CASH: CountedRequest = {
  ...{ id: 'cash', window: 'resident', lines: [{ code: 'FEE', quantity: 1 }], totalYen: 100 },
  tender: 'cash',
};
const CORRECTION = { id: 'other', lines: CASH.lines, totalYen: 100, note: '項目の間違い' };

for (const [what, doMore, now] of [
  ['sold', ({ sell }: Bench) => sell('late'), [2, 1]],
  ['counted', ({ counter }: Bench) => void counter.counted.count({ ...CASH, id: 'late' }, HANAKO), [1, 2]],
  ['withdrawn', ({ counter }: Bench) => void counter.counted.withdraw(CASH.id, HANAKO), [1, 0]],
  [
    'corrected',
    ({ counter: { payments } }: Bench) =>
      void payments.afterwards.correct('a', CORRECTION, HANAKO, signatureOf(TARO)),
    [1, 1],
  ],
] as const) {
  test(`what was ${what} after a day's closing is closed the next morning, under its own date`, async (t) => {
    const bench = await openBench(t, createTestTerminal('1'));
    const { counter, clock, close, sell } = bench;
    const forgotten = () =>
      readClosingState(counter, new Date(clock.ms))
        .days.slice(0, -1)
        .map(({ businessDate, isClosed }) => [businessDate, isClosed]);
    await sell('a');
    counter.counted.count(CASH, HANAKO);
    await close();
    counter.counted.withdraw(counter.counted.count({ ...CASH, id: 'by mistake' }, HANAKO).id, HANAKO);
    clock.ms += DAY_MS;
    assert.deepEqual(forgotten(), [], 'closed to its end');
    clock.ms -= DAY_MS;
    await doMore(bench);
    clock.ms += DAY_MS;
    assert.deepEqual(forgotten(), [['2026-11-26', true]]);
    const { count, counted } = await close({ businessDate: '2026-11-26' });
    assert.deepEqual([count, counted?.cash.count], now);
    assert.deepEqual(forgotten(), []);
  });
}
