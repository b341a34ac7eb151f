/** What the page and scripts are shown of a virtual terminal. */
import { rateIn } from './baud-rate.ts';
import type { BookEntry } from './book.ts';
import { purseLeft } from './emoney.ts';
import type { Line } from './line.ts';
import type { Machine } from './machine.ts';
import type { Display } from './screen.ts';
import type { Settings } from './settings.ts';

export interface VirtualState {
  terminalId: string;
  /** Where the register finds it. */
  line: string;
  cable: 'plugged' | 'pulled';
  /** A register has registered since this terminal was switched on. */
  registered: boolean;
  /** Of a serial line: 9600 after each start, until a register has asked for another (08 40). */
  baudRate: number;
  display: Display;
  /** The terminal waits for a card: the resident can act. */
  waiting: boolean;
  /** Steps of the script that are still to come. */
  plannedSteps: number;
  /** Faults that have not happened yet. */
  plannedFaults: number;
  settings: Settings;
  /** What is left in the purse that was filled, in yen; null: everybody's is full. */
  purseYen: number | null;
  /** A payment is left pending (処理未了): touching the card again settles it. */
  pending: boolean;
  /** Stored in the running settlement period. */
  taken: { count: number; amount: number };
  /** The newest entries of its book, newest first. */
  latest: BookEntry[];
}

const LATEST = 20;

/** As it is now; amounts in the currency's smallest unit. */
export function stateOf(machine: Machine, line: Line): VirtualState {
  const open = machine.book.open();
  return {
    terminalId: machine.terminalId,
    line: line.address,
    cable: line.isPlugged ? 'plugged' : 'pulled',
    registered: machine.registeredAs !== undefined,
    baudRate: rateIn(machine.baudRate),
    display: machine.screen.display,
    waiting: machine.isWaitingForCard,
    plannedSteps: machine.resident.plannedSteps,
    plannedFaults: machine.faults.planned().reduce((sum, { times }) => sum + times, 0),
    settings: machine.settings,
    purseYen: purseLeft(machine),
    pending: machine.book.entries().some(({ state }) => state === 'pending'),
    taken: { count: open.length, amount: open.reduce((sum, { amount }) => sum + amount, 0) },
    latest: machine.book.entries().slice(-LATEST).reverse(),
  };
}
