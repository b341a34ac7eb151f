/** Void and refund (PA00P015 §2.9, §2.15), and the end of the day (§2.16). */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compareWithIntent } from '../../../drivers/zvt/recovery.ts';
import {
  TerminalError,
  type Commit,
  type Ending,
  type Finding,
  type Terminal,
  type TerminalAnswer,
  type TerminalTotals,
  type Void,
} from '../../../src/terminal/terminal.ts';
import { bookStates, LINES, openCounter } from './counter.ts';
import { hear, register, say, tell } from './played.ts';

const ANSWER: TerminalAnswer = {
  verdict: 'approved',
  resultCode: '00',
  amountYen: 400,
  currency: '392',
  method: 'credit',
  brand: 'visa',
  brandName: 'Visa',
  terminalId: '99000001',
  receiptNumber: '0012',
  traceNumber: '000034',
  approvalCode: null,
  terminalTime: '11-24T10:00:30',
  raw: '',
};
const NOTHING = (): void => undefined;
const TAKE: Commit = () => 'acknowledge';
const cancel = (terminal: Terminal, order: Partial<Void>, commit = TAKE): Promise<Ending> =>
  terminal.authorizeVoid({ operationId: 'void', amountYen: 400, of: ANSWER, ...order }, commit, NOTHING);

describe('a void', () => {
  for (const [what, order] of [
    ['of what was never approved', { of: { ...ANSWER, verdict: 'declined' } }],
    ['without a receipt number', { of: { ...ANSWER, receiptNumber: null } }],
    ['of receipt 0000, which none is', { of: { ...ANSWER, receiptNumber: '0000' } }],
    ["of another terminal's receipt", { of: { ...ANSWER, terminalId: '99000002' } }],
    ['of another amount', { amountYen: 399 }],
    ['of a settled period, whose numbers may have begun anew', { settledSince: true }],
  ] as const) {
    test(`${what} is not sent`, async () => {
      const { far, terminal } = await register();
      assert.equal((await cancel(terminal, order)).kind, 'not_sent');
      assert.ok(far.isQuiet());
    });
  }

  test('names the receipt and the amount, so that the terminal refuses what does not fit', async () => {
    const { far, terminal } = await register();
    const ending = cancel(terminal, {});
    await hear(far, '06301000000087001204000000000400490392');
    await say(far, '80 00 00');
    await tell(far, '06 1e 01 b5');
    assert.deepEqual(await ending, { kind: 'aborted', verdict: 'declined', resultCode: 'b5' });
  });

  test('found in the memory of the terminal is known by the trace that it has cancelled', () => {
    const inquiry = {
      operationId: 'void',
      amountYen: 400,
      armedAt: '2026-11-24T01:05:00.000Z',
      kind: 'void',
      of: ANSWER,
      answer: null,
      previous: ANSWER,
    } as const;
    const found = { ...ANSWER, receiptNumber: '0013', traceNumber: '000035', terminalTime: '11-24T10:05:10' };
    const kindOf = (undoneTrace: string) => compareWithIntent(inquiry, { ...found, undoneTrace }).kind;
    assert.equal(kindOf('000034'), 'approved');
    assert.equal(kindOf('000033'), 'inconclusive');
    const another = { ...found, undoneTrace: '000034', amountYen: 500 };
    assert.equal(compareWithIntent(inquiry, another).kind, 'inconclusive', 'of another amount');
    assert.equal(compareWithIntent(inquiry, ANSWER).kind, 'inconclusive', 'the sale proves nothing');
  });

  test('is no sale: a reversal that is the last one stored never stands for a payment', () => {
    const sale = { operationId: 's', amountYen: 400, armedAt: '2026-11-24T01:05:00.000Z' };
    const numbers = { receiptNumber: '0013', traceNumber: '000035', undoneTrace: '000034' };
    const found = { ...ANSWER, ...numbers, terminalTime: '11-24T10:05:10' };
    assert.equal(compareWithIntent({ ...sale, answer: null, previous: ANSWER }, found).kind, 'inconclusive');
  });
});

describe('receipt numbers after a settlement', () => {
  const sale = {
    operationId: 's',
    amountYen: 400,
    armedAt: '2026-11-24T01:05:00.000Z',
    answer: null,
    previous: ANSWER,
  };
  const kindOf = (found: Partial<TerminalAnswer>, settledSince: boolean): Finding['kind'] =>
    compareWithIntent({ ...sale, settledSince }, { ...ANSWER, ...found }).kind;

  test('may begin anew without being taken for numbers that run backwards', () => {
    const found = { receiptNumber: '0001', traceNumber: '000001', terminalTime: '11-24T10:05:10' };
    assert.equal(kindOf(found, false), 'inconclusive');
    assert.equal(kindOf(found, true), 'approved');
  });

  test('may be equal to older ones by chance: without a time they prove nothing', () => {
    assert.equal(kindOf({ terminalTime: null }, false), 'inconclusive', 'it may have settled unseen');
    assert.equal(kindOf({ terminalTime: null }, true), 'inconclusive');
    assert.equal(kindOf({}, true), 'not_charged', 'numbers, amount and time are those of the one before');
  });
});

for (const listen of LINES) {
  describe(`with a terminal over ${listen === 'pty' ? 'a serial line' : 'TCP'}`, () => {
    test('a sale is voided once; the second time the terminal says that it is', async (t) => {
      const counter = await openCounter(t, listen);
      counter.virtual.plan([{ do: { act: 'present', brand: 'visa' } }]);
      const [of] = (await counter.sell(400)).answers;
      assert.ok(of !== undefined);
      const answers: TerminalAnswer[] = [];
      const ending = await cancel(counter.terminal, { of }, (answer) => {
        answers.push(answer);
        return 'acknowledge';
      });
      assert.deepEqual(ending, { kind: 'completed' });
      assert.deepEqual(
        answers.map(({ verdict, amountYen }) => [verdict, amountYen]),
        [['approved', 400]],
      );
      assert.deepEqual(
        counter.virtual.book().map(({ kind, state }) => [kind, state]),
        [
          ['sale', 'stored'],
          ['void', 'stored'],
        ],
      );
      assert.deepEqual(await cancel(counter.terminal, { of }), {
        kind: 'aborted',
        verdict: 'declined',
        resultCode: 'b4',
      });
    });

    test('a void whose end was lost is found again', async (t) => {
      const counter = await openCounter(t, listen);
      counter.virtual.plan([{ do: { act: 'present', brand: 'visa' } }]);
      const [of] = (await counter.sell(400)).answers;
      assert.ok(of !== undefined);
      counter.virtual.planFaults([{ fault: 'pull_cable', command: '0630', at: 'stored' }]);
      await assert.rejects(cancel(counter.terminal, { of }), TerminalError);
      await counter.virtual.plugCable();
      await counter.reconnect();
      const found = await counter.ask({ kind: 'void', of, amountYen: 400, previous: of });
      assert.equal(found.kind, 'approved');
    });

    test('money is refunded without naming a receipt on the wire', async (t) => {
      const counter = await openCounter(t, listen);
      counter.virtual.plan([{ do: { act: 'present', brand: 'visa' } }]);
      const [of] = (await counter.sell(300)).answers;
      assert.ok(of !== undefined);
      counter.virtual.plan([{ do: { act: 'present', brand: 'visa' } }]);
      const refunded = await counter.terminal.authorizeRefund(
        { operationId: 'refund', amountYen: 300, of, soldAt: '2026-11-24T00:00:00.000Z' },
        TAKE,
        NOTHING,
      );
      assert.deepEqual(refunded, { kind: 'completed' });
      assert.deepEqual(
        counter.virtual.book().map(({ kind, amount, state }) => [kind, amount, state]),
        [
          ['sale', 300, 'stored'],
          ['refund', 300, 'stored'],
        ],
      );
    });

    test('the day is settled: its totals are recorded before they are acknowledged, then begin anew', async (t) => {
      const counter = await openCounter(t, listen);
      counter.virtual.plan([{ do: { act: 'present', brand: 'visa' } }], true);
      await counter.sell(400);
      await counter.sell(350);
      const recorded: TerminalTotals[] = [];
      const settled = await counter.terminal.settle({}, (totals) => void recorded.push(totals), NOTHING);
      assert.ok(settled.kind === 'settled' && !settled.isBusyAfterwards);
      assert.equal(settled.totals?.totalYen, 750);
      assert.deepEqual(recorded, [settled.totals]);
      assert.equal((await counter.terminal.reportTotals()).totalYen, 0);
    });

    test('totals that can not be recorded leave the day open', async (t) => {
      const counter = await openCounter(t, listen);
      counter.virtual.plan([{ do: { act: 'present', brand: 'visa' } }]);
      await counter.sell(400);
      const failing = (): void => {
        throw new Error('disk full');
      };
      await assert.rejects(counter.terminal.settle({}, failing, NOTHING), /disk full/);
      await counter.reconnect();
      const settled = await counter.terminal.settle({}, NOTHING, NOTHING);
      assert.ok(settled.kind === 'settled' && settled.totals?.totalYen === 400);
    });

    test('a host that is down leaves the day open and the terminal locked, until it is settled', async (t) => {
      const counter = await openCounter(t, listen);
      counter.virtual.plan([{ do: { act: 'present', brand: 'visa' } }], true);
      await counter.sell(400);
      counter.virtual.planFaults([{ fault: 'host_down', command: '0650' }]);
      assert.deepEqual(await counter.terminal.settle({}, NOTHING, NOTHING), {
        kind: 'open',
        resultCode: '77',
      });
      assert.equal((await counter.terminal.checkHealth()).remedy, 'settle');
      const { ending } = await counter.sell(300);
      assert.ok(ending.kind === 'aborted' && ending.resultCode === 'f0');
      assert.equal((await counter.terminal.settle({}, NOTHING, NOTHING)).kind, 'settled');
      assert.deepEqual((await counter.sell(300)).ending, { kind: 'completed' });
      assert.deepEqual(bookStates(counter.virtual).length, 2);
    });
  });
}
