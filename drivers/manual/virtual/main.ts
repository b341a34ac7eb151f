/**
 * The virtual terminal as a program:
 *
 *   node drivers/manual/virtual/main.ts --data DIR [--http PORT] [--issuer-ms MS]
 *
 * It has no line (`--listen` is what other models are given, and means nothing here). Prints one line of JSON when it is
 * ready, keeps the same in DIR/virtual-terminal.json, and stops on SIGTERM, SIGINT, POST /stop, or when that file is gone.
 */
import { existsSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openBook } from './book.ts';
import { openServer } from './server.ts';
import { createTerminal } from './terminal.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    listen: { type: 'string' },
    http: { type: 'string', default: '0' },
    /** How long approving takes. */
    'issuer-ms': { type: 'string', default: '800' },
  },
});
if (values.data === undefined) throw new Error('--data DIR is missing');
const dataDir = resolve(values.data);

const { promise: stopped, resolve: stop } = Promise.withResolvers<undefined>();
const book = openBook(dataDir);
const terminal = createTerminal(book, Number(values['issuer-ms']));
const server = await openServer(terminal, Number(values.http), () => stop(undefined));
const published = { line: 'clerk', http: server.url };
const note = join(dataDir, 'virtual-terminal.json');
writeFileSync(note, JSON.stringify({ pid: process.pid, ...published }));
// Without its folder nobody can find or adopt it any more.
const watcher = watch(note, () => {
  if (!existsSync(note)) stop(undefined);
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop(undefined));
process.stdout.write(`${JSON.stringify({ ready: true, ...published })}\n`);

await stopped;
watcher.close();
await server.close();
book.close();
rmSync(note, { force: true });
