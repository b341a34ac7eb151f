/** A difference at the closing: what nothing explains wants a reason, once, and every reason of the day stays in sight. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closeDay, findClosingOf, type ClosingParts } from '../../src/closing/closing.ts';
import type { ComparedPeriod } from '../../src/closing/comparison.ts';
import { AppError } from '../../src/errors.ts';
import { renderClosingSlip } from '../../src/closing/slip.ts';
import { TARO } from '../proof/clerk.ts';
import { openBench, refused, SLIP_HEAD } from './bench.ts';
import { createTestTerminal } from './terminal.ts';

test('a difference that nothing explains stops before the 日計, until somebody says why', async (t) => {
  const terminal = createTestTerminal('1');
  const { close, sell, events, counter } = await openBench(t, terminal);
  await sell('a');
  terminal.taken.amountYen += 250;
  terminal.taken.count += 1;
  await assert.rejects(close(), refused('closing_differs'));
  assert.ok(!terminal.asked.includes('settle'));
  assert.equal(events('closed').length, 0);
  const closing = await close({ note: '端末だけで 250円受けた' });
  assert.deepEqual([closing.note, closing.periods?.[0]?.unexplainedYen], ['端末だけで 250円受けた', 250]);
  const slip = renderClosingSlip(
    findClosingOf(counter.journal, closing.businessDate) ?? assert.fail(),
    SLIP_HEAD,
  );
  assert.match(slip, /差のまま締めた理由<\/dt><dd>端末だけで 250円受けた（.* 出納 太郎）<.*>\+250円</s);
});

test('a second closing of a day takes no reason of the first out of sight, and the slip has the screen’s name of a terminal', async (t) => {
  const terminal = createTestTerminal('1');
  const { close, sell, counter } = await openBench(t, terminal);
  await sell('a');
  terminal.taken = { count: 2, amountYen: 350 };
  await close({ note: '端末だけで 250円受けた' });
  await sell('b');
  const { businessDate, names } = await close();
  const closed = findClosingOf(counter.journal, businessDate) ?? assert.fail();
  assert.deepEqual(
    [closed.times, closed.note, closed.notes.map(({ clerk, note }) => [clerk, note])],
    [2, undefined, [['出納 太郎', '端末だけで 250円受けた']]],
  );
  terminal.taken.amountYen += 10;
  await sell('c');
  await assert.rejects(close(), refused('closing_differs'), 'a new difference wants its own');
  const [{ nameJa } = assert.fail()] = counter.payments.terminalStatus();
  assert.deepEqual(names, { 1: nameJa });
  const slip = renderClosingSlip(closed, SLIP_HEAD);
  assert.match(slip, /（2回目）.*差のまま締めた理由<\/dt><dd>端末だけで 250円受けた（/s);
  assert.ok(slip.includes(`<th scope="row">${nameJa}（`), 'and no number in its place');
});

test('of two terminals that differ the one that is explained stops nothing, and explains nothing of the other', async (t) => {
  const [first, second] = [createTestTerminal('1'), createTestTerminal('2')];
  const { parts, sell, counter, events } = await openBench(t, first, second);
  await sell('a', 3);
  // The first has not counted what was found paid later; the second has counted as much that nobody knows of.
  const { payments } = counter;
  const found = { ...(payments.find('a') ?? assert.fail()), late: true };
  const onTerminalAfter: typeof payments.onTerminalAfter = (terminal, sequence) =>
    payments.onTerminalAfter(terminal, sequence).map((each) => (each.id === 'a' ? found : each));
  const mixed: ClosingParts = { ...parts, payments: { ...payments, onTerminalAfter } };
  first.taken = { count: 0, amountYen: 0 };
  second.taken = { count: 1, amountYen: 300 };
  const order = { clerk: TARO, confirmedBy: null, note: '' };
  const seen = (periods: readonly ComparedPeriod[]): unknown[] =>
    periods.map((each) => [each.terminal, each.differenceYen, each.unexplainedYen, each.isUnexplained]);
  await assert.rejects(closeDay(mixed, order), (error) => {
    assert.ok(error instanceof AppError && error.code === 'closing_differs');
    assert.deepEqual(seen(error.details['periods'] as ComparedPeriod[]), [
      ['1', -300, 0, false],
      ['2', 300, 300, true],
    ]);
    return true;
  });
  assert.deepEqual([events('closed').length, first.asked.includes('settle')], [0, false]);
  // Without the second's, the first's alone lets the day be closed without a word.
  second.taken = { count: 0, amountYen: 0 };
  const { periods = [], note } = await closeDay(mixed, order);
  assert.deepEqual(seen(periods), [
    ['1', -300, 0, false],
    ['2', 0, 0, false],
  ]);
  assert.deepEqual([note, periods[0]?.payments], [undefined, ['a']]);
});
