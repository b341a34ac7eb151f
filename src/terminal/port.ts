/**
 * Bytes to and from a terminal: a serial port or a TCP connection, read by pulling.
 *
 * Every connection is a new object: a serialport that is opened again would send what was queued before it was
 * unplugged (measured; a stale charge). So a port is opened once, used, closed, and never opened again.
 */
import { readSync, writeSync } from 'node:fs';
import { createConnection } from 'node:net';
import { SerialPort } from 'serialport';
import { findUsbPort, listPorts, type ListPorts, type UsbId } from './detect.ts';
import { createStreamPort } from './stream-port.ts';
import { TerminalError } from './terminal.ts';

/** What `read` found: bytes, nothing within the time, a call of `interrupt`, or a line that is gone. */
export type Chunk =
  { kind: 'bytes'; bytes: Buffer } | { kind: 'timeout' } | { kind: 'interrupted' } | { kind: 'closed' };

export interface Port {
  /** `stream`: an ordered, error-free stream (TCP); `serial`: bytes may be lost, added or changed. */
  readonly line: 'serial' | 'stream';
  /** The next bytes, at most `timeoutMs` later; 0 looks without waiting. One reader at a time. */
  read(timeoutMs: number): Promise<Chunk>;
  /** Wakes a waiting `read`; does nothing if none is waiting. */
  interrupt(): void;
  /** Resolves when the bytes have been handed to the line. @throws TerminalError if it is closed or stuck. */
  write(bytes: Buffer): Promise<void>;
  close(): Promise<void>;
  /** Resolves once the line is gone, whoever ended it. */
  readonly closed: Promise<void>;
}

/**
 * Opens the line anew. `baudRate`: another rate than that of the address, where a terminal has agreed to one; a stream
 * has none and passes over it.
 * @throws TerminalError (no money moved: nothing was sent) when the line can't be opened.
 */
export type OpenPort = (baudRate?: number) => Promise<Port>;

/** Where a terminal is: `usb:<vendor>:<product>[:<serial>][@baud]`, `serial:<path>[@baud]` or `tcp:<host>:<port>`. */
export type Address =
  | { line: 'serial'; usb: UsbId; baudRate: number }
  | { line: 'serial'; path: string; baudRate: number }
  | { line: 'stream'; host: string; port: number };

const OPEN_TIMEOUT_MS = 3_000;
/** For a driver of the system that hangs on to a port; it is free again when the system says so. */
const CLOSE_TIMEOUT_MS = 2_000;
const DEFAULT_BAUD_RATE = 9_600;

/**
 * Reads `usb:0403:6001`, `usb:0403:6001:A50285BI@115200`, `serial:COM3`, `serial:/dev/ttyUSB0@115200` or
 * `tcp:192.0.2.7:20007`; undefined if it is none of them.
 */
export function parseAddress(text: string): Address | undefined {
  const usb = /^usb:([0-9a-f]{4}):([0-9a-f]{4})(?::([^:@]+))?(?:@(\d+))?$/i.exec(text);
  if (usb?.[1] !== undefined && usb[2] !== undefined) {
    const [, vendorId, productId, serialNumber = null, baudRate = DEFAULT_BAUD_RATE] = usb;
    return {
      line: 'serial',
      usb: { vendorId: vendorId.toLowerCase(), productId: productId.toLowerCase(), serialNumber },
      baudRate: Number(baudRate),
    };
  }
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

/** The serial ports that are plugged in now. @throws when the system does not say. */
export const listSerialPorts: ListPorts = () => listPorts(() => SerialPort.list());

/**
 * A function that opens a new connection to the address each time it is called, and looks each time where the USB
 * device is now: a terminal that is plugged in elsewhere has another path.
 */
export function portOpener(address: Address, list: ListPorts = listSerialPorts): OpenPort {
  if (address.line === 'stream') return () => openTcp(address);
  if ('path' in address) return (baudRate = address.baudRate) => openSerial(address.path, baudRate);
  return async (baudRate = address.baudRate) => openSerial(await findUsbPort(address.usb, list), baudRate);
}

async function openSerial(path: string, baudRate: number): Promise<Port> {
  // ZVT PA00P016 §3: 8 data bits, no parity, 2 stop bits, no handshake.
  const stream = new SerialPort({
    path,
    baudRate,
    dataBits: 8,
    parity: 'none',
    stopBits: 2,
    autoOpen: false,
  });
  await new Promise<void>((resolve, reject) => {
    const fail = (cause: Error): void => {
      clearTimeout(timer);
      reject(new TerminalError(`${path} can't be opened: ${cause.message}`, false, { cause }));
    };
    // A port of a device that sleeps may take minutes to open, or for ever; one that opens too late is let go.
    const timer = setTimeout(() => {
      stream.once('open', () => {
        stream.close(() => undefined);
      });
      fail(new Error('no answer'));
    }, OPEN_TIMEOUT_MS);
    stream.open((cause) => {
      if (cause !== null) {
        fail(cause);
        return;
      }
      clearTimeout(timer);
      resolve();
    });
  });
  speakDirectly(stream.port);
  return createStreamPort(stream, {
    line: 'serial',
    isOpen: () => stream.isOpen,
    release: () =>
      new Promise((resolve) => {
        if (!stream.isOpen) {
          resolve();
          return;
        }
        // Closing may wait for bytes that the line never takes; whoever waits for us does not.
        const timer = setTimeout(resolve, CLOSE_TIMEOUT_MS);
        stream.close(() => {
          clearTimeout(timer);
          resolve();
        });
      }),
  });
}

/** What serialport's POSIX bindings consist of; Windows' have no poller and no descriptor to speak of. */
interface PosixBinding {
  readonly isOpen: boolean;
  readonly fd: number;
  readonly poller: { once(event: 'readable', listener: (error: Error | null) => void): unknown };
  read(buffer: Buffer, offset: number, length: number): Promise<{ bytesRead: number; buffer: Buffer }>;
  write(buffer: Buffer): Promise<void>;
}

/**
 * Reads and writes the descriptor itself, which does not block, where serialport asks a worker thread.
 *
 * A read of no bytes means that the line has hung up. serialport 13 takes it for "try again" (bindings-cpp,
 * unix-read.js): if the cable goes while it reads, and not while it waits, it spins for ever at full load and nobody
 * hears that the line is gone (measured). A thread may also read a descriptor that was closed meanwhile and is another
 * file's by now. And an acknowledgement leaves a third sooner.
 */
function speakDirectly(binding: object | undefined): void {
  if (binding === undefined || !('poller' in binding)) return;
  const posix = binding as PosixBinding;
  const writeLater = posix.write.bind(posix);
  const assertOpen = (): void => {
    if (!posix.isOpen) throw Object.assign(new Error('the port is closed'), { canceled: true });
  };
  posix.read = async (buffer, offset, length) => {
    for (;;) {
      assertOpen();
      const bytesRead = ifReady(() => readSync(posix.fd, buffer, offset, length, null));
      if (bytesRead === 0) throw new Error('the line has hung up');
      if (bytesRead !== undefined) return { bytesRead, buffer };
      await new Promise<void>((resolve, reject) => {
        posix.poller.once('readable', (error) => (error === null ? resolve() : reject(error)));
      });
    }
  };
  posix.write = async (buffer) => {
    assertOpen();
    const written = ifReady(() => writeSync(posix.fd, buffer)) ?? 0;
    if (written < buffer.length) await writeLater(buffer.subarray(written));
  };
}

/** Undefined if the line has nothing to give, or takes nothing, just now. */
function ifReady(act: () => number): number | undefined {
  try {
    return act();
  } catch (error) {
    if (['EAGAIN', 'EINTR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

async function openTcp({ host, port }: Extract<Address, { line: 'stream' }>): Promise<Port> {
  const socket = createConnection({ host, port, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(new Error('no answer')), OPEN_TIMEOUT_MS);
    const fail = (cause: Error): void => {
      clearTimeout(timer);
      reject(new TerminalError(`${host}:${port} does not answer: ${cause.message}`, false, { cause }));
    };
    socket.once('error', fail);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeListener('error', fail);
      resolve();
    });
  });
  return createStreamPort(socket, {
    line: 'stream',
    isOpen: () => !socket.destroyed,
    release: () => {
      socket.destroy();
      return Promise.resolve();
    },
  });
}
