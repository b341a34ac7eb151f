/** Opening the line, making the terminal ready, and letting go of it. */
import assert from 'node:assert/strict';
import { duplexPair } from 'node:stream';
import { describe, test } from 'node:test';
import { createStreamPort } from '../../../src/terminal/stream-port.ts';
import { TerminalError } from '../../../src/terminal/terminal.ts';
import { neverMoved, type Bench } from './bench.ts';

/** A far end that does as it likes with what it hears. */
function strangeLine(answer: (bytes: Buffer) => Buffer | undefined) {
  const [near, far] = duplexPair();
  far.on('data', (bytes: Buffer) => {
    const said = answer(bytes);
    if (said !== undefined) far.write(said);
  });
  return createStreamPort(near, {
    line: 'stream',
    isOpen: () => !near.destroyed,
    release: () => {
      near.destroy();
      return Promise.resolve();
    },
  });
}

export function testConnecting({ subject, connect, connectAnew }: Bench): void {
  const { driver } = subject;

  describe('connects', () => {
    test('to a terminal that says which one it is', async (t) => {
      const { terminal } = await connect(t);
      assert.ok(terminal.terminalId !== null && terminal.terminalId !== '');
      assert.equal((await terminal.checkHealth()).terminalId, terminal.terminalId);
    });

    test('without anything that could move money', async (t) => {
      const counter = await connect(t);
      assert.ok(counter.sent().length > 0);
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

    test('not to a terminal that is not the one expected, and takes no money there', async (t) => {
      await connect(t);
      await assert.rejects(connect(t, { options: subject.strangerOptions }), TerminalError);
    });

    test('not to a terminal that takes another currency: it would take other money', async (t) => {
      await assert.rejects(connectAnew(t, { takesNoYen: true }), TerminalError);
    });

    for (const [at, options] of subject.senselessOptions.entries()) {
      test(`not with settings that make no sense, and opens no line for them (${at + 1})`, async () => {
        let isOpened = false;
        const openPort = () => {
          isOpened = true;
          return Promise.reject(new Error('opened'));
        };
        await assert.rejects(driver.connect(openPort, options), (error) => !(error instanceof TerminalError));
        assert.ok(!isOpened);
      });
    }

    test('not where the line can not be opened, and says that nothing was sent', async () => {
      const fault = new TerminalError('not plugged in', false);
      await assert.rejects(
        driver.connect(() => Promise.reject(fault), subject.options),
        fault,
      );
    });

    test('not where the cable is pulled, and works once it is back', async (t) => {
      const counter = await connect(t);
      await counter.farEnd.pullCable();
      await counter.terminal.closed;
      await assert.rejects(driver.connect(counter.farEnd.openPort, subject.options), TerminalError);
      await counter.reconnect();
      assert.ok((await counter.terminal.checkHealth()).ready);
    });

    for (const [what, answer] of [
      ['is silent', () => undefined],
      ['says back what it hears', (bytes: Buffer) => bytes],
      ['talks nonsense', () => Buffer.from('NO CARRIER\r\n')],
      ['sends nothing but zeros', () => Buffer.alloc(300)],
      ['sends nothing but ones', () => Buffer.alloc(300, 0xff)],
    ] as const) {
      test(`not to something that ${what}: it gives up, and lets go of the line`, async () => {
        const port = strangeLine(answer);
        await assert.rejects(
          driver.connect(() => Promise.resolve(port), subject.hastyOptions),
          TerminalError,
        );
        await port.closed;
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

    test('when the far end goes, and says so without being asked', async (t) => {
      const counter = await connectAnew(t);
      await counter.farEnd.pullCable();
      await counter.terminal.closed;
    });
  });
}
