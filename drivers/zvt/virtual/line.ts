/**
 * The terminal's end of the line. On Linux a pty: to the register it is a serial port under a name that stays the
 * same when the cable is pulled and put back. Elsewhere, and on request, TCP (PA00P016 §4).
 */
import { closeSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ReadStream } from 'node:tty';
import type { Port } from '../../../src/terminal/port.ts';
import { createStreamPort } from '../../../src/terminal/stream-port.ts';

export interface Line {
  /** Where the register finds it, as `parseAddress` reads it. */
  readonly address: string;
  readonly isPlugged: boolean;
  /** The register sees its line break, in the middle of a byte if need be. */
  pull(): Promise<void>;
  plug(): Promise<void>;
}

/**
 * Called with each new connection; the one before is gone or about to be closed. `registerRate`: the bauds that the
 * register has set, where the line has any.
 */
type OnPort = (port: Port, registerRate?: () => Promise<number>) => void;

/** `pty` or `tcp:PORT` (0: any free one). @throws if this machine has no pty, or the port is taken. */
export async function openLine(listen: string, dataDir: string, onPort: OnPort): Promise<Line> {
  const tcp = /^tcp:(\d{1,5})$/.exec(listen);
  if (tcp === null && listen !== 'pty') throw new Error(`--listen is pty or tcp:PORT, not ${listen}`);
  return tcp === null ? openPtyLine(join(dataDir, 'line'), onPort) : openTcpLine(Number(tcp[1]), onPort);
}

/** The native part of @lydell/node-pty, whose own JavaScript would read both ends itself. */
interface PtyAddon {
  open(columns: number, rows: number): { master: number; slave: number; pty: string };
}

/** What the same package that opens the register's end asks the system with. */
interface SerialAddon {
  asyncGetBaudRate(descriptor: number): Promise<{ baudRate: number }>;
}

/**
 * Children that this process starts while the line is plugged inherit the pty's far end, and then pulling the cable is
 * no hang-up to the register: a program that starts others runs the virtual terminal as a program of its own, or on TCP.
 */
async function openPtyLine(link: string, onPort: OnPort): Promise<Line> {
  if (process.platform !== 'linux') throw new Error('--listen pty needs Linux; use --listen tcp:PORT here');
  const require = createRequire(import.meta.url);
  const addon = require('@lydell/node-pty-linux-x64/pty.node') as PtyAddon;
  const serial = require('@serialport/bindings-cpp/dist/load-bindings.js') as SerialAddon;
  let port: Port | undefined;

  const plug = (): Promise<void> => {
    const pty = addon.open(80, 24);
    const stream = new ReadStream(pty.master);
    // Until the register opens its end the line must not echo what the terminal says.
    stream.setRawMode(true);
    rmSync(link, { force: true });
    symlinkSync(pty.pty, link);
    port = createStreamPort(stream, {
      line: 'serial',
      isOpen: () => !stream.destroyed,
      // Our copy of the far end keeps the line alive while the register has it closed; now it has to go too.
      release: () => {
        rmSync(link, { force: true });
        closeSync(pty.slave);
        return destroyed(stream);
      },
    });
    // Asked while the cable is pulled, the descriptor may be gone: a line that is gone has no rate.
    onPort(port, () =>
      serial.asyncGetBaudRate(pty.slave).then(
        ({ baudRate }) => baudRate,
        () => 0,
      ),
    );
    return Promise.resolve();
  };
  await plug();
  return {
    address: `serial:${link}`,
    get isPlugged() {
      return port !== undefined;
    },
    async pull() {
      const pulled = port;
      port = undefined;
      await pulled?.close();
    },
    async plug() {
      if (port === undefined) await plug();
    },
  };
}

async function openTcpLine(wanted: number, onPort: OnPort): Promise<Line> {
  let server: Server | undefined;
  let tcpPort = wanted;
  let socket: Socket | undefined;

  const plug = async (): Promise<void> => {
    const listening = createServer({ noDelay: true }, (connected) => {
      // A register that comes again has lost its former connection, even if we have not noticed.
      socket?.destroy();
      socket = connected;
      onPort(
        createStreamPort(connected, {
          line: 'stream',
          isOpen: () => !connected.destroyed,
          release: () => destroyed(connected),
        }),
      );
    });
    await new Promise<void>((resolve, reject) => {
      listening.once('error', reject);
      listening.listen(tcpPort, '127.0.0.1', resolve);
    });
    tcpPort = (listening.address() as AddressInfo).port;
    server = listening;
  };
  await plug();
  return {
    address: `tcp:127.0.0.1:${tcpPort}`,
    get isPlugged() {
      return server !== undefined;
    },
    async pull() {
      const closing = server;
      server = undefined;
      if (closing === undefined) return;
      const closed = new Promise<void>((resolve) => {
        closing.close(() => {
          resolve();
        });
      });
      socket?.destroy();
      await closed;
    },
    async plug() {
      if (server === undefined) await plug();
    },
  };
}

function destroyed(stream: Socket): Promise<void> {
  if (stream.closed) return Promise.resolve();
  return new Promise((resolve) => {
    stream.once('close', () => {
      resolve();
    });
    stream.destroy();
  });
}
