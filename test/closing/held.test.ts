/** The terminals that a closing holds: which it leaves out, and that it lets go of all of them or has none. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closeDay, type ClosingParts } from '../../src/closing/closing.ts';
import { AppError } from '../../src/errors.ts';
import { TARO } from '../proof/clerk.ts';
import { openBench } from './bench.ts';
import { createTestTerminal } from './terminal.ts';

const refused = (code: string) => (error: unknown) => error instanceof AppError && error.code === code;

test('a closing that finds one terminal busy has let go of the others', async (t) => {
  const { parts, close } = await openBench(t, createTestTerminal('1'), createTestTerminal('2'));
  const { terminals } = parts.payments;
  const busy = terminals.claim('2');
  assert.ok(typeof busy === 'object');
  await assert.rejects(close(), refused('closing_terminal_busy'));
  const first = terminals.claim('1');
  assert.ok(typeof first === 'object', 'the first is free again');
  first.release();
  busy.release();
  assert.equal((await close()).count, 0);
});

test('a terminal that is lost is left out, and what it held keeps no day open', async (t) => {
  const [first, second] = [createTestTerminal('1'), createTestTerminal('2')];
  const { parts, sell, counter } = await openBench(t, first, second);
  await sell('a');
  const { payments } = counter;
  payments.lost.lose('2', '盗まれた', TARO);
  second.asked.length = 0;
  const holding = {
    ...(payments.find('a') ?? assert.fail()),
    holdsTerminal: true,
    state: 'unknown',
  } as const;
  const heldAt = (id: string): ClosingParts => ({
    ...parts,
    payments: {
      ...payments,
      board: () => [...payments.board(), { ...holding, terminal: { ...holding.terminal, id } }],
    },
  });
  const order = { clerk: TARO, confirmedBy: null, note: '' };
  await assert.rejects(closeDay(heldAt('1'), order), refused('closing_terminal_locked'));
  const closing = await closeDay(heldAt('2'), order);
  assert.deepEqual(
    closing.totals.map(({ terminal }) => terminal),
    ['1'],
  );
  assert.deepEqual(second.asked, [], 'it is neither read nor settled');
  const { lost, unknown, undecided } = closing;
  assert.deepEqual([lost, unknown, undecided], [['2'], 1, 0]);
});

test('where another device answers, a 日計 in doubt is neither forgotten nor sent to that one', async (t) => {
  const terminal = createTestTerminal('1');
  const bench = await openBench(t, terminal);
  await bench.sell('a');
  terminal.settles = 'silently, and not';
  await assert.rejects(bench.close(), refused('settlement_unanswered'));
  const other = createTestTerminal('9');
  terminal.connect = other.connect;
  await bench.startAgain();
  await assert.rejects(bench.close({ note: '確かめた' }), refused('settlement_open'));
  assert.ok(!other.asked.includes('settle'));
  assert.deepEqual([bench.events('closed').length, bench.events('settling').length], [0, 1]);
});
