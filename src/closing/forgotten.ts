/** Days that nobody has closed: noticed the next morning, and closed then under their own date. */
import { businessDateOf } from '../business-date.ts';
import type { Journal } from '../journal/journal.ts';

/** How far back a forgotten day is looked for. */
const LOOK_BACK_DAYS = 31;

/** Days before today, oldest first, on which something was sold, counted or opened here, and which nobody has closed. */
export function findForgotten(journal: Journal, now: Date): string[] {
  const datesOf = (type: string): Set<string> =>
    new Set(
      journal.eventsOfType(type).map(({ payload }) => (payload as { businessDate: string }).businessDate),
    );
  const closed = datesOf('closed');
  const opened = datesOf('counter_opened');
  const days = Array.from({ length: LOOK_BACK_DAYS }, (_, index) =>
    businessDateOf(new Date(now.getTime() - (LOOK_BACK_DAYS - index) * 86_400_000)),
  );
  return days.filter(
    (day) =>
      !closed.has(day) &&
      (opened.has(day) ||
        journal.operationsOn(day).length > 0 ||
        journal.operationsOn(day, 'counted').length > 0),
  );
}
