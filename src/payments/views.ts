/** What screens see of payments, made once for each event: a closing looks at its whole day a dozen times over. */
import type { TerminalSetup } from '../terminal/terminals.ts';
import type { Ledger } from './ledger.ts';
import type { Payment } from './lifecycle.ts';
import { viewOf, type PaymentView, type ViewContext } from './view.ts';

interface Views {
  view: (payment: Payment) => PaymentView;
  /** Whose views an event of this payment changes: what is left of a sale goes by what is given back of it. */
  touchedBy: (payment: Payment) => Payment[];
  /** The next view is made anew. */
  forget: (payment: Payment) => void;
}

/** A payment is replaced by each of its events, and shows nothing that changes without one. @param ledger asked only when a view is */
export function createViews(
  { terminals, surveyUrl }: Pick<ViewContext, 'surveyUrl'> & { terminals: readonly TerminalSetup[] },
  ledger: () => Ledger,
): Views {
  const kept = new WeakMap<Payment, PaymentView>();
  const explainResult: ViewContext['explainResult'] = (terminal, code, of) =>
    terminals.find(({ id }) => id === terminal)?.driver.explainResult(code, of) ?? null;
  return {
    view(payment) {
      const view = kept.get(payment) ?? viewOf(payment, { surveyUrl, explainResult, ledger: ledger() });
      kept.set(payment, view);
      return view;
    },
    touchedBy(payment) {
      const sale = payment.armed.kind === 'sale' ? undefined : ledger().find(payment.armed.of);
      return sale === undefined ? [payment] : [payment, sale];
    },
    forget: (payment) => void kept.delete(payment),
  };
}
