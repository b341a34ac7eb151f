/** What a brand's own rules say after a result was lost; the rules are data (`Brand`), read here. Pure: the screens ask too. */
import { daysAfter } from '../business-date.ts';
import type { Brand } from '../fees/catalogue.ts';
import type { Decision } from './operation-events.ts';
import type { PaymentView } from './view.ts';

/** What may be decided about a late approval, and still can be: nothing where there is nothing to decide. */
export function decisionsFor(payment: PaymentView, brand: Brand | undefined, today: string): Decision[] {
  return payment.toDecide ? allowedDecisions(payment.businessDate, brand, today) : [];
}

/** Giving back on the terminal only where the brand still takes a void. */
export function allowedDecisions(businessDate: string, brand: Brand | undefined, today: string): Decision[] {
  const canVoid = brand !== undefined && mayBeVoided(brand, businessDate, today);
  return canVoid ? ['keep', 'void', 'refund_outside'] : ['keep', 'refund_outside'];
}

/** `void_last_only` is left out: after a lost result nobody can be sure that it was the terminal's last. */
function mayBeVoided({ cancelRule, cancelDays }: Brand, businessDate: string, today: string): boolean {
  if (!['void_or_refund', 'void_only', 'same_day'].includes(cancelRule)) return false;
  return today <= daysAfter(businessDate, cancelDays ?? 0);
}

/**
 * The last day on which the acquirer takes up an unresolved transit-card payment: 55 days; from day 56 it refuses
 * (help pages of acquirers, 2026). Null for other brands.
 */
export function investigationDeadline(
  { businessDate }: Pick<PaymentView, 'businessDate'>,
  unknownRule: string | null,
): string | null {
  const days = /_(\d+)_days$/.exec(unknownRule ?? '')?.[1];
  return days === undefined ? null : daysAfter(businessDate, Number(days));
}

/** The card may have been debited although the terminal has stored no sale: its balance tells before it is charged again. */
export const tellsByBalance = (unknownRule: string | null): boolean =>
  unknownRule === 'a_sale_until_disproved' || unknownRule?.startsWith('not_a_sale_until_next_touch') === true;
