/** Whatever the book: a report's files say what the report says, to the yen. Pure. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import exceljs from 'exceljs';
import fc from 'fast-check';
import { parseCsv } from '../../src/fees/csv.ts';
import { originSection } from '../../src/reports/origin.ts';
import { writePaper } from '../../src/reports/paper.ts';
import { periodOf } from '../../src/reports/periods.ts';
import { countJa, yenJa } from '../../src/reports/rows.ts';
import { writeTable } from '../../src/reports/table-file.ts';
import type { Section } from '../../src/reports/view.ts';
import { writeWorkbook } from '../../src/reports/workbook.ts';
import { textsOf } from '../support/pdf-text.ts';
import { BOOK, DAYS, figuresOf, reportOf, sum } from './pure-books.ts';

const PERIOD = fc
  .record({ kind: fc.constantFrom('day', 'month', 'year'), day: fc.constantFrom(...DAYS) })
  .map(({ kind, day }) => periodOf(kind, day));

const bodyOf = ({ rows, total }: Section) => (total === null ? rows : [total, ...rows]);

test('each cell of a report is in the spreadsheet as what it is, and none is broken', async () => {
  await fc.assert(
    fc.asyncProperty(BOOK, PERIOD, async (book, period) => {
      const view = reportOf(book, period);
      const workbook = new exceljs.Workbook();
      await workbook.xlsx.load((await writeWorkbook(view)) as unknown as exceljs.Buffer);
      for (const [index, section] of view.sections.entries()) {
        const isDate = (place: number): boolean => section.columns[place]?.kind === 'date';
        const meant = bodyOf(section).map(({ cells }) =>
          cells.map((cell, place) =>
            isDate(place) && typeof cell === 'string' && cell !== '合計'
              ? new Date(`${cell}T00:00:00Z`)
              : cell,
          ),
        );
        const sheet = workbook.worksheets[index];
        const found = meant.map((cells, row) =>
          cells.map((_, place) => sheet?.getCell(4 + row, 1 + place).value ?? null),
        );
        assert.deepEqual(found, meant, section.titleJa);
      }
    }),
    { numRuns: 12 },
  );
});

test('the columns of a CSV file add up to the report, each by itself', () => {
  fc.assert(
    fc.property(BOOK, PERIOD, (book, period) => {
      const { lines, names } = figuresOf(book, period);
      const { sections, origin } = reportOf(book, period);
      const { rows } = parseCsv(writeTable(lines, names, originSection(origin, period)));
      const columnOf = (name: string): number =>
        sum(rows.map(({ cells }) => (cells['種別'] === '明細' ? Number(cells[name]) : 0)));
      const totalOf = (id: string, ...places: number[]): number => {
        const total = sections.find((section) => section.id === id)?.total;
        return sum(places.map((place) => Number(total?.cells.at(place))));
      };
      assert.deepEqual(['収納額（税込）', '現金（数えたもの）', '結果不明の額', '免除した額'].map(columnOf), [
        totalOf('summary', -1),
        totalOf('cash', -1),
        totalOf('unknown', 2, 4),
        totalOf('exemptions', -1),
      ]);
    }),
    { numRuns: 200 },
  );
});

test('each figure of a report stands on paper, in its order, as text that can be selected', async () => {
  const isFigure = (text: string): boolean => /^−?[\d,]+円?$/.test(text);
  await fc.assert(
    fc.asyncProperty(BOOK, PERIOD, async (book, period) => {
      const view = reportOf(book, period);
      const meant = view.sections
        .filter(({ id, rows }) => id !== 'detail' && rows.length > 0)
        .flatMap((section) => bodyOf(section).map(({ cells }) => ({ cells, section })))
        .flatMap(({ cells, section: { columns } }) =>
          cells.map((cell, place) =>
            typeof cell !== 'number'
              ? String(cell)
              : columns[place]?.kind === 'yen'
                ? yenJa(cell)
                : countJa(cell),
          ),
        );
      const texts = textsOf(await writePaper(view));
      assert.ok(texts.includes(view.period.titleJa) && texts.includes(view.sentence));
      assert.deepEqual(texts.filter(isFigure), meant.filter(isFigure));
    }),
    { numRuns: 6 },
  );
});
