/** 点検: the terminals' totals against the record, at any time. Clears nothing, and records what it has read. */
import { businessDateOf } from '../business-date.ts';
import { AppError } from '../errors.ts';
import type { ReadTotals } from '../reconcile/parts.ts';
import { signatureOf, type Person } from '../staff/staff.ts';
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
 * `unread`, and stops none of the others.
 */
export async function checkTerminals(parts: ClosingParts, clerk: Person): Promise<Check> {
  const { journal, payments, now, onProgress } = parts;
  const businessDate = businessDateOf(now());
  const fresh: ReadTotals[] = [];
  const unread: Check['unread'] = [];
  const there = payments.terminals.list().filter(({ id }) => !isLost(payments, id));
  for (const [index, { id, driver }] of there.entries()) {
    onProgress({ terminal: id, step: 'totals', number: index + 1, of: there.length });
    const claim = payments.terminals.claim(id);
    try {
      if (typeof claim === 'string')
        throw new AppError(claim === 'busy' ? 'terminal_busy' : 'terminal_disconnected');
      const totals = await ask({ id }, () => claim.terminal.reportTotals());
      const period = payments.settlement.numberOf(id);
      const record = { terminal: id, model: driver.model, businessDate, period, totals };
      const event = journal.append('totals', null, { ...record, purpose: 'check', ...signatureOf(clerk) });
      fresh.push({ ...record, purpose: 'closing', type: 'totals', sequence: event.sequence, at: event.at });
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'journal_unwritable') throw error;
      unread.push({ terminal: id, message: error.message });
    } finally {
      if (typeof claim !== 'string') claim.release();
    }
  }
  onProgress(null);
  const { periods, leftOut } = compareDay(parts, businessDate, fresh);
  return { at: now().toISOString(), unread, leftOut, periods };
}
