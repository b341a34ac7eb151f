/**
 * The card reader: one action at a time, and a resident who does something about it. It pays over its own network, so
 * what it does goes on when the register's line is cut.
 */
import { z } from 'zod';
import type Stripe from 'stripe';
import type { Book } from './book.ts';
import type { Faults, OnReader } from './faults.ts';
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
  show: () => Stripe.Terminal.Reader;
  plan: (steps: readonly Step[], repeat: boolean) => void;
  plannedSteps: () => number;
  /** False if no card is awaited. */
  act: (act: Act) => boolean;
  /** @throws Problem */
  process: (intent: Stripe.PaymentIntent, mayCancel: boolean) => Stripe.Terminal.Reader;
  /** @throws Problem */
  cancelAction: () => Stripe.Terminal.Reader;
  /** The line of the next payment is to be cut where its script says so. */
  noteIntentCreated: () => void;
  /** Its power goes: what it was authorising does not come about. */
  stop: () => void;
}

interface ReaderOptions {
  book: Book;
  faults: Faults;
  now: () => Date;
  issuerMs: number;
  onChange: () => void;
  cut: (point: CutPoint) => void;
}

/** What the reader is doing. */
interface Work {
  action: Stripe.Terminal.Reader.Action | null;
  phase: Phase;
  intentId: string | null;
  mayCancel: boolean;
  steps: Step[];
  repeat: boolean;
  step: Step | undefined;
  authorising: NodeJS.Timeout | undefined;
}

type Machine = ReaderOptions & { work: Work };

const DECLINES = {
  insufficient: 'insufficient_funds',
  refuse: 'generic_decline',
} as const;

/**
 * A reader at rest, without a script. @param options `issuerMs`: how long the issuer takes; `cut`: a step of the
 * script cuts the line here
 */
export function createReaderMachine(options: ReaderOptions): Reader {
  const work: Work = {
    ...{ action: null, phase: 'idle', intentId: null, mayCancel: false },
    ...{ steps: [], repeat: false, step: undefined, authorising: undefined },
  };
  const machine = { ...options, work };
  return {
    get phase() {
      return work.phase;
    },
    get amountYen() {
      return work.phase === 'idle' ? null : (intentOf(machine)?.amount ?? null);
    },
    show: () => show(machine),
    plan(steps, repeat) {
      Object.assign(work, { steps: [...steps], repeat });
    },
    plannedSteps: () => work.steps.length,
    act: (wanted) => act(machine, wanted),
    process: (intent, mayCancel) => process(machine, intent, mayCancel),
    cancelAction: () => cancelAction(machine),
    noteIntentCreated() {
      if (work.steps[0]?.cutAt === 'intent_created') options.cut('intent_created');
    },
    stop: () => clearTimeout(work.authorising),
  };
}

const show = ({ work, now }: Machine): Stripe.Terminal.Reader => createReader(work.action, true, now());

const intentOf = ({ book, work }: Machine): Stripe.PaymentIntent | undefined =>
  work.intentId === null ? undefined : book.find('payment_intent', work.intentId);

function move({ work, onChange }: Machine, phase: Phase): void {
  work.phase = phase;
  onChange();
}

function end(machine: Machine, phase: Phase, change: Partial<Stripe.Terminal.Reader.Action>): void {
  const { work, faults } = machine;
  const strange = faults.onReader('strange_action_status') ? { status: 'paused' as never } : {};
  if (work.action !== null) work.action = { ...work.action, ...change, ...strange };
  move(machine, phase);
}

function cutAt({ work, cut }: Machine, point: CutPoint): void {
  if (work.step?.cutAt === point) cut(point);
}

function takeStep(work: Work): Step | undefined {
  const [first, ...rest] = work.steps;
  if (first !== undefined) work.steps = work.repeat ? [...rest, first] : rest;
  work.step = first;
  return first;
}

/** What the reader may answer before it has begun. */
const REFUSALS: readonly (readonly [fault: OnReader, code: string, message: string])[] = [
  ['offline', 'terminal_reader_offline', 'The reader is offline.'],
  ['hardware_fault', 'terminal_reader_hardware_fault', 'The reader has a hardware fault.'],
  [
    'wrong_location',
    'terminal_reader_invalid_location_for_payment',
    'The reader stands in another country than the account.',
  ],
  ['busy', 'terminal_reader_busy', 'The reader is busy.'],
];

function process(machine: Machine, intent: Stripe.PaymentIntent, mayCancel: boolean): Stripe.Terminal.Reader {
  const { work, faults } = machine;
  const refusal = REFUSALS.find(([fault]) => faults.onReader(fault));
  if (refusal !== undefined) throw invalid(refusal[1], refusal[2]);
  if (work.phase === 'processing') throw invalid('terminal_reader_busy', 'The reader is busy.');
  const isLost = faults.onReader('timeout_lost');
  if (!isLost) {
    Object.assign(work, { intentId: intent.id, mayCancel, action: createAction(intent.id) });
    const next = takeStep(work);
    move(machine, 'waiting');
    if (next !== undefined) setImmediate(() => act(machine, next.do));
  }
  if (isLost || faults.onReader('timeout_received')) {
    throw invalid('terminal_reader_timeout', 'The reader did not acknowledge the command in time.');
  }
  return show(machine);
}

function cancelAction(machine: Machine): Stripe.Terminal.Reader {
  const { work, faults } = machine;
  if (work.phase === 'processing' || faults.onReader('cancel_busy')) {
    throw invalid('terminal_reader_busy', 'The reader is processing a payment and can not be cancelled.');
  }
  work.action = null;
  move(machine, 'idle');
  if (faults.onReader('cancel_timeout')) {
    throw invalid('terminal_reader_timeout', 'The reader did not acknowledge the command in time.');
  }
  return show(machine);
}

function act(machine: Machine, wanted: Act): boolean {
  const { work } = machine;
  if (work.phase !== 'waiting') return false;
  if (wanted.act === 'present') {
    const card = CARDS.find(({ brand }) => brand === wanted.brand);
    if (card !== undefined) pay(machine, card);
  } else if (wanted.act === 'insufficient' || wanted.act === 'refuse') decline(machine, DECLINES[wanted.act]);
  else if (wanted.act === 'stop' && work.mayCancel) {
    end(machine, 'cancelled', { status: 'failed', failure_code: 'customer_canceled' });
  }
  return true;
}

function pay(machine: Machine, card: Card): void {
  const { book, work, issuerMs } = machine;
  const paying = intentOf(machine);
  // Cancelled meanwhile: the reader finds out when it wants to confirm.
  if (paying?.status !== 'requires_payment_method') {
    end(machine, 'declined', { status: 'failed', failure_code: 'intent_invalid_state' });
    return;
  }
  book.put({ ...paying, status: 'processing' });
  move(machine, 'processing');
  cutAt(machine, 'card_shown');
  // The reader's own network: nobody at the counter can stop it now.
  work.authorising = setTimeout(() => authorise(machine, paying, card), issuerMs);
}

function authorise(machine: Machine, paying: Stripe.PaymentIntent, card: Card): void {
  const { book, faults } = machine;
  const isStuck = faults.onReader('stuck_unpaid');
  const isCutOff = !isStuck && faults.onReader('connection_error_unpaid');
  if (isStuck || isCutOff) book.put(paying);
  else takeMoney(machine, paying, card);
  if (isStuck || faults.onReader('stuck_paid')) move(machine, 'idle');
  else if (isCutOff || faults.onReader('connection_error')) {
    end(machine, 'idle', { status: 'failed', failure_code: 'connection_error' });
  } else end(machine, 'approved', { status: 'succeeded' });
  cutAt(machine, 'approved');
}

function takeMoney({ book, faults, now }: Machine, paying: Stripe.PaymentIntent, card: Card): void {
  const charge = createCharge(paying, card, now());
  const transaction = createBalanceTransaction(charge, now());
  book.put(transaction);
  book.put({ ...charge, balance_transaction: transaction.id });
  const status = faults.onReader('strange_intent_status') ? 'half_paid' : 'succeeded';
  book.put({ ...paying, status, amount_received: paying.amount, latest_charge: charge.id });
}

function decline(machine: Machine, code: string): void {
  const declined = intentOf(machine);
  if (declined === undefined) return;
  const type = 'card_error' as const;
  const failure = machine.faults.onReader('strange_failure_code') ? 'reader_is_sad' : 'card_declined';
  machine.book.put({
    ...declined,
    last_payment_error: { type, code: 'card_declined', decline_code: code },
  });
  end(machine, 'declined', { status: 'failed', failure_code: failure, failure_message: code });
}
