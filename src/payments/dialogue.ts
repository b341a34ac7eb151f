/** One sale with the terminal, from the armed record to the ended one. */
import type { Claim } from '../terminal/terminals.ts';
import { TerminalError, type Progress, type TerminalAnswer } from '../terminal/terminal.ts';
import type { Ledger } from './ledger.ts';
import type { Armed, Payment } from './lifecycle.ts';

/** JPY in ISO 4217. */
const YEN = '392';

/**
 * Holds the dialogue of an armed sale and records what comes of it. Each answer is in the journal before the
 * terminal hears that we took it. A broken wire makes the payment unknown, never declined.
 * @throws if a record could not be made, or on a bug: the process has to end, and start-up asks the terminal.
 */
export async function runSale(
  ledger: Ledger,
  { id, armed }: Payment,
  claim: Claim,
  onProgress: (progress: Progress) => void,
): Promise<Payment> {
  const commit = (answer: TerminalAnswer): 'acknowledge' | 'refuse' => {
    const refused = findMismatch(answer, armed, claim.terminal.terminalId);
    ledger.record(id, { type: 'answer', payload: { answer, refused } });
    return refused === null ? 'acknowledge' : 'refuse';
  };
  try {
    const sale = { operationId: id, amountYen: armed.amountYen, method: armed.method, brand: armed.brand };
    const ending = await claim.terminal.authorizeSale(sale, commit, onProgress);
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

/** Why an approval is not the one that was asked for; the terminal is made to reverse it. */
function findMismatch(
  answer: TerminalAnswer,
  armed: Armed,
  expectedTerminalId: string | null,
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
  return null;
}
