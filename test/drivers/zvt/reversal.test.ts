/** What a terminal does with an approval that nobody acknowledged, in its three readings (PA00P015 §2.2.8, §4). */
import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import {
  TerminalError,
  type Finding,
  type Inquiry,
  type Mirror,
  type Terminal,
  type TerminalAnswer,
} from '../../../src/terminal/terminal.ts';
import { bookStates, LINES, openCounter } from './counter.ts';

type Reading = 'immediate' | 'deferred' | 'none';

/** A first payment that stands, and a second whose acknowledgement the terminal never heard. */
async function loseAcknowledgement(t: TestContext, listen: string, autoReversal: Reading) {
  const counter = await openCounter(t, listen);
  counter.virtual.change({ autoReversal });
  await counter.reconnect({ autoReversal });
  counter.virtual.plan([
    { do: { act: 'present', brand: 'jcb' } },
    { do: { act: 'present', brand: 'visa' }, pullCableAt: 'approved' },
  ]);
  const [previous = null] = (await counter.sell(400)).answers;
  await assert.rejects(counter.sell(500), TerminalError);
  await counter.virtual.plugCable();
  const terminal = await counter.reconnect({ autoReversal });
  const ask = (about: Partial<Inquiry> & { amountYen: number }): Promise<Finding> => counter.ask(about);
  return { virtual: counter.virtual, terminal, ask, previous };
}

const sell = async (terminal: Terminal, amountYen: number, mirror?: Mirror): Promise<TerminalAnswer[]> => {
  const answers: TerminalAnswer[] = [];
  const sale = { operationId: 'next', amountYen, method: 'credit' as const, brand: null };
  await terminal.authorizeSale(
    mirror === undefined ? sale : { ...sale, mirror },
    (answer) => {
      answers.push(answer);
      return 'acknowledge';
    },
    () => undefined,
  );
  return answers;
};

for (const listen of LINES) {
  const over = listen === 'pty' ? 'a serial line' : 'TCP';
  describe(`an approval that nobody acknowledged, over ${over}`, () => {
    test('immediate: it is reversed at once, and the query may say that nothing was taken', async (t) => {
      const { virtual, ask, previous } = await loseAcknowledgement(t, listen, 'immediate');
      assert.deepEqual(bookStates(virtual), ['stored', 'reversed']);
      assert.equal((await ask({ amountYen: 500, previous })).kind, 'not_charged');
    });

    test('deferred: it stands until the next command, and the query finds it', async (t) => {
      const { virtual, ask, previous } = await loseAcknowledgement(t, listen, 'deferred');
      assert.deepEqual(bookStates(virtual), ['stored', 'stored']);
      const found = await ask({ amountYen: 500, previous });
      assert.equal(found.kind, 'approved');
    });

    test('deferred: mirroring the one before reverses it', async (t) => {
      const { virtual, terminal, previous } = await loseAcknowledgement(t, listen, 'deferred');
      virtual.plan([{ do: { act: 'present', brand: 'visa' } }]);
      await sell(terminal, 300, { receiptNumber: previous?.receiptNumber ?? null });
      assert.deepEqual(bookStates(virtual), ['stored', 'reversed', 'stored']);
    });

    test('deferred: mirroring it leaves it alone', async (t) => {
      const { virtual, terminal, ask, previous } = await loseAcknowledgement(t, listen, 'deferred');
      const found = await ask({ amountYen: 500, previous });
      assert.ok(found.kind === 'approved');
      virtual.plan([{ do: { act: 'present', brand: 'visa' } }]);
      await sell(terminal, 300, { receiptNumber: found.answer.receiptNumber });
      assert.deepEqual(bookStates(virtual), ['stored', 'stored', 'stored']);
    });

    test('deferred: as long as nobody has decided the terminal is told nothing', async (t) => {
      const { virtual, terminal } = await loseAcknowledgement(t, listen, 'deferred');
      virtual.plan([{ do: { act: 'present', brand: 'visa' } }]);
      await sell(terminal, 300);
      assert.deepEqual(bookStates(virtual), ['stored', 'stored', 'stored']);
    });

    test('none: the terminal forgets it without a reversal, so its silence proves nothing', async (t) => {
      const { virtual, ask, previous } = await loseAcknowledgement(t, listen, 'none');
      assert.deepEqual(bookStates(virtual), ['stored', 'reversed']);
      const found = await ask({ amountYen: 500, previous });
      assert.equal(found.kind, 'inconclusive');
    });

    for (const reading of ['immediate', 'none'] as const) {
      test(`${reading}: a decision about receipts is not sent to a terminal that does not ask for one`, async (t) => {
        const counter = await openCounter(t, listen);
        counter.virtual.change({ autoReversal: 'deferred' });
        await counter.reconnect({ autoReversal: reading });
        counter.virtual.plan([{ do: { act: 'present', brand: 'jcb' } }], true);
        const [first] = await sell(counter.terminal, 100);
        await sell(counter.terminal, 200);
        await sell(counter.terminal, 300, { receiptNumber: first?.receiptNumber ?? null });
        assert.deepEqual(bookStates(counter.virtual), ['stored', 'stored', 'stored']);
      });
    }
  });
}
