/**
 * The virtual Stripe as a program:
 *
 *   node drivers/stripe/virtual/main.ts --data DIR [--listen tcp:PORT] [--http PORT] [--issuer-ms MS] [--country XX]
 *
 * Prints one line of JSON when it is ready, keeps the same in DIR/virtual-terminal.json, and stops on SIGTERM, SIGINT,
 * POST /stop, or when that file is gone.
 */
import { existsSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startVirtualStripe } from './virtual.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    listen: { type: 'string', default: 'tcp:0' },
    http: { type: 'string', default: '0' },
    'issuer-ms': { type: 'string', default: '1200' },
    country: { type: 'string', default: 'JP' },
  },
});
if (values.data === undefined) throw new Error('--data DIR is missing');
const apiPort = /^tcp:(\d+)$/.exec(values.listen)?.[1];
if (apiPort === undefined) throw new Error('--listen is tcp:PORT: this terminal is a service, not a line');
const dataDir = resolve(values.data);

const virtual = await startVirtualStripe({
  dataDir,
  apiPort: Number(apiPort),
  httpPort: Number(values.http),
  issuerMs: Number(values['issuer-ms']),
  country: values.country,
});
const published = { line: virtual.line, http: virtual.http };
const note = join(dataDir, 'virtual-terminal.json');
writeFileSync(note, JSON.stringify({ pid: process.pid, ...published }));
// Without its folder nobody can find or adopt it any more.
const watcher = watch(note, () => {
  if (!existsSync(note)) void virtual.stop();
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void virtual.stop());
process.stdout.write(`${JSON.stringify({ ready: true, ...published })}\n`);

await virtual.stopped;
watcher.close();
rmSync(note, { force: true });
