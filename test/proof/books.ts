/** A counter's record against what its terminals really took, for runs in which each sale has an amount of its own. */
import type { PaymentView } from '../../src/payments/view.ts';
import type { Violation } from './judge.ts';

/** A line of a terminal's own book. Only `stored` is money that was moved. */
interface Taken {
  kind: 'sale' | 'void' | 'refund';
  amountYen: number;
  state: string;
}

export function differences(
  payments: readonly Pick<PaymentView, 'id' | 'kind' | 'state' | 'amountYen' | 'reason'>[],
  book: readonly Taken[],
): Violation[] {
  const found: Violation[] = [];
  const stored = book.filter(({ state }) => state === 'stored');
  for (const { id, kind, state, amountYen, reason } of payments) {
    const times = stored.filter((entry) => entry.kind === kind && entry.amountYen === amountYen).length;
    const text = `${id} is ${state} (${reason ?? 'at once'}), and was taken ${times} times`;
    if (times > 1) found.push({ kind: 'doubled', text });
    // That a void was not made no terminal tells; it makes none twice.
    const isOpen = state === 'armed' || (state === 'unknown' && (kind !== 'void' || times > 0));
    if (isOpen) found.push({ kind: 'unresolved', text });
    else if (state === 'approved' && times === 0) found.push({ kind: 'wrongFinals', text });
    else if (state !== 'approved' && times > 0) found.push({ kind: 'lost', text });
  }
  for (const { kind, amountYen } of stored) {
    if (payments.some((each) => each.kind === kind && each.amountYen === amountYen)) continue;
    found.push({ kind: 'lost', text: `a ${kind} of ${amountYen} yen was taken, and is not on record` });
  }
  return found;
}
