/** What is recorded about a sale that is over, besides its voids and refunds. */
import type { PricedLine } from '../fees/pricing.ts';
import type { Signature } from '../staff/staff.ts';

/** Why money goes back; `other` says it in the note. */
export const RETURN_REASONS = [
  ...(['wrong_item', 'wrong_method', 'charged_twice', 'not_issued'] as const),
  ...(['found_late', 'resident_request', 'other'] as const),
];
export type ReturnReason = (typeof RETURN_REASONS)[number];

/** A line of the sale, as far as it is given back. */
export type ReturnedLine = PricedLine & {
  /** Its place in the sale, from 1. */
  position: number;
};

/** Promised back outside the terminal, in cash or by transfer: accounting pays it out, and says so in the office. */
export interface OutsideRefund extends Signature {
  id: string;
  lines: ReturnedLine[];
  amountYen: number;
  reason: ReturnReason;
  note: string;
  confirmedBy: Signature | null;
  businessDate: string;
  requestHash: string;
}

/** A promise is taken back before anything was paid out, by two people: the money stays with the city. */
export interface RefundWithdrawal extends Signature {
  /** The promise. */
  refund: string;
  note: string;
  confirmedBy: Signature;
  businessDate: string;
}

/** A promise with what became of it at the counter; null: it stands. */
export type PromisedRefund = OutsideRefund & { withdrawal: RefundWithdrawal | null };

/** Rung up as the wrong item at the same total: no money moves, the income goes to another account (歳入科目). */
export interface Correction extends Signature {
  id: string;
  /** What it was until then, and what it is now. */
  replaced: PricedLine[];
  lines: PricedLine[];
  /** What the sale uses up from now on (src/once); left out: before corrections knew of it. */
  once?: readonly string[];
  note: string;
  confirmedBy: Signature;
  businessDate: string;
  requestHash: string;
}

/** What a clerk has read off the slip of a sale, or of its 取消, that the terminal made while it was used alone. */
export interface EnteredSlip {
  slipNumber: string;
  /** When the slip says that it was. ISO 8601, UTC. */
  takenAt: string;
  /** The date under which the money counts: its own, or that of the entry where its own is closed. */
  postedOn: string;
}
