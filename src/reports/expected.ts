/**
 * What each acquirer has to pay for a span's payments, and on which day: by the declared cycles, and by the day at the
 * counter, as the acquirer has it. What was found approved later counts on the later day, and is paid by the earlier. Pure.
 */
import { dueOf, settlesOn, type Acquirer } from '../reconcile/books/acquirer.ts';
import { INCOME, type LineFilter, type PaymentSum } from './view.ts';

/** A way to pay as a counter knows it. */
type Way = Pick<PaymentSum, 'counter' | 'method' | 'brand'>;
type OnADay = Way & Pick<PaymentSum, 'businessDate'>;

export interface ExpectedDeposit {
  /** Null: nobody is declared for it. */
  acquirer: string | null;
  /** The declared pay day; null with the acquirer. */
  paysOn: string | null;
  /** The days at the counter whose payments it pays, both included. */
  from: string;
  until: string;
  ways: Way[];
  /** Counters that `*` does not mean. */
  besides: string[];
  /** Before the acquirer's fee. */
  amountYen: number;
}

/**
 * Who settles a payment of a day: a declaration for its counter goes before one for all; where no brand is known, whoever
 * settles all brands of the method.
 */
function acquirerOf(
  { counter, method, brand, businessDate }: OnADay,
  acquirers: readonly Acquirer[],
  methodOf: (brand: string) => string | undefined,
): Acquirer | undefined {
  for (const of of new Set([counter, '*'])) {
    const here = acquirers
      .filter((each) => each.counter === of && settlesOn(each, businessDate))
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
    return {
      sum,
      acquirer,
      paysOn: acquirer === undefined ? null : dueOf(acquirer, sum.businessDate).paysOn,
    };
  });
  const besides = namedCounters(acquirers);
  const groups = Map.groupBy(found, ({ acquirer, paysOn }) => `${acquirer?.code ?? '~'} ${paysOn ?? ''}`);
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => {
      const days = group.map(({ sum }) => sum.businessDate).sort();
      return {
        acquirer: group[0]?.acquirer?.code ?? null,
        paysOn: group[0]?.paysOn ?? null,
        from: days[0] ?? '',
        until: days.at(-1) ?? '',
        ways: distinct(group.map(({ sum: { counter, method, brand } }) => ({ counter, method, brand }))),
        besides,
        amountYen: group.reduce((yen, { sum }) => yen + sum.amountYen, 0),
      };
    });
}

/** The lines that some deposits of one acquirer pay: its days are in a row. */
export function filterOf(group: readonly ExpectedDeposit[]): LineFilter {
  const days = group.flatMap(({ from, until }) => [from, until]).sort();
  const ways = distinct(group.flatMap((each) => each.ways));
  return {
    byBusinessDate: true,
    from: days[0],
    until: days.at(-1),
    ways: ways.flatMap(({ counter, method, brand }) => (method === null ? [] : [{ counter, method, brand }])),
    besides: group[0]?.besides ?? [],
  };
}

/** Counters that an acquirer is declared for by name. */
export const namedCounters = (acquirers: readonly Acquirer[]): string[] => [
  ...new Set(acquirers.flatMap(({ counter }) => (counter === '*' ? [] : [counter]))),
];

function distinct(ways: readonly Way[]): Way[] {
  return [...new Map(ways.map((way) => [JSON.stringify(way), way])).values()];
}
