/**
 * 収納金日計表: a day's income by 歳入科目 and item, by method and brand. Pure. What was counted without a terminal and what
 * was handed over without charge stand in lines of their own; what was given back stands beside what was taken.
 */
import type { PricedLine } from '../fees/pricing.ts';
import type { Method } from '../terminal/terminal.ts';

/** `nothing`: without charge. */
export type DayBookTender = Method | 'cash' | 'nothing';

/** An operation, or a sale without a terminal, that counts on the day. */
export interface BookedOperation {
  kind: 'sale' | 'void' | 'refund';
  tender: DayBookTender;
  brand: string | null;
  /** As they are now; of a void or refund: what was given back. */
  lines: readonly PricedLine[];
}

export interface DayBookRow {
  revenueAccount: string;
  code: string;
  nameJa: string;
  tender: DayBookTender;
  brand: string | null;
  /** Why nothing was charged; null: it was, or it is free for everybody. */
  groundJa: string | null;
  /** Units sold, and given back. */
  quantity: number;
  returnedQuantity: number;
  amountYen: number;
  returnedYen: number;
}

/** One row per item, method and brand, in the order of the accounts and items. Integer yen. */
export function dayBookOf(operations: readonly BookedOperation[]): DayBookRow[] {
  const rows = new Map<string, DayBookRow>();
  for (const { kind, tender, brand, lines } of operations) {
    for (const line of lines) {
      const isFree = line.exemption != null && line.amountYen === 0;
      const head = {
        revenueAccount: line.revenueAccount,
        code: line.code,
        nameJa: line.nameJa,
        tender: isFree ? ('nothing' as const) : tender,
        brand: isFree ? null : brand,
        groundJa: line.exemption?.groundJa ?? null,
      };
      const key = JSON.stringify(head);
      const row = rows.get(key) ?? {
        ...head,
        quantity: 0,
        returnedQuantity: 0,
        amountYen: 0,
        returnedYen: 0,
      };
      if (kind === 'sale') {
        row.quantity += line.quantity;
        row.amountYen += line.amountYen;
      } else {
        row.returnedQuantity += line.quantity;
        row.returnedYen += line.amountYen;
      }
      rows.set(key, row);
    }
  }
  return [...rows.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}
