/**
 * The virtual terminal as a program:
 *
 *   node drivers/zvt/virtual/main.ts --data DIR [--listen pty|tcp:PORT] [--http PORT] [--currency NNN]
 *     [--terminal-id 8DIGITS] [--password 6DIGITS] [--resident BRAND]
 *
 * Prints one line of JSON when it is ready, keeps the same in DIR/virtual-terminal.json, and stops on SIGTERM,
 * SIGINT, POST /stop, or when that file is gone.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runVirtualTerminal } from '../../../src/terminal/virtual-terminal.ts';
import { actSchema } from './resident.ts';
import { startVirtualTerminal } from './virtual.ts';

/** How long somebody who pays by themselves looks for their card. */
const RESIDENT_MS = 1_000;

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    listen: { type: 'string', default: process.platform === 'linux' ? 'pty' : 'tcp:0' },
    http: { type: 'string', default: '0' },
    'terminal-id': { type: 'string' },
    currency: { type: 'string' },
    password: { type: 'string' },
    /** Everybody pays with that, by themselves; otherwise somebody plays the resident. */
    resident: { type: 'string' },
  },
});
if (values.data === undefined) throw new Error('--data DIR is missing');
const dataDir = resolve(values.data);
const terminalId = values['terminal-id'];
const { currency, password } = values;

const virtual = await startVirtualTerminal({
  dataDir,
  listen: values.listen,
  httpPort: Number(values.http),
  ...(terminalId === undefined ? {} : { terminalId }),
  ...(currency === undefined ? {} : { currency }),
  ...(password === undefined ? {} : { password }),
});
if (values.resident !== undefined) {
  const act = actSchema.parse({ act: 'present', brand: values.resident });
  virtual.plan([{ do: act, afterMs: RESIDENT_MS }], true);
}
await runVirtualTerminal(dataDir, { ...virtual, line: virtual.address });
