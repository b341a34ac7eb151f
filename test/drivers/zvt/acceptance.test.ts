/**
 * An acquirer's acceptance plan for registers (card complete's table of conversations, in our words), composed of whole
 * dialogues between the driver and a terminal. Each test is named by its row.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  TerminalError,
  type PrintedText,
  type Settlement,
  type TerminalAnswer,
} from '../../../src/terminal/terminal.ts';
import { bookStates, cardIsAwaited, LINES, openCounter } from './counter.ts';
import { openRegister } from './register.ts';

type Counter = Awaited<ReturnType<typeof openCounter>>;

const NOTHING = (): void => undefined;
const VISA = { do: { act: 'present', brand: 'visa' } } as const;

const settle = ({ terminal }: Counter): Promise<Settlement> => terminal.settle({}, NOTHING, NOTHING);

/** Sells and keeps every piece of text that the terminal had printed. */
async function sellPrinting({ terminal }: Counter, amountYen: number) {
  const answers: TerminalAnswer[] = [];
  const printed: PrintedText[] = [];
  const ending = await terminal.authorizeSale(
    { operationId: 'sale', amountYen, method: 'credit', brand: null },
    (answer) => {
      answers.push(answer);
      return 'acknowledge';
    },
    NOTHING,
    (text) => void printed.push(text),
  );
  return { ending, answer: answers.at(-1), printed };
}

for (const listen of LINES) {
  describe(`the acceptance plan over ${listen === 'pty' ? 'a serial line' : 'TCP'}`, () => {
    test('A1: registration is taken, completed, and in force at the terminal', async (t) => {
      const counter = await openCounter(t, listen);
      assert.equal(counter.terminal.terminalId, '99000001');
      assert.equal(counter.virtual.state().registered, true);
      counter.virtual.plan([VISA]);
      const { steps } = await counter.sell(1_000);
      assert.ok(steps.includes('present_card'), 'steps were asked for and come');
    });

    test('B1: a payment prints both receipts, is repeated, and is undone', async (t) => {
      const counter = await openCounter(t, listen);
      counter.virtual.plan([VISA]);
      const { ending, answer, printed } = await sellPrinting(counter, 1_000);
      assert.deepEqual(ending, { kind: 'completed' });
      assert.ok(answer !== undefined);
      assert.deepEqual(
        printed.map(({ receipt }) => receipt),
        ['merchant', 'customer'],
      );
      const found = await counter.ask({ amountYen: 1_000, answer });
      assert.equal(found.kind, 'approved', 'B1.2: the terminal shows it once more');
      const undone = await counter.terminal.authorizeVoid(
        { operationId: 'void', amountYen: 1_000, of: answer },
        () => 'acknowledge',
        NOTHING,
      );
      assert.deepEqual(undone, { kind: 'completed' }, 'B1.3');
      assert.equal((await counter.terminal.reportTotals()).totalYen, 0);
    });

    test('B2: contactless, a card as well as electronic money and a code, is as B1', async (t) => {
      const counter = await openCounter(t, listen);
      for (const brand of ['mastercard', 'waon', 'paypay'] as const) {
        counter.virtual.plan([{ do: { act: 'present', brand } }]);
        const { ending, answer, printed } = await sellPrinting(counter, 500);
        assert.deepEqual([ending.kind, answer?.brand, printed.length], ['completed', brand, 2]);
      }
    });

    test('B3: amounts that hold control bytes of the line arrive as they are', async (t) => {
      const counter = await openCounter(t, listen);
      counter.virtual.plan([VISA], true);
      const amounts = [1_010, 1_000, 10, 101_010, 1_002, 1_003, 1_006, 1_015, 21_003, 100_310, 1];
      for (const amountYen of amounts) {
        assert.equal((await counter.sell(amountYen)).answers[0]?.amountYen, amountYen);
      }
      assert.deepEqual(
        counter.virtual.book().map(({ amount }) => amount),
        amounts,
      );
    });

    test('B4.1: a terminal that loses its host says 9B, and nothing is taken', async (t) => {
      const counter = await openCounter(t, listen);
      counter.virtual.plan([VISA], true);
      counter.virtual.planFaults([{ fault: 'host_down', command: '0601' }]);
      const { ending, answers } = await counter.sell(1_000);
      assert.deepEqual(ending, { kind: 'aborted', verdict: 'declined', resultCode: '9b' });
      assert.deepEqual(
        answers.map(({ resultCode }) => resultCode),
        ['9b'],
      );
      assert.deepEqual((await counter.sell(1_000)).ending, { kind: 'completed' });
      assert.deepEqual(bookStates(counter.virtual), ['stored']);
    });

    for (const [row, what, act] of [
      ['B4.2', 'the stop key', { act: 'stop' }],
      ['B4.3', 'a customer who does nothing', { act: 'walk_away' }],
    ] as const) {
      test(`${row}: ${what} ends with 6C, said twice`, async (t) => {
        const counter = await openCounter(t, listen);
        counter.virtual.plan([{ do: act }]);
        const { ending, answers } = await counter.sell(1_000);
        assert.deepEqual(ending, { kind: 'aborted', verdict: 'cancelled', resultCode: '6c' });
        assert.deepEqual(
          answers.map(({ resultCode }) => resultCode),
          ['6c'],
        );
        assert.deepEqual(counter.virtual.book(), []);
      });
    }

    test('B4.4: a cable that goes during the payment: asked afterwards, never charged twice, usable again', async (t) => {
      const counter = await openCounter(t, listen);
      counter.virtual.plan([VISA, { ...VISA, pullCableAt: 'card_shown' }, VISA]);
      const previous = (await counter.sell(900)).answers[0] ?? null;
      await assert.rejects(counter.sell(1_000), TerminalError);
      await counter.virtual.plugCable();
      await counter.reconnect();
      assert.equal((await counter.ask({ amountYen: 1_000, previous })).kind, 'not_charged');
      assert.deepEqual((await counter.sell(1_000)).ending, { kind: 'completed' });
      assert.deepEqual(
        counter.virtual.book().map(({ amount }) => amount),
        [900, 1_000],
      );
    });

    test('B4.4: silence during the payment is ended by T4 with an abort', async (t) => {
      const counter = await openCounter(t, listen);
      counter.virtual.plan([VISA]);
      const previous = (await counter.sell(900)).answers[0] ?? null;
      await counter.reconnect({ t4Ms: 100 });
      const lost = assert.rejects(counter.sell(1_000), TerminalError);
      await cardIsAwaited(counter.virtual);
      counter.virtual.planFaults([{ fault: 'drop', times: 3 }]);
      await lost;
      counter.virtual.planFaults([]);
      await counter.reconnect();
      assert.equal((await counter.ask({ amountYen: 1_000, previous })).kind, 'not_charged');
    });

    test('B4.5: each step of the terminal begins T4 anew, so that a long PIN entry succeeds', async (t) => {
      // Longer in all than T4, never longer than T4 between two steps.
      const counter = await openCounter(t, listen, { readMs: 600, issuerMs: 600 });
      await counter.reconnect({ t4Ms: 1_500 });
      counter.virtual.plan([{ ...VISA, afterMs: 600 }]);
      assert.deepEqual((await counter.sell(1_000)).ending, { kind: 'completed' });
    });

    test('A2: an end of day with its host down leaves the day open, payments wait, and it succeeds later', async (t) => {
      const counter = await openCounter(t, listen);
      counter.virtual.plan([VISA], true);
      await counter.sell(1_000);
      counter.virtual.planFaults([{ fault: 'host_down', command: '0650' }]);
      assert.deepEqual(await settle(counter), { kind: 'open', resultCode: '77' }, 'A2.1');
      assert.deepEqual(
        (await counter.sell(1_000)).ending,
        { kind: 'aborted', verdict: 'declined', resultCode: 'f0' },
        'A2.2',
      );
      assert.equal((await counter.terminal.checkHealth()).ready, false);
      const settled = await settle(counter);
      assert.ok(settled.kind === 'settled' && settled.totals?.totalYen === 1_000, 'A2.3');
      assert.deepEqual((await counter.sell(1_000)).ending, { kind: 'completed' });
    });
  });
}

describe('the acceptance plan where the line matters', () => {
  test(
    'B4.6: a serial line that is deaf while the result is sent: it is repeated, and the payment taken once',
    { skip: !LINES.includes('pty') && 'no pty here' },
    async (t) => {
      const counter = await openCounter(t, 'pty');
      counter.virtual.plan([VISA]);
      counter.virtual.planFaults([{ fault: 'drop', message: '040f', times: 2 }]);
      const { ending, answers } = await counter.sell(1_000);
      assert.deepEqual([ending.kind, answers.length], ['completed', 1]);
      assert.deepEqual(bookStates(counter.virtual), ['stored']);
    },
  );

  test('A3: an end of day that begins a software update is polled until the terminal is back', async (t) => {
    const counter = await openCounter(t, 'tcp:0', { t3Ms: 300 });
    await counter.reconnect({ t3Ms: 50 });
    counter.virtual.plan([VISA], true);
    counter.virtual.planFaults([{ fault: 'software_update', ms: 300 }]);
    const settled = await settle(counter);
    assert.ok(settled.kind === 'settled' && settled.isBusyAfterwards);
    const health = [await counter.terminal.checkHealth()];
    while (health.at(-1)?.ready !== true) health.push(await counter.terminal.checkHealth());
    assert.equal(health[0]?.remedy, 'wait');
    assert.deepEqual((await counter.sell(1_000)).ending, { kind: 'completed' });
  });

  test('C5.1: open pre-authorisations are asked for before the end of day; there are none', async (t) => {
    const register = await openRegister(t, 'tcp:0');
    await register.hold('06 00 06 000000 8e 0392');
    assert.deepEqual(await register.hold('06 23 03 87 ffff'), ['800000', '061e04b887ffff']);
    assert.equal((await register.hold('06 50 03 000000')).at(-1), '060f00');
  });
});
