/** START. The virtual Stripe, put together: its book, its reader, its API on a line that can be cut, and the page. */
import { mkdirSync } from 'node:fs';
import { createApi } from './api.ts';
import { openApiServer } from './api-server.ts';
import { openBook } from './book.ts';
import { createFaults, type Fault } from './faults.ts';
import { createReaderMachine, type Act, type Phase, type Reader } from './reader.ts';
import { openPage } from './page.ts';

export interface VirtualStripe {
  /** Where the API is. */
  line: string;
  http: string;
  stop(): Promise<void>;
  readonly stopped: Promise<void>;
}

/** What was really taken, for whoever compares. */
export interface BookLine {
  kind: 'sale' | 'void';
  amountYen: number;
  brand: string;
  method: 'credit' | 'debit';
  receiptNumber: string;
  state: 'stored' | 'reversed';
  at: string;
}

export interface State {
  phase: Phase;
  amountYen: number | null;
  line: 'plugged' | 'pulled';
  plannedSteps: number;
  plannedFaults: number;
  taken: { amountYen: number; count: number };
  latest: BookLine[];
}

/** What the page and scripts may do. */
export interface Controls {
  state(): State;
  book(): BookLine[];
  act(act: Act): boolean;
  plan: Reader['plan'];
  planFaults(faults: readonly Fault[]): void;
  pullCable(): void;
  plugCable(): void;
  subscribe(listener: () => void): () => void;
  stop(): Promise<void>;
}

export async function startVirtualStripe(options: {
  dataDir: string;
  /** 0: any that is free. */
  apiPort: number;
  httpPort: number;
  issuerMs?: number;
  /** Where the reader stands: it takes that country's money. */
  country?: string;
}): Promise<VirtualStripe> {
  mkdirSync(options.dataDir, { recursive: true });
  const now = (): Date => new Date();
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const book = openBook(options.dataDir);
  const faults = createFaults();
  const reader = createReaderMachine({
    book,
    faults,
    now,
    issuerMs: options.issuerMs ?? 1_200,
    onChange: tell,
    cut: () => controls.pullCable(),
  });
  const api = createApi({ book, reader, faults, country: options.country ?? 'JP', now });
  const line = await openApiServer({ api, book, faults, port: options.apiPort });
  const stopped = Promise.withResolvers<void>();
  const controls: Controls = {
    state() {
      const lines = readBook(book);
      const stored = lines.filter(({ state }) => state === 'stored');
      const signed = stored.map(({ kind, amountYen }) => (kind === 'sale' ? amountYen : -amountYen));
      return {
        phase: reader.phase,
        amountYen: reader.amountYen,
        line: line.isCut() ? 'pulled' : 'plugged',
        plannedSteps: reader.plannedSteps(),
        plannedFaults: faults.planned(),
        taken: { amountYen: signed.reduce((sum, each) => sum + each, 0), count: stored.length },
        latest: lines.slice(-10).reverse(),
      };
    },
    book: () => readBook(book),
    act: reader.act,
    plan: reader.plan,
    planFaults: faults.replace,
    pullCable() {
      line.cut();
      tell();
    },
    plugCable() {
      line.mend();
      tell();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async stop() {
      await Promise.all([line.close(), page.close()]);
      book.close();
      stopped.resolve();
    },
  };
  const page = await openPage(controls, options.httpPort);
  return { line: line.url, http: page.url, stop: controls.stop, stopped: stopped.promise };
}

/** Charges and refunds, oldest first. */
function readBook(book: ReturnType<typeof openBook>): BookLine[] {
  const charges = book.all('charge').map((charge): [number, BookLine] => [
    charge.created,
    {
      kind: 'sale',
      amountYen: charge.amount,
      ...cardOf(charge.payment_method_details?.card_present),
      receiptNumber: charge.id.slice(-8),
      state: 'stored',
      at: new Date(charge.created * 1_000).toISOString(),
    },
  ]);
  const refunds = book.all('refund').map((refund): [number, BookLine] => [
    refund.created,
    {
      kind: 'void',
      amountYen: refund.amount,
      brand: '',
      method: 'credit',
      receiptNumber: refund.id.slice(-8),
      state: refund.status === 'failed' ? 'reversed' : 'stored',
      at: new Date(refund.created * 1_000).toISOString(),
    },
  ]);
  // In one second the sale comes before what gives it back; both lists have the newest first.
  return [...charges.reverse(), ...refunds.reverse()].sort(([a], [b]) => a - b).map(([, entry]) => entry);
}

function cardOf(
  card: { brand: string | null; funding: string | null } | undefined,
): Pick<BookLine, 'brand' | 'method'> {
  const isDebit = card?.funding === 'debit';
  return { brand: `${card?.brand ?? ''}${isDebit ? '_debit' : ''}`, method: isDebit ? 'debit' : 'credit' };
}
