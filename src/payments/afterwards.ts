/** What people do about a sale that is over, with what a screen is shown. */
import { signatureOf, type Person, type Signature } from '../staff/staff.ts';
import type { Claim } from '../terminal/terminals.ts';
import { correctItems, promiseRefund, withdrawRefund, type CorrectionRequest } from './by-hand.ts';
import { enterSlip, enterVoid, type SlipEntry, type VoidEntry } from './entries.ts';
import { isToBeDecided, type Payment } from './lifecycle.ts';
import type { Decision } from './operation-events.ts';
import type { ReturnOption } from './return-rules.ts';
import { armReturn, returnOptions, type GiveBack, type ReturnParts, type ReturnRequest } from './returns.ts';
import type { PaymentView } from './view.ts';

export interface Afterwards {
  /** Every way in which a sale can be given back now, and why the others are closed. @throws AppError */
  options(saleId: string): ReturnOption[];
  /**
   * A void or refund. @param confirmedBy the second person; null: there was none
   * @throws AppError; a refused request records nothing
   */
  giveBack(saleId: string, request: ReturnRequest, clerk: Person, confirmedBy: Signature | null): PaymentView;
  /** A refund outside the terminal, for accounting to pay out. Answers with the sale. @throws AppError as above */
  promiseRefund(saleId: string, request: GiveBack, clerk: Person, confirmedBy: Signature | null): PaymentView;
  /** Takes such a promise back before it is paid out. Answers with the sale. @throws AppError as above */
  withdrawRefund(
    saleId: string,
    withdrawal: { refund: string; note: string },
    clerk: Person,
    confirmedBy: Signature,
  ): Promise<PaymentView>;
  /** Other items at the same total. Answers with the sale. @throws AppError as above */
  correct(saleId: string, request: CorrectionRequest, clerk: Person, confirmedBy: Signature): PaymentView;
  /** A payment that the terminal took alone. @throws AppError as above */
  enterSlip(entry: SlipEntry, clerk: Person): PaymentView;
  /** A 取消 that was made on the terminal alone. Answers with the void. @throws AppError as above */
  enterVoid(saleId: string, entry: VoidEntry, clerk: Person, confirmedBy: Signature | null): PaymentView;
}

/** What the START file lends. */
export interface Hands {
  view: (payment: Payment) => PaymentView;
  /** @throws AppError while no money may move at all */
  refuseUnready: () => void;
  /** Holds the dialogue of what was armed. */
  hold: (payment: Payment, claim: Claim) => void;
}

/** Whoever gives a late approval back has decided about it. Once: asked again with the same id, it is on record. */
function noteDecision(
  { ledger }: ReturnParts,
  saleId: string,
  decided: { decision: Decision; operation: string; note: string },
  clerk: Person,
): Payment | undefined {
  const sale = ledger.find(saleId);
  if (sale === undefined || !isToBeDecided(sale) || sale.decision === decided.decision) return undefined;
  return ledger.record(saleId, { type: 'decided', payload: { ...decided, ...signatureOf(clerk) } });
}

/** Over the parts that the payments lend; what it does is on record, and so outlives a restart. */
export function createAfterwards(parts: ReturnParts, { view, refuseUnready, hold }: Hands): Afterwards {
  return {
    options: (saleId) => returnOptions(parts, saleId).options,
    giveBack(saleId, request, clerk, confirmedBy) {
      if (parts.ledger.find(request.id) === undefined) refuseUnready();
      const { payment, claim } = armReturn(parts, saleId, request, clerk, confirmedBy);
      if (claim !== undefined) {
        hold(payment, claim);
        noteDecision(parts, saleId, { decision: 'void', operation: request.id, note: request.note }, clerk);
      }
      return view(payment);
    },
    promiseRefund(saleId, request, clerk, confirmedBy) {
      const sale = promiseRefund(parts, saleId, request, clerk, confirmedBy);
      const decided = { decision: 'refund_outside', operation: request.id, note: request.note } as const;
      return view(noteDecision(parts, saleId, decided, clerk) ?? sale);
    },
    withdrawRefund: async (saleId, withdrawal, clerk, confirmedBy) =>
      view(await withdrawRefund(parts, saleId, withdrawal, clerk, confirmedBy)),
    correct: (saleId, request, clerk, confirmedBy) =>
      view(correctItems(parts, saleId, request, clerk, confirmedBy)),
    enterSlip: (entry, clerk) => view(enterSlip(parts, entry, clerk)),
    enterVoid(saleId, entry, clerk, confirmedBy) {
      const entered = enterVoid(parts, saleId, entry, clerk, confirmedBy);
      noteDecision(parts, saleId, { decision: 'void', operation: entry.id, note: entry.note }, clerk);
      return view(entered);
    },
  };
}
