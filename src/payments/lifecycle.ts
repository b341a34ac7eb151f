/**
 * What happened to an operation, as events, and what that makes of it. Pure: the state is a fold of the events,
 * here on the counter, in PostgreSQL's projection and in the browser alike.
 */
import type { PricedLine } from '../fees/pricing.ts';
import type { Method, PrintedText, TerminalAnswer, Verdict } from '../terminal/terminal.ts';

/** Written and fsynced before the first byte leaves. */
export interface Armed {
  kind: 'sale';
  terminal: string;
  /** What the terminal called itself then: only that one can say what became of the sale. */
  terminalId: string | null;
  window: string;
  windowNameJa: string;
  lines: PricedLine[];
  amountYen: number;
  /** What the clerk touched: a wish. */
  method: Method;
  brand: string | null;
  /** Date in Asia/Tokyo when armed, `YYYY-MM-DD`. */
  businessDate: string;
  catalogueVersion: string;
  clerk: string;
  /** SHA-256 of the validated request in canonical JSON: the same id with another body is refused. */
  requestHash: string;
}

export type EvidenceSource = 'terminal_query' | 'terminal_totals';

/** The durable events of an operation (reliability.md); each is fsynced before what follows it. */
export type OperationEvent =
  | { type: 'armed'; payload: Armed }
  | { type: 'cancel_requested'; payload: { clerk: string } }
  /** A piece of the terminal's own receipt, stored before the terminal hears that it was taken. */
  | { type: 'receipt_text'; payload: PrintedText }
  | { type: 'answer'; payload: { answer: TerminalAnswer; refused: string | null } }
  | {
      type: 'ended';
      payload:
        | { kind: 'completed' }
        | { kind: 'aborted'; verdict: Exclude<Verdict, 'approved'>; resultCode: string }
        | { kind: 'not_sent'; reason: string };
    }
  | { type: 'interrupted'; payload: { reason: string } }
  | {
      type: 'evidence';
      payload: {
        source: EvidenceSource;
        finding: 'approved' | 'not_charged' | 'inconclusive';
        reason: string;
        answer: TerminalAnswer | null;
      };
    };

/** Only `approved` is a payment: slip, report and KPI know no other state. */
export type PaymentState =
  'armed' | 'approved' | 'declined' | 'cancelled' | 'unknown' | 'not_charged' | 'not_sent';

/** An event with its place in the journal. */
export type Recorded<E> = E & { sequence: number; at: string };

/** An operation as its events make it. */
export interface Payment {
  id: string;
  state: PaymentState;
  armed: Armed;
  armedAt: string;
  /** When the state last changed. */
  stateAt: string;
  sequence: number;
  /** The last answer that was acknowledged, or what a later query found. */
  answer: TerminalAnswer | null;
  resultCode: string | null;
  cancelRequested: boolean;
  /** Approved only by evidence after the dialogue was lost: the resident may have gone. */
  late: boolean;
  /** Why it is unknown, in the words of the event that made it so. */
  reason: string | null;
  /** Queries answered since it became unknown, however inconclusively. */
  queries: number;
  /** Evidence that says the opposite of what is known; a person has to look. */
  contradicted: boolean;
}

/** @throws if the first event is not `armed`, or a pair of events can't follow each other: a bug, never input. */
export function foldPayment(id: string, events: readonly Recorded<OperationEvent>[]): Payment {
  const [first, ...rest] = events;
  if (first?.type !== 'armed') throw new Error(`operation ${id} does not begin with armed`);
  const start: Payment = {
    id,
    state: 'armed',
    armed: first.payload,
    armedAt: first.at,
    stateAt: first.at,
    sequence: first.sequence,
    answer: null,
    resultCode: null,
    cancelRequested: false,
    late: false,
    reason: null,
    queries: 0,
    contradicted: false,
  };
  return rest.reduce(applyEvent, start);
}

/** One step of the fold. */
export function applyEvent(payment: Payment, event: Recorded<OperationEvent>): Payment {
  const move = (state: PaymentState, change: Partial<Payment> = {}): Payment => ({
    ...payment,
    ...change,
    state,
    stateAt: state === payment.state ? payment.stateAt : event.at,
  });
  switch (event.type) {
    case 'armed':
      throw new Error(`operation ${payment.id} armed twice`);
    case 'cancel_requested':
      return { ...payment, cancelRequested: true };
    case 'receipt_text':
      return payment;
    case 'answer': {
      expectState(payment, event.type, 'armed');
      const { answer, refused } = event.payload;
      return { ...payment, answer, resultCode: answer.resultCode, reason: refused };
    }
    case 'ended':
      expectState(payment, event.type, 'armed');
      return move(...endedState(payment, event.payload));
    case 'interrupted':
      expectState(payment, event.type, 'armed');
      return move('unknown', { reason: event.payload.reason });
    case 'evidence':
      return weigh(payment, event.payload, move);
  }
}

type Move = (state: PaymentState, change?: Partial<Payment>) => Payment;
type Ended = Extract<OperationEvent, { type: 'ended' }>['payload'];
type Evidence = Extract<OperationEvent, { type: 'evidence' }>['payload'];

function endedState(payment: Payment, ended: Ended): [PaymentState, Partial<Payment>] {
  const { answer } = payment;
  if (ended.kind === 'not_sent') return ['not_sent', { reason: ended.reason }];
  // A refused answer was to be reversed by the terminal; whether it did is for a query to establish.
  if (payment.reason !== null && answer?.verdict === 'approved') return ['unknown', {}];
  if (ended.kind === 'completed') {
    if (answer === null) return ['unknown', { reason: 'the terminal closed the dialogue without a result' }];
    if (answer.verdict !== 'unlisted') return [answer.verdict, {}];
    return ['unknown', { reason: `result code ${answer.resultCode} is not listed` }];
  }
  if (answer?.verdict === 'approved') {
    return ['unknown', { reason: `approved, then ended with code ${ended.resultCode}` }];
  }
  if (ended.verdict === 'unlisted') return ['unknown', { reason: `code ${ended.resultCode} is not listed` }];
  return [ended.verdict, { resultCode: ended.resultCode }];
}

/** "Unknown" never overwrites knowledge; contradicting evidence is kept and shown to a person. */
function weigh(payment: Payment, evidence: Evidence, move: Move): Payment {
  const queries = payment.queries + 1;
  if (evidence.finding === 'inconclusive') return { ...payment, queries };
  if (payment.state === 'armed') throw new Error(`evidence on ${payment.id} before its dialogue ended`);
  if (payment.state === 'unknown') {
    const change = { queries, reason: evidence.reason };
    return evidence.finding === 'approved'
      ? move('approved', { ...change, late: true, answer: evidence.answer ?? payment.answer })
      : move('not_charged', change);
  }
  const agrees = (payment.state === 'approved') === (evidence.finding === 'approved');
  return agrees ? { ...payment, queries } : { ...payment, queries, contradicted: true };
}

function expectState(payment: Payment, event: string, state: PaymentState): void {
  if (payment.state !== state) throw new Error(`${event} on ${payment.id}, which is ${payment.state}`);
}
