import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { foldCounted } from '../../src/counted/counted.ts';
import type { PricedLine } from '../../src/fees/pricing.ts';
import { foldPayment, type Recorded } from '../../src/payments/lifecycle.ts';
import type { OperationEvent } from '../../src/payments/operation-events.ts';
import { periodOf, type PeriodKind } from '../../src/reports/periods.ts';
import { readReport, type Asked } from '../../src/reports/reports.ts';
import type { Entry, ReportView, Row, Section } from '../../src/reports/view.ts';
import { openTestCounter, type TestCounter } from '../support/drained.ts';
import { lookIntoFigures } from '../support/every-figure.ts';
import { MUNICIPALITY, openTestDatabase } from '../support/postgres.ts';
import { PLANNED_SALE, record } from './random-books.ts';

const ASKED: Asked = {
  municipality: MUNICIPALITY,
  municipalityName: '白井市',
  book: 'live',
  madeBy: '会計 三郎（1003）',
  now: new Date('2026-05-02T00:00:00Z'),
  today: '2026-05-02',
};

/** One line of the journals' own fold: what the reports have to add up to. */
interface Booked {
  day: string;
  /** At the counter, by which acquirers pay. */
  businessDate: string;
  entry: Entry;
  window: string;
  account: string;
  yen: number;
  waivedYen: number;
}

/** Straight from the journals, without PostgreSQL and without anything of the reports. */
function foldBook(counters: readonly TestCounter[]): Booked[] {
  return counters.flatMap(({ journal }) => {
    const ids = new Set(journal.eventsAfter(0, 100_000).flatMap(({ operationId }) => operationId ?? []));
    return [...ids].flatMap((id) => {
      const some = journal.eventsOf(id);
      const counted = foldCounted(id, some);
      if (counted !== undefined) {
        const { businessDate, tender, window } = counted;
        const of = { day: businessDate, businessDate, entry: tender, window };
        return counted.withdrawn === null ? bookLines(of, counted.lines, 1) : [];
      }
      const { state, armed, postedOn, corrections } = foldPayment(
        id,
        some as unknown as Recorded<OperationEvent>[],
      );
      const sign = armed.kind === 'sale' ? 1 : -1;
      const unknown = armed.kind === 'sale' ? 'unknown_sale' : 'unknown_return';
      const of = { day: postedOn, businessDate: armed.businessDate, window: armed.window };
      if (state === 'unknown' || state === 'armed')
        return bookLines({ ...of, entry: unknown }, armed.lines, sign);
      if (state !== 'approved') return [];
      return [
        ...bookLines({ ...of, entry: armed.kind }, armed.lines, sign),
        ...corrections.flatMap(({ businessDate, replaced, lines }) => {
          const moved = { ...of, day: businessDate, businessDate, entry: 'correction' } as const;
          return [...bookLines(moved, replaced, -1), ...bookLines(moved, lines, 1)];
        }),
      ];
    });
  });
}

const bookLines = (
  of: Pick<Booked, 'day' | 'businessDate' | 'entry' | 'window'>,
  lines: readonly PricedLine[],
  sign: 1 | -1,
): Booked[] =>
  lines.map(({ revenueAccount, amountYen, exemption }) => ({
    ...of,
    account: revenueAccount,
    yen: sign * amountYen,
    waivedYen: sign * (exemption?.waivedYen ?? 0),
  }));

const INCOME: readonly Entry[] = ['sale', 'void', 'refund', 'correction'];
const yenOf = (book: readonly Booked[], entries: readonly Entry[]): number =>
  book.filter(({ entry }) => entries.includes(entry)).reduce((sum, { yen }) => sum + yen, 0);

const sectionOf = ({ sections }: ReportView, id: string): Section => {
  const section = sections.find((each) => each.id === id);
  assert.ok(section !== undefined, id);
  return section;
};
const last = ({ cells }: Row): number => Number(cells.at(-1) ?? 0);
/** Account → 差引. */
const accountsOf = (view: ReportView): [string, number][] =>
  sectionOf(view, 'accounts')
    .rows.map((row): [string, number] => [String(row.cells[0]), last(row)])
    .sort();
const totalOf = (view: ReportView, id: string, column: number): number =>
  Number(sectionOf(view, id).total?.cells[column] ?? 0);

test('random books: every report adds up to the journals, months to their days, years to their months', async (t) => {
  const { db } = await openTestDatabase(t);
  const counters = ['01', '02'].map((id) => openTestCounter(t, db, id));
  const planned = fc.sample(PLANNED_SALE, { numRuns: 110, seed: 20261127 });
  for (const [index, sale] of planned.entries()) {
    const counter = counters[index % 2];
    assert.ok(counter !== undefined);
    record(counter, sale);
  }
  for (const counter of counters) await counter.drain();
  const book = foldBook(counters);
  assert.ok(new Set(book.map(({ entry }) => entry)).size === 8, 'every kind of entry is in the book');

  const read = (kind: PeriodKind, day: string): Promise<ReportView> =>
    readReport(db, periodOf(kind, day), ASKED);
  const netOf = (view: ReportView): number => totalOf(view, 'summary', 2);
  const nets = new Map<string, number>();
  const days = [...new Set(book.map(({ day }) => day))].sort();
  for (const kind of ['day', 'month', 'year'] as const) {
    const periods = new Map(days.map((day) => [periodOf(kind, day).from, periodOf(kind, day)]));
    for (const period of periods.values()) {
      const view = await read(kind, period.from);
      const own = book.filter(({ day }) => period.from <= day && day <= period.until);
      assert.equal(netOf(view), yenOf(own, INCOME), `${period.nameJa}: the journals' own fold`);
      for (const [id, column] of [
        ['accounts', 5],
        ['windows', 5],
        ['methods', 6],
        ['items', 8],
        ['detail', 10],
        ['counters', 5],
        ['tax', 1],
        ...(kind === 'day' ? [] : ([['time', 6]] as const)),
      ] as const) {
        assert.equal(totalOf(view, id, column), netOf(view), `${period.nameJa} ${id}`);
        const { rows } = sectionOf(view, id);
        const cells = rows.reduce((sum, row) => sum + Number(row.cells[column] ?? 0), 0);
        assert.equal(cells, netOf(view), `${period.nameJa} ${id}: the sum of its cells`);
      }
      const accounts = Map.groupBy(
        own.filter(({ entry }) => INCOME.includes(entry)),
        ({ account }) => account,
      );
      assert.deepEqual(
        accountsOf(view),
        [...accounts].map(([account, some]): [string, number] => [account, yenOf(some, INCOME)]).sort(),
      );
      const paid = book.filter(({ businessDate: on }) => period.from <= on && on <= period.until);
      assert.equal(totalOf(view, 'expected', 4), yenOf(paid, INCOME), `${period.nameJa}: what acquirers pay`);
      assert.equal(totalOf(view, 'corrections', 4), 0);
      assert.equal(totalOf(view, 'cash', 4), yenOf(own, ['cash']));
      assert.equal(totalOf(view, 'unknown', 2), yenOf(own, ['unknown_sale']));
      assert.equal(totalOf(view, 'unknown', 4), yenOf(own, ['unknown_return']));
      assert.equal(
        totalOf(view, 'exemptions', 5),
        own.reduce((sum, { entry, waivedYen }) => sum + (entry.startsWith('unknown') ? 0 : waivedYen), 0),
      );
      nets.set(`${kind} ${period.from}`, netOf(view));
    }
  }
  const sumOf = (kind: PeriodKind): number =>
    [...nets].reduce((sum, [key, yen]) => sum + (key.startsWith(kind) ? yen : 0), 0);
  assert.equal(sumOf('day'), sumOf('month'));
  assert.equal(sumOf('month'), sumOf('year'));
  assert.equal(sumOf('year'), yenOf(book, INCOME));

  const year = await lookIntoFigures(db, periodOf('year', '2026-04-01'), await read('year', '2026-04-01'));
  const looked = [...year.values()].reduce((sum, count) => sum + count, 0);
  assert.ok(looked > 150, `only ${String(looked)} figures were looked into`);
  await lookIntoFigures(db, periodOf('day', '2026-03-31'), await read('day', '2026-03-31'));
});
