/** One operation with the terminal, from the armed record to the ended one. */
import type { Claim } from '../terminal/terminals.ts';
import {
  TerminalError,
  type Commit,
  type Ending,
  type KeepReference,
  type KeepText,
  type OnProgress,
  type Terminal,
  type TerminalAnswer,
} from '../terminal/terminal.ts';
import type { Journal } from '../journal/journal.ts';
import type { Ledger } from './ledger.ts';
import type { Payment } from './lifecycle.ts';
import type { Armed } from './operation-events.ts';
import { findMirror } from './mirror.ts';
import { hasSettledSinceSale } from './periods.ts';

/** JPY in ISO 4217. */
const YEN = '392';

/**
 * Holds the dialogue of an armed operation and records what comes of it. Each answer is in the journal before the
 * terminal hears that we took it. A broken wire makes the operation unknown, never declined.
 * @throws if a record could not be made, or on a bug: the process has to end, and start-up asks the terminal.
 */
export async function runOperation(
  { ledger, journal }: { ledger: Ledger; journal: Journal },
  payment: Payment,
  claim: Claim,
  onProgress: OnProgress,
): Promise<Payment> {
  const { id, armed } = payment;
  const undone = armed.kind === 'void' ? ledger.find(armed.of)?.answer : undefined;
  const commit: Commit = (answer) => {
    const refused = findMismatch(answer, armed, claim.terminal.terminalId, undone);
    ledger.record(id, { type: 'answer', payload: { answer, refused } });
    return refused === null ? 'acknowledge' : 'refuse';
  };
  const keepReference: KeepReference = (reference) =>
    void ledger.record(id, { type: 'reference', payload: { reference } });
  const keepText: KeepText = (text) => void ledger.record(id, { type: 'receipt_text', payload: text });
  try {
    const handlers: Handlers = [commit, onProgress, keepText, keepReference];
    const ending = await command({ ledger, journal }, payment, claim.terminal, handlers);
    return ledger.record(id, { type: 'ended', payload: ending });
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    return error.moneyMayHaveMoved
      ? ledger.record(id, { type: 'interrupted', payload: { reason: error.message } })
      : ledger.record(id, { type: 'ended', payload: { kind: 'not_sent', reason: error.message } });
  } finally {
    claim.release();
  }
}

type Handlers = [commit: Commit, onProgress: OnProgress, keepText: KeepText, keepReference: KeepReference];

/** What is asked of the terminal. @throws TerminalError */
async function command(
  { ledger, journal }: { ledger: Ledger; journal: Journal },
  payment: Payment,
  terminal: Terminal,
  handlers: Handlers,
): Promise<Ending> {
  const { id, armed } = payment;
  const mirror = findMirror(ledger, payment);
  const order = { operationId: id, amountYen: armed.amountYen, ...(mirror && { mirror }) };
  if (armed.kind === 'sale') {
    const { method, brand } = armed;
    return terminal.authorizeSale({ ...order, method, brand }, ...handlers);
  }
  const sale = ledger.find(armed.of);
  if (sale?.answer == null) return notSent('the terminal never reported the sale');
  if (armed.kind === 'refund') {
    if (terminal.authorizeRefund === undefined) return notSent('this terminal gives nothing back by itself');
    return terminal.authorizeRefund({ ...order, of: sale.answer, soldAt: sale.armedAt }, ...handlers);
  }
  const settledSince = hasSettledSinceSale(journal, ledger, sale);
  return terminal.authorizeVoid({ ...order, of: sale.answer, settledSince }, ...handlers);
}

const notSent = (reason: string): Ending => ({ kind: 'not_sent', reason });

/**
 * Why an approval is not the one that was asked for; the terminal is made to reverse it.
 * @param undone of a void: the sale's answer. A receipt number that has begun anew unseen is another resident's payment.
 */
export function findMismatch(
  answer: TerminalAnswer,
  armed: Armed,
  expectedTerminalId: string | null,
  undone?: TerminalAnswer | null,
): string | null {
  if (answer.verdict !== 'approved') return null;
  if (answer.amountYen !== null && answer.amountYen !== armed.amountYen) {
    return `the terminal approved ${answer.amountYen} yen instead of ${armed.amountYen}`;
  }
  if (answer.currency !== null && answer.currency !== YEN) {
    return `the terminal approved in currency ${answer.currency}`;
  }
  if (expectedTerminalId !== null && answer.terminalId !== null && answer.terminalId !== expectedTerminalId) {
    return `terminal ${answer.terminalId} answered instead of ${expectedTerminalId}`;
  }
  const { undoneTrace } = answer;
  if (undoneTrace !== undefined && undone?.traceNumber != null && undoneTrace !== undone.traceNumber) {
    return `the terminal has undone trace ${undoneTrace} instead of ${undone.traceNumber}`;
  }
  return null;
}
