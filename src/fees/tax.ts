/** What a slip says about tax: one sum per category, and the tax of a rate rounded once (消費税法 第57条の4, 簡易インボイス). */
import type { TaxCategory } from './catalogue.ts';
import type { PricedLine } from './pricing.ts';

export interface TaxSum {
  category: TaxCategory;
  amountYen: number;
  /** Contained in the amount, rounded down once for the whole slip; null: exempt. */
  taxYen: number | null;
  /** The accounts (会計) that the taxable lines are sold by: what each is called, and its 登録番号. */
  issuers: { nameJa: string | null; registrationNumber: string }[];
}

const RATES: Readonly<Record<string, number>> = { standard_10: 10 };

/** One sum per tax category, in the order of the lines; of what is not charged, none. */
export function taxSums(lines: readonly PricedLine[]): TaxSum[] {
  const charged = lines.filter(({ amountYen }) => amountYen > 0);
  return [...Map.groupBy(charged, ({ taxCategory }) => taxCategory)].map(([category, group]) => {
    const amountYen = group.reduce((sum, line) => sum + line.amountYen, 0);
    const issuers = group.flatMap(({ registrationNumber, accountNameJa = null }) =>
      registrationNumber == null ? [] : [{ nameJa: accountNameJa, registrationNumber }],
    );
    return {
      category,
      amountYen,
      taxYen: taxWithin(category, amountYen),
      issuers: [...Map.groupBy(issuers, ({ registrationNumber }) => registrationNumber).values()].flatMap(
        ([first]) => first ?? [],
      ),
    };
  });
}

/** The tax that an amount of a category contains, rounded towards 0 once; null: exempt, or a category without a rate. */
export const taxWithin = (category: string, amountYen: number): number | null =>
  includedTax(amountYen, RATES[category]);

/** The tax that an amount contains at a rate in percent: 100 yen at 10 % contain 9. */
function includedTax(amountYen: number, rate: number | undefined): number | null {
  if (rate === undefined) return null;
  const product = amountYen * rate;
  const divisor = 100 + rate;
  return (product - (product % divisor)) / divisor;
}
