/** Which terminal a payment gets, and how each of them is. */
import { AppError } from '../errors.ts';
import type { TerminalStatus } from '../live.ts';
import type { Offer } from '../terminal/offer.ts';
import type { Claim, Terminals } from '../terminal/terminals.ts';
import { holdsTerminal } from './desk.ts';
import type { Ledger } from './ledger.ts';
import type { Payment } from './lifecycle.ts';
import type { SettlementDesk } from './settlement.ts';

/** What a terminal's state is told from. */
export interface ClaimParts {
  terminals: Terminals;
  ledger: Ledger;
  settlement: Pick<SettlementDesk, 'findOpen'>;
  offers: readonly Offer[];
}

const IN_DOUBT = '日計が済んだかどうかを確かめています。もう一度「締め」を押すと、端末に確かめます。';

/**
 * A terminal as the counter's screen tells of it: locked also while it is connected and something on it is not known.
 */
export function statusOf({ ledger, terminals, settlement, offers }: ClaimParts, id: string): TerminalStatus {
  const { state, detail } = terminals.connection(id);
  const nameJa = offers.find((offer) => offer.id === id)?.nameJa ?? id;
  const canAnswer = state !== 'disconnected' && state !== 'lost';
  if (canAnswer && settlement.findOpen(id) !== undefined)
    return { id, nameJa, state: 'locked', detail: IN_DOUBT };
  const isLocked = canAnswer && findHolding(ledger, id) !== undefined;
  return { id, nameJa, state: isLocked ? 'locked' : state, detail };
}

/** The first of them that can be had; if none can, the first one's reason. @throws AppError */
export function claimOneOf(
  parts: ClaimParts,
  candidates: readonly Offer[],
): { terminal: string; claim: Claim } {
  let reason: AppError | undefined;
  for (const { id, nameJa } of candidates) {
    const claim = claimTerminal(parts, id, nameJa);
    if (!(claim instanceof AppError)) return { terminal: id, claim };
    reason ??= claim;
  }
  throw reason ?? new AppError('brand_unavailable');
}

function claimTerminal(
  { terminals, ledger, settlement }: ClaimParts,
  id: string,
  terminal: string,
): Claim | AppError {
  if (settlement.findOpen(id) !== undefined) return new AppError('settlement_open', { terminal });
  const holding = findHolding(ledger, id);
  if (holding !== undefined) return new AppError('terminal_locked', { terminal, paymentId: holding.id });
  const claim = terminals.claim(id);
  if (claim === 'busy') return new AppError('terminal_busy', { terminal });
  if (claim === 'disconnected') return new AppError('terminal_disconnected', { terminal });
  return claim;
}

function findHolding(ledger: Ledger, terminal: string): Payment | undefined {
  return ledger.unsettled().find((payment) => payment.armed.terminal === terminal && holdsTerminal(payment));
}
