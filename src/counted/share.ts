/** The cashless share (キャッシュレス比率): how many of the sales were paid without cash, and of how many. Pure. */
import { addUp, type Sum } from '../sum.ts';

/** The sales of a window in a month by how they were paid. Integer yen. */
export interface TenderCount {
  /** `YYYY-MM`, Asia/Tokyo. */
  month: string;
  window: string;
  tender: 'cashless' | 'cash' | 'nothing';
  count: number;
  amountYen: number;
}

export interface Share {
  cashless: Sum;
  cash: Sum;
  /** Handed over without charge: paid in no way, and in no denominator. */
  nothing: Sum;
  /** Cashless and cash: what the share is a share of. */
  paid: Sum;
  /** In tenths of a percent, rounded; null: nothing was paid. */
  byCount: number | null;
  byAmount: number | null;
}

/** Of days, windows or months alike, whatever the counts are of. Sums in yen; what cost nothing is in no denominator. */
export function shareOf(counts: readonly TenderCount[]): Share {
  const sum = (tender: TenderCount['tender']): Sum => addUp(counts.filter((each) => each.tender === tender));
  const [cashless, cash, nothing] = [sum('cashless'), sum('cash'), sum('nothing')];
  const paid = addUp([cashless, cash]);
  return {
    cashless,
    cash,
    nothing,
    paid,
    byCount: perMille(cashless.count, paid.count),
    byAmount: perMille(cashless.amountYen, paid.amountYen),
  };
}

const perMille = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((part * 1000) / whole);

/** The twelve months of a fiscal year (年度), `YYYY-MM`, from April. */
export const monthsOf = (fiscalYear: number): string[] =>
  Array.from({ length: 12 }, (_, index) => {
    const year = index < 9 ? fiscalYear : fiscalYear + 1;
    return `${year}-${String(((index + 3) % 12) + 1).padStart(2, '0')}`;
  });
