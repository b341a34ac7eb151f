import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { describe, test, type TestContext } from 'node:test';
import { z } from 'zod';
import type { PluggedPort } from '../../src/terminal/detect.ts';
import { portOpener, type Port } from '../../src/terminal/port.ts';
import type { LineDriver } from '../../src/terminal/driver.ts';
import { TerminalError, type Health, type Terminal } from '../../src/terminal/terminal.ts';
import { createTerminals } from '../../src/terminal/terminals.ts';
import { plugPty } from './pty.ts';

const USB = { vendorId: '079b', productId: '0028', serialNumber: null };
const PACE = { firstRetryMs: 10, longestRetryMs: 50, healthEveryMs: 20, leaveMs: 50 };

/** The simplest terminal there could be: it gives back what it is told. */
const PARROT: LineDriver = {
  model: 'parrot',
  reach: 'line',
  nameJa: 'オウム',
  brands: { credit: ['visa'], debit: [], emoney: [], qr: [] },
  totals: { grain: 'grand', buckets: [], bucketOf: () => 'all', countModulus: null },
  awaitsAcknowledgement: true,
  remembers: 'last',
  options: z.unknown(),
  explainResult: () => '',
  async connect(openPort) {
    const port = await openPort();
    try {
      await speak(port, 'hello');
    } catch (error) {
      await port.close();
      throw error;
    }
    return parrot(port);
  },
};

async function speak(port: Port, word: string): Promise<void> {
  await port.write(Buffer.from(word));
  let heard = '';
  while (heard.length < word.length) {
    const chunk = await port.read(500);
    if (chunk.kind !== 'bytes') throw new TerminalError(`it is ${chunk.kind}`, true);
    heard += chunk.bytes.toString();
  }
}

function parrot(port: Port): Terminal {
  const never = (): Promise<never> => Promise.reject(new Error('no parrot does that'));
  return {
    terminalId: 'parrot',
    authorizeSale: never,
    authorizeVoid: never,
    authorizeRefund: never,
    findTransaction: never,
    reportTotals: never,
    settle: never,
    async checkHealth() {
      await speak(port, 'health');
      return { terminalId: 'parrot', status: '', ready: true, remedy: 'none' };
    },
    abort: () => undefined,
    closed: port.closed,
    close: () => port.close(),
  };
}

/** @param logOff how the parrot is taken leave of @param onHealth what it says when it is idle */
function openCounter(
  t: TestContext,
  logOff?: (port: Port) => Promise<void>,
  onHealth: (health: Health) => void = () => undefined,
) {
  let cable: ReturnType<typeof plugPty> | undefined;
  const plugged: PluggedPort[] = [];
  const changes = new EventEmitter();
  const openPort = portOpener({ line: 'serial', usb: USB, baudRate: 9_600 }, () => Promise.resolve(plugged));
  const terminals = createTerminals(
    [
      {
        id: '1',
        driver: PARROT,
        async connect() {
          const opened: Port[] = [];
          const terminal = await PARROT.connect(async () => {
            const port = await openPort();
            opened.push(port);
            return port;
          }, {});
          return logOff === undefined
            ? terminal
            : { ...terminal, logOff: () => logOff(opened[0] ?? assert.fail()) };
        },
      },
    ],
    {
      askFor: () => () => assert.fail('no clerk is asked'),
      onChange: () => void changes.emit('change'),
      onConnected: () => Promise.resolve(),
      onReady: () => undefined,
      onHealth: (_setup, health) => onHealth(health),
      onError: () => undefined,
    },
    PACE,
  );
  const counter = {
    terminals,
    plug({ isSilent = false } = {}) {
      const pty = plugPty();
      pty.master.on('data', (bytes: Buffer) => {
        if (!isSilent) pty.master.write(bytes);
      });
      cable = pty;
      plugged.push({ ...USB, path: pty.path, manufacturer: null });
      return {
        path: pty.path,
        fallSilent: () => {
          isSilent = true;
        },
        hears: async (word: string) => {
          while (!pty.heard().toString().includes(word)) await once(pty.master, 'data');
        },
      };
    },
    unplug() {
      plugged.pop();
      cable?.unplug();
      cable = undefined;
    },
    async until(state: string) {
      while (terminals.connection('1').state !== state) await once(changes, 'change');
    },
  };
  t.after(async () => {
    await terminals.stop();
    cable?.unplug();
  });
  terminals.start();
  return counter;
}

describe('a terminal on a cable', { skip: process.platform !== 'linux' && 'a pty needs Linux' }, () => {
  test('that is idle is asked how it is, and what it says is heard: a day that it has closed by itself', async (t) => {
    const heard = Promise.withResolvers<Health>();
    openCounter(t, undefined, heard.resolve).plug();
    assert.equal((await heard.promise).terminalId, 'parrot');
  });

  test('that is plugged in after the start is found without a restart', async (t) => {
    const counter = openCounter(t);
    await counter.until('disconnected');
    assert.equal(counter.terminals.claim('1'), 'disconnected');
    counter.plug();
    await counter.until('ready');
  });

  test('that is plugged in elsewhere, under another name, is found again', async (t) => {
    const counter = openCounter(t);
    counter.plug();
    await counter.until('ready');
    counter.unplug();
    await counter.until('disconnected');
    // Another cable takes the old name, as a COM number is given out anew.
    const other = plugPty();
    t.after(() => other.unplug());
    counter.plug();
    await counter.until('ready');
    assert.equal(other.heard().length, 0);
  });

  test('that comes and goes many times is usable after each time', async (t) => {
    const counter = openCounter(t);
    for (let round = 0; round < 10; round++) {
      counter.plug();
      await counter.until('ready');
      counter.unplug();
      await counter.until('disconnected');
    }
  });

  test('is asked how it is while it is idle', async (t) => {
    const counter = openCounter(t);
    const cable = counter.plug();
    await cable.hears('health');
    await counter.until('ready');
  });

  test('that falls silent while it is idle is noticed before a sale is made, and is back when it speaks', async (t) => {
    const counter = openCounter(t);
    const cable = counter.plug();
    await counter.until('ready');
    cable.fallSilent();
    await counter.until('disconnected');
    counter.unplug();
    counter.plug();
    await counter.until('ready');
  });

  test('that is idle is taken leave of at a planned stop, before its line is closed', async (t) => {
    const counter = openCounter(t, (port) => speak(port, 'bye'));
    const cable = counter.plug();
    await counter.until('ready');
    await counter.terminals.stop();
    await cable.hears('bye');
  });

  test('that is just being connected when the stop comes does not hold it up', async (t) => {
    const counter = openCounter(t);
    const cable = counter.plug();
    await cable.hears('hello');
    assert.notEqual(counter.terminals.connection('1').state, 'ready');
    await counter.terminals.stop();
  });

  test('that is slow to be taken leave of, or fails to be, does not hold up the stop', async (t) => {
    for (const logOff of [
      () => new Promise<void>(() => undefined),
      () => Promise.reject(new TerminalError('it hears nothing', true)),
    ]) {
      const counter = openCounter(t, logOff);
      counter.plug();
      await counter.until('ready');
      await counter.terminals.stop();
    }
  });

  test('that is in a dialogue is not taken leave of: its line is closed, and the dialogue breaks', async (t) => {
    const left: string[] = [];
    const counter = openCounter(t, () => Promise.resolve(void left.push('bye')));
    const cable = counter.plug();
    await counter.until('ready');
    const claim = counter.terminals.claim('1');
    if (typeof claim === 'string') assert.fail(claim);
    cable.fallSilent();
    const broken = assert.rejects(claim.terminal.checkHealth(), TerminalError);
    await counter.terminals.stop();
    await broken;
    assert.deepEqual(left, []);
  });

  test('that came back meanwhile is not freed by who had the connection before', async (t) => {
    const counter = openCounter(t);
    counter.plug();
    await counter.until('ready');
    const old = counter.terminals.claim('1');
    if (typeof old === 'string') assert.fail(old);
    counter.unplug();
    await counter.until('disconnected');
    counter.plug();
    await counter.until('ready');
    const fresh = counter.terminals.claim('1');
    if (typeof fresh === 'string') assert.fail(fresh);
    old.release();
    assert.equal(counter.terminals.claim('1'), 'busy');
    fresh.release();
  });
});
