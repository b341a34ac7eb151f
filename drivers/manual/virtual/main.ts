/**
 * The virtual terminal as a program:
 *
 *   node drivers/manual/virtual/main.ts --data DIR [--http PORT] [--issuer-ms MS]
 *
 * It has no line (`--listen` is what other models are given, and means nothing here). Prints one line of JSON when it is
 * ready, keeps the same in DIR/virtual-terminal.json, and stops on SIGTERM, SIGINT, POST /stop, or when that file is gone.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runVirtualTerminal } from '../../../src/terminal/virtual-terminal.ts';
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

const book = openBook(dataDir);
const terminal = createTerminal(book, Number(values['issuer-ms']));
const { promise: asked, resolve: stop } = Promise.withResolvers<undefined>();
const ask = (): void => stop(undefined);
const server = await openServer(terminal, Number(values.http), ask);
const stopped = asked.then(async () => {
  await server.close();
  book.close();
});
await runVirtualTerminal(dataDir, { line: 'clerk', http: server.url, stop: ask, stopped });
