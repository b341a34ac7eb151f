/** A payment as the screens and the interface show it: what `GET /api/payments/:id` returns. */
import type { PricedLine } from '../fees/pricing.ts';
import type { Method } from '../terminal/terminal.ts';
import { holdsTerminal } from './desk.ts';
import type { EvidenceSource } from './evidence.ts';
import type { Ledger } from './ledger.ts';
import type { Payment, PaymentState } from './lifecycle.ts';
import type { Armed, ArmedReturn, Decision } from './operation-events.ts';
import type { Correction, RefundWithdrawal, ReturnedLine, ReturnReason } from './return-records.ts';
import {
  decisionFacts,
  findPending,
  isDecisionOpen,
  linesLeft,
  linesOf,
  promisesOf,
  returnedYen,
} from './net.ts';

/** What two people have put on record, on which day and why. */
export interface SignedByTwo {
  businessDate: string;
  clerk: string;
  confirmedBy: string;
  note: string;
}

export interface PaymentView {
  id: string;
  kind: Armed['kind'];
  state: PaymentState;
  /** What was asked of the terminal: taken by a sale, given back by a void or refund. */
  amountYen: number;
  /** Of a void or refund; null: a sale. */
  of: { id: string; number: number; reason: ReturnReason; note: string; confirmedBy: string | null } | null;
  /** Of a sale: what a terminal has given back, and the void or refund that has no result yet. */
  returned: { amountYen: number; pendingId: string | null };
  /** Of a sale: what accounting is to pay out, in all. */
  outsideYen: number;
  /** The promises of it, oldest first, the withdrawn ones too. */
  outside: {
    id: string;
    amountYen: number;
    businessDate: string;
    clerk: string;
    withdrawal: SignedByTwo | null;
  }[];
  /** What is still paid of each line. */
  linesLeft: ReturnedLine[];
  /** What it was corrected from and to; oldest first. `lines` is what it is now. */
  corrections: (SignedByTwo & { replaced: PricedLine[]; lines: PricedLine[] })[];
  /** The charge ticket that it closes or holds; null: none. */
  ticket: string | null;
  /** Its last day, `YYYY-MM-DD`; null: there is no ticket. */
  ticketUntil: string | null;
  /** Entered from the terminal's slip later, and not sent from here. */
  byHand: boolean;
  /** As the terminal reported it once it has; until then what the clerk touched. */
  method: Method;
  brand: string | null;
  /** What the clerk touched, where the terminal reported another; a difference is shown, it is no fault. */
  asked: { method: Method; brand: string | null } | null;
  window: string;
  windowNameJa: string;
  lines: PricedLine[];
  businessDate: string;
  armedAt: string;
  stateAt: string;
  /** Our number for the slip (伝票番号): the place of the sale in this counter's journal. */
  number: number;
  clerk: string;
  cancelRequested: boolean;
  late: boolean;
  /** Approved after the resident may have gone; null: nobody has decided yet. */
  decision: Decision | null;
  /** A person has still to say what becomes of a late approval, or to do it. */
  toDecide: boolean;
  /** The date under which the money counts; differs from the business date for what was found later. */
  postedOn: string;
  /** Whose evidence ended the not knowing; null: the dialogue told, or nothing has yet. */
  establishedBy: EvidenceSource | null;
  contradicted: boolean;
  reason: string | null;
  resultCode: string | null;
  /** What the terminal's code means, for the clerk; null unless declined or cancelled. */
  resultMessage: string | null;
  queries: number;
  /** It keeps its terminal from other payments. */
  holdsTerminal: boolean;
  /** What was left on the card when it was shown again. */
  balanceYen: number | null;
  terminal: {
    id: string;
    terminalId: string | null;
    receiptNumber: string | null;
    approvalCode: string | null;
    brandName: string | null;
  };
  /** The survey's address for this payment; null where no survey is set up or nothing was paid. */
  surveyUrl: string | null;
}

/** What a view needs to know besides the payment itself. */
export interface ViewContext {
  surveyUrl: (paymentId: string) => string | null;
  explainResult: (terminal: string, resultCode: string, of: Armed['kind']) => string | null;
  ledger: Pick<Ledger, 'find' | 'returnsOf'>;
}

/** The payment as screens and scripts are shown it, with its returns and with what is to be told of its result. */
export function viewOf(payment: Payment, { surveyUrl, explainResult, ledger }: ViewContext): PaymentView {
  const { armed } = payment;
  const { method, brand } = paidWith(payment);
  const differs = method !== armed.method || (armed.brand !== null && brand !== armed.brand);
  const returns = ledger.returnsOf(payment.id);
  return {
    id: payment.id,
    kind: armed.kind,
    state: payment.state,
    amountYen: armed.amountYen,
    of: armed.kind === 'sale' ? null : saleOf(armed, ledger),
    returned: { amountYen: returnedYen(returns), pendingId: findPending(returns)?.id ?? null },
    outsideYen: promisesOf(payment).reduce((sum, { amountYen }) => sum + amountYen, 0),
    outside: payment.outside.map(({ id, amountYen, businessDate, clerk, withdrawal }) => ({
      ...{ id, amountYen, businessDate, clerk },
      withdrawal: withdrawal && signedOf(withdrawal),
    })),
    linesLeft: linesLeft(payment, returns),
    corrections: payment.corrections.map((correction) => ({
      ...signedOf(correction),
      replaced: correction.replaced,
      lines: correction.lines,
    })),
    ticket: armed.kind === 'sale' ? (armed.ticket?.reference ?? null) : null,
    ticketUntil: armed.kind === 'sale' ? (armed.ticket?.until ?? null) : null,
    byHand: armed.byHand !== undefined,
    method,
    brand,
    asked: differs ? { method: armed.method, brand: armed.brand } : null,
    window: armed.window,
    windowNameJa: armed.windowNameJa,
    lines: [...linesOf(payment)],
    businessDate: armed.businessDate,
    armedAt: payment.armedAt,
    stateAt: payment.stateAt,
    number: payment.sequence,
    clerk: armed.clerk,
    cancelRequested: payment.cancelRequested,
    late: payment.late,
    decision: payment.decision,
    toDecide: isDecisionOpen(decisionFacts(payment, returns)),
    postedOn: payment.postedOn,
    establishedBy: payment.establishedBy,
    contradicted: payment.contradicted,
    reason: payment.reason,
    resultCode: payment.resultCode,
    resultMessage:
      payment.resultCode !== null && (payment.state === 'declined' || payment.state === 'cancelled')
        ? explainResult(armed.terminal, payment.resultCode, armed.kind)
        : null,
    queries: payment.queries,
    holdsTerminal: holdsTerminal(payment),
    balanceYen: payment.balanceYen,
    terminal: terminalOf(payment),
    surveyUrl: payment.state === 'approved' && armed.kind === 'sale' ? surveyUrl(payment.id) : null,
  };
}

const signedOf = (record: Correction | RefundWithdrawal): SignedByTwo => ({
  businessDate: record.businessDate,
  clerk: record.clerk,
  confirmedBy: record.confirmedBy.clerk,
  note: record.note,
});

const terminalOf = ({ armed, answer }: Payment): PaymentView['terminal'] => ({
  id: armed.terminal,
  terminalId: answer?.terminalId ?? null,
  receiptNumber: answer?.receiptNumber ?? null,
  approvalCode: answer?.approvalCode ?? null,
  brandName: answer?.brandName ?? null,
});

function saleOf(
  { of, reason, note, confirmedBy }: ArmedReturn,
  ledger: Pick<Ledger, 'find'>,
): PaymentView['of'] {
  const number = ledger.find(of)?.sequence ?? 0;
  return { id: of, number, reason, note, confirmedBy: confirmedBy?.clerk ?? null };
}

/** Method and brand as the terminal reported them; where it did not, what the clerk touched. */
export function paidWith({ armed, answer }: Payment): { method: Method; brand: string | null } {
  return answer?.method == null
    ? { method: armed.method, brand: answer?.brand ?? armed.brand }
    : { method: answer.method, brand: answer.brand };
}
