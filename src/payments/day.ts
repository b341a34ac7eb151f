/** What a day's screens and totals are made of. */
import type { Ledger } from './ledger.ts';
import type { Payment } from './lifecycle.ts';

/** Whatever was approved and counts on this date: a late one on the day on which it was found. */
export const countedOn = (ledger: Ledger, businessDate: string): Payment[] =>
  [...ledger.onDate(businessDate), ...ledger.foundOn(businessDate)].filter(
    ({ state, postedOn }) => state === 'approved' && postedOn === businessDate,
  );

/** Today's payments and those of earlier days that are unknown or undecided, newest first. */
export function boardOf(ledger: Ledger, businessDate: string): Payment[] {
  const today = ledger.onDate(businessDate);
  const open = [...ledger.unsettled(), ...ledger.undecided()];
  const earlier = open.filter(({ id }) => today.every((payment) => payment.id !== id));
  return [...today, ...earlier.reverse()];
}
