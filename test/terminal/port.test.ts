import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseAddress, portOpener, type Port } from '../../src/terminal/port.ts';
import { createStreamPort } from '../../src/terminal/stream-port.ts';
import { TerminalError } from '../../src/terminal/terminal.ts';
import { plugPty } from './pty.ts';

const LONG_MS = 5_000;

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

const usb = (vendorId: string, productId: string, serialNumber: string | null) => ({
  vendorId,
  productId,
  serialNumber,
});

describe('where a terminal is', () => {
  for (const [text, address] of [
    ['serial:COM3', { line: 'serial', path: 'COM3', baudRate: 9_600 }],
    ['serial:/dev/ttyUSB0@115200', { line: 'serial', path: '/dev/ttyUSB0', baudRate: 115_200 }],
    ['usb:0403:6001', { line: 'serial', usb: usb('0403', '6001', null), baudRate: 9_600 }],
    ['usb:0403:6001:A50285BI', { line: 'serial', usb: usb('0403', '6001', 'A50285BI'), baudRate: 9_600 }],
    ['usb:079B:0028@115200', { line: 'serial', usb: usb('079b', '0028', null), baudRate: 115_200 }],
    ['usb:403:6001', undefined],
    ['usb:0403', undefined],
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

test('what has arrived while this process had no turn is read before silence is believed', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const arrived = once(server, 'connection');
  const { port: number } = server.address() as AddressInfo;
  const port = await portOpener({ line: 'stream', host: '127.0.0.1', port: number })();
  t.after(() => port.close());
  const [far] = (await arrived) as [Socket];
  const waitMs = 20;
  const heard = port.read(waitMs);
  far.write('late');
  for (const until = performance.now() + 3 * waitMs; performance.now() < until;);
  assert.equal((await heard).kind, 'bytes');
});

test('a write that the line breaks in the middle of may have moved money, however the line says so', async () => {
  for (const breaks of ['by an error', 'in silence'] as const) {
    const stream = new Duplex({
      read: () => undefined,
      write(_bytes, _encoding, done) {
        if (breaks === 'by an error') done(new Error('EIO'));
        else stream.emit('close');
      },
    });
    const release = (): Promise<void> => Promise.resolve();
    const port = createStreamPort(stream, { line: 'serial', isOpen: () => true, release });
    await assert.rejects(
      port.write(Buffer.from('sale')),
      (error) => error instanceof TerminalError && error.moneyMayHaveMoved,
      breaks,
    );
    await port.closed;
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

  test('that takes no bytes is given up: the write ends, and money may have moved', async (t) => {
    const far = plugPty();
    t.after(() => far.unplug());
    far.master.pause();
    const port = await openSerial(far.path);
    t.after(() => port.close());
    await assert.rejects(
      // A pty holds a few thousand bytes for a far end that does not read.
      port.write(Buffer.alloc(500_000)),
      (error) => error instanceof TerminalError && error.moneyMayHaveMoved,
    );
  });

  test('can be closed with a read on its way, hundreds of times, and the process lives', async () => {
    const program = fileURLToPath(new URL('./reopen-program.ts', import.meta.url));
    const child = spawn(process.execPath, [program, '300'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const said: Buffer[] = [];
    child.stdout.on('data', (bytes: Buffer) => said.push(bytes));
    assert.deepEqual(await once(child, 'close'), [0, null]);
    assert.equal(Buffer.concat(said).toString(), '300 connections\n');
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
