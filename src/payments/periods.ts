/** Where a terminal's totals begin: what it held before our first sale, and that it has settled by itself. */
import { businessDateOf } from '../business-date.ts';
import type { Journal } from '../journal/journal.ts';
import type { Health, Terminal, TerminalTotals } from '../terminal/terminal.ts';
import { createTerminals, type Terminals, type TerminalSetup } from '../terminal/terminals.ts';
import type { ClockWatch } from './clock.ts';
import type { Ledger } from './ledger.ts';
import type { Payment } from './lifecycle.ts';
import { createPeriods, establishSettlement, type Periods } from './settlement.ts';
import { createDevices, replacedAt, withoutLost, type Devices } from './devices.ts';

interface Connecting {
  journal: Journal;
  terminals: readonly TerminalSetup[];
  now: () => Date;
  onError: (message: string, error: unknown) => void;
}

/** Its totals and receipt numbers begin anew: what came before must not be compared with what comes after. */
function noteOwnSettlement(periods: Periods, terminal: string, { hasClosedDay }: Health): void {
  if (hasClosedDay === true) periods.begin(terminal, 'own');
}

/** What the terminal held before our first sale, so that later totals can be told apart from it. */
async function recordOpeningTotals(
  journal: Journal,
  { id, driver }: TerminalSetup,
  terminal: Terminal,
  now: Date,
): Promise<void> {
  const known = journal
    .eventsOfType('totals')
    .filter(({ sequence }) => sequence > replacedAt(journal, id))
    .map(({ payload }) => payload as { terminal: string; totals: TerminalTotals })
    .some((reading) => reading.terminal === id && reading.totals.terminalId === terminal.terminalId);
  if (known) return;
  const totals = await terminal.reportTotals();
  const businessDate = businessDateOf(now);
  const record = { terminal: id, model: driver.model, businessDate, purpose: 'opening', totals };
  journal.append('totals', null, record);
}

/**
 * Whether the terminal has told of a settlement of its own since then: a place in the journal, or the instant on a slip
 * that was entered later.
 */
export function hasSettledSince(
  journal: Journal,
  terminal: string,
  since: { sequence: number } | { takenAt: string },
): boolean {
  return journal
    .eventsOfType('period_began')
    .some(
      ({ sequence, at, payload }) =>
        ('takenAt' in since ? at > since.takenAt : sequence > since.sequence) &&
        (payload as { terminal: string }).terminal === terminal,
    );
}

/**
 * Of a sale: by its place in the journal; of one that was entered by hand, by the time on its slip. And unseen, where the
 * terminal has given the sale's receipt number to a later sale: to void that number would undo another resident's payment.
 */
export function hasSettledSinceSale(
  journal: Journal,
  ledger: Pick<Ledger, 'onTerminalAfter'>,
  { armed, sequence, answer }: Payment,
): boolean {
  const number = answer?.receiptNumber ?? null;
  const isNumberOf = (later: Payment): boolean =>
    later.armed.kind === 'sale' &&
    later.armed.byHand === undefined &&
    later.answer?.verdict === 'approved' &&
    later.answer.receiptNumber === number;
  return (
    hasSettledSince(journal, armed.terminal, armed.byHand ?? { sequence }) ||
    (number !== null && ledger.onTerminalAfter(armed.terminal, sequence).some(isNumberOf))
  );
}

/** The terminals, with what has to be known of each from its first moment on; `terminals` are those that are not lost. */
export function connectTerminals(
  options: Connecting,
  clock: ClockWatch,
  hooks: Pick<Parameters<typeof createTerminals>[1], 'askFor' | 'onChange' | 'onReady'>,
): { all: Terminals; devices: Devices; periods: Periods; terminals: Terminals } {
  const devices = createDevices(options.journal);
  const periods = createPeriods(options.journal);
  const all = createTerminals(options.terminals, {
    ...hooks,
    async onConnected(setup, terminal) {
      clock.forgetTerminal(setup.id);
      await recordOpeningTotals(options.journal, setup, terminal, options.now());
      if (!devices.isLost(setup.id)) await establishSettlement(periods, setup.id, terminal);
    },
    onHealth: ({ id }, health) => noteOwnSettlement(periods, id, health),
    onError: (id, error) => options.onError(`terminal ${id}`, error),
  });
  return { all, devices, periods, terminals: withoutLost(all, devices) };
}
