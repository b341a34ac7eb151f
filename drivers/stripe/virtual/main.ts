/**
 * The virtual Stripe as a program:
 *
 *   node drivers/stripe/virtual/main.ts --data DIR [--listen tcp:PORT] [--http PORT] [--issuer-ms MS] [--country XX]
 *
 * Prints one line of JSON when it is ready, keeps the same in DIR/virtual-terminal.json, and stops on SIGTERM, SIGINT,
 * POST /stop, or when that file is gone.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runVirtualTerminal } from '../../../src/terminal/virtual-terminal.ts';
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
await runVirtualTerminal(dataDir, virtual);
