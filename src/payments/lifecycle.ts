/**
 * What its events (`operation-events.ts`) make of an operation. Pure: the state is a fold of the events, here on the
 * counter, in PostgreSQL's projection and in the browser alike.
 */
import { businessDateOf } from '../business-date.ts';
import { isQuery, type Evidence, type EvidenceSource } from './evidence.ts';
import type { Armed, Decision, OperationEvent } from './operation-events.ts';
import type { Correction, EnteredSlip, PromisedRefund } from './return-records.ts';
import type { TerminalAnswer } from '../terminal/terminal.ts';

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
  /** What the provider calls this order. */
  reference: string | null;
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
  /** Whose evidence ended the not knowing; null: the dialogue told, or nothing has yet. */
  establishedBy: EvidenceSource | null;
  /** Evidence that says the opposite of what is known; a person has to look. */
  contradicted: boolean;
  /** Of a sale: what has been promised back outside the terminal, oldest first. */
  outside: readonly PromisedRefund[];
  /** Of a sale: what it was corrected to, oldest first. */
  corrections: readonly Correction[];
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
    reference: null,
    cancelRequested: false,
    late: false,
    decision: null,
    postedOn: first.payload.businessDate,
    reason: null,
    queries: 0,
    lockReleased: false,
    balanceYen: null,
    establishedBy: null,
    contradicted: false,
    outside: [],
    corrections: [],
    ...(first.payload.byHand && enteredState(first.payload, first.payload.byHand)),
  };
  return rest.reduce(applyEvent, start);
}

/** What was entered by hand is paid, or given back, from its first event on. */
function enteredState(
  { amountYen, method, brand }: Armed,
  { slipNumber, takenAt, postedOn }: EnteredSlip,
): Partial<Payment> {
  const nothing = {
    brandName: null,
    terminalId: null,
    traceNumber: null,
    approvalCode: null,
    terminalTime: null,
  };
  const said = { amountYen, method, brand, receiptNumber: slipNumber, currency: null, raw: '' };
  return {
    state: 'approved',
    armedAt: takenAt,
    postedOn,
    answer: { verdict: 'approved', resultCode: '', ...nothing, ...said },
  };
}

/** A sale that was found approved after the resident may have gone. Money that went back leaves nothing to decide. */
export const isToBeDecided = ({ state, late, armed }: MayBeLate): boolean =>
  state === 'approved' && late && armed.kind === 'sale';
export type MayBeLate = Pick<Payment, 'state' | 'late'> & { armed: Pick<Armed, 'kind'> };

type EventType = OperationEvent['type'];
type PayloadOf<T extends EventType> = Extract<OperationEvent, { type: T }>['payload'];
type Step<T extends EventType> = (payment: Payment, payload: PayloadOf<T>, at: string) => Payment;
type Row<T extends EventType> = Readonly<Record<PaymentState, Step<T> | null>>;

const takeAnswer: Step<'answer'> = (payment, { answer, refused }) => ({
  ...payment,
  answer,
  resultCode: answer.resultCode,
  reason: refused,
});
const end: Step<'ended'> = (payment, ended, at) => {
  const [state, change] = endedState(payment, ended);
  return moved(payment, at, state, change);
};
const decide: Step<'decided'> = (payment, { decision }) => {
  if (!isToBeDecided(payment)) throw new Error(`${payment.id} was approved at once: nothing to decide`);
  return { ...payment, decision };
};
const promise: Step<'refund_requested'> = (payment, refund) => ({
  ...payment,
  outside: [...payment.outside, { ...refund, withdrawal: null }],
});
const withdraw: Step<'refund_withdrawn'> = (payment, withdrawal) => ({
  ...payment,
  outside: payment.outside.map((each) => (each.id === withdrawal.refund ? { ...each, withdrawal } : each)),
});
const correct: Step<'corrected'> = (payment, correction) => ({
  ...payment,
  corrections: [...payment.corrections, correction],
});
/** What a clerk said changes nothing by itself: what the driver makes of it does. */
const noteReply: Step<'clerk_reply'> = (payment) => payment;
const noteBalance: Step<'balance_read'> = (payment, { balanceYen }) => ({ ...payment, balanceYen });

/**
 * Every event in every state, each cell decided. `null`: the event can't follow there, which only a bug brings about; it
 * is found before the event is on record, and ends the service.
 */
// prettier-ignore
const LIFECYCLE: { readonly [T in EventType]: Row<T> } = {
  armed: {
    armed: null, approved: null, declined: null, cancelled: null, unknown: null, not_charged: null, not_sent: null,
  },
  cancel_requested: {
    armed: (payment) => ({ ...payment, cancelRequested: true }),
    approved: null, declined: null, cancelled: null, unknown: null, not_charged: null, not_sent: null,
  },
  clerk_reply: {
    armed: noteReply, approved: noteReply, declined: noteReply, cancelled: noteReply,
    unknown: noteReply, not_charged: noteReply, not_sent: noteReply,
  },
  reference: {
    armed: (payment, { reference }) => ({ ...payment, reference }),
    approved: null, declined: null, cancelled: null, unknown: null, not_charged: null, not_sent: null,
  },
  receipt_text: {
    armed: (payment) => payment,
    approved: null, declined: null, cancelled: null, unknown: null, not_charged: null, not_sent: null,
  },
  answer: {
    armed: takeAnswer,
    approved: null, declined: null, cancelled: null, unknown: null, not_charged: null, not_sent: null,
  },
  ended: {
    armed: end,
    approved: null, declined: null, cancelled: null, unknown: null, not_charged: null, not_sent: null,
  },
  interrupted: {
    armed: (payment, { reason }, at) => moved(payment, at, 'unknown', { reason }),
    approved: null, declined: null, cancelled: null, unknown: null, not_charged: null, not_sent: null,
  },
  evidence: {
    armed: null,
    approved: weigh, declined: weigh, cancelled: weigh, unknown: weigh, not_charged: weigh, not_sent: weigh,
  },
  lock_released: {
    armed: null, approved: null, declined: null, cancelled: null,
    unknown: (payment) => ({ ...payment, lockReleased: true }),
    not_charged: null, not_sent: null,
  },
  balance_read: {
    armed: null, approved: noteBalance, declined: noteBalance, cancelled: noteBalance,
    unknown: noteBalance, not_charged: noteBalance, not_sent: noteBalance,
  },
  decided: {
    armed: null, approved: decide,
    declined: null, cancelled: null, unknown: null, not_charged: null, not_sent: null,
  },
  refund_requested: {
    armed: null, approved: promise,
    declined: null, cancelled: null, unknown: null, not_charged: null, not_sent: null,
  },
  refund_withdrawn: {
    armed: null, approved: withdraw,
    declined: null, cancelled: null, unknown: null, not_charged: null, not_sent: null,
  },
  corrected: {
    armed: null, approved: correct,
    declined: null, cancelled: null, unknown: null, not_charged: null, not_sent: null,
  },
};

/** One step of the fold. @throws if the event can't follow */
export function applyEvent(payment: Payment, event: Recorded<OperationEvent>): Payment {
  // The row is the event's own; TypeScript can't follow that the payload is too.
  const step = LIFECYCLE[event.type][payment.state] as Step<EventType> | null;
  if (step === null) throw new Error(`${event.type} on ${payment.id}, which is ${payment.state}`);
  return step(payment, event.payload, event.at);
}

function moved(payment: Payment, at: string, state: PaymentState, change: Partial<Payment> = {}): Payment {
  return { ...payment, ...change, state, stateAt: state === payment.state ? payment.stateAt : at };
}

function endedState(payment: Payment, ended: PayloadOf<'ended'>): [PaymentState, Partial<Payment>] {
  const { answer } = payment;
  if (ended.kind === 'not_sent') {
    // A terminal that answered had heard of it, whatever the line is certain of.
    return [answer === null ? 'not_sent' : 'unknown', { reason: ended.reason }];
  }
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
function weigh(payment: Payment, evidence: Evidence, at: string): Payment {
  const byPeople = evidence.source === 'two_people';
  const queries = payment.queries + (isQuery(evidence.source) ? 1 : 0);
  if (evidence.finding === 'inconclusive') return { ...payment, queries };
  const isApproved = evidence.finding === 'approved';
  if (payment.state === 'unknown' || (byPeople && payment.contradicted)) {
    const change = {
      queries,
      reason: evidence.reason,
      establishedBy: evidence.source,
      contradicted: false,
    };
    if (!isApproved) return moved(payment, at, 'not_charged', change);
    const answer = evidence.answer ?? payment.answer;
    const foundOn = businessDateOf(new Date(at));
    const postedOn = foundOn > payment.armed.businessDate ? foundOn : payment.armed.businessDate;
    return payment.state === 'approved'
      ? moved(payment, at, 'approved', change)
      : moved(payment, at, 'approved', { ...change, late: true, answer, postedOn });
  }
  const agrees = (payment.state === 'approved') === isApproved;
  return agrees ? { ...payment, queries } : { ...payment, queries, contradicted: true };
}
