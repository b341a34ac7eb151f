import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compareWithIntent } from '../../../drivers/zvt/recovery.ts';
import { TerminalError, type Inquiry, type TerminalAnswer } from '../../../src/terminal/terminal.ts';
import { bookStates, cardIsAwaited, LINES, openCounter, untilState } from './counter.ts';

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
const EARLIER: TerminalAnswer = {
  ...ANSWER,
  receiptNumber: '0011',
  traceNumber: '000033',
  terminalTime: '11-24T09:58:00',
};
const INTENT: Inquiry = {
  operationId: 'sale',
  amountYen: 400,
  armedAt: '2026-11-24T01:00:00.000Z',
  answer: null,
  previous: EARLIER,
};

describe('what a terminal remembers, compared with what we meant to take', () => {
  const cases: readonly (readonly [string, Partial<Inquiry>, Partial<TerminalAnswer>, string])[] = [
    ['everything fits', {}, {}, 'approved'],
    ['everything fits and nothing earlier is known', { previous: null }, {}, 'approved'],
    ['it is the payment before', {}, EARLIER, 'not_charged'],
    ['it is the very answer that was recorded', { answer: ANSWER, previous: null }, {}, 'approved'],
    ['another amount', {}, { amountYen: 401 }, 'inconclusive'],
    ['another currency', {}, { currency: '978' }, 'inconclusive'],
    ['another terminal', {}, { terminalId: '99000002' }, 'inconclusive'],
    [
      "a time before the sale, within a clock's drift",
      {},
      { terminalTime: '11-24T09:58:30' },
      'inconclusive',
    ],
    ['numbers that run backwards', {}, { receiptNumber: '0009', traceNumber: '000030' }, 'inconclusive'],
    ['a trace that runs on but a receipt that does not', {}, { receiptNumber: '0009' }, 'inconclusive'],
    ['no time, and nothing earlier known', { previous: null }, { terminalTime: null }, 'inconclusive'],
    ['no time, though its numbers run on', {}, { terminalTime: null }, 'inconclusive'],
    [
      'older than the one that was announced by its numbers alone',
      { previous: null, answer: { ...ANSWER, terminalTime: null } },
      { ...EARLIER, terminalTime: null },
      'inconclusive',
    ],
    [
      'the numbers of the payment before, whose time nobody knows',
      { previous: { ...EARLIER, terminalTime: null } },
      { receiptNumber: EARLIER.receiptNumber, traceNumber: EARLIER.traceNumber },
      'inconclusive',
    ],
    [
      'no time, and the numbers and amount of the payment before',
      { previous: { ...EARLIER, terminalTime: null } },
      { ...EARLIER, terminalTime: null },
      'inconclusive',
    ],
    [
      'no time, and the numbers and amount of the very answer that was recorded',
      { answer: { ...ANSWER, terminalTime: null } },
      { terminalTime: null },
      'inconclusive',
    ],
    [
      'an answer was recorded, and the last one stored has smaller numbers and no time',
      { answer: ANSWER, previous: null },
      { receiptNumber: '0001', traceNumber: '000033', terminalTime: null },
      'inconclusive',
    ],
    ['it is not approved', {}, { verdict: 'declined', resultCode: '05' }, 'inconclusive'],
    ['it was stopped', {}, { verdict: 'cancelled', resultCode: '6c' }, 'inconclusive'],
    ['its code is not listed', {}, { verdict: 'unlisted', resultCode: '7f' }, 'inconclusive'],
    [
      'the time and amount of the payment before, and no number that would tell them apart',
      { previous: { ...EARLIER, receiptNumber: null, traceNumber: null } },
      { ...EARLIER, receiptNumber: null, traceNumber: null },
      'inconclusive',
    ],
    [
      'an answer was recorded, and the last one stored is earlier by its time and later by its numbers',
      { answer: ANSWER, previous: null },
      { receiptNumber: '0013', traceNumber: '000035', terminalTime: '11-24T09:59:50' },
      'inconclusive',
    ],
    [
      'an older payment of another amount, and nothing earlier known',
      { previous: null },
      { amountYen: 999, terminalTime: '11-24T08:00:00' },
      'not_charged',
    ],
    [
      'an older payment of the same amount, and nothing earlier known',
      { previous: null },
      { terminalTime: '11-24T08:00:00' },
      'inconclusive',
    ],
    [
      'an answer was recorded, but an older payment is the last one stored',
      { answer: ANSWER, previous: null },
      { receiptNumber: '0011', traceNumber: '000033', terminalTime: '11-24T09:59:50' },
      'not_charged',
    ],
    [
      'an answer was recorded, but a later payment is the last one stored',
      { answer: ANSWER },
      { receiptNumber: '0013', traceNumber: '000035', terminalTime: '11-24T10:05:00' },
      'inconclusive',
    ],
    ['a slow card, a slow host: minutes after we asked', {}, { terminalTime: '11-24T10:14:00' }, 'approved'],
    [
      'everything fits, but it was taken half an hour later: on the terminal alone',
      {},
      { terminalTime: '11-24T10:30:00' },
      'inconclusive',
    ],
    [
      'the numbers have just wrapped',
      { previous: { ...EARLIER, receiptNumber: '9999', traceNumber: '999999' } },
      { receiptNumber: '0001', traceNumber: '000001' },
      'approved',
    ],
    [
      "a sale of New Year's Eve found after midnight",
      {
        armedAt: '2026-12-31T14:59:50.000Z',
        previous: { ...EARLIER, terminalTime: '12-31T23:00:00' },
      },
      { terminalTime: '01-01T00:00:05' },
      'approved',
    ],
  ];
  for (const [what, intent, found, kind] of cases) {
    test(`${what}: ${kind}`, () => {
      assert.equal(compareWithIntent({ ...INTENT, ...intent }, { ...ANSWER, ...found }).kind, kind);
    });
  }
});

for (const listen of LINES) {
  describe(`a cable that is pulled, over ${listen === 'pty' ? 'a serial line' : 'TCP'}`, () => {
    for (const [point, what, inBook, finding] of [
      ['card_shown', 'after the card was shown', [], 'not_charged'],
      ['approved', 'before the register heard of the approval', ['reversed'], 'not_charged'],
      ['acknowledged', 'between the acknowledgement and the receipts', ['reversed'], 'not_charged'],
      ['stored', 'after the terminal stored it', ['stored'], 'approved'],
    ] as const) {
      test(`${what}: the query finds what the terminal's book says`, async (t) => {
        const counter = await openCounter(t, listen);
        counter.virtual.plan([
          { do: { act: 'present', brand: 'jcb' } },
          { do: { act: 'present', brand: 'visa' }, pullCableAt: point },
        ]);
        const [previous] = (await counter.sell(400)).answers;
        const answers: TerminalAnswer[] = [];
        await assert.rejects(
          counter.sell(400, (answer) => {
            answers.push(answer);
            return 'acknowledge';
          }),
          (error) => error instanceof TerminalError && error.moneyMayHaveMoved,
        );
        await counter.terminal.closed;
        await counter.virtual.plugCable();
        await counter.reconnect();
        const found = await counter.ask({
          amountYen: 400,
          previous: previous ?? null,
          answer: answers.at(-1) ?? null,
        });
        assert.equal(found.kind, finding);
        assert.deepEqual(bookStates(counter.virtual), ['stored', ...inBook]);
        assert.equal(
          (await counter.ask({ amountYen: 400, previous: previous ?? null })).kind,
          finding,
          'asked again',
        );
      });
    }

    test('while the register records: the terminal reverses, and the query says so', async (t) => {
      const counter = await openCounter(t, listen);
      counter.virtual.plan([
        { do: { act: 'present', brand: 'jcb' } },
        { do: { act: 'present', brand: 'visa' } },
      ]);
      const [previous] = (await counter.sell(400)).answers;
      let pulled: Promise<void> | undefined;
      let answer: TerminalAnswer | null = null;
      await assert.rejects(
        counter.sell(400, (committed) => {
          answer = committed;
          pulled = counter.virtual.pullCable();
          return 'acknowledge';
        }),
        TerminalError,
      );
      await pulled;
      await counter.virtual.plugCable();
      await counter.reconnect();
      const found = await counter.ask({ amountYen: 400, previous: previous ?? null, answer });
      assert.deepEqual(bookStates(counter.virtual), ['stored', 'reversed']);
      assert.equal(found.kind, 'not_charged');
    });

    test('nothing stored at all leaves the question open: other evidence has to answer it', async (t) => {
      const counter = await openCounter(t, listen);
      assert.equal((await counter.ask({ amountYen: 400 })).kind, 'inconclusive');
    });
  });

  describe(`a register that dies and comes back, over ${listen === 'pty' ? 'a serial line' : 'TCP'}`, () => {
    test('stops the payment that nobody would record, and finds that nothing was taken', async (t) => {
      const counter = await openCounter(t, listen);
      counter.virtual.plan([{ do: { act: 'present', brand: 'jcb' } }]);
      const [previous] = (await counter.sell(400)).answers;
      const lost = assert.rejects(counter.sell(500), TerminalError);
      await cardIsAwaited(counter.virtual);
      // As a killed process leaves it: the port is let go without a word.
      await counter.terminal.close();
      await lost;
      await counter.reconnect();
      const found = await counter.ask({ amountYen: 500, previous: previous ?? null });
      assert.equal(found.kind, 'not_charged');
      await untilState(counter.virtual, ({ waiting }) => !waiting);
      counter.virtual.plan([{ do: { act: 'present', brand: 'visa' } }]);
      assert.deepEqual((await counter.sell(500)).ending, { kind: 'completed' });
      assert.deepEqual(bookStates(counter.virtual), ['stored', 'stored']);
    });

    test('between the answer and the acknowledgement: the terminal reverses as soon as it registers anew', async (t) => {
      const counter = await openCounter(t, listen, { acknowledgeMs: 20_000 });
      counter.virtual.plan([
        { do: { act: 'present', brand: 'jcb' } },
        { do: { act: 'present', brand: 'visa' } },
      ]);
      const [previous] = (await counter.sell(400)).answers;
      let answer: TerminalAnswer | null = null;
      let closed: Promise<void> | undefined;
      await assert.rejects(
        counter.sell(500, (committed) => {
          answer = committed;
          closed = counter.terminal.close();
          return 'acknowledge';
        }),
        TerminalError,
      );
      await closed;
      await counter.reconnect();
      const found = await counter.ask({ amountYen: 500, previous: previous ?? null, answer });
      assert.equal(found.kind, 'not_charged');
      assert.deepEqual(bookStates(counter.virtual), ['stored', 'reversed']);
    });
  });
}
