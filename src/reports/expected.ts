/** What each acquirer has to pay for a span's income, and on which day: by the declared cycles. Pure. */
import { dueOf, type Acquirer } from '../reconcile/books/acquirer.ts';
import { INCOME, type PaymentSum } from './view.ts';

/** A way to pay as a counter knows it. */
type Way = Pick<PaymentSum, 'counter' | 'method' | 'brand'>;

export interface ExpectedDeposit {
  /** Null: nobody is declared for it. */
  acquirer: string | null;
  /** The declared pay day; null with the acquirer. */
  paysOn: string | null;
  /** The days whose payments it pays, both included. */
  from: string;
  until: string;
  ways: Way[];
  /** Before the acquirer's fee. */
  amountYen: number;
}

/**
 * Who settles a payment: a declaration for its counter goes before one for all; where no brand is known, whoever settles
 * all brands of the method.
 */
function acquirerOf(
  { counter, method, brand }: Way,
  acquirers: readonly Acquirer[],
  methodOf: (brand: string) => string | undefined,
): Acquirer | undefined {
  for (const of of new Set([counter, '*'])) {
    const here = acquirers
      .filter((each) => each.counter === of)
      .filter(({ brands }) =>
        brand === null ? brands.some((each) => methodOf(each) === method) : brands.includes(brand),
      )
      .sort((a, b) => (a.code < b.code ? -1 : 1));
    if (brand === null ? here.length === 1 : here.length > 0) return here[0];
  }
  return undefined;
}

/** The income by acquirer and pay day, in that order. */
export function expectDeposits(
  sums: readonly PaymentSum[],
  acquirers: readonly Acquirer[],
  methodOf: (brand: string) => string | undefined,
): ExpectedDeposit[] {
  const income = sums.filter(({ entry }) => INCOME.includes(entry));
  const found = income.map((sum) => {
    const acquirer = acquirerOf(sum, acquirers, methodOf);
    return { sum, acquirer, paysOn: acquirer === undefined ? null : dueOf(acquirer, sum.day).paysOn };
  });
  const groups = Map.groupBy(found, ({ acquirer, paysOn }) => `${acquirer?.code ?? '~'} ${paysOn ?? ''}`);
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => {
      const days = group.map(({ sum }) => sum.day).sort();
      return {
        acquirer: group[0]?.acquirer?.code ?? null,
        paysOn: group[0]?.paysOn ?? null,
        from: days[0] ?? '',
        until: days.at(-1) ?? '',
        ways: distinct(group.map(({ sum: { counter, method, brand } }) => ({ counter, method, brand }))),
        amountYen: group.reduce((yen, { sum }) => yen + sum.amountYen, 0),
      };
    });
}

function distinct(ways: readonly Way[]): Way[] {
  return [...new Map(ways.map((way) => [JSON.stringify(way), way])).values()];
}
