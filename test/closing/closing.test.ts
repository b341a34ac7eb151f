/** Closing the day on the real journal and payments, with terminals that settle as they are told. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closeDay, findClosingOf, type ClosingParts } from '../../src/closing/closing.ts';
import { checkTerminals } from '../../src/closing/check.ts';
import { AppError } from '../../src/errors.ts';
import { renderClosingSlip } from '../../src/closing/slip.ts';
import { signatureOf } from '../../src/staff/staff.ts';
import { HANAKO, saleOf, TARO } from '../proof/clerk.ts';
import { openBench, refused, SLIP_HEAD } from './bench.ts';
import { createTestTerminal } from './terminal.ts';

test('a day is read, settled, compared and recorded, in this order; a second closing settles nothing again', async (t) => {
  const terminal = createTestTerminal('1');
  const { counter, close, sell, events } = await openBench(t, terminal);
  await sell('a', 3);
  await sell('b', 1);
  const closing = await close();
  assert.deepEqual([closing.count, closing.totalYen], [2, 400]);
  const order = counter.journal
    .eventsAfter(0, 100)
    .map(({ type, payloadText }) => [type, (JSON.parse(payloadText) as { purpose?: string }).purpose])
    .filter(([type]) => ['totals', 'settling', 'period_began', 'closed'].includes(type ?? ''));
  assert.deepEqual(order, [
    ['totals', 'opening'],
    ['totals', 'closing'],
    ['settling', undefined],
    ['totals', 'settlement'],
    ['period_began', undefined],
    ['totals', 'opening'],
    ['closed', undefined],
  ]);
  const [period] = closing.periods ?? [];
  assert.deepEqual(
    [period?.period, period?.isSettled, period?.ours, period?.theirs, period?.unexplainedYen],
    [1, true, { count: 2, amountYen: 400 }, { count: 2, amountYen: 400 }, 0],
  );
  assert.deepEqual(
    closing.dayBook?.map(({ nameJa, tender, brand, quantity, amountYen }) => [
      ...[nameJa, tender, brand, quantity, amountYen],
    ]),
    [['手数料', 'credit', 'visa', 4, 400]],
  );
  await close();
  assert.equal(terminal.asked.filter((asked) => asked === 'settle').length, 1, 'nothing had come since');
  await sell('c');
  assert.equal((await close()).count, 3, 'a sale after the closing: closed again as the same day');
  assert.equal(events('period_began').length, 2);
});

test('a terminal that can not settle leaves the day open; what is settled stays settled', async (t) => {
  const [first, second] = [createTestTerminal('1'), createTestTerminal('2')];
  const { close, sell, events } = await openBench(t, first, second);
  await sell('a');
  second.settles = 'not';
  second.taken = { count: 1, amountYen: 50 };
  await assert.rejects(close({ note: '確かめた' }), refused('settlement_refused'));
  assert.deepEqual([events('closed').length, events('period_began').length], [0, 1]);
  second.settles = 'well';
  const closing = await close({ note: '確かめた' });
  assert.equal(first.asked.filter((asked) => asked === 'settle').length, 1, 'the first is not settled again');
  assert.deepEqual(
    closing.periods?.map(({ terminal, theirs }) => [terminal, theirs.amountYen]),
    [
      ['1', 100],
      ['1', 0],
      ['2', 50],
    ],
  );
});

test('totals that can not be read leave the day open, and nothing is settled', async (t) => {
  const [first, second] = [createTestTerminal('1'), createTestTerminal('2')];
  const { close, events } = await openBench(t, first, second);
  second.isMute = true;
  await assert.rejects(close(), refused('totals_missing'));
  assert.ok(!first.asked.includes('settle'));
  assert.deepEqual([events('closed').length, events('settling').length], [0, 0]);
});

test('a closing says what accounting is to pay out of the day’s sales, and nothing that was taken back', async (t) => {
  const { sell, close, counter } = await openBench(t, createTestTerminal('1'));
  await sell('a', 3);
  const { afterwards } = counter.payments;
  const promise = { id: 'promise', totalYen: 300, reason: 'other', note: '重複' } as const;
  afterwards.promiseRefund('a', promise, TARO, signatureOf(HANAKO));
  assert.deepEqual((await close()).promised, { count: 1, amountYen: 300 });
  await afterwards.withdrawRefund('a', { refund: 'promise', note: '渡した' }, TARO, signatureOf(HANAKO));
  assert.deepEqual((await close()).promised, { count: 0, amountYen: 0 });
});

for (const [settles, isSettled] of [
  ['silently', true],
  ['silently, and not', false],
] as const) {
  test(`a 日計 that broke off (it was ${isSettled ? '' : 'not '}done) holds its terminal until its totals have told`, async (t) => {
    const terminal = createTestTerminal('1');
    const bench = await openBench(t, terminal);
    await bench.sell('a');
    terminal.settles = settles;
    await assert.rejects(bench.close(), refused('settlement_unanswered'));
    assert.equal(bench.events('closed').length, 0);
    assert.throws(() => bench.counter.payments.take(saleOf('b', 1), HANAKO), refused('settlement_open'));
    // The process ends, and the next one asks before anything else.
    await bench.startAgain();
    assert.equal(bench.events('period_began').length, isSettled ? 1 : 0);
    assert.equal(bench.events('settlement_refused').length, isSettled ? 0 : 1);
    assert.equal(
      terminal.asked.filter((asked) => asked === 'settle').length,
      1,
      'never sent again by itself',
    );
    terminal.settles = 'well';
    const closing = await bench.close();
    assert.deepEqual([closing.count, closing.totalYen], [1, 100]);
    assert.deepEqual(
      closing.periods?.map(({ ours, theirs }) => [ours.amountYen, theirs.amountYen]),
      isSettled
        ? [
            [100, 100],
            [0, 0],
          ]
        : [[100, 100]],
    );
    assert.equal(terminal.asked.filter((asked) => asked === 'settle').length, isSettled ? 1 : 2);
  });
}

test('a payment that nobody has asked about keeps the day open; what stays unknown is counted in its closing', async (t) => {
  const { parts, sell, close, counter } = await openBench(t, createTestTerminal('1'));
  await sell('a');
  const { payments } = counter;
  const lost = { ...(payments.find('a') ?? assert.fail()), state: 'unknown' } as const;
  const withLost = (holdsTerminal: boolean): ClosingParts => ({
    ...parts,
    payments: { ...payments, board: () => [...payments.board(), { ...lost, holdsTerminal }] },
  });
  const order = { clerk: TARO, confirmedBy: null, note: '' };
  await assert.rejects(closeDay(withLost(true), order), refused('closing_terminal_locked'));
  assert.equal((await closeDay(withLost(false), order)).unknown, 1);
  assert.equal((await close()).unknown, 0);
});

test('the checkpoint is the journal as it stood, and the slip has it as verify-journal takes it', async (t) => {
  const { sell, close, counter } = await openBench(t, createTestTerminal('1'));
  await sell('a', 3);
  const closing = await close();
  const [before] = counter.journal.eventsAfter(closing.headSequence - 1, 1);
  assert.deepEqual([closing.headSequence, closing.headHash], [before?.sequence, before?.hash]);
  assert.equal(counter.journal.head.sequence, closing.headSequence + 1, 'nothing between it and the closing');
  const printed = `<b>${closing.headSequence}:${before?.hash.slice(0, 16)}:1:300</b>`;
  const closed = findClosingOf(counter.journal, closing.businessDate) ?? assert.fail();
  assert.ok(renderClosingSlip(closed, SLIP_HEAD).includes(printed));
});

test('nothing is let in while a day is being closed: no sale, nothing counted, no second closing', async (t) => {
  const terminal = createTestTerminal('1');
  const other = createTestTerminal('2');
  const bench = await openBench(t, terminal, other);
  await bench.sell('a');
  const met: unknown[] = [];
  const note = (act: () => unknown): void => {
    try {
      met.push(act());
    } catch (error) {
      met.push(error instanceof AppError ? error.code : error);
    }
  };
  let second: Promise<unknown> | undefined;
  terminal.onSettling = () => {
    const { payments, counted } = bench.counter;
    // The other terminal's own connection may have come anew, and be free.
    note(() => payments.take(saleOf('b', 1, { method: 'emoney', brand: 'waon' }), HANAKO));
    note(() => counted.count({ ...saleOf('c', 1), tender: 'cash' } as never, HANAKO));
    second = bench.close().catch((error: unknown) => met.push((error as AppError).code));
  };
  const closing = await bench.close();
  await second;
  assert.deepEqual(met, ['closing_now', 'closing_now', 'closing_now']);
  assert.equal(closing.count, 1);
  await bench.sell('d');
});

test('点検 reads and records, settles nothing, and says of each terminal why it can not be read', async (t) => {
  const [first, second] = [createTestTerminal('1'), createTestTerminal('2')];
  const { parts, sell, events, close } = await openBench(t, first, second);
  await sell('a', 2);
  second.isMute = true;
  const check = await checkTerminals(parts, HANAKO);
  assert.deepEqual(
    check.periods.map(({ terminal, ours, theirs }) => [terminal, ours.amountYen, theirs.amountYen]),
    [['1', 200, 200]],
  );
  assert.deepEqual(
    check.unread.map(({ terminal }) => terminal),
    ['2'],
  );
  const read = events('totals') as { purpose: string; staff?: string }[];
  assert.deepEqual(
    read.filter(({ purpose }) => purpose === 'check').map(({ staff }) => staff),
    ['1001'],
  );
  assert.deepEqual(
    [...first.asked, ...second.asked].filter((asked) => asked === 'settle'),
    [],
  );
  // What was read in between changes nothing of the day's comparison.
  second.isMute = false;
  assert.equal((await close()).periods?.find(({ terminal }) => terminal === '1')?.ours.amountYen, 200);
});

test('a 点検 that can not be recorded is refused, and no screen goes on saying that one is under way', async (t) => {
  const { parts } = await openBench(t, createTestTerminal('1'));
  const seen: (string | undefined)[] = [];
  const full = new Error('the disk is full');
  const append = (): never => {
    throw new AppError('journal_unwritable', {}, { cause: full });
  };
  const unwritable: ClosingParts = {
    ...parts,
    journal: { ...parts.journal, append },
    onProgress: (progress) => seen.push(progress?.terminal),
  };
  await assert.rejects(checkTerminals(unwritable, HANAKO), { cause: full });
  assert.deepEqual(seen, ['1', undefined]);
  assert.equal(parts.payments.terminals.connection('1').state, 'ready');
});
