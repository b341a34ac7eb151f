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
  const today = businessDateOf(now);
  const oldest = businessDateOf(new Date(now.getTime() - LOOK_BACK_DAYS * 86_400_000));
  return [...new Set([...datesOf('counter_opened'), ...journal.businessDatesFrom(oldest)])]
    .filter((day) => day >= oldest && day < today && !closed.has(day))
    .sort();
}
