/** What the judge (judge.ts) holds against each other about 日計. */
import type { BookEntry } from '../../drivers/zvt/virtual/book.ts';
import type { Wrong } from './judge.ts';

/**
 * 日計: intended before it leaves, once per intention; a period begins and a day is closed only when the terminal has
 * really settled all that it had taken by then; nothing is armed while nobody knows.
 */
export function createSettlementJudge(report: (kind: Wrong, text: string) => void): {
  onCommit(type: string, payload: unknown): void;
  onBook(entry: BookEntry): void;
  onSent(mostOften: number): void;
  /** True: it was the totals of a 日計 that were acknowledged. */
  onAcknowledged(): boolean;
} {
  const unsettled = new Set<number>();
  /** What was unsettled when the closing read the totals, and still is. */
  let toSettle = new Set<number>();
  /** Intended, and nobody knows yet. */
  let isOpen = false;
  let sent = 0;
  /** Its totals are on record. */
  let isKept = false;
  const refuseUnsettled = (what: string): void => {
    if (toSettle.size > 0)
      report('wrongFinals', `${what}, and the terminal has not settled ${toSettle.size} payments`);
  };
  return {
    onBook({ traceNumber, state, settled }) {
      if (state === 'stored' && !settled) unsettled.add(traceNumber);
      else for (const some of [unsettled, toSettle]) some.delete(traceNumber);
    },
    onCommit(type, payload) {
      const { purpose, because } = payload as { purpose?: string; because?: string };
      if (type === 'settling') [isOpen, sent, isKept] = [true, 0, false];
      if (type === 'settling' || (type === 'totals' && purpose === 'closing')) toSettle = new Set(unsettled);
      if (type === 'totals') isKept ||= purpose === 'settlement';
      if (type === 'settlement_refused') isOpen = false;
      if (type === 'armed' && isOpen)
        report('doubled', 'a sale was let in while nobody knew whether the terminal had settled');
      if (type === 'period_began') {
        isOpen = false;
        if (because === 'settled') refuseUnsettled('a period began');
      }
      if (type === 'closed') refuseUnsettled('the day was closed');
    },
    onAcknowledged() {
      if (isOpen && !isKept) report('lost', 'a 日計 was acknowledged before its totals were on record');
      return isOpen;
    },
    onSent(mostOften) {
      sent += 1;
      if (!isOpen) report('lost', 'a 日計 left, and no intention is on record');
      if (sent > mostOften) report('doubled', 'a 日計 was sent again without a new intention');
    },
  };
}
