/** START. The virtual Stripe, put together: its book, its reader, its API on a line that can be cut, and the page. */
import { mkdirSync } from 'node:fs';
import { createApi } from './api.ts';
import { openApiServer } from './api-server.ts';
import { openBook } from './book.ts';
import { createControls } from './controls.ts';
import { createFaults } from './faults.ts';
import { openPage } from './page.ts';
import { createReaderMachine } from './reader.ts';

interface VirtualStripe {
  /** Where the API is. */
  line: string;
  http: string;
  stop: () => Promise<void>;
  readonly stopped: Promise<void>;
}

/**
 * Starts it on 127.0.0.1, with the book in `dataDir`. @param options `issuerMs`: how long an issuer takes to answer
 * @throws if a port is taken
 */
export async function startVirtualStripe(options: {
  dataDir: string;
  /** 0: any that is free. */
  apiPort: number;
  httpPort: number;
  issuerMs: number;
  /** Where the reader stands: it takes that country's money. */
  country: string;
}): Promise<VirtualStripe> {
  const { dataDir, apiPort, httpPort, issuerMs, country } = options;
  mkdirSync(dataDir, { recursive: true });
  const now = (): Date => new Date();
  const listeners = new Set<() => void>();
  const book = openBook(dataDir);
  // Whatever the reader was authorising when its power went did not come about.
  for (const intent of book.all('payment_intent')) {
    if (intent.status === 'processing') book.put({ ...intent, status: 'requires_payment_method' });
  }
  const faults = createFaults();
  const reader = createReaderMachine({
    ...{ book, faults, now, issuerMs },
    onChange() {
      for (const listener of listeners) listener();
    },
    cut: () => controls.pullCable(),
  });
  const api = createApi({ book, reader, faults, country, now });
  const line = await openApiServer({ api, book, faults, port: apiPort });
  const stopped = Promise.withResolvers<void>();
  const shutDown = async (): Promise<void> => {
    reader.stop();
    await Promise.all([line.close(), page.close()]);
    book.close();
    stopped.resolve();
  };
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= shutDown());
  const controls = createControls({ book, reader, faults, line, listeners, stop });
  const page = await openPage(controls, httpPort);
  return { line: line.url, http: page.url, stop, stopped: stopped.promise };
}
