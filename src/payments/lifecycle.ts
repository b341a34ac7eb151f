/**
 * What happened to an operation, as events, and what that makes of it. Pure: the state is a fold of the events,
 * here on the counter, in PostgreSQL's projection and in the browser alike.
 */
import { businessDateOf } from '../business-date.ts';
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

/** Who or what established what became of an operation (reliability.md: in this order). */
export type EvidenceSource = 'terminal_query' | 'terminal_totals' | 'two_people';

/**
 * What a person decides about a payment that was found approved after the resident may have gone: it stands, because
 * the resident has what was paid for; it is cancelled on the terminal; or it is given back through accounting.
 */
export type Decision = 'keep' | 'void' | 'refund_outside';

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
        /** Of `two_people`: who they are, as the record names them. */
        people?: readonly [string, string];
      };
    }
  /** The terminal stays silent: the 出納員 lets it take other payments before it has been asked. */
  | { type: 'lock_released'; payload: { clerk: string } }
  /** What was left on the card afterwards, shown to the terminal again. */
  | { type: 'balance_read'; payload: { clerk: string; balanceYen: number; brand: string | null } }
  | { type: 'decided'; payload: { decision: Decision; note: string; clerk: string } };

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
  /** What was decided about a late approval; null: nothing yet. */
  decision: Decision | null;
  /**
   * The date under which the money counts, `YYYY-MM-DD`: the business date, or for a late approval the date on which it
   * was found. A day that is closed never changes.
   */
  postedOn: string;
  /** Why it is unknown, in the words of the event that made it so. */
  reason: string | null;
  /** Queries answered since it became unknown, however inconclusively. */
  queries: number;
  /** It holds its terminal back no more, asked or not. */
  lockReleased: boolean;
  /** What was left on the card when it was shown again. */
  balanceYen: number | null;
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
    decision: null,
    postedOn: first.payload.businessDate,
    reason: null,
    queries: 0,
    lockReleased: false,
    balanceYen: null,
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
      return weigh(payment, event.payload, businessDateOf(new Date(event.at)), move);
    case 'lock_released':
      expectState(payment, event.type, 'unknown');
      return { ...payment, lockReleased: true };
    case 'balance_read':
      return { ...payment, balanceYen: event.payload.balanceYen };
    case 'decided':
      expectState(payment, event.type, 'approved');
      if (!payment.late) throw new Error(`${payment.id} was approved at once: nothing to decide`);
      return { ...payment, decision: event.payload.decision };
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

/**
 * "Unknown" never overwrites knowledge; contradicting evidence is kept and shown to a person. What two people say after
 * they have looked at both settles it.
 */
function weigh(payment: Payment, evidence: Evidence, foundOn: string, move: Move): Payment {
  const byPeople = evidence.source === 'two_people';
  const queries = payment.queries + (byPeople ? 0 : 1);
  if (evidence.finding === 'inconclusive') return { ...payment, queries };
  if (payment.state === 'armed') throw new Error(`evidence on ${payment.id} before its dialogue ended`);
  const isApproved = evidence.finding === 'approved';
  if (payment.state === 'unknown' || (byPeople && payment.contradicted)) {
    const change = { queries, reason: evidence.reason, contradicted: false };
    if (!isApproved) return move('not_charged', change);
    const answer = evidence.answer ?? payment.answer;
    const postedOn = foundOn > payment.armed.businessDate ? foundOn : payment.armed.businessDate;
    return payment.state === 'approved'
      ? move('approved', change)
      : move('approved', { ...change, late: true, answer, postedOn });
  }
  const agrees = (payment.state === 'approved') === isApproved;
  return agrees ? { ...payment, queries } : { ...payment, queries, contradicted: true };
}

function expectState(payment: Payment, event: string, state: PaymentState): void {
  if (payment.state !== state) throw new Error(`${event} on ${payment.id}, which is ${payment.state}`);
}
