/** How the counter's days stand: the last closing with what has come since, what is open, and which days were forgotten. */
import { businessDateOf } from '../business-date.ts';
import type { CountedSales } from '../counted/counted.ts';
import type { Journal } from '../journal/journal.ts';
import type { Payments } from '../payments/payments.ts';
import type { PaymentView } from '../payments/view.ts';
import type { Sum } from '../sum.ts';
import { findForgotten, type ForgottenDay } from './forgotten.ts';
import { countedOn, type Closing } from './closing.ts';

/** The newest closing, with what has come to its day since: a sale after it, a result that was found late. */
export interface LastClosing extends Omit<Closing, 'totals'> {
  since: { sold: Sum; returned: Sum };
}

/** A day with what counts on it so far. */
export interface DayToClose extends ForgottenDay {
  sold: Sum;
  returned: Sum;
}

export interface ClosingState {
  /** Null: nothing was ever closed here. */
  last: LastClosing | null;
  /** What can be closed: earlier days that were forgotten, oldest first, and today. */
  days: DayToClose[];
  /** Payments whose result is unknown, and late approvals that are not decided or not done, of any day. */
  open: PaymentView[];
  /** A closing needs a second person's number and PIN. */
  needsSecondPerson: boolean;
}

/** Which days can be closed now, the forgotten ones first, with what is counted on each (yen). */
export function readClosingState(
  parts: {
    journal: Journal;
    payments: Pick<Payments, 'postedOn' | 'board' | 'history'>;
    counted: Pick<CountedSales, 'onDate'>;
  },
  now: Date,
): Omit<ClosingState, 'needsSecondPerson'> {
  const { journal, payments } = parts;
  const last = findLastClosing(journal, payments);
  const today = { businessDate: businessDateOf(now), isClosed: last?.businessDate === businessDateOf(now) };
  return {
    last,
    days: [...findForgotten(parts, now), today].map((day) => ({
      ...day,
      ...countedOn(payments, day.businessDate),
    })),
    open: payments.board().filter(({ state, toDecide }) => state === 'unknown' || toDecide),
  };
}

function findLastClosing(journal: Journal, payments: Pick<Payments, 'postedOn'>): LastClosing | null {
  const event = journal.eventsOfType('closed').at(-1);
  if (event === undefined) return null;
  const closing = event.payload as Omit<Closing, 'totals' | 'at'>;
  const now = countedOn(payments, closing.businessDate);
  const less = (sum: Sum, before: Sum): Sum => ({
    count: sum.count - before.count,
    amountYen: sum.amountYen - before.amountYen,
  });
  const since = {
    sold: less(now.sold, { count: closing.count, amountYen: closing.totalYen }),
    returned: less(now.returned, closing.returned ?? { count: 0, amountYen: 0 }),
  };
  return { ...closing, at: event.at, since };
}
