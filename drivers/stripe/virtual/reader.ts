/**
 * The card reader: one action at a time, and a resident who does something about it. It pays over its own network, so
 * what it does goes on when the register's line is cut.
 */
import { z } from 'zod';
import type Stripe from 'stripe';
import type { Book } from './book.ts';
import type { Faults } from './faults.ts';
import {
  CARDS,
  createAction,
  createBalanceTransaction,
  createCharge,
  createReader,
  type Card,
} from './objects.ts';
import { invalid } from './problem.ts';

const brands = CARDS.map(({ brand }) => brand);
export const actSchema = z.union([
  z.strictObject({ act: z.literal('present'), brand: z.enum(brands) }),
  z.strictObject({ act: z.enum(['insufficient', 'refuse', 'walk_away', 'stop']) }),
]);
export type Act = z.infer<typeof actSchema>;

/** Where the register's line can be cut by itself. */
const CUT_POINTS = ['intent_created', 'card_shown', 'approved'] as const;
export type CutPoint = (typeof CUT_POINTS)[number];

export const scriptSchema = z.strictObject({
  steps: z.array(z.strictObject({ do: actSchema, cutAt: z.enum(CUT_POINTS).optional() })).max(1_000),
  repeat: z.boolean().default(false),
});
type Step = z.infer<typeof scriptSchema>['steps'][number];

export type Phase = 'idle' | 'waiting' | 'processing' | 'approved' | 'declined' | 'cancelled';

export interface Reader {
  readonly phase: Phase;
  readonly amountYen: number | null;
  show(): Stripe.Terminal.Reader;
  plan(steps: readonly Step[], repeat: boolean): void;
  plannedSteps(): number;
  /** False if no card is awaited. */
  act(act: Act): boolean;
  /** @throws Problem */
  process(intent: Stripe.PaymentIntent, mayCancel: boolean): Stripe.Terminal.Reader;
  /** @throws Problem */
  cancelAction(): Stripe.Terminal.Reader;
  /** The line of the next payment is to be cut where its script says so. */
  noteIntentCreated(): void;
}

export interface ReaderOptions {
  book: Book;
  faults: Faults;
  now: () => Date;
  issuerMs: number;
  onChange: () => void;
  cut: (point: CutPoint) => void;
}

const DECLINES = {
  insufficient: 'insufficient_funds',
  refuse: 'generic_decline',
} as const;

export function createReaderMachine(options: ReaderOptions): Reader {
  const { book, faults, now, issuerMs, onChange } = options;
  let action: Stripe.Terminal.Reader.Action | null = null;
  let phase: Phase = 'idle';
  let intentId: string | null = null;
  let mayCancel = false;
  let steps: Step[] = [];
  let repeat = false;
  let step: Step | undefined;

  const intent = (): Stripe.PaymentIntent | undefined =>
    intentId === null ? undefined : book.find('payment_intent', intentId);
  const move = (next: Phase): void => {
    phase = next;
    onChange();
  };
  const end = (next: Phase, change: Partial<Stripe.Terminal.Reader.Action>): void => {
    if (action !== null) action = { ...action, ...change };
    if (faults.onReader('strange_action_status')) action = { ...action, status: 'paused' } as typeof action;
    move(next);
  };
  const nextStep = (): Step | undefined => {
    const [first, ...rest] = steps;
    if (first !== undefined) steps = repeat ? [...rest, first] : rest;
    return first;
  };
  const cutAt = (point: CutPoint): void => {
    if (step?.cutAt === point) options.cut(point);
  };

  const pay = (card: Card): void => {
    const paying = intent();
    if (paying === undefined) return;
    book.put({ ...paying, status: 'processing' });
    move('processing');
    cutAt('card_shown');
    // The reader's own network: nobody at the counter can stop it now.
    setTimeout(() => authorise(paying, card), issuerMs);
  };
  const authorise = (paying: Stripe.PaymentIntent, card: Card): void => {
    const isStuck = faults.onReader('stuck_unpaid');
    const isCutOff = !isStuck && faults.onReader('connection_error_unpaid');
    if (isStuck || isCutOff) book.put(paying);
    else takeMoney(paying, card);
    if (isStuck || faults.onReader('stuck_paid')) move('idle');
    else if (isCutOff || faults.onReader('connection_error')) {
      end('idle', { status: 'failed', failure_code: 'connection_error' });
    } else end('approved', { status: 'succeeded' });
    cutAt('approved');
  };
  const takeMoney = (paying: Stripe.PaymentIntent, card: Card): void => {
    const charge = createCharge(paying, card, now());
    const transaction = createBalanceTransaction(charge, now());
    book.put(transaction);
    book.put({ ...charge, balance_transaction: transaction.id });
    const status = faults.onReader('strange_intent_status') ? 'half_paid' : 'succeeded';
    book.put({ ...paying, status, amount_received: paying.amount, latest_charge: charge.id });
  };
  const decline = (code: string): void => {
    const declined = intent();
    if (declined === undefined) return;
    const type = 'card_error' as const;
    const failure = faults.onReader('strange_failure_code') ? 'reader_is_sad' : 'card_declined';
    book.put({ ...declined, last_payment_error: { type, code: 'card_declined', decline_code: code } });
    end('declined', { status: 'failed', failure_code: failure, failure_message: code });
  };
  const act: Reader['act'] = (wanted) => {
    if (phase !== 'waiting') return false;
    if (wanted.act === 'present') {
      const card = CARDS.find(({ brand }) => brand === wanted.brand);
      if (card !== undefined) pay(card);
    } else if (wanted.act === 'insufficient' || wanted.act === 'refuse') decline(DECLINES[wanted.act]);
    else if (wanted.act === 'stop' && mayCancel) {
      end('cancelled', { status: 'failed', failure_code: 'customer_canceled' });
    }
    return true;
  };

  const reader: Reader = {
    get phase() {
      return phase;
    },
    get amountYen() {
      return phase === 'idle' ? null : (intent()?.amount ?? null);
    },
    show: () => createReader(action, true, now()),
    plan(planned, again) {
      steps = [...planned];
      repeat = again;
    },
    plannedSteps: () => steps.length,
    act,
    process(order, customerMayCancel) {
      refuseOrder(faults, phase);
      const isLost = faults.onReader('timeout_lost');
      if (!isLost) {
        intentId = order.id;
        mayCancel = customerMayCancel;
        action = createAction(order.id);
        const next = nextStep();
        step = next;
        move('waiting');
        if (next !== undefined) setImmediate(() => act(next.do));
      }
      if (isLost || faults.onReader('timeout_received')) {
        throw invalid('terminal_reader_timeout', 'The reader did not acknowledge the command in time.');
      }
      return reader.show();
    },
    cancelAction() {
      if (phase === 'processing') {
        throw invalid('terminal_reader_busy', 'The reader is processing a payment and can not be cancelled.');
      }
      action = null;
      move('idle');
      return reader.show();
    },
    noteIntentCreated() {
      if (steps[0]?.cutAt === 'intent_created') options.cut('intent_created');
    },
  };
  return reader;
}

/** What the reader may answer before it has begun. @throws Problem */
function refuseOrder(faults: Faults, phase: Phase): void {
  if (faults.onReader('offline')) throw invalid('terminal_reader_offline', 'The reader is offline.');
  if (faults.onReader('hardware_fault')) {
    throw invalid('terminal_reader_hardware_fault', 'The reader has a hardware fault.');
  }
  if (faults.onReader('busy') || phase === 'processing') {
    throw invalid('terminal_reader_busy', 'The reader is busy.');
  }
}
