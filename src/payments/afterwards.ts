/** What people do about a sale that is over, with what a screen is shown. */
import type { Person, Signature } from '../staff/staff.ts';
import type { Claim } from '../terminal/terminals.ts';
import type { Payment } from './lifecycle.ts';
import type { ReturnOption } from './return-rules.ts';
import { armReturn, returnOptions, type ReturnParts, type ReturnRequest } from './returns.ts';
import type { PaymentView } from './view.ts';

export interface Afterwards {
  /** Every way in which a sale can be given back now, and why the others are closed. @throws AppError */
  options(saleId: string): ReturnOption[];
  /**
   * A void or refund. @param confirmedBy the second person; null: there was none
   * @throws AppError; a refused request records nothing
   */
  giveBack(saleId: string, request: ReturnRequest, clerk: Person, confirmedBy: Signature | null): PaymentView;
}

/** What the START file lends. */
export interface Hands {
  view: (payment: Payment) => PaymentView;
  /** @throws AppError while no money may move at all */
  refuseUnready: () => void;
  /** Holds the dialogue of what was armed. */
  hold: (payment: Payment, claim: Claim) => void;
}

export function createAfterwards(parts: ReturnParts, { view, refuseUnready, hold }: Hands): Afterwards {
  return {
    options: (saleId) => returnOptions(parts, saleId).options,
    giveBack(saleId, request, clerk, confirmedBy) {
      if (parts.ledger.find(request.id) === undefined) refuseUnready();
      const { payment, claim } = armReturn(parts, saleId, request, clerk, confirmedBy);
      if (claim !== undefined) hold(payment, claim);
      return view(payment);
    },
  };
}
