/** A report as a spreadsheet (XLSX): a sheet per section, the header frozen, the total on top. No cell is a formula. */
import type { CellValue, Worksheet } from 'exceljs';
import { isDate, type Cell, type Column, type ReportView, type Section } from './view.ts';

/** Excel's own limits and forbidden characters of a sheet's name. */
const SHEET_NAME = 31;
const [NARROWEST, WIDEST] = [8, 60];
/** Title, note, header: they stand on every printed page. */
const HEADER_ROW = 3;
/** A4, as Excel numbers paper (exceljs has it in types alone); without it a reader takes its own country's. */
const PAPER = { paperSize: 9 };

/** `@`: text stays text, also after somebody has edited the cell. No colour tells a minus. */
const FORMATS: Record<Column['kind'], string> = {
  text: '@',
  codes: '@',
  date: 'yyyy-mm-dd',
  era: '@',
  count: '#,##0;-#,##0',
  yen: '#,##0;-#,##0',
};

/** The report as XLSX, a sheet each section; amounts are numbers of yen, so that they can be added up. */
export async function writeWorkbook({ period, sections, origin }: ReportView): Promise<Buffer> {
  // Large, and loaded when a file is made.
  const { default: exceljs } = await import('exceljs');
  const workbook = new exceljs.Workbook();
  workbook.creator = plain(origin.madeBy);
  workbook.title = `${period.titleJa} ${period.nameJa}`;
  workbook.created = new Date(origin.madeAt);
  workbook.modified = workbook.created;
  for (const section of sections) {
    const sheet = workbook.addWorksheet(
      section.titleJa.replaceAll(/[[\]:*?/\\']/g, '').slice(0, SHEET_NAME),
      {
        views: [{ state: 'frozen', ySplit: HEADER_ROW }],
        pageSetup: {
          ...{ orientation: 'landscape', fitToPage: true, fitToHeight: 0 },
          printTitlesRow: `1:${String(HEADER_ROW)}`,
        },
        headerFooter: { oddFooter: '&P / &N' },
      },
    );
    Object.assign(sheet.pageSetup, PAPER);
    fillSheet(sheet, section, `${section.titleJa}　${period.titleJa} ${period.nameJa}`);
  }
  return Buffer.from(await workbook.xlsx.writeBuffer());
}

function fillSheet(sheet: Worksheet, { columns, rows, total, note }: Section, title: string): void {
  sheet.addRow([plain(title)]).font = { bold: true, size: 14 };
  sheet.addRow([plain(note)]);
  const header = sheet.addRow(columns.map(({ nameJa }) => plain(nameJa)));
  header.font = { bold: true };
  header.eachCell((cell, column) => {
    cell.border = { bottom: { style: 'medium' } };
    cell.alignment = { horizontal: sideOf(columns[column - 1]), wrapText: true, vertical: 'middle' };
  });
  const body = total === null ? rows : [total, ...rows];
  for (const { cells } of body) sheet.addRow(cells.map((cell, index) => valueOf(cell, columns[index])));
  if (total !== null) sheet.getRow(HEADER_ROW + 1).font = { bold: true };
  columns.forEach((each, index) => {
    const { kind, nameJa } = each;
    const column = sheet.getColumn(index + 1);
    const widths = body.map(({ cells }) => widthOf(shown(cells[index] ?? null)));
    const wanted = Math.max(NARROWEST, widthOf(nameJa), ...widths) + 2;
    column.width = Math.min(WIDEST, wanted);
    for (let row = HEADER_ROW + 1; row <= HEADER_ROW + body.length; row += 1) {
      const cell = sheet.getCell(row, index + 1);
      cell.numFmt = typeof cell.value === 'string' ? FORMATS.text : FORMATS[kind];
      cell.alignment = { horizontal: sideOf(each), vertical: 'top', wrapText: wanted > WIDEST };
    }
  });
}

const sideOf = (column: Column | undefined): 'left' | 'right' =>
  column?.kind === 'yen' || column?.kind === 'count' ? 'right' : 'left';

/**
 * A date as midnight in UTC: exceljs writes instants as UTC, and a date in Tokyo would become the day before. 合計 over a
 * column of dates is none.
 */
function valueOf(cell: Cell, column: Column | undefined): CellValue {
  if (typeof cell !== 'string') return cell;
  return column?.kind === 'date' && isDate(cell) ? new Date(`${cell}T00:00:00Z`) : plain(cell);
}

/** XML 1.0 has no place for these; a spreadsheet would call the whole file broken. */
const plain = (text: string): string =>
  text.replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '');

const shown = (cell: Cell): string =>
  typeof cell === 'number' ? cell.toLocaleString('ja-JP') : (cell ?? '');

/** In columns of a half-width character. */
const widthOf = (text: string): number =>
  Array.from(text).reduce(
    (sum, character) => sum + (/[\u0020-\u007E\uFF61-\uFF9F]/.test(character) ? 1 : 2),
    0,
  );
