import assert from 'node:assert/strict';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import { ReadStream } from 'node:tty';
import { parseAddress, portOpener, type Port } from '../../src/terminal/port.ts';
import { TerminalError } from '../../src/terminal/terminal.ts';

const LONG_MS = 5_000;

/** The far end of a serial cable: a real pty. */
function plugPty() {
  const require = createRequire(import.meta.url);
  const addon = require('@lydell/node-pty-linux-x64/pty.node') as {
    open(columns: number, rows: number): { master: number; slave: number; pty: string };
  };
  const pty = addon.open(80, 24);
  const master = new ReadStream(pty.master);
  const heard: Buffer[] = [];
  master.on('data', (bytes: Buffer) => heard.push(bytes));
  return {
    path: pty.pty,
    master,
    heard: () => Buffer.concat(heard),
    async hears(bytes: number) {
      while (Buffer.concat(heard).length < bytes) await once(master, 'data');
    },
    unplug() {
      closeSync(pty.slave);
      master.destroy();
    },
  };
}

const openSerial = (path: string): Promise<Port> => portOpener({ line: 'serial', path, baudRate: 9_600 })();

async function readText(port: Port, length: number): Promise<string> {
  let text = '';
  while (text.length < length) {
    const chunk = await port.read(LONG_MS);
    if (chunk.kind !== 'bytes') assert.fail(`the line said ${chunk.kind}`);
    text += chunk.bytes.toString('latin1');
  }
  return text;
}

describe('where a terminal is', () => {
  for (const [text, address] of [
    ['serial:COM3', { line: 'serial', path: 'COM3', baudRate: 9_600 }],
    ['serial:/dev/ttyUSB0@115200', { line: 'serial', path: '/dev/ttyUSB0', baudRate: 115_200 }],
    ['tcp:192.0.2.7:20007', { line: 'stream', host: '192.0.2.7', port: 20_007 }],
    ['tcp:[::1]:20007', { line: 'stream', host: '::1', port: 20_007 }],
    ['tcp:192.0.2.7:70000', undefined],
    ['COM3', undefined],
  ] as const) {
    test(`${text} is ${address === undefined ? 'refused' : 'understood'}`, () => {
      assert.deepEqual(parseAddress(text), address);
    });
  }
});

describe('a serial port', { skip: process.platform !== 'linux' && 'a pty needs Linux' }, () => {
  test('carries every byte value both ways', async () => {
    const far = plugPty();
    const port = await openSerial(far.path);
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    await port.write(all);
    far.master.write(all);
    assert.equal(await readText(port, 256), all.toString('latin1'));
    await far.hears(256);
    assert.deepEqual(far.heard(), all);
    await port.close();
    far.unplug();
  });

  test('says within moments that the cable was pulled, to whoever reads and to whoever watches', async () => {
    const far = plugPty();
    const port = await openSerial(far.path);
    const read = port.read(LONG_MS);
    far.unplug();
    assert.deepEqual(await read, { kind: 'closed' });
    await port.closed;
    assert.deepEqual(await port.read(LONG_MS), { kind: 'closed' });
  });

  test('notices a cable that is pulled while bytes arrive', async () => {
    for (let round = 0; round < 30; round++) {
      const far = plugPty();
      const port = await openSerial(far.path);
      far.master.write('bytes', () => far.unplug());
      await port.closed;
    }
  });

  test('a write after the cable was pulled fails at once, and provably moved nothing', async () => {
    const far = plugPty();
    const port = await openSerial(far.path);
    far.unplug();
    await port.closed;
    await assert.rejects(
      port.write(Buffer.from('sale')),
      (error) => error instanceof TerminalError && !error.moneyMayHaveMoved,
    );
  });

  test('carries more than the line takes at once', async () => {
    const far = plugPty();
    const port = await openSerial(far.path);
    const much = Buffer.alloc(60_000, 'abcdefg');
    await port.write(much);
    await far.hears(much.length);
    assert.ok(far.heard().equals(much));
    await port.close();
    far.unplug();
  });

  test('what was written while the cable was pulled never reaches the line that is plugged in again', async () => {
    const first = plugPty();
    const port = await openSerial(first.path);
    first.unplug();
    // In the same breath: the port may or may not have noticed.
    const written = port.write(Buffer.from('stale sale'));
    await assert.rejects(written, TerminalError);
    await port.closed;

    const second = plugPty();
    const again = await openSerial(second.path);
    await again.write(Buffer.from('fresh'));
    second.master.write('heard');
    assert.equal(await readText(again, 5), 'heard');
    await second.hears(5);
    assert.equal(second.heard().toString(), 'fresh');
    await again.close();
    second.unplug();
  });

  test('a byte comes through with no timer pending', async () => {
    const far = plugPty();
    const port = await openSerial(far.path);
    far.master.on('data', (bytes: Buffer) => far.master.write(bytes));
    const started = performance.now();
    for (let round = 0; round < 20; round++) {
      await port.write(Buffer.of(round));
      assert.equal((await readText(port, 1)).charCodeAt(0), round);
    }
    // On Node 26.4 and later each round would wait for an unrelated timer, here seconds away.
    assert.ok(performance.now() - started < LONG_MS);
    await port.close();
    far.unplug();
  });

  test('a path that is not there is refused in plain words, and nothing was sent', async () => {
    await assert.rejects(
      openSerial('/dev/no-such-port'),
      (error) =>
        error instanceof TerminalError && !error.moneyMayHaveMoved && error.message.includes('no-such-port'),
    );
  });

  test('is released by close, so that it can be opened anew', async () => {
    const far = plugPty();
    const port = await openSerial(far.path);
    await port.close();
    await port.close();
    await (await openSerial(far.path)).close();
    far.unplug();
  });
});

describe('a TCP connection', () => {
  async function listen(onSocket: (socket: Socket) => void) {
    const server = createServer(onSocket);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { server, port: (server.address() as AddressInfo).port };
  }

  test('echoes, and notices that the far end hung up', async () => {
    const far = await listen((socket) => {
      socket.once('data', (bytes) => socket.end(bytes));
    });
    const port = await portOpener({ line: 'stream', host: '127.0.0.1', port: far.port })();
    await port.write(Buffer.from('hello'));
    assert.equal(await readText(port, 5), 'hello');
    assert.deepEqual(await port.read(LONG_MS), { kind: 'closed' });
    await port.closed;
    far.server.close();
  });

  test('to nobody is refused, and nothing was sent', async () => {
    const far = await listen(() => undefined);
    await new Promise((resolve) => far.server.close(resolve));
    await assert.rejects(
      portOpener({ line: 'stream', host: '127.0.0.1', port: far.port })(),
      (error) => error instanceof TerminalError && !error.moneyMayHaveMoved,
    );
  });
});
