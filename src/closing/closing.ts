/**
 * START. Closing the day (締め), by the 出納員: the terminals' totals are read and compared with the record, each terminal
 * is settled (日計), compared again with what it settled, and the day's checkpoint is recorded. Whatever can't be done
 * leaves the day open, with the reason; it is closed again, also on a later day, under its own date.
 */
import { businessDateOf } from '../business-date.ts';
import { tallyOf, type CountedSales, type CountedTally } from '../counted/counted.ts';
import { AppError } from '../errors.ts';
import type { Journal } from '../journal/journal.ts';
import type { ClosingProgress } from '../live.ts';
import type { Payments } from '../payments/payments.ts';
import { signatureOf, type Person, type Signature } from '../staff/staff.ts';
import { sumUp, type Sum } from '../sum.ts';
import type { TerminalNames } from '../terminal/offer.ts';
import { compareDay, type ComparedDay, type ComparedPeriod, type LeftOut } from './comparison.ts';
import { findForgotten } from './forgotten.ts';
import { dayBookOf, type BookedOperation, type DayBookRow } from './day-book.ts';
import { holdTerminals, isLost, isRead, readAll, releaseAll, settleAll, type ReadTerminal } from './held.ts';

/** What the closing slip says, and what the journal keeps as the day's checkpoint. */
export interface Closing {
  businessDate: string;
  at: string;
  /** Approved sales that count on this day; late ones on the day on which they were found. */
  count: number;
  totalYen: number;
  /** Voids and refunds on a terminal, likewise; closings of before there were any do not say. */
  returned?: Sum;
  /** Of its sales: what accounting was asked to pay out, outside the terminals. Not taken off. Older closings do not say. */
  promised?: Sum;
  /** Payments whose result is still unknown, of this day and of earlier ones. */
  unknown: number;
  /** Sales that were found late and are not decided, or whose void or refund is not done. Older closings do not say. */
  undecided?: number;
  /** Of the answer alone: as they were read before the 日計. */
  totals: ReadTerminal[];
  /** Terminals that are lost: their totals could not be read. Closings of before there were any do not say. */
  lost?: readonly string[];
  /** Each terminal's periods of the day, compared. Older closings do not say. */
  periods?: ComparedPeriod[];
  /** What no totals say anything about. */
  leftOut?: LeftOut[];
  /** Why the record beside the terminals is not what was sold on the day. Older closings do not say. */
  remarks?: string[];
  /** What the terminals were called. Older closings do not say. */
  names?: TerminalNames;
  /** 収納金日計表. Older closings do not say. */
  dayBook?: DayBookRow[];
  /** Why it was closed with a difference that nothing explains. */
  note?: string;
  clerk?: string;
  /** The second person; null: none was asked for. */
  confirmedBy?: Signature | null;
  /** What was counted without a terminal, in no total of this closing. Older closings do not say. */
  counted?: CountedTally;
  /** Stays of the daycare window that nobody has paid; the amount is of those whose end is known. */
  unpaidCare?: Sum;
  /** Of the answer alone: false, where the labels on that list are still there. */
  labelsErased?: boolean;
  /** The journal as it stood: a missing tail is found against this. */
  headSequence: number;
  headHash: string;
}

/** Why a closing was made with a difference that nothing explains. */
export interface ClosingNote {
  /** ISO 8601, UTC. */
  at: string;
  clerk: string;
  note: string;
}

/** A day's newest closing; one that came later takes the place of the earlier ones, and of no reason that they gave. */
export interface RecordedClosing extends Omit<Closing, 'totals'> {
  /** How often the day was closed. */
  times: number;
  /** Of all its closings, the oldest first. */
  notes: ClosingNote[];
}

/** The reasons that were given for closing with a difference, each with who gave it. */
export const notesOf = (closings: readonly Pick<Closing, 'at' | 'clerk' | 'note'>[]): ClosingNote[] =>
  closings.flatMap(({ at, clerk = '', note }) => (note === undefined ? [] : [{ at, clerk, note }]));

/** The newest closing of a day, with what was said at all of them; undefined: it was not closed. */
export function findClosingOf(journal: Journal, businessDate: string): RecordedClosing | undefined {
  const closings = journal
    .eventsOfType('closed')
    .map(({ payload, at }) => ({ ...(payload as Omit<Closing, 'totals' | 'at'>), at }))
    .filter((each) => each.businessDate === businessDate);
  const newest = closings.at(-1);
  return newest && { ...newest, times: closings.length, notes: notesOf(closings) };
}

export interface ClosingParts {
  journal: Journal;
  payments: Payments;
  counted: Pick<CountedSales, 'onDate'>;
  now: () => Date;
  /** Stays of today that nobody has paid. */
  owedCare: () => Sum;
  onProgress: (progress: ClosingProgress | null) => void;
}

export interface ClosingOrder {
  clerk: Person;
  /** The second person, who has typed the PIN; null: none was asked for. */
  confirmedBy: Signature | null;
  /** Left out: today. An earlier day that was forgotten is closed under its own date. */
  businessDate?: string | undefined;
  /** Why it is closed although nothing explains a difference; empty: such a day stays open. */
  note: string;
}

/**
 * Closes a day. No sale is let in meanwhile. Nothing is recorded as closed unless every terminal has answered that is not
 * lost, and has settled if it can be told to. May be done again: the last closing of a day counts.
 * @throws AppError; the day stays open then, and what is settled already stays so
 */
export async function closeDay(parts: ClosingParts, order: ClosingOrder): Promise<Closing> {
  const { payments, now } = parts;
  const today = businessDateOf(now());
  const businessDate = order.businessDate ?? today;
  const isForgotten = findForgotten(parts, now()).some((day) => day.businessDate === businessDate);
  if (businessDate !== today && !isForgotten) throw new AppError('not_to_be_closed');
  const letIn = payments.settlement.holdSales();
  try {
    // A payment that its terminal has not been asked about may still be in its totals, or leave them.
    const holding = payments
      .board()
      .find((each) => each.holdsTerminal && !isLost(payments, each.terminal.id));
    if (holding !== undefined) {
      throw new AppError('closing_terminal_locked', { terminal: holding.terminal.id, paymentId: holding.id });
    }
    const held = holdTerminals(payments);
    try {
      const read = await readAll(parts, held, { businessDate, purpose: 'closing' });
      const given = findClosingOf(parts.journal, businessDate)?.notes ?? [];
      refuseUnexplained(compareDay(parts, businessDate), order.note, given);
      await settleAll(parts, held, { businessDate, clerk: order.clerk, read });
      return {
        ...recordClosing(parts, { ...order, businessDate }, businessDate === today),
        totals: read.filter(isRead),
      };
    } finally {
      releaseAll(held);
    }
  } finally {
    parts.onProgress(null);
    letIn();
  }
}

/**
 * Nothing has been settled yet. What an earlier closing of the day has given its reason for is not asked again.
 * @throws AppError `closing_differs` with the comparison
 */
function refuseUnexplained(compared: ComparedDay, note: string, given: readonly ClosingNote[]): void {
  const isToExplain = ({ isUnexplained, readAt }: ComparedPeriod): boolean =>
    isUnexplained && !given.some(({ at }) => readAt <= at);
  if (note !== '' || !compared.periods.some(isToExplain)) return;
  throw new AppError('closing_differs', { ...compared });
}

function recordClosing(
  parts: ClosingParts,
  { clerk, confirmedBy, note, businessDate }: ClosingOrder & { businessDate: string },
  isToday: boolean,
): Omit<Closing, 'totals'> {
  const { journal, payments, counted } = parts;
  const { sold, returned } = countedOn(payments, businessDate);
  const board = payments.board();
  const checkpoint = {
    businessDate,
    count: sold.count,
    totalYen: sold.amountYen,
    returned,
    promised: promisedOf(payments, businessDate),
    lost: payments.terminals.list().flatMap(({ id }) => (isLost(payments, id) ? [id] : [])),
    ...compareDay(parts, businessDate),
    dayBook: dayBookOn(parts, businessDate),
    counted: tallyOf(counted.onDate(businessDate)),
    // The daycare's list knows today alone.
    ...(isToday && { unpaidCare: parts.owedCare() }),
    ...(note !== '' && { note }),
    confirmedBy,
    unknown: board.filter(({ state }) => state === 'unknown').length,
    undecided: board.filter(({ toDecide }) => toDecide).length,
    headSequence: journal.head.sequence,
    headHash: journal.head.hash,
    ...signatureOf(clerk),
  };
  const { at } = journal.append('closed', null, checkpoint);
  return { ...checkpoint, at };
}

/** 収納金日計表 as the record is now. */
export function dayBookOn(
  { payments, counted }: Pick<ClosingParts, 'payments' | 'counted'>,
  businessDate: string,
): DayBookRow[] {
  const taken = payments
    .postedOn(businessDate)
    .map(({ kind, method, brand, lines }): BookedOperation => ({ kind, tender: method, brand, lines }));
  const without = counted
    .onDate(businessDate)
    .filter(({ withdrawn }) => withdrawn === null)
    .map(({ tender, lines }): BookedOperation => ({ kind: 'sale', tender, brand: null, lines }));
  return dayBookOf([...taken, ...without]);
}

/** What accounting has been asked to pay out of sales that count on a day, and may still have to. */
function promisedOf(payments: Pick<Payments, 'postedOn'>, businessDate: string): Sum {
  const promises = payments
    .postedOn(businessDate)
    .flatMap(({ outside }) => outside.filter(({ withdrawal }) => withdrawal === null));
  return sumUp(promises);
}

/** Approved sales, and voids and refunds on a terminal, that count on a day. */
export function countedOn(
  payments: Pick<Payments, 'postedOn'>,
  businessDate: string,
): { sold: Sum; returned: Sum } {
  const posted = payments.postedOn(businessDate);
  return {
    sold: sumUp(posted.filter(({ kind }) => kind === 'sale')),
    returned: sumUp(posted.filter(({ kind }) => kind !== 'sale')),
  };
}
