/** Every figure of a report is the sum of its own lines, and every total the sum of the journal: any book, any period. Pure. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { periodOf, type Period, type PeriodKind } from '../../src/reports/periods.ts';
import type { LineFilter, ReportView, Section } from '../../src/reports/view.ts';
import { BOOK, DAYS, INCOME, reportOf, sum, yenOf, type Booked, type Line } from './pure-books.ts';

/** The lines that a filter names, straight from the book. */
function linesOf(book: readonly Booked[], period: Period, filter: LineFilter): { of: Booked; line: Line }[] {
  const { entries, ways, besides, byBusinessDate, isExempt, counter, from, until, window, method, ...words } =
    filter;
  const dayOf = (of: Booked): string => (byBusinessDate === true ? of.businessDate : of.day);
  const fits = <T>(wanted: T | undefined, value: T): boolean => wanted === undefined || wanted === value;
  return book
    .map((of) => ({ of, day: dayOf(of) }))
    .filter(({ day }) => period.from <= day && day <= period.until)
    .filter(({ day }) => (from ?? day) <= day && day <= (until ?? day))
    .map(({ of }) => of)
    .filter((of) => entries?.includes(of.entry) ?? true)
    .filter((of) => fits(window, of.window) && fits(counter, of.counter))
    .filter((of) => method === undefined || method === of.method)
    .filter(
      (of) =>
        ways?.some(
          (way) =>
            way.method === of.method &&
            way.brand === of.brand &&
            (way.counter === undefined ||
              way.counter === of.counter ||
              (way.counter === '*' && besides?.includes(of.counter) !== true)),
        ) ?? true,
    )
    .flatMap((of) => of.lines.map((line) => ({ of, line })))
    .filter(({ line }) => isExempt !== true || line.ground !== null)
    .filter(({ line }) =>
      (['account', 'code', 'nameJa', 'unit', 'tax', 'ground'] as const).every((word) =>
        fits<string | null | undefined>(words[word], line[word]),
      ),
    );
}

/** Made of one figure that is looked into beside them: a sum's tax. */
const COMPUTED = ['tax うち消費税'];

/** @returns how many figures were looked into */
function lookIntoAll(book: readonly Booked[], period: Period, section: Section): number {
  let looked = 0;
  for (const row of [...section.rows, ...(section.total === null ? [] : [section.total])]) {
    section.columns.forEach(({ drill, nameJa, kind }, index) => {
      const cell = row.cells[index];
      if (typeof cell !== 'number' || (kind !== 'yen' && kind !== 'count')) return;
      const isComputed = COMPUTED.includes(`${section.id} ${nameJa}`) || row.cells[0] === 'アンケートの回答';
      assert.equal(drill !== undefined && row.filter !== null, !isComputed, `${section.titleJa} ${nameJa}`);
      if (drill === undefined || row.filter === null) return;
      // No other book says anything here: tested on a whole half year (test/house/demo-data.test.ts).
      if (row.filter.told !== undefined) {
        assert.equal(cell, 0);
        return;
      }
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

/** Words stand under words and figures under figures: also in the total, also of a table without rows. */
function checkCells({ titleJa, columns, rows, total }: Section): void {
  for (const { cells } of [...rows, ...(total === null ? [] : [total])]) {
    assert.equal(cells.length, columns.length, titleJa);
    columns.forEach(({ kind, nameJa }, index) => {
      const isFigure = kind === 'yen' || kind === 'count';
      assert.ok(typeof cells[index] !== (isFigure ? 'string' : 'number'), `${titleJa} ${nameJa}`);
    });
  }
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
      for (const section of view.sections) {
        looked += lookIntoAll(book, period, section);
        checkCells(section);
      }
      const within = book.filter(({ day }) => period.from <= day && day <= period.until);
      const income = sum(within.filter(({ entry }) => INCOME.includes(entry)).map(yenOf));
      const views = ['summary', 'accounts', 'windows', 'methods', 'items', 'detail', 'counters'];
      for (const id of [...views, ...(kind === 'day' ? [] : ['time'])])
        assert.equal(netOf(view, id), income, id);
      // Paid is by the day at the counter: of what was found later, in another period.
      const paid = book.filter(({ businessDate: on_ }) => period.from <= on_ && on_ <= period.until);
      const paidYen = sum(paid.filter(({ entry }) => INCOME.includes(entry)).map(yenOf));
      for (const id of ['expected', ...(kind === 'year' ? ['year_end'] : [])]) {
        assert.equal(netOf(view, id), paidYen, id);
        assert.equal(sectionOf(view, id).note.includes('あとから'), paidYen !== income, id);
      }
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

test('a payment of 31 March that is found on 1 April is income of April, and is paid with March', () => {
  const line = {
    ...{ account: '科目0', code: 'I-0', nameJa: '項目0', unit: '通', tax: 'exempt_admin' },
    waivedYen: 0,
  };
  const charged = { ...line, ground: null, groundKind: null, quantity: 1 };
  const sold = (businessDate: string, day: string, amountYen: number): Booked => ({
    ...{ entry: 'sale', day, businessDate, counter: '01', window: 'tax', method: 'credit', brand: 'visa' },
    lines: [{ ...charged, amountYen }],
  });
  const book = [
    sold('2026-03-31', '2026-03-31', 300),
    sold('2026-03-31', '2026-04-01', 400),
    sold('2026-04-01', '2026-04-01', 500),
  ];
  const paidIn = (kind: PeriodKind, on: string, id: string): unknown[] =>
    sectionOf(reportOf(book, periodOf(kind, on)), id).rows.map(({ cells }) => cells.slice(1));
  assert.equal(netOf(reportOf(book, periodOf('month', '2026-03-31')), 'summary'), 300);
  assert.equal(netOf(reportOf(book, periodOf('month', '2026-04-01')), 'summary'), 900);
  assert.deepEqual(paidIn('month', '2026-03-31', 'expected'), [
    ['2026-04-30', '2026-03-31', '2026-03-31', 700],
  ]);
  // 31 May is a Sunday.
  assert.deepEqual(paidIn('month', '2026-04-01', 'expected'), [
    ['2026-05-29', '2026-04-01', '2026-04-01', 500],
  ]);
  assert.deepEqual(paidIn('year', '2026-03-31', 'year_end'), [
    ['出納整理期間（4・5月）', '2026-04-30', '2026-04-30', 700],
  ]);
  assert.match(
    sectionOf(reportOf(book, periodOf('month', '2026-03-31')), 'expected').note,
    /収納（差引） 300円より 400円多いのは/,
  );
});

test('a day of refunds alone is below 0, sums of billions stay whole, and what was renamed has a row of each name', () => {
  const day = '2026-04-01';
  const line = {
    ...{
      account: '科目0',
      code: 'I-0',
      unit: '通',
      ground: null,
      groundKind: null,
      quantity: 1,
      waivedYen: 0,
    },
    ...{ nameJa: '旧名', tax: 'standard_10', amountYen: 9_999_999_999 },
  };
  const sold: Booked = {
    ...{
      entry: 'sale',
      day,
      businessDate: day,
      counter: '01',
      window: 'tax',
      method: 'credit',
      brand: 'visa',
    },
    lines: [line, { ...line, nameJa: '新名' }, { ...line, tax: 'exempt_admin', amountYen: 1 }],
  };
  const undone = (counter: string): Booked => ({
    ...{ ...sold, counter, entry: 'void', day: '2026-05-31', businessDate: '2026-05-31' },
    lines: sold.lines.map((each) => ({ ...each, quantity: -1, amountYen: -each.amountYen })),
  });
  const book = [sold, undone('01'), { ...undone('02'), window: 'closed' }];
  const may = reportOf(book, periodOf('month', '2026-05-31'));
  assert.equal(netOf(may, 'summary'), -39_999_999_998);
  assert.equal(may.sentence, '売上 0件 0円、取消・返金 2件 −39,999,999,998円、差引 −39,999,999,998円。');
  // The half of a window that is closed, and its counter, still have rows of their own, by their codes.
  for (const [id, name] of [
    ['windows', 'closed'],
    ['counters', '02'],
  ] as const) {
    const row = sectionOf(may, id).rows.find(({ cells }) => cells[0] === name);
    assert.deepEqual(row?.cells, [name, 0, 0, 1, -19_999_999_999, -19_999_999_999]);
  }
  const taxes = sectionOf(may, 'tax').rows.map(({ cells }) => cells.slice(0, 3));
  // 10/110 of −39,999,999,996 yen, the part below a yen cut off towards 0.
  assert.deepEqual(
    taxes.map(([, yen, tax]) => [yen, tax]),
    [
      [-39_999_999_996, -3_636_363_636],
      [-2, null],
    ],
  );
  const names = sectionOf(reportOf(book, periodOf('day', day)), 'items').rows.map(({ cells }) => cells[2]);
  assert.deepEqual(names.sort(), ['新名', '旧名']);
  assert.deepEqual(
    may.plots.map(({ titleJa }) => titleJa),
    [],
    'there are no sales to draw',
  );
  assert.equal(netOf(reportOf(book, periodOf('year', day)), 'summary'), -19_999_999_999);
});
