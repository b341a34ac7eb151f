/** Books of any content, with what PostgreSQL would add up of them: for testing what is pure in reports. */
import fc from 'fast-check';
import type { Acquirer } from '../../src/reconcile/books/acquirer.ts';
import { expectDeposits } from '../../src/reports/expected.ts';
import { namesOf } from '../../src/reports/names.ts';
import type { Period } from '../../src/reports/periods.ts';
import { viewOf, type Figures } from '../../src/reports/reports.ts';
import type { Entry, LineSum, ReportView } from '../../src/reports/view.ts';

/** Both sides of the ends of months and of fiscal years, and the days on which 出納整理期間 begins and ends. */
export const DAYS = [
  ...['2025-03-31', '2025-04-01', '2026-02-28', '2026-03-01', '2026-03-31'],
  ...['2026-04-01', '2026-05-31', '2026-06-01', '2027-03-31', '2027-04-01'],
];
export const INCOME: readonly Entry[] = ['sale', 'void', 'refund', 'correction'];
const TAXES = ['exempt_admin', 'exempt_welfare', 'standard_10'];

export type Line = Omit<LineSum, 'day' | 'entry' | 'window' | 'method' | 'brand'>;
/** What a journal says of one operation, with the signs that it has in the books. */
export interface Booked {
  entry: Entry;
  /** On which it counts: of a late approval or an entry by hand not the day on which it was armed. */
  day: string;
  /** At the counter. */
  businessDate: string;
  counter: string;
  window: string;
  method: LineSum['method'];
  brand: string | null;
  lines: Line[];
}

const LINE: fc.Arbitrary<Line> = fc
  .record({
    item: fc.nat(3),
    quantity: fc.integer({ min: 1, max: 9 }),
    priceYen: fc.constantFrom(1, 9, 11, 100, 400, 2200, 99_999),
    tax: fc.constantFrom(...TAXES),
    ground: fc.option(fc.constantFrom('elder', 'public'), { freq: 3 }),
  })
  .map(({ item, quantity, priceYen, tax, ground }) => {
    const [account, code] = [`科目${String(item % 2)}`, `I-${String(item)}`];
    const words = { account, code, nameJa: `項目${String(item)}`, unit: '通', tax, ground, quantity };
    const chargedYen = ground === null ? quantity * priceYen : 0;
    return {
      ...words,
      groundKind: ground === null ? null : ground === 'public' ? 'official' : 'reduction',
      amountYen: chargedYen,
      waivedYen: quantity * priceYen - chargedYen,
    };
  });

const takenBack = (line: Line): Line => ({
  ...line,
  ...{ quantity: -line.quantity, amountYen: -line.amountYen, waivedYen: -line.waivedYen },
});

/** A sale with whatever becomes of it, as operations of their own on days of their own. */
const OPERATIONS: fc.Arbitrary<Booked[]> = fc
  .record({
    fate: fc.constantFrom(
      ...(['kept', 'voided', 'refunded', 'part_refunded', 'corrected', 'unknown', 'void_unknown'] as const),
      ...(['found_later', 'cash', 'nothing'] as const),
    ),
    day: fc.constantFrom(...DAYS),
    later: fc.constantFrom(...DAYS),
    counter: fc.constantFrom('01', '02'),
    window: fc.constantFrom('tax', 'resident'),
    way: fc.constantFrom(['credit', 'visa'], ['emoney', 'waon'], ['emoney', null], ['qr', 'paypay']),
    lines: fc.array(LINE, { minLength: 1, maxLength: 4 }),
  })
  .map(({ fate, day, later, counter, window, way, lines }) => {
    const [method, brand] = way as [LineSum['method'], string | null];
    const of = { counter, window, method, brand };
    const sale: Booked = { ...of, entry: 'sale', day, businessDate: day, lines };
    const back = (entry: Entry, some: Line[]): Booked => ({
      ...{ ...of, entry, day: later, businessDate: later },
      lines: some.map(takenBack),
    });
    switch (fate) {
      case 'kept':
        return [sale];
      case 'voided':
        return [sale, back('void', lines)];
      case 'refunded':
        return [sale, back('refund', lines)];
      case 'part_refunded':
        return [sale, back('refund', lines.slice(0, 1))];
      case 'void_unknown':
        return [sale, back('unknown_return', lines)];
      case 'found_later': {
        const [taken = day, found = day] = [day, later].sort();
        return [{ ...sale, day: found, businessDate: taken }];
      }
      case 'unknown':
        return [{ ...sale, entry: 'unknown_sale' }];
      case 'corrected': {
        const moved = lines.map((line) => ({ ...line, account: '科目0', code: 'I-9', nameJa: '項目9' }));
        const on = { day: later, businessDate: later };
        return [sale, { ...of, ...on, entry: 'correction', lines: [...lines.map(takenBack), ...moved] }];
      }
      case 'cash':
        return [{ ...sale, entry: 'cash', method: null, brand: null }];
      case 'nothing':
        return [
          {
            ...{ ...sale, entry: 'nothing', method: null, brand: null },
            lines: lines.map((line) => ({
              ...line,
              ...{ ground: line.ground ?? 'elder', groundKind: line.groundKind ?? 'reduction', amountYen: 0 },
            })),
          },
        ];
    }
  });
export const BOOK = fc.array(OPERATIONS, { maxLength: 25 }).map((some) => some.flat());

export const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);
export const yenOf = ({ lines }: Booked): number => sum(lines.map(({ amountYen }) => amountYen));

const METHODS: Record<string, string> = { visa: 'credit', waon: 'emoney' };
/** Visa is paid once a month, at the second counter by another one every day; who pays for codes is not declared. */
const ACQUIRERS: Acquirer[] = [
  declared('card', '*', ['visa'], {
    ...{ kind: 'monthly', closes: [31], payAfterMonths: 1, payDay: 31 },
    shift: 'before',
  }),
  declared('card2', '02', ['visa'], { kind: 'daily', payAfterBusinessDays: 2 }),
  declared('emoney', '*', ['waon'], {
    ...{ kind: 'monthly', closes: [15, 31], payAfterMonths: 0, payDay: 31 },
    shift: 'after',
  }),
];
function declared(code: string, counter: string, brands: string[], cycle: Acquirer['cycle']): Acquirer {
  const rest = { nameJa: code, payerNames: [], statementAfterBusinessDays: 3, fee: null } as const;
  return { ...rest, code, counter, brands, cycle, providerIdIn: 'none', payerNames: [] };
}

/** What PostgreSQL adds up. */
export function figuresOf(book: readonly Booked[], { from, until }: Period): Figures {
  const isWithin = (day: string): boolean => from <= day && day <= until;
  const within = book.filter(({ day }) => isWithin(day));
  const group = <T, S>(rows: readonly T[], keyOf: (row: T) => S, fold: (key: S, some: T[]) => object) =>
    [...Map.groupBy(rows, (row) => JSON.stringify(keyOf(row)))].map(([key, some]) =>
      fold(JSON.parse(key) as S, some),
    );
  const lines = within.flatMap(({ lines: own, entry, window, method, brand }) =>
    own.map((line) => ({ ...line, entry, window, method, brand })),
  );
  const operations = within.filter(({ entry }) => entry !== 'correction');
  const sumPayments = (some: readonly Booked[]) =>
    group(
      some,
      ({ day, businessDate, counter, window, entry, method, brand }) => ({
        ...{ day, businessDate, counter: counter === '02' ? '02' : '*', window, entry, method, brand },
      }),
      (key, of) => ({ ...key, count: of.length, amountYen: sum(of.map(yenOf)) }),
    ) as Figures['payments'];
  const payments = sumPayments(operations);
  const paid = book.filter(({ businessDate, entry }) => isWithin(businessDate) && entry !== 'correction');
  return {
    payments,
    lines: group(
      lines,
      (line) => ({ day: null, ...line, quantity: 0, amountYen: 0, waivedYen: 0 }),
      (key, some) => ({
        ...key,
        quantity: sum(some.map(({ quantity }) => quantity)),
        amountYen: sum(some.map(({ amountYen }) => amountYen)),
        waivedYen: sum(some.map(({ waivedYen }) => waivedYen)),
      }),
    ) as LineSum[],
    counters: group(
      operations,
      ({ counter, entry }) => ({ counter, entry }),
      (key, some) => ({ ...key, count: some.length, amountYen: sum(some.map(yenOf)) }),
    ) as Figures['counters'],
    expected: expectDeposits(sumPayments(paid), ACQUIRERS, (brand) => METHODS[brand]),
    beside: {
      ...{ days: [], providers: [], settlements: [], refunds: [] },
      published: { undone: [], survey: { count: 0, mean: null } },
      open: {
        ...{ unclosed: [], uncompared: [], quarantined: [], counters: [] },
        late: { count: 0, amountYen: 0, otherYear: 0, otherYearYen: 0 },
        otherDays: {
          ofEarlier: 0,
          earlierYen: 0,
          isLater: 0,
          laterYen: 0,
          ofEarlierYear: 0,
          earlierYearYen: 0,
          isLaterYear: 0,
          laterYearYen: 0,
        },
      },
    },
    names: namesOf({ windows: [], brands: [], grounds: [] }, []),
  };
}

export const reportOf = (book: readonly Booked[], period: Period): ReportView =>
  viewOf(figuresOf(book, period), period, {
    ...{ municipality: '122327', municipalityName: '白井市', book: 'live', madeBy: '会計' },
    ...{ now: new Date('2027-06-01T00:00:00Z'), today: '2027-06-01' },
  });
