/** What the page and scripts see and may do. */
import type Stripe from 'stripe';
import type { ApiServer } from './api-server.ts';
import type { Book } from './book.ts';
import type { Fault, Faults } from './faults.ts';
import { brandOf } from './objects.ts';
import { payOut } from './payouts.ts';
import type { Act, Phase, Reader } from './reader.ts';

/** What was really taken, for whoever compares. */
interface BookLine {
  kind: 'sale' | 'void';
  amountYen: number;
  brand: string;
  method: 'credit' | 'debit';
  receiptNumber: string;
  state: 'stored' | 'reversed';
  at: string;
}

interface State {
  phase: Phase;
  amountYen: number | null;
  line: 'plugged' | 'pulled';
  plannedSteps: number;
  plannedFaults: number;
  taken: { amountYen: number; count: number };
  latest: BookLine[];
}

export interface Controls {
  state: () => State;
  book: () => BookLine[];
  act: (act: Act) => boolean;
  plan: Reader['plan'];
  planFaults: (faults: readonly Fault[]) => void;
  /** Pays out what is there; false: nothing is. */
  payOut: () => boolean;
  pullCable: () => void;
  plugCable: () => void;
  subscribe: (listener: () => void) => () => void;
  stop: () => Promise<void>;
}

interface Parts {
  book: Book;
  reader: Reader;
  faults: Faults;
  line: ApiServer;
  listeners: Set<() => void>;
  stop: () => Promise<void>;
}

/** The controls of a running virtual Stripe; `listeners` are told of each change. */
export function createControls({ book, reader, faults, line, listeners, stop }: Parts): Controls {
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  return {
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
    planFaults(planned) {
      faults.replace(planned);
      tell();
    },
    payOut: () => payOut(book, new Date()) !== undefined,
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
    stop,
  };
}

/** Charges and refunds, oldest first. */
const readBook = (book: Book): BookLine[] =>
  book.moved().map((moved) => {
    if (moved.object === 'charge') return { kind: 'sale', ...lineOf(moved, moved), state: 'stored' };
    const charge = typeof moved.charge === 'string' ? book.find('charge', moved.charge) : undefined;
    const state = moved.status === 'failed' ? 'reversed' : 'stored';
    return { kind: 'void', ...lineOf(moved, charge), state };
  });

function lineOf(
  { id, amount, created }: Stripe.Charge | Stripe.Refund,
  charge: Stripe.Charge | undefined,
): Omit<BookLine, 'kind' | 'state'> {
  const card = charge?.payment_method_details?.card_present;
  return {
    amountYen: amount,
    brand: brandOf(card?.brand, card?.funding),
    method: card?.funding === 'debit' ? 'debit' : 'credit',
    receiptNumber: id.slice(-8),
    at: new Date(created * 1_000).toISOString(),
  };
}
