/** Days that nobody has closed, or not to their end: noticed the next morning, and closed then under their own date. */
import { businessDateOf } from '../business-date.ts';
import type { CountedSales } from '../counted/counted.ts';
import type { Journal } from '../journal/journal.ts';
import type { Payments } from '../payments/payments.ts';
import type { PaymentView } from '../payments/view.ts';

/** How far back a forgotten day is looked for. */
const LOOK_BACK_DAYS = 31;

interface Parts {
  journal: Journal;
  payments: Pick<Payments, 'postedOn' | 'history'>;
  counted: Pick<CountedSales, 'onDate'>;
}

export interface ForgottenDay {
  businessDate: string;
  /** It was closed, and more was sold, counted, taken back or corrected on that same evening. */
  isClosed: boolean;
}

/** Before today, oldest first: days on which something was sold, counted or opened here, and of which no closing knows all. */
export function findForgotten({ journal, payments, counted }: Parts, now: Date): ForgottenDay[] {
  const today = businessDateOf(now);
  const oldest = businessDateOf(new Date(now.getTime() - LOOK_BACK_DAYS * 86_400_000));
  const dateOf = ({ payload }: { payload: unknown }): string =>
    (payload as { businessDate: string }).businessDate;
  const opened = journal.eventsOfType('counter_opened').map(dateOf);
  const closedAt = new Map(journal.eventsOfType('closed').map((event) => [dateOf(event), event.at]));
  const hasMore = (day: string, since: string): boolean =>
    payments
      .postedOn(day)
      .some((payment) => payment.stateAt > since || isCorrectedSince(payments, payment, { day, since })) ||
    counted.onDate(day).some(({ countedAt, withdrawn }) =>
      // A touch by mistake that was taken back before anybody closed the day has changed nothing.
      withdrawn === null ? countedAt > since : countedAt <= since && withdrawn.at > since,
    );
  return [...new Set([...opened, ...journal.businessDatesFrom(oldest)])]
    .filter((day) => day >= oldest && day < today)
    .sort()
    .flatMap((businessDate) => {
      const since = closedAt.get(businessDate);
      const isForgotten = since === undefined || hasMore(businessDate, since);
      return isForgotten ? { businessDate, isClosed: since !== undefined } : [];
    });
}

/** Under the date of that day: what is corrected later counts later. */
const isCorrectedSince = (
  payments: Pick<Payments, 'history'>,
  { id, corrections }: PaymentView,
  { day, since }: { day: string; since: string },
): boolean =>
  corrections.some(({ businessDate }) => businessDate === day) &&
  payments
    .history(id)
    .some(({ type, at, payload }) => type === 'corrected' && payload.businessDate === day && at > since);
