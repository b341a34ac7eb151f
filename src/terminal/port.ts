/**
 * Bytes to and from a terminal: a serial port or a TCP connection, read by pulling.
 *
 * Every connection is a new object: a serialport that is opened again would send what was queued before it was
 * unplugged (measured; a stale charge). So a port is opened once, used, closed, and never opened again.
 */
import { createConnection } from 'node:net';
import type { Duplex } from 'node:stream';
import { SerialPort } from 'serialport';
import { TerminalError } from './terminal.ts';

/** What `read` found: bytes, nothing within the time, or a line that is gone. */
export type Chunk = { kind: 'bytes'; bytes: Buffer } | { kind: 'timeout' } | { kind: 'closed' };

export interface Port {
  /** `stream`: an ordered, error-free stream (TCP); `serial`: bytes may be lost, added or changed. */
  readonly line: 'serial' | 'stream';
  /** The next bytes, at most `timeoutMs` later. One reader at a time. */
  read(timeoutMs: number): Promise<Chunk>;
  /** Resolves when the bytes have been handed to the line. @throws TerminalError if it is closed or stuck. */
  write(bytes: Buffer): Promise<void>;
  close(): Promise<void>;
  /** Resolves once the line is gone, whoever ended it. */
  readonly closed: Promise<void>;
}

/** @throws TerminalError (no money moved: nothing was sent) when the line can't be opened. */
export type OpenPort = () => Promise<Port>;

/** Where a terminal is: `serial:<path>[@baud]` or `tcp:<host>:<port>`. */
export type Address =
  { line: 'serial'; path: string; baudRate: number } | { line: 'stream'; host: string; port: number };

const WRITE_TIMEOUT_MS = 2_000;
const OPEN_TIMEOUT_MS = 3_000;
const DEFAULT_BAUD_RATE = 9_600;

/** Reads `serial:COM3`, `serial:/dev/ttyUSB0@115200` or `tcp:192.0.2.7:20007`; undefined if it is neither. */
export function parseAddress(text: string): Address | undefined {
  const serial = /^serial:(.+?)(?:@(\d+))?$/.exec(text);
  if (serial?.[1] !== undefined) {
    return { line: 'serial', path: serial[1], baudRate: Number(serial[2] ?? DEFAULT_BAUD_RATE) };
  }
  const tcp = /^tcp:([^:]+|\[[^\]]+\]):(\d{1,5})$/.exec(text);
  if (tcp?.[1] !== undefined && Number(tcp[2]) <= 65_535) {
    return { line: 'stream', host: tcp[1].replace(/^\[|\]$/g, ''), port: Number(tcp[2]) };
  }
  return undefined;
}

/** A function that opens a new connection to the address each time it is called. */
export function portOpener(address: Address): OpenPort {
  return address.line === 'serial' ? () => openSerial(address) : () => openTcp(address);
}

async function openSerial(address: Extract<Address, { line: 'serial' }>): Promise<Port> {
  // ZVT PA00P016 §3: 8 data bits, no parity, 2 stop bits, no handshake.
  const stream = new SerialPort({
    path: address.path,
    baudRate: address.baudRate,
    dataBits: 8,
    parity: 'none',
    stopBits: 2,
    autoOpen: false,
  });
  await new Promise<void>((resolve, reject) => {
    stream.open((error) => {
      if (error === null) resolve();
      else
        reject(
          new TerminalError(`${address.path} can't be opened: ${error.message}`, false, { cause: error }),
        );
    });
  });
  return pulled(stream, 'serial', () => stream.isOpen);
}

async function openTcp(address: Extract<Address, { line: 'stream' }>): Promise<Port> {
  const socket = createConnection({ host: address.host, port: address.port, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(new Error('no answer')), OPEN_TIMEOUT_MS);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeListener('error', reject);
      resolve();
    });
    socket.once('error', (cause) => {
      clearTimeout(timer);
      reject(
        new TerminalError(`${address.host}:${address.port} does not answer: ${cause.message}`, false, {
          cause,
        }),
      );
    });
  });
  return pulled(socket, 'stream', () => !socket.destroyed);
}

/** Turns a stream of events into a port that is read by pulling. */
function pulled(stream: Duplex, line: Port['line'], isOpen: () => boolean): Port {
  let buffered = Buffer.alloc(0);
  let gone = false;
  let wake: (() => void) | undefined;
  let failWrite: (() => void) | undefined;
  const { promise: closed, resolve: markClosed } = Promise.withResolvers<void>();

  // serialport fires `close` twice after a write in flight, and `error` before it: this must be idempotent.
  const end = (): void => {
    gone = true;
    markClosed();
    wake?.();
    failWrite?.();
  };
  stream.on('data', (bytes: Buffer) => {
    buffered = Buffer.concat([buffered, bytes]);
    wake?.();
  });
  stream.on('close', end);
  stream.on('end', end);
  stream.on('error', end);

  const take = (): Chunk | undefined => {
    if (buffered.length > 0) {
      const bytes = buffered;
      buffered = Buffer.alloc(0);
      return { kind: 'bytes', bytes };
    }
    return gone ? { kind: 'closed' } : undefined;
  };

  return {
    line,
    closed,
    read(timeoutMs) {
      const ready = take();
      if (ready !== undefined) return Promise.resolve(ready);
      return new Promise((resolve) => {
        const finish = (): void => {
          clearTimeout(timer);
          wake = undefined;
          resolve(take() ?? { kind: 'timeout' });
        };
        const timer = setTimeout(finish, timeoutMs);
        wake = finish;
      });
    },
    write(bytes) {
      if (gone || !isOpen()) return Promise.reject(new TerminalError('the line is closed', false));
      return new Promise((resolve, reject) => {
        // After an unplug neither the callback of write() nor drain() ever fires: the time-out is ours.
        const settle = (error?: TerminalError): void => {
          clearTimeout(timer);
          failWrite = undefined;
          if (error) reject(error);
          else resolve();
        };
        const timer = setTimeout(() => {
          settle(new TerminalError('the line takes no bytes', true));
        }, WRITE_TIMEOUT_MS);
        failWrite = () => {
          settle(new TerminalError('the line broke while writing', true));
        };
        stream.write(bytes, (cause) => {
          settle(cause ? new TerminalError('the line broke while writing', true, { cause }) : undefined);
        });
      });
    },
    async close() {
      if (!gone) {
        gone = true;
        if (stream instanceof SerialPort)
          stream.close(() => {
            markClosed();
          });
        else stream.destroy();
      }
      await closed;
    },
  };
}
