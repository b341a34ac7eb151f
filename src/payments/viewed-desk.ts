/** The unknown desk, with what a screen is shown. */
import { maskCardNumbersIn } from '../card-mask.ts';
import type { Catalogue } from '../fees/catalogue.ts';
import type { Live } from '../live.ts';
import type { Person } from '../staff/staff.ts';
import type { Balance } from '../terminal/terminal.ts';
import { statusOf, type ClaimParts } from './claims.ts';
import { createUnknownDesk, type Resolution } from './desk.ts';
import type { StatementFinding } from './evidence.ts';
import type { Inquiries } from './inquiry.ts';
import type { Payment } from './lifecycle.ts';
import type { Decision } from './operation-events.ts';
import type { PaymentView } from './view.ts';

/** What people do about a payment whose result is unknown, or was found late. */
export interface ViewedDesk {
  releaseLock(id: string, clerk: Person): PaymentView;
  resolve(id: string, resolution: Resolution): PaymentView;
  decide(id: string, decided: { decision: Decision; note: string }, clerk: Person): PaymentView;
  readBalance(id: string, clerk: Person): Promise<{ balance: Balance; payment: PaymentView }>;
  /** Asks its terminal again at once, if that can be asked. */
  askAgain(id: string): void;
  /** What the office has found in a statement; each line counts once. */
  hearStatement(findings: readonly StatementFinding[]): void;
}

interface DeskParts extends ClaimParts {
  inquiries: Pick<Inquiries, 'wake'>;
  options: { catalogue: () => Catalogue; now: () => Date; live: Live };
}

/** The unknown desk for screens: answers with views, and tells every screen when a terminal becomes free. */
export function viewedDesk(parts: DeskParts, view: (payment: Payment) => PaymentView): ViewedDesk {
  const { ledger, terminals, inquiries, options } = parts;
  const unknown = createUnknownDesk({
    ledger,
    terminals,
    findBrand: (code) => options.catalogue().brands.find((brand) => brand.code === code),
    now: options.now,
    onProgress: (paymentId, progress) =>
      options.live.publish('progress', { paymentId, progress: maskCardNumbersIn(progress) }),
  });
  /** A terminal that was held back is shown as free, or not. */
  const tell = (payment: Payment): PaymentView => {
    options.live.publish('terminal', statusOf(parts, payment.armed.terminal));
    return view(payment);
  };
  return {
    releaseLock: (id, clerk) => tell(unknown.releaseLock(id, clerk)),
    resolve: (id, resolution) => tell(unknown.resolve(id, resolution)),
    decide: (id, decided, clerk) => view(unknown.decide(id, decided, clerk)),
    async readBalance(id, clerk) {
      const { balance, payment } = await unknown.readBalance(id, clerk);
      return { balance, payment: view(payment) };
    },
    askAgain(id) {
      const payment = ledger.find(id);
      if (payment !== undefined) inquiries.wake(payment.armed.terminal);
    },
    hearStatement: (findings) => unknown.hearStatement(findings).forEach(tell),
  };
}
