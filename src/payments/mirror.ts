/** What a terminal is told about the newest transaction, where it leaves a lost acknowledgement to the register. */
import type { Mirror } from '../terminal/terminal.ts';
import type { Ledger } from './ledger.ts';
import type { Payment } from './lifecycle.ts';
import type { Armed } from './operation-events.ts';

/** An operation that is armed and about to be sent, or a settlement after all of them. */
type MirrorFor = Pick<Payment, 'sequence'> & { armed: Pick<Armed, 'terminal' | 'terminalId'> };

/**
 * The newest transaction that the terminal and we agree on. None is named while one of this terminal is unknown, or
 * was approved by other evidence than its receipt: the terminal could take the older number for our wish to reverse.
 */
export function findMirror(
  ledger: Pick<Ledger, 'unsettled' | 'lastStoredBefore' | 'onTerminalAfter'>,
  payment: MirrorFor,
): Mirror | undefined {
  const { armed } = payment;
  const isUnknownThere = ({ state, armed: { terminal } }: Payment): boolean =>
    state === 'unknown' && terminal === armed.terminal;
  if (ledger.unsettled().some(isUnknownThere)) return undefined;
  const stored = ledger.lastStoredBefore(payment);
  // A device that stood here meanwhile has numbers of its own, and one of them may be the one before the newest.
  if (stored !== undefined && stored.armed.terminalId !== armed.terminalId) return undefined;
  const since = ledger.onTerminalAfter(armed.terminal, stored?.sequence ?? 0);
  if (since.some(({ state }) => state === 'approved')) return undefined;
  const receiptNumber = stored?.answer?.receiptNumber ?? null;
  return stored !== undefined && receiptNumber === null ? undefined : { receiptNumber };
}
