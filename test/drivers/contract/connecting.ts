/** Opening the line, making the terminal ready, and letting go of it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TerminalError } from '../../../src/terminal/terminal.ts';
import { neverMoved, type Bench } from './bench.ts';

export function testConnecting({ subject, hasLink, connect, connectAnew }: Bench): void {
  describe('connects', () => {
    test('to a terminal that says which one it is', async (t) => {
      const { terminal } = await connect(t);
      assert.ok(terminal.terminalId !== null && terminal.terminalId !== '');
      assert.equal((await terminal.checkHealth()).terminalId, terminal.terminalId);
    });

    test('without anything that could move money', async (t) => {
      const counter = await connect(t);
      assert.equal(counter.sent().length > 0, hasLink);
      assert.ok(!subject.couldMoveMoney(counter.sent()));
      assert.deepEqual(await counter.book(), []);
    });

    test('again and again, each time to the same terminal', async (t) => {
      const counter = await connect(t);
      const { terminalId } = counter.terminal;
      for (let round = 0; round < 5; round++) {
        await counter.reconnect();
        assert.equal(counter.terminal.terminalId, terminalId);
      }
    });

    test('to a terminal that another connection, now closed, has sold on', async (t) => {
      const counter = await connect(t);
      await counter.sellWell(100);
      await counter.reconnect();
      await counter.sellWell(200);
      assert.deepEqual(
        (await counter.book()).map(({ amountYen, state }) => [amountYen, state]),
        [
          [100, 'stored'],
          [200, 'stored'],
        ],
      );
    });

    if (hasLink) {
      test('not to a terminal that is not the one expected, and takes no money there', async (t) => {
        await connect(t);
        await assert.rejects(connect(t, { options: subject.strangerOptions }), TerminalError);
      });

      test('not to a terminal that takes another currency: it would take other money', async (t) => {
        await assert.rejects(connectAnew(t, { takesNoYen: true }), TerminalError);
      });
    }

    for (const [at, options] of subject.senselessOptions.entries()) {
      test(`not with settings that make no sense, and sends nothing for them (${at + 1})`, async (t) => {
        const { farEnd } = await connect(t);
        const pass = (): Promise<void> => assert.fail('something was sent');
        await assert.rejects(farEnd.connect(options, { pass }), (error) => !(error instanceof TerminalError));
      });
    }

    test('not where the cable is pulled, and works once it is back', async (t) => {
      const counter = await connect(t);
      await counter.farEnd.pullCable();
      const pass = (_message: Buffer, send: () => Promise<void>): Promise<void> => send();
      const connecting = counter.farEnd.connect(subject.options, { pass });
      // Without a link nothing is said at connecting: it is the first question that nobody answers.
      const asking = hasLink ? connecting : connecting.then((terminal) => terminal.reportTotals());
      await assert.rejects(asking, TerminalError);
      await counter.reconnect();
      assert.ok((await counter.terminal.checkHealth()).ready);
    });

    for (const { what, connect: connectTo } of subject.impostors) {
      test(`not to something that ${what}: it gives up, and lets go of it`, async () => {
        const { connecting, closed } = connectTo();
        await assert.rejects(connecting, TerminalError);
        await closed;
      });
    }
  });

  describe('lets go', () => {
    test('when it is closed, as often as one likes', async (t) => {
      const { terminal } = await connect(t);
      await Promise.all([terminal.close(), terminal.close()]);
      await terminal.close();
      await terminal.closed;
    });

    test('so that nothing more is sent: every call fails, and provably moved nothing', async (t) => {
      const counter = await connect(t);
      await counter.terminal.close();
      const before = counter.sent().length;
      await assert.rejects(counter.sell(100), neverMoved);
      await assert.rejects(counter.terminal.checkHealth(), TerminalError);
      await assert.rejects(counter.terminal.reportTotals(), TerminalError);
      await assert.rejects(counter.find({ amountYen: 100 }), TerminalError);
      counter.terminal.abort();
      assert.equal(counter.sent().length, before);
      assert.deepEqual(await counter.book(), []);
    });

    test('when the far end goes: without being asked if it can notice, else when it asks', async (t) => {
      const counter = await connectAnew(t);
      await counter.farEnd.pullCable();
      if (!subject.noticesLoss) await assert.rejects(counter.terminal.reportTotals(), TerminalError);
      await counter.terminal.closed;
    });
  });
}
