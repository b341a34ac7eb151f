/**
 * Settling a terminal (日計), durable in the same order as a payment: the intention is on record before the command
 * leaves, the totals before the terminal hears that we have them, and the next period once it has said that it is done.
 * What a death or a broken line leaves open is found out by asking for the totals, never by a second 日計.
 *
 *   settling ─ totals (settlement) ─ period_began            settled
 *            └──────────────────────  settlement_refused     the terminal's day stands as it was
 */
import { AppError } from '../errors.ts';
import type { Journal } from '../journal/journal.ts';
import type { Signature } from '../staff/staff.ts';
import type { Driver } from '../terminal/driver.ts';
import {
  TerminalError,
  type OnProgress,
  type Settlement,
  type Terminal,
  type TerminalTotals,
} from '../terminal/terminal.ts';
import type { Ledger } from './ledger.ts';
import { findMirror } from './mirror.ts';

/** Why a settlement period began: our 日計, one of the terminal's own, another device. Older events do not say. */
export type PeriodCause = 'settled' | 'own' | 'replaced';

/** Written and fsynced before 日計 is commanded. */
export interface Settling extends Signature {
  terminal: string;
  terminalId: string | null;
  /** Of this terminal at this counter, from 1 on. */
  period: number;
  businessDate: string;
  /** What the terminal held just before: what it holds afterwards tells whether it has settled. Null: it would not say. */
  totals: TerminalTotals | null;
}

const EVENTS = ['settling', 'settlement_refused', 'period_began'] as const;
type SettlementEvent = (typeof EVENTS)[number];

/** What the journal says about the terminals' settlement periods. */
export interface Periods {
  /** The number of the running period. */
  numberOf(terminal: string): number;
  /** A 日計 that was commanded, or was about to be, and of which nobody knows whether it was done. */
  findOpen(terminal: string): Settling | undefined;
  /** How and where the running period began; undefined: it is the first. */
  findBeginning(terminal: string): { sequence: number; because: PeriodCause | undefined } | undefined;
  intend(settling: Settling): void;
  /** The terminal said no, or it turned out that it never heard of it. */
  refuse(terminal: string, refusal: { resultCode: string | null; reason: string }): void;
  begin(terminal: string, because: PeriodCause): void;
}

interface Running {
  number: number;
  open: Settling | undefined;
  began: { sequence: number; because: PeriodCause | undefined } | undefined;
}

/** The periods that the journal has, of each terminal. */
export function createPeriods(journal: Journal): Periods {
  const periods = new Map<string, Running>();
  const of = (terminal: string): Running =>
    periods.get(terminal) ?? { number: 1, open: undefined, began: undefined };
  const note = (type: SettlementEvent, sequence: number, payload: { terminal: string }): void => {
    const running = of(payload.terminal);
    if (type === 'settling') periods.set(payload.terminal, { ...running, open: payload as Settling });
    if (type === 'settlement_refused') periods.set(payload.terminal, { ...running, open: undefined });
    if (type !== 'period_began') return;
    const { because } = payload as { because?: PeriodCause };
    periods.set(payload.terminal, {
      number: running.number + 1,
      open: undefined,
      began: { sequence, because },
    });
  };
  const record = (type: SettlementEvent, payload: { terminal: string }): void =>
    note(type, journal.append(type, null, payload).sequence, payload);
  const past = EVENTS.flatMap((type) => journal.eventsOfType(type));
  for (const { type, sequence, payload } of past.sort((a, b) => a.sequence - b.sequence)) {
    note(type as SettlementEvent, sequence, payload as { terminal: string });
  }
  return {
    numberOf: (terminal) => of(terminal).number,
    findOpen: (terminal) => of(terminal).open,
    findBeginning: (terminal) => of(terminal).began,
    intend: (settling) => record('settling', settling),
    refuse: (terminal, refusal) => record('settlement_refused', { terminal, ...refusal }),
    begin(terminal, because) {
      const payload = { terminal, period: of(terminal).number + 1, because };
      record('period_began', payload);
    },
  };
}

/** A terminal that is held for its settlement. */
export interface ToSettle {
  id: string;
  driver: Driver;
  terminal: Terminal;
}

type Order = Signature & Pick<Settling, 'businessDate' | 'totals'>;

/** What a closing needs of the payments. */
export interface SettlementDesk extends Pick<Periods, 'numberOf' | 'findOpen' | 'findBeginning'> {
  /** From now until the returned function is called no sale is let in, nor anything given back. @throws AppError `closing_now` */
  holdSales(): () => void;
  isHeld(): boolean;
  /**
   * Finds out about a settlement that is open, and reads the totals; null: the terminal wants its 日計 first.
   * @throws TerminalError: what is open stays open
   */
  readTotals(held: ToSettle): Promise<TerminalTotals | null>;
  settle(held: ToSettle, order: Order, onProgress: OnProgress): Promise<Settled>;
}

/** A desk at which no sale is held back. */
export function createSettlementDesk(parts: {
  journal: Journal;
  ledger: Ledger;
  periods: Periods;
}): SettlementDesk {
  const { periods } = parts;
  let isHeld = false;
  return {
    numberOf: (terminal) => periods.numberOf(terminal),
    findOpen: (terminal) => periods.findOpen(terminal),
    findBeginning: (terminal) => periods.findBeginning(terminal),
    holdSales() {
      if (isHeld) throw new AppError('closing_now');
      isHeld = true;
      return () => {
        isHeld = false;
      };
    },
    isHeld: () => isHeld,
    async readTotals({ id, terminal }) {
      await establishSettlement(periods, id, terminal);
      return (await demandsSettlement(periods, id, terminal)) ? null : terminal.reportTotals();
    },
    settle: (held, order, onProgress) => settle(parts, held, order, onProgress),
  };
}

/** `none`: this terminal has no 日計 to command. `doubt`: nobody knows; it is asked before it takes anything else. */
export type Settled =
  | { kind: 'settled'; isBusyAfterwards: boolean }
  | { kind: 'none' }
  | { kind: 'refused'; resultCode: string | null }
  | { kind: 'doubt' };

/**
 * Commands 日計 and records what comes of it.
 * @param order `totals`: as they were read just before
 * @throws AppError where a record could not be made: what the terminal has done is found at the next connection
 */
async function settle(
  { journal, ledger, periods }: { journal: Journal; ledger: Ledger; periods: Periods },
  { id, driver, terminal }: ToSettle,
  order: Order,
  onProgress: OnProgress,
): Promise<Settled> {
  if (terminal.settle === undefined) return { kind: 'none' };
  const { terminalId } = terminal;
  const period = periods.numberOf(id);
  const { businessDate, totals } = order;
  const mirror = findMirror(ledger, { armed: { terminal: id, terminalId }, sequence: Infinity });
  periods.intend({ ...order, terminal: id, terminalId, period });
  const commit = (read: TerminalTotals): void => {
    const record = { terminal: id, model: driver.model, businessDate, purpose: 'settlement', period };
    journal.append('totals', null, { ...record, totals: read });
  };
  let ended: Settlement;
  try {
    ended = await terminal.settle(
      { ...(mirror && { mirror }), ...(totals && { known: totals }) },
      commit,
      onProgress,
    );
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    if (error.moneyMayHaveMoved) return { kind: 'doubt' };
    periods.refuse(id, { resultCode: null, reason: error.message });
    return { kind: 'refused', resultCode: null };
  }
  if (ended.kind === 'open') {
    const { resultCode } = ended;
    periods.refuse(id, { resultCode, reason: 'the terminal did not settle' });
    return { kind: 'refused', resultCode };
  }
  periods.begin(id, 'settled');
  return { kind: 'settled', isBusyAfterwards: ended.isBusyAfterwards };
}

/**
 * Asks a terminal what became of a settlement that is open, before it takes anything else: totals that have fallen can
 * only have been settled, for nothing was let in since they were read; and one that demands its 日計 has not done it.
 * @throws TerminalError: it stays open
 */
export async function establishSettlement(periods: Periods, id: string, terminal: Terminal): Promise<void> {
  const open = periods.findOpen(id);
  if (open === undefined) return;
  const isAnother =
    open.terminalId !== null && terminal.terminalId !== null && open.terminalId !== terminal.terminalId;
  // Another device knows nothing of it: that one has to be put in its place, or the old one back.
  if (isAnother) return;
  if (await demandsSettlement(periods, id, terminal)) {
    periods.refuse(id, { resultCode: null, reason: 'the terminal says that its day is not settled' });
    return;
  }
  const now = await terminal.reportTotals();
  const isSettled = isNothing(now) || (open.totals !== null && hasFallen(open.totals, now));
  if (isSettled && periods.findOpen(id) !== undefined) periods.begin(id, 'settled');
  else if (!isSettled) {
    periods.refuse(id, { resultCode: null, reason: 'the terminal still holds its totals' });
  }
}

/** Whether a terminal takes nothing but its 日計, and tells no totals either; a settlement of its own is noted. @throws TerminalError */
async function demandsSettlement(periods: Periods, id: string, terminal: Terminal): Promise<boolean> {
  const { remedy, hasClosedDay } = await terminal.checkHealth();
  if (hasClosedDay === true) periods.begin(id, 'own');
  return remedy === 'settle' && terminal.settle !== undefined;
}

/** A terminal that holds nothing has nothing left to settle, whoever has settled it. */
export const isNothing = ({ totalYen, rows }: TerminalTotals): boolean =>
  totalYen === 0 && rows.every(({ count, amountYen }) => count === 0 && amountYen === 0);

const hasFallen = (before: TerminalTotals, now: TerminalTotals): boolean =>
  now.totalYen < before.totalYen ||
  before.rows.some(
    ({ bucket, amountYen }) => (now.rows.find((row) => row.bucket === bucket)?.amountYen ?? 0) < amountYen,
  );
