/**
 * A terminal that is gone: lost, stolen, broken. The 出納員 or an administrator sets it aside. From then on it takes no
 * payment, is not asked, holds nothing back, and the day is closed without its totals. Found again it is as before. A
 * new device in its place begins a period of its own, and is never asked about what the old one took.
 */
import { businessDateOf } from '../business-date.ts';
import { AppError } from '../errors.ts';
import type { Journal } from '../journal/journal.ts';
import { signatureOf, type Person } from '../staff/staff.ts';
import { TerminalError, type TerminalTotals } from '../terminal/terminal.ts';
import type { Terminals } from '../terminal/terminals.ts';
import { holdsTerminal } from './desk.ts';
import type { Devices } from './devices.ts';
import type { Ledger } from './ledger.ts';
import type { Periods } from './settlement.ts';

export interface LostTerminals {
  /** @throws AppError `not_found`, `terminal_busy` while a payment runs on it */
  lose(id: string, note: string, person: Person): void;
  /** The same device is back. @throws AppError `not_lost` */
  find(id: string, person: Person): void;
  /** Another device stands in its place and is connected. @throws AppError `not_lost`, `terminal_disconnected` … */
  replace(id: string, person: Person): Promise<void>;
}

/** Each act is on record before a screen is told; asked again, it finishes what a crash has left. */
export function createLostTerminals(options: {
  journal: Journal;
  ledger: Ledger;
  /** All of them, the lost ones too. */
  terminals: Terminals;
  devices: Devices;
  periods: Pick<Periods, 'begin'>;
  now: () => Date;
  onChange: (terminal: string) => void;
}): LostTerminals {
  const { journal, ledger, terminals, devices, periods, now } = options;
  const refuseUnlost = (id: string): void => {
    if (!devices.isLost(id)) throw new AppError('not_lost');
  };
  return {
    lose(id, note, person) {
      if (!terminals.list().some((setup) => setup.id === id)) throw new AppError('not_found');
      if (terminals.connection(id).state === 'busy') throw new AppError('terminal_busy', { terminal: id });
      if (!devices.isLost(id)) {
        devices.record('terminal_lost', { terminal: id, note, ...signatureOf(person) });
      }
      // Asked again, it finishes what a crash has left.
      for (const payment of ledger.unsettled()) {
        if (payment.armed.terminal === id && holdsTerminal(payment)) {
          ledger.record(payment.id, { type: 'lock_released', payload: signatureOf(person) });
        }
      }
      options.onChange(id);
    },
    find(id, person) {
      refuseUnlost(id);
      devices.record('terminal_found', { terminal: id, ...signatureOf(person) });
      options.onChange(id);
    },
    async replace(id, person) {
      refuseUnlost(id);
      const { model, totals } = await readFirstTotals(terminals, id);
      devices.record('terminal_replaced', { terminal: id, ...signatureOf(person) });
      // Receipt numbers and totals begin anew: nothing of the old device is compared with the new one.
      periods.begin(id, 'replaced');
      const businessDate = businessDateOf(now());
      journal.append('totals', null, { terminal: id, model, businessDate, purpose: 'opening', totals });
      options.onChange(id);
    },
  };
}

/** @throws AppError where the new device is not there, or does not tell what it holds */
async function readFirstTotals(
  terminals: Terminals,
  id: string,
): Promise<{ model: string; totals: TerminalTotals }> {
  const model = terminals.list().find((setup) => setup.id === id)?.driver.model ?? '';
  const claim = terminals.claim(id);
  if (typeof claim === 'string') {
    throw new AppError(claim === 'busy' ? 'terminal_busy' : 'terminal_disconnected', { terminal: id });
  }
  try {
    return { model, totals: await claim.terminal.reportTotals() };
  } catch (cause) {
    if (cause instanceof TerminalError) throw new AppError('totals_missing', { terminal: id }, { cause });
    throw cause;
  } finally {
    claim.release();
  }
}
