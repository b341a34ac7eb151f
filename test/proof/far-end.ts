/**
 * The virtual terminal at the far end of the cable: the one that trials use, without its page and its file. Its book of
 * what it really took is the truth that the journal is held against.
 */
import { createBook, type Book, type BookEntry } from '../../drivers/zvt/virtual/book.ts';
import type { Point } from '../../drivers/zvt/virtual/faults.ts';
import type { Machine } from '../../drivers/zvt/virtual/machine.ts';
import type { Settings } from '../../drivers/zvt/virtual/settings.ts';
import { serve } from '../../drivers/zvt/virtual/terminal.ts';
import { createCable as handleCable, createMachine } from '../../drivers/zvt/virtual/virtual.ts';
import { createLink } from '../../drivers/zvt/link.ts';
import type { Port } from '../../src/terminal/port.ts';

/** Who wants to know what really happens there. */
export interface Witness {
  /** A line of its book; the last one about a payment counts. */
  onBook: (entry: BookEntry) => void;
  /** A dialogue in which money moves has come so far; the power may go now. */
  onPoint: (point: Point) => 'power_loss' | undefined;
}

export interface FarEnd {
  machine: Machine;
  book: Book;
  /** Speaks with whoever is at the other end, until the line is gone. */
  serve(port: Port): void;
  /** Power off; the book stays. It comes back by `switchOn`. */
  losePower(): void;
  switchOn(): void;
}

/** A resident does not dawdle, a card company answers within a second. */
export const TIMING = { readMs: 300, issuerMs: 500, residentMs: 60_000 } as const;

export interface FarEndOptions extends Witness {
  autoReversal: Settings['autoReversal'];
  messageIds: boolean;
  /** Its steps go to its own display and its receipts to its own printer: the register hears of neither. */
  isTerse: boolean;
  pull: () => void;
  plug: () => void;
}

export function createFarEnd(options: FarEndOptions): FarEnd {
  const { onBook, onPoint, pull, plug, isTerse, ...settings } = options;
  const book = createBook({ kept: [], keep: onBook, close: () => undefined });
  const machine = createMachine({ timing: TIMING, settings }, book);
  if (isTerse) makeTerse(machine);
  const { faults } = machine;
  const planned = { ...faults };
  faults.takeAt = (point, command) => {
    const fault = onPoint(point);
    return fault === undefined ? planned.takeAt(point, command) : { fault, at: point, times: 1 };
  };
  const cable = handleCable(machine, {
    pull() {
      pull();
      return Promise.resolve();
    },
    plug() {
      plug();
      return Promise.resolve();
    },
  });
  return {
    machine,
    book,
    serve: (port) => void serve(machine, createLink(port, machine.timing.link)),
    losePower: () => void machine.losePower(),
    switchOn: () => void cable.plug(),
  };
}

/** Whatever a register wishes when it registers. */
function makeTerse(machine: Machine): void {
  let registered = machine.registeredAs;
  Object.defineProperty(machine, 'registeredAs', {
    get: () => registered,
    set(as: Machine['registeredAs']) {
      registered = as && { ...as, wantsSteps: false, wantsReceipts: false, wantsReports: false };
    },
  });
}
