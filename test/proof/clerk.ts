/** A clerk at the counter's screen, who keeps a payment's id until there is an answer to it. */
import { AppError } from '../../src/errors.ts';
import type { SaleRequest } from '../../src/payments/checks.ts';
import type { Person } from '../../src/staff/staff.ts';
import { PRICE_YEN, type Counter } from './counter.ts';

export const HANAKO: Person = { number: '1001', name: '市民 花子', roles: ['cashier'], windows: null };

export function saleOf(id: string, quantity: number, change: Partial<SaleRequest> = {}): SaleRequest {
  return {
    id,
    window: 'resident',
    lines: [{ code: 'FEE', quantity }],
    totalYen: quantity * PRICE_YEN,
    method: 'credit',
    ...change,
  };
}

/** Asks the counter over HTTP; `hear` is told nothing (undefined) if it does not answer. */
export type Ask = <T>(act: (counter: Counter) => T, hear: (answer: T | AppError | undefined) => void) => void;

export interface Clerk {
  /** 支払う; again under the same id for as long as there is no answer, or the counter says "not now". */
  press(sale: SaleRequest): void;
  /** For an answer. */
  readonly waits: boolean;
}

const RETRY_MS = 500;

export function createClerk(ask: Ask, later: (ms: number, act: () => void) => void): Clerk {
  let waiting = 0;
  const press = (sale: SaleRequest): void =>
    ask(
      ({ payments }) => payments.take(sale, HANAKO),
      (answer) => {
        if (answer === undefined || answer instanceof AppError) later(RETRY_MS, () => press(sale));
        else waiting -= 1;
      },
    );
  return {
    press(sale) {
      waiting += 1;
      press(sale);
    },
    get waits() {
      return waiting > 0;
    },
  };
}
