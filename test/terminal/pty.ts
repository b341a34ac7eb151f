/** The far end of a serial cable, held by a test: a real pty. Children inherit it, so spawn none while it is plugged. */
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ReadStream } from 'node:tty';

export function plugPty() {
  const require = createRequire(import.meta.url);
  const addon = require('@lydell/node-pty-linux-x64/pty.node') as {
    open(columns: number, rows: number): { master: number; slave: number; pty: string };
  };
  const pty = addon.open(80, 24);
  const master = new ReadStream(pty.master);
  const heard: Buffer[] = [];
  master.on('data', (bytes: Buffer) => heard.push(bytes));
  // The hang-up of our own end is no fault of the test's.
  master.on('error', () => undefined);
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
