/** The counter's terminals, held for a closing: read, and settled. */
import { AppError } from '../errors.ts';
import type { Journal } from '../journal/journal.ts';
import type { ClosingProgress } from '../live.ts';
import type { Payments } from '../payments/payments.ts';
import { isNothing } from '../payments/settlement.ts';
import { signatureOf, type Person } from '../staff/staff.ts';
import type { Driver } from '../terminal/driver.ts';
import { TerminalError, type Terminal, type TerminalTotals } from '../terminal/terminal.ts';
import type { Claim } from '../terminal/terminals.ts';

/** What a closing works with. */
export interface HeldParts {
  journal: Journal;
  payments: Payments;
  onProgress: (progress: ClosingProgress | null) => void;
}

export interface Held {
  id: string;
  driver: Driver;
  terminal: Terminal;
  claim: Claim;
}

/** What a terminal's totals were. */
export interface ReadTerminal {
  terminal: string;
  model: string;
  totals: TerminalTotals;
}

/** `totals` null: it tells none before its 日計. */
type Read = Omit<ReadTerminal, 'totals'> & { totals: TerminalTotals | null };

export const isRead = (read: Read): read is ReadTerminal => read.totals !== null;

export const isLost = ({ terminals }: Pick<Payments, 'terminals'>, id: string): boolean =>
  terminals.connection(id).state === 'lost';

/** All terminals that are not lost, or none. @throws AppError `closing_terminal_busy`, `closing_terminal_disconnected` */
export function holdTerminals(payments: Payments): Held[] {
  const held: Held[] = [];
  for (const { id, driver } of payments.terminals.list()) {
    if (isLost(payments, id)) continue;
    const claim = payments.terminals.claim(id);
    if (typeof claim === 'string') {
      releaseAll(held);
      const code = claim === 'busy' ? 'closing_terminal_busy' : 'closing_terminal_disconnected';
      throw new AppError(code, { terminal: id });
    }
    held.push({ id, driver, terminal: claim.terminal, claim });
  }
  return held;
}

/** Lets payments in again, on every terminal that the closing held. */
export function releaseAll(held: readonly Held[]): void {
  for (const { claim } of held) claim.release();
}

/**
 * Every terminal's totals (中間計), recorded once all of them have answered; a settlement that an earlier closing has
 * left open is found out first. @throws AppError `totals_missing`, `settlement_open`
 */
export async function readAll(
  parts: HeldParts,
  held: readonly Held[],
  record: { businessDate: string; purpose: 'closing' },
): Promise<Read[]> {
  const { journal, payments, onProgress } = parts;
  const read: Read[] = [];
  for (const [index, each] of held.entries()) {
    onProgress({ terminal: each.id, step: 'totals', number: index + 1, of: held.length });
    const totals = await ask(each, () => payments.settlement.readTotals(each));
    if (payments.settlement.findOpen(each.id)) throw new AppError('settlement_open', { terminal: each.id });
    read.push({ terminal: each.id, model: each.driver.model, totals });
  }
  for (const each of read.filter(isRead)) {
    const period = payments.settlement.numberOf(each.terminal);
    journal.append('totals', null, { ...each, ...record, period });
  }
  return read;
}

/** @throws AppError `totals_missing` */
export async function ask<T>({ id }: Pick<Held, 'id'>, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    if (cause instanceof TerminalError) throw new AppError('totals_missing', { terminal: id }, { cause });
    throw cause;
  }
}

/**
 * 日計 on every terminal that can be told to, one after the other, except those that hold nothing since their last.
 * @throws AppError `settlement_refused`, `settlement_unanswered`: those before it are settled, and stay so
 */
export async function settleAll(
  parts: HeldParts,
  held: readonly Held[],
  order: { businessDate: string; clerk: Person; read: readonly Read[] },
): Promise<void> {
  const { businessDate, clerk, read } = order;
  for (const [index, each] of held.entries()) {
    const totals = read.find(({ terminal }) => terminal === each.id)?.totals;
    if (totals === undefined || (totals !== null && isSettledAlready(parts.payments, each.id, totals)))
      continue;
    parts.onProgress({ terminal: each.id, step: 'settlement', number: index + 1, of: held.length });
    const settled = await parts.payments.settlement.settle(
      each,
      { businessDate, totals, ...signatureOf(clerk) },
      () => undefined,
    );
    if (settled.kind === 'doubt') throw new AppError('settlement_unanswered', { terminal: each.id });
    if (settled.kind === 'refused') {
      const { resultCode } = settled;
      const because = resultCode === null ? null : each.driver.explainResult(resultCode, 'settlement');
      throw new AppError('settlement_refused', { terminal: each.id, because });
    }
    if (settled.kind === 'settled' && !settled.isBusyAfterwards) await readOpening(parts, each, businessDate);
  }
}

/** Settled by an earlier closing, and nothing has come since: a second 日計 would change nothing. */
function isSettledAlready(payments: Payments, id: string, totals: TerminalTotals): boolean {
  const began = payments.settlement.findBeginning(id);
  if (began?.because !== 'settled' || !isNothing(totals)) return false;
  return payments.onTerminalAfter(id, began.sequence).length === 0;
}

/** What the next period begins with: nothing, or the next closing finds more than our record. Not worth a failed closing. */
async function readOpening(
  { journal, payments }: HeldParts,
  { id, driver, terminal }: Held,
  businessDate: string,
): Promise<void> {
  // A clerk has just said that the terminal is settled: nobody is asked for a row of zeros.
  if (driver.reach === 'clerk') return;
  try {
    const totals = await terminal.reportTotals();
    const period = payments.settlement.numberOf(id);
    const record = { terminal: id, model: driver.model, businessDate, purpose: 'opening', period };
    journal.append('totals', null, { ...record, totals });
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
  }
}
