/**
 * What the service tells this screen as it happens: the payments of the day, the terminal, the record. A pure
 * reducer of the stream's events and of the answers to this screen's own requests.
 */
import type { CountedSale } from '../../counted/counted.ts';
import type {
  ClockFault,
  ClosingProgress,
  DaycareStatus,
  OpenPrompt,
  PaymentProgress,
  RecordStatus,
  Snapshot,
  TerminalStatus,
  TurnsStatus,
} from '../../live.ts';
import type { PaymentView } from '../../payments/view.ts';
import { sumUp, type Sum } from '../../sum.ts';
import type { Scan } from '../../tickets/scan.ts';
import { signedYen } from '../shared/payment-words.ts';

export interface LiveState {
  /** `lost`: what is shown is as old as the break. */
  connection: 'connecting' | 'live' | 'lost';
  payments: ReadonlyMap<string, PaymentView>;
  /** Today's sales without a terminal, newest first. */
  counted: readonly CountedSale[];
  /** How far each running payment is. */
  progress: readonly PaymentProgress[];
  /** What terminals without a link want to know now. */
  prompts: readonly OpenPrompt[];
  terminals: readonly TerminalStatus[];
  record: RecordStatus | null;
  /** Null: the computer's clock may date a payment. */
  clock: ClockFault | null;
  /** What the scanner on the serial line has read last; `round` tells two readings of the same apart. */
  scan: (Scan & { round: number }) | null;
  /** How the daycare window's list is: another version is another list. */
  daycare: DaycareStatus;
  /** Which screens' payments are under way, and who waits. */
  turns: TurnsStatus;
  /** Which terminal a closing is at; null: none is closing. */
  closing: ClosingProgress | null;
  /** Payments that were unknown and are now known, until the clerk has seen them. */
  cleared: readonly PaymentView[];
}

export type LiveEvent =
  | { type: 'snapshot'; snapshot: Snapshot }
  | { type: 'payment'; payment: PaymentView }
  | { type: 'counted'; counted: CountedSale }
  | { type: 'progress'; reached: PaymentProgress }
  | { type: 'prompts'; prompts: readonly OpenPrompt[] }
  | { type: 'terminal'; terminal: TerminalStatus }
  | { type: 'record'; record: RecordStatus }
  | { type: 'clock'; clock: ClockFault | null }
  | { type: 'scanned'; scan: Scan }
  | { type: 'daycare'; daycare: DaycareStatus }
  | { type: 'turns'; turns: TurnsStatus }
  | { type: 'closing'; closing: ClosingProgress | null }
  | { type: 'lost' }
  /** The answer to a request of ours; it may be older than what the stream has told since. */
  | { type: 'answered'; payment: PaymentView }
  | { type: 'cleared_seen'; id: string };

export const NOTHING_YET: LiveState = {
  connection: 'connecting',
  payments: new Map(),
  counted: [],
  progress: [],
  prompts: [],
  terminals: [],
  record: null,
  clock: null,
  scan: null,
  daycare: { version: 0, owed: 0 },
  turns: { holding: [], waiting: [] },
  closing: null,
  cleared: [],
};

export function reduceLive(state: LiveState, event: LiveEvent): LiveState {
  switch (event.type) {
    case 'snapshot':
      return takeSnapshot(state, event.snapshot);
    case 'payment':
      return takePayment(state, event.payment);
    case 'answered':
      return isNewer(event.payment, state.payments.get(event.payment.id))
        ? takePayment(state, event.payment)
        : state;
    case 'counted':
      return { ...state, counted: withCounted(state.counted, event.counted) };
    case 'progress':
      return { ...state, progress: [...progressWithout(state, event.reached.paymentId), event.reached] };
    case 'prompts':
      return { ...state, prompts: event.prompts };
    case 'terminal':
      return { ...state, terminals: replaceTerminal(state.terminals, event.terminal) };
    case 'record':
      return { ...state, record: event.record };
    case 'scanned':
      return { ...state, scan: { ...event.scan, round: (state.scan?.round ?? 0) + 1 } };
    case 'clock':
      return { ...state, clock: event.clock };
    case 'daycare':
      return { ...state, daycare: event.daycare };
    case 'turns':
      return { ...state, turns: event.turns };
    case 'closing':
      return { ...state, closing: event.closing };
    case 'lost':
      return { ...state, connection: 'lost' };
    case 'cleared_seen':
      return { ...state, cleared: state.cleared.filter((payment) => payment.id !== event.id) };
  }
}

function takeSnapshot(state: LiveState, snapshot: Snapshot): LiveState {
  const { payments, counted, progress, prompts, terminals, record, clock, daycare, turns, closing } =
    snapshot;
  return {
    connection: 'live',
    payments: new Map([...keptOver(state), ...payments].map((payment) => [payment.id, payment])),
    counted,
    progress,
    prompts,
    terminals,
    record,
    clock,
    scan: state.scan,
    daycare,
    turns,
    closing,
    cleared: payments.reduce((cleared, payment) => noteCleared(state, cleared, payment), state.cleared),
  };
}

function withCounted(known: readonly CountedSale[], counted: CountedSale): CountedSale[] {
  return [counted, ...known.filter(({ id }) => id !== counted.id)].sort((a, b) => b.number - a.number);
}

/** A snapshot is of today and of what is open: what has ended on another day may still be on the screen. */
function keptOver(state: LiveState): PaymentView[] {
  return [...state.payments.values()].filter(({ state: of }) => of !== 'unknown' && of !== 'armed');
}

function takePayment(state: LiveState, payment: PaymentView): LiveState {
  return {
    ...state,
    payments: new Map(state.payments).set(payment.id, payment),
    progress: payment.state === 'armed' ? state.progress : progressWithout(state, payment.id),
    cleared: noteCleared(state, state.cleared, payment),
  };
}

const progressWithout = ({ progress }: LiveState, id: string): PaymentProgress[] =>
  progress.filter(({ paymentId }) => paymentId !== id);

function noteCleared(
  state: LiveState,
  cleared: readonly PaymentView[],
  payment: PaymentView,
): readonly PaymentView[] {
  const before = state.payments.get(payment.id);
  return before?.state === 'unknown' && payment.state !== 'unknown' ? [...cleared, payment] : cleared;
}

/** The stream is in order; an answer may have been overtaken by it. */
function isNewer(answer: PaymentView, known: PaymentView | undefined): boolean {
  if (known === undefined) return true;
  return known.state === 'armed' && (answer.state !== 'armed' || answer.cancelRequested);
}

function replaceTerminal(terminals: readonly TerminalStatus[], terminal: TerminalStatus): TerminalStatus[] {
  const others = terminals.filter(({ id }) => id !== terminal.id);
  return [...others, terminal].sort((a, b) => a.id.localeCompare(b.id));
}

/** A person or the terminal has still to say something about it. */
export const isOpen = ({ state, toDecide }: PaymentView): boolean => state === 'unknown' || toDecide;

/** A payment is between the press and its result. */
export const isUnderWay = (state: LiveState): boolean =>
  [...state.payments.values()].some(({ state: of }) => of === 'armed');

/** Today's payments, newest first, with everything open of any day before them. */
export function listPayments(state: LiveState, today: string): { open: PaymentView[]; done: PaymentView[] } {
  const shown = [...state.payments.values()]
    .filter((payment) => payment.businessDate === today || isOpen(payment))
    .sort((a, b) => b.number - a.number);
  return {
    open: shown.filter(isOpen),
    done: shown.filter((payment) => !isOpen(payment)),
  };
}

/**
 * Only approved payments are money; each counts on the day under which it is posted. The amount is what is left after
 * voids and refunds, the count is of sales.
 */
export function sumPosted(payments: readonly PaymentView[], today: string): Sum {
  const approved = payments.filter(({ state, postedOn }) => state === 'approved' && postedOn === today);
  return {
    count: approved.filter(({ kind }) => kind === 'sale').length,
    amountYen: approved.reduce((sum, payment) => sum + signedYen(payment), 0),
  };
}

/** Cash stands beside the payments and is never added to them. */
export const sumCash = (counted: readonly CountedSale[]): Sum =>
  sumUp(counted.filter(({ tender, withdrawn }) => tender === 'cash' && withdrawn === null));
