/** 点検: the terminals' totals against the record, at any time. Clears nothing, and records what it has read. */
import { businessDateOf } from '../business-date.ts';
import { AppError } from '../errors.ts';
import type { ReadTotals } from '../reconcile/parts.ts';
import { signatureOf, type Person } from '../staff/staff.ts';
import type { Driver } from '../terminal/driver.ts';
import type { ClosingParts } from './closing.ts';
import { compareDay, type ComparedDay } from './comparison.ts';
import { ask, isLost } from './held.ts';

export interface Check extends ComparedDay {
  at: string;
  /** Whose totals could not be read, and why. */
  unread: { terminal: string; message: string }[];
}

/**
 * One terminal after the other: a payment on another goes on meanwhile. A terminal that is busy, away or silent is told in
 * `unread`, and stops none of the others. @throws AppError `journal_unwritable`
 */
export async function checkTerminals(parts: ClosingParts, clerk: Person): Promise<Check> {
  const { payments, now, onProgress } = parts;
  const businessDate = businessDateOf(now());
  const fresh: ReadTotals[] = [];
  const unread: Check['unread'] = [];
  const there = payments.terminals.list().filter(({ id }) => !isLost(payments, id));
  try {
    for (const [index, each] of there.entries()) {
      onProgress({ terminal: each.id, step: 'totals', number: index + 1, of: there.length });
      try {
        fresh.push(await readForCheck(parts, each, { businessDate, clerk }));
      } catch (error) {
        if (!(error instanceof AppError) || error.code === 'journal_unwritable') throw error;
        unread.push({ terminal: each.id, message: error.message });
      }
    }
  } finally {
    onProgress(null);
  }
  return { at: now().toISOString(), unread, ...compareDay(parts, businessDate, fresh) };
}

/** @throws AppError `terminal_busy`, `terminal_disconnected`, `totals_missing`, `journal_unwritable` */
async function readForCheck(
  { journal, payments }: ClosingParts,
  { id, driver }: { id: string; driver: Driver },
  { businessDate, clerk }: { businessDate: string; clerk: Person },
): Promise<ReadTotals> {
  const claim = payments.terminals.claim(id);
  if (typeof claim === 'string')
    throw new AppError(claim === 'busy' ? 'terminal_busy' : 'terminal_disconnected');
  try {
    const totals = await ask({ id }, () => claim.terminal.reportTotals());
    const period = payments.settlement.numberOf(id);
    const record = { terminal: id, model: driver.model, businessDate, period, totals };
    const event = journal.append('totals', null, { ...record, purpose: 'check', ...signatureOf(clerk) });
    return { ...record, purpose: 'closing', type: 'totals', sequence: event.sequence, at: event.at };
  } finally {
    claim.release();
  }
}
