/** A clerk at the counter's screen, who keeps a payment's id until there is an answer to it. */
import { closeDay } from '../../src/closing/closing.ts';
import { AppError } from '../../src/errors.ts';
import type { SaleRequest } from '../../src/payments/checks.ts';
import type { ReturnRequest } from '../../src/payments/returns.ts';
import type { PaymentView } from '../../src/payments/view.ts';
import type { Person } from '../../src/staff/staff.ts';
import { PRICE_YEN, type Counter } from './counter.ts';

export const HANAKO: Person = { number: '1001', name: '市民 花子', roles: ['cashier'], windows: null };

export const TARO: Person = { number: '1002', name: '出納 太郎', roles: ['treasurer'], windows: null };

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

export function returnOf(kind: ReturnRequest['kind'], totalYen: number, id: string = kind): ReturnRequest {
  return { id, kind, totalYen, reason: 'wrong_item', note: '' };
}

/** Asks the counter over HTTP; `hear` is told nothing (undefined) if it does not answer. */
export type Ask = <T>(act: (counter: Counter) => T, hear: (answer: T | AppError | undefined) => void) => void;

export interface Clerk {
  /** 支払う; again under the same id for as long as there is no answer, or the counter says "not now". */
  press(sale: SaleRequest): void;
  /** 取消 or 返金 of a sale, in the same way. */
  giveBack(saleId: string, request: ReturnRequest): void;
  /** 締め; again for as long as none is on record. */
  close(): void;
  /** Something is pressed once, whatever comes of it. */
  once(act: (counter: Counter) => unknown): void;
  /** For an answer. */
  readonly waits: boolean;
}

const RETRY_MS = 500;

const closings = ({ journal }: Counter): number => journal.eventsOfType('closed').length;

/** The answer comes later; whoever died, or is busy, has closed nothing. @returns how many there were before */
function beginClosing(counter: Counter): number {
  const { journal, payments, counted } = counter;
  const before = closings(counter);
  const parts = { journal, payments, counted, now: () => new Date(), owedCare: NO_CARE, onProgress: NOBODY };
  // A difference is looked at in the evening, and the day is closed with it.
  closeDay(parts, { clerk: TARO, confirmedBy: null, note: '確かめた' }).catch(() => undefined);
  return before;
}

/** A counter without a daycare window. */
const NO_CARE = (): { count: number; amountYen: number } => ({ count: 0, amountYen: 0 });
const NOBODY = (): void => undefined;

export function createClerk(ask: Ask, later: (ms: number, act: () => void) => void): Clerk {
  let waiting = 0;
  const insist = (act: (counter: Counter) => PaymentView): void =>
    ask(act, (answer) => {
      if (answer === undefined || answer instanceof AppError) later(RETRY_MS, () => insist(act));
      else waiting -= 1;
    });
  /** @param before how many there were when it was pressed first; one that is heard of twice is no other */
  const closing = (before?: number): void =>
    ask(beginClosing, (begun) => {
      const known = before ?? (typeof begun === 'number' ? begun : undefined);
      later(RETRY_MS, () =>
        ask(closings, (now) => {
          if (typeof now === 'number' && known !== undefined && now > known) waiting -= 1;
          else closing(known);
        }),
      );
    });
  return {
    close() {
      waiting += 1;
      closing();
    },
    once(act) {
      waiting += 1;
      ask(act, () => (waiting -= 1));
    },
    press(sale) {
      waiting += 1;
      insist(({ payments }) => payments.take(sale, HANAKO));
    },
    giveBack(saleId, request) {
      waiting += 1;
      insist(({ payments }) => payments.afterwards.giveBack(saleId, request, HANAKO, null));
    },
    get waits() {
      return waiting > 0;
    },
  };
}
