/** Where a terminal's totals begin: what it held before our first sale, and that it has settled by itself. */
import { businessDateOf } from '../business-date.ts';
import type { Journal } from '../journal/journal.ts';
import type { Health, Terminal, TerminalTotals } from '../terminal/terminal.ts';
import type { TerminalSetup } from '../terminal/terminals.ts';

/** Its totals and receipt numbers begin anew: what came before must not be compared with what comes after. */
export function noteOwnSettlement(
  { journal, onRecorded }: { journal: Journal; onRecorded: () => void },
  terminal: string,
  { hasClosedDay }: Health,
): void {
  if (hasClosedDay !== true) return;
  journal.append('period_began', null, { terminal });
  onRecorded();
}

/** What the terminal held before our first sale, so that later totals can be told apart from it. */
export async function recordOpeningTotals(
  journal: Journal,
  { id, driver }: TerminalSetup,
  terminal: Terminal,
  now: Date,
): Promise<void> {
  const known = journal
    .eventsOfType('totals')
    .map(({ payload }) => payload as { terminal: string; totals: TerminalTotals })
    .some((reading) => reading.terminal === id && reading.totals.terminalId === terminal.terminalId);
  if (known) return;
  const totals = await terminal.reportTotals();
  const businessDate = businessDateOf(now);
  const record = { terminal: id, model: driver.model, businessDate, purpose: 'opening', totals };
  journal.append('totals', null, record);
}

/** Whether the terminal has told of a settlement of its own since that place in the journal. */
export function hasSettledSince(journal: Journal, terminal: string, afterSequence: number): boolean {
  return journal
    .eventsOfType('period_began')
    .some(
      ({ sequence, payload }) =>
        sequence > afterSequence && (payload as { terminal: string }).terminal === terminal,
    );
}
