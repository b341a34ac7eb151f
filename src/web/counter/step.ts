/** Which of its faces the sale column shows. */
import type { PaymentView } from '../../payments/view.ts';
import type { Sale } from './sale.ts';

export type PayStep = 'ringing' | 'paying' | 'unknown' | 'paid' | 'not_paid';

export function stepOf(sale: Sale, payment: PaymentView | null): PayStep {
  if (sale.stage.at === 'basket' || sale.stage.at === 'another_resident') return 'ringing';
  if (payment === null || sale.stage.at === 'sending' || payment.state === 'armed') return 'paying';
  if (payment.state === 'unknown') return 'unknown';
  return payment.state === 'approved' ? 'paid' : 'not_paid';
}

/** The faces in which the fees step back. After a payment the next one may be begun at once. */
export function boardRests(step: PayStep): boolean {
  return step === 'paying' || step === 'unknown' || step === 'not_paid';
}

/** The list of today steps back less often: whoever has to look after what is unknown begins there. */
export function todayRests(step: PayStep): boolean {
  return step !== 'unknown' && boardRests(step);
}
