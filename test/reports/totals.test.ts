/** Every figure of a report is the sum of its own lines, and every total the sum of the journal: any book, any period. Pure. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { expectDeposits } from '../../src/reports/expected.ts';
import { namesOf } from '../../src/reports/names.ts';
import { periodOf, type Period, type PeriodKind } from '../../src/reports/periods.ts';
import { viewOf, type Figures } from '../../src/reports/reports.ts';
import type { Entry, LineFilter, LineSum, ReportView, Section } from '../../src/reports/view.ts';

/** Both sides of the ends of months and of fiscal years, and the days on which 出納整理期間 begins and ends. */
const DAYS = [
  ...['2025-03-31', '2025-04-01', '2026-02-28', '2026-03-01', '2026-03-31'],
  ...['2026-04-01', '2026-05-31', '2026-06-01', '2027-03-31', '2027-04-01'],
];
const INCOME: readonly Entry[] = ['sale', 'void', 'refund', 'correction'];
const TAXES = ['exempt_admin', 'exempt_welfare', 'standard_10'];

type Line = Omit<LineSum, 'day' | 'entry' | 'window' | 'method' | 'brand'>;
/** What a journal says of one operation, with the signs that it has in the books. */
interface Booked {
  entry: Entry;
  /** On which it counts: of a late approval or an entry by hand not the day on which it was armed. */
  day: string;
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
      ...(['cash', 'nothing'] as const),
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
    const sale: Booked = { ...of, entry: 'sale', day, lines };
    const back = (entry: Entry, some: Line[]): Booked => ({
      ...{ ...of, entry, day: later },
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
      case 'unknown':
        return [{ ...sale, entry: 'unknown_sale' }];
      case 'corrected': {
        const moved = lines.map((line) => ({ ...line, account: '科目0', code: 'I-9', nameJa: '項目9' }));
        return [sale, { ...of, entry: 'correction', day: later, lines: [...lines.map(takenBack), ...moved] }];
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
const BOOK = fc.array(OPERATIONS, { maxLength: 25 }).map((some) => some.flat());

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);
const yenOf = ({ lines }: Booked): number => sum(lines.map(({ amountYen }) => amountYen));

/** What PostgreSQL adds up. */
function figuresOf(book: readonly Booked[], { from, until }: Period): Figures {
  const within = book.filter(({ day }) => from <= day && day <= until);
  const group = <T, S>(rows: readonly T[], keyOf: (row: T) => S, fold: (key: S, some: T[]) => object) =>
    [...Map.groupBy(rows, (row) => JSON.stringify(keyOf(row)))].map(([key, some]) =>
      fold(JSON.parse(key) as S, some),
    );
  const lines = within.flatMap(({ lines: own, entry, window, method, brand }) =>
    own.map((line) => ({ ...line, entry, window, method, brand })),
  );
  const operations = within.filter(({ entry }) => entry !== 'correction');
  const payments = group(
    operations,
    ({ day, window, entry, method, brand }) => ({ day, counter: '*', window, entry, method, brand }),
    (key, some) => ({ ...key, count: some.length, amountYen: sum(some.map(yenOf)) }),
  ) as Figures['payments'];
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
    expected: expectDeposits(payments, [], () => undefined),
    beside: {
      ...{ days: [], providers: [], settlements: [], refunds: [] },
      published: { undone: [], survey: { count: 0, mean: null } },
      open: {
        ...{ unclosed: [], quarantined: [], counters: [] },
        late: { count: 0, amountYen: 0, otherYear: 0, otherYearYen: 0 },
      },
    },
    names: namesOf({ windows: [], brands: [], grounds: [] }, []),
  };
}

const reportOf = (book: readonly Booked[], period: Period): ReportView =>
  viewOf(figuresOf(book, period), period, {
    ...{ municipality: '122327', municipalityName: '白井市', book: 'live', madeBy: '会計' },
    ...{ now: new Date('2027-06-01T00:00:00Z'), today: '2027-06-01' },
  });

/** The lines that a filter names, straight from the book. */
function linesOf(book: readonly Booked[], period: Period, filter: LineFilter): { of: Booked; line: Line }[] {
  const { entries, ways, isExempt, counter, from, until, window, method, ...words } = filter;
  const fits = <T>(wanted: T | undefined, value: T): boolean => wanted === undefined || wanted === value;
  return book
    .filter(({ day }) => period.from <= day && day <= period.until)
    .filter(({ day }) => (from ?? day) <= day && day <= (until ?? day))
    .filter((of) => entries?.includes(of.entry) ?? true)
    .filter((of) => fits(window, of.window) && fits(counter, of.counter))
    .filter((of) => method === undefined || method === of.method)
    .filter((of) => ways?.some((way) => way.method === of.method && way.brand === of.brand) ?? true)
    .flatMap((of) => of.lines.map((line) => ({ of, line })))
    .filter(({ line }) => isExempt !== true || line.ground !== null)
    .filter(({ line }) =>
      (['account', 'code', 'nameJa', 'unit', 'tax', 'ground'] as const).every((word) =>
        fits<string | null | undefined>(words[word], line[word]),
      ),
    );
}

/** @returns how many figures were looked into */
function lookIntoAll(book: readonly Booked[], period: Period, section: Section): number {
  let looked = 0;
  for (const row of [...section.rows, ...(section.total === null ? [] : [section.total])]) {
    section.columns.forEach(({ drill, nameJa }, index) => {
      const cell = row.cells[index];
      if (drill === undefined || row.filter === null || typeof cell !== 'number') return;
      const found = linesOf(book, period, { ...row.filter, ...drill.filter });
      const { measure } = drill;
      const figure =
        measure === 'payments'
          ? new Set(found.map(({ of }) => of)).size
          : sum(found.map(({ line }) => line[measure]));
      assert.equal(cell, figure, `${section.titleJa} ${nameJa} ${JSON.stringify(row.cells)}`);
      looked += 1;
    });
  }
  return looked;
}

const KINDS: readonly PeriodKind[] = ['day', 'month', 'year'];
const sectionOf = ({ sections }: ReportView, id: string): Section => {
  const found = sections.find((section) => section.id === id);
  assert.ok(found !== undefined, id);
  return found;
};
const netOf = (view: ReportView, id: string): number => Number(sectionOf(view, id).total?.cells.at(-1));

test('every figure is the sum of the lines that it names, and each view of the income adds up to the journal', () => {
  let looked = 0;
  fc.assert(
    fc.property(BOOK, fc.constantFrom(...KINDS), fc.constantFrom(...DAYS), (book, kind, on) => {
      const period = periodOf(kind, on);
      const view = reportOf(book, period);
      for (const section of view.sections) looked += lookIntoAll(book, period, section);
      const within = book.filter(({ day }) => period.from <= day && day <= period.until);
      const income = sum(within.filter(({ entry }) => INCOME.includes(entry)).map(yenOf));
      const views = ['summary', 'accounts', 'windows', 'methods', 'items', 'detail', 'counters', 'expected'];
      for (const id of [...views, ...(kind === 'day' ? [] : ['time'])])
        assert.equal(netOf(view, id), income, id);
      assert.equal(netOf(view, 'corrections'), 0);
      assert.equal(view.isEmpty, within.length === 0);
      assert.ok(view.origin.warnings.every((warning) => !warning.includes('違います')));
    }),
    { numRuns: 300 },
  );
  assert.ok(looked > 10_000);
});

test('the tax of a rate is taken once from its sum, and what is exempt or not charged has none', () => {
  fc.assert(
    fc.property(BOOK, fc.constantFrom(...DAYS), (book, on) => {
      const period = periodOf('year', on);
      const { rows, total } = sectionOf(reportOf(book, period), 'tax');
      for (const { cells, filter } of rows) {
        const [, cashless, cashlessTax, cash, cashTax] = cells as [string, ...number[]];
        for (const [yen, tax] of [
          [cashless, cashlessTax],
          [cash, cashTax],
        ] as const) {
          if (filter?.tax !== 'standard_10') assert.equal(tax, null);
          else assert.equal(tax, Math.trunc(((yen ?? 0) * 10) / 110) + 0);
        }
      }
      const column = (index: number): number => sum(rows.map(({ cells }) => Number(cells[index])));
      assert.deepEqual([total?.cells[1], total?.cells[3]], [column(1), column(3)]);
    }),
  );
});

test('the days make up the months and the months the fiscal years: 31 March is of the old one, whenever it is settled', () => {
  assert.deepEqual(
    [periodOf('year', '2026-03-31').until, periodOf('year', '2026-04-01').from],
    ['2026-03-31', '2026-04-01'],
  );
  fc.assert(
    fc.property(BOOK, (book) => {
      const netsOf = (kind: PeriodKind): number[] => {
        const periods = new Map(DAYS.map((day) => [periodOf(kind, day).from, periodOf(kind, day)]));
        return [...periods.values()].map((period) => netOf(reportOf(book, period), 'summary'));
      };
      const income = sum(book.filter(({ entry }) => INCOME.includes(entry)).map(yenOf));
      for (const kind of KINDS) assert.equal(sum(netsOf(kind)), income, kind);
      const year = reportOf(book, periodOf('year', '2026-03-31'));
      const months = sectionOf(year, 'time').rows.map(({ cells }) => Number(cells.at(-1)));
      assert.equal(sum(months), netOf(year, 'summary'));
    }),
    { numRuns: 40 },
  );
});
