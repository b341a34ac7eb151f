/** A report on paper (PDF, A4), as it is signed and put away: title, date, the sections, places for seals, page n/m. */
import { LINE, rowHeight, setTable, type SetTable } from './paper-table.ts';
import { createTypesetter, loadFonts, type Align, type Fonts, type Typesetter } from './typesetting.ts';
import type { Origin, ReportView, Row, Section } from './view.ts';

/** In points: A4, and what a hole punch leaves. */
const PAGE = { width: 595.28, height: 841.89, left: 48, right: 34, top: 40, bottom: 46 };
const WIDTH = PAGE.width - PAGE.left - PAGE.right;
const BODY = 8.5;
const SEAL = 46;

/** Who signs a 収納金日計表. */
const SIGNERS = ['確認者', '出納員'];

type Pen = PDFKit.PDFDocument;

/** What is printed of a report: the detail of every method and item is for files. */
const isPrinted = ({ id }: Section): boolean => id !== 'detail';

/** The report as a PDF on A4, with everything but the detail. @throws if a font can't be read */
export async function writePaper(report: ReportView): Promise<Buffer> {
  // Large, and loaded when a file is made.
  const { default: PdfDocument } = await import('pdfkit');
  const fonts = await loadFonts();
  const pen = new PdfDocument({
    size: 'A4',
    margin: 0,
    bufferPages: true,
    info: {
      Title: `${report.period.titleJa} ${report.period.nameJa}`,
      Author: report.origin.madeBy,
      CreationDate: new Date(report.origin.madeAt),
    },
  });
  const done = collect(pen);
  for (const name of ['regular', 'bold', 'other'] as const) pen.registerFont(name, fonts[name].bytes);
  layOut(pen, report, fonts);
  pen.end();
  return done;
}

async function collect(pen: Pen): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of pen as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}

function layOut(pen: Pen, report: ReportView, fonts: Fonts): void {
  const set = createTypesetter(fonts);
  const sheet: Sheet = { pen, set, y: PAGE.top };
  printHead(sheet, report);
  const printed = report.sections.filter(isPrinted);
  for (const section of printed.filter(({ rows }) => rows.length > 0)) printSection(sheet, section);
  const empty = printed.filter(({ rows }) => rows.length === 0).map(({ titleJa }) => titleJa);
  // Named, so that nothing seems to be missing.
  if (empty.length > 0) printParagraph(sheet, `該当するものがない欄：${empty.join('、')}。`, BODY);
  if (set.missing.size > 0) {
    const characters = [...set.missing].join(' ');
    printParagraph(sheet, `印刷できない文字を〓にしました：${characters.replaceAll(/./gu, codeName)}`, BODY);
  }
  numberPages(pen, set, report);
}

/** A character that can't be printed, by its number. */
const codeName = (character: string): string =>
  character === ' ' ? '、' : `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}`;

/** Where the next line goes. */
interface Sheet {
  pen: Pen;
  set: Typesetter;
  y: number;
}

function printHead(sheet: Sheet, { period, origin, sentence }: ReportView): void {
  const { pen } = sheet;
  const seals = SIGNERS.length * SEAL;
  SIGNERS.forEach((name, index) => {
    const x = PAGE.width - PAGE.right - seals + index * SEAL;
    pen
      .lineWidth(0.7)
      .rect(x, PAGE.top, SEAL, 14)
      .stroke()
      .rect(x, PAGE.top + 14, SEAL, SEAL)
      .stroke();
    print(sheet, name, { x, y: PAGE.top + 3.2, width: SEAL, size: 8, align: 'middle' });
  });
  const width = WIDTH - seals - 12;
  print(sheet, period.titleJa, { x: PAGE.left, y: PAGE.top, width, size: 20, isBold: true });
  print(sheet, period.nameJa, { x: PAGE.left, y: PAGE.top + 30, width, size: 13 });
  const place = `${origin.municipalityName}（${origin.municipality}）　キャッシュレス収納`;
  print(sheet, place, { x: PAGE.left, y: PAGE.top + 50, width, size: 9.5 });
  sheet.y = PAGE.top + SEAL + 14 + 10;
  printParagraph(sheet, sentence, 11, true);
  for (const warning of origin.warnings) printParagraph(sheet, `※ ${warning}`, BODY);
  sheet.y += 6;
}

function printParagraph(sheet: Sheet, text: string, size: number, isBold = false): void {
  for (const line of sheet.set.wrap(text, isBold ? 'bold' : 'regular', size, WIDTH)) {
    makeRoom(sheet, size * LINE);
    print(sheet, line, { x: PAGE.left, y: sheet.y, width: WIDTH, size, isBold });
    sheet.y += size * LINE;
  }
}

function printSection(sheet: Sheet, section: Section): void {
  const { rows, total } = section;
  const body = total === null ? rows : [total, ...rows];
  const table = setTable(section, body, sheet.set, WIDTH);
  // A title alone at the foot of a page would be a title of nothing.
  makeRoom(sheet, 18 + 8 * BODY * LINE);
  printTitle(sheet, section.titleJa);
  if (section.note !== '') printParagraph(sheet, section.note, 7.5);
  const header = { cells: section.columns.map(({ nameJa }) => nameJa), filter: null };
  printHeader(sheet, header, table);
  for (const row of body) {
    const height = rowHeight(row.cells, table, sheet.set, row === total) + 4;
    if (makeRoom(sheet, height)) {
      printTitle(sheet, `${section.titleJa}（つづき）`);
      printHeader(sheet, header, table);
    }
    printRow(sheet, row, table, height, row === total);
  }
  sheet.y += 10;
}

function printTitle(sheet: Sheet, title: string): void {
  print(sheet, title, { x: PAGE.left, y: sheet.y, width: WIDTH, size: 10.5, isBold: true });
  sheet.y += 16;
}

function printHeader(sheet: Sheet, header: Row, table: SetTable): void {
  const height = rowHeight(header.cells, table, sheet.set, true) + 4;
  makeRoom(sheet, height);
  sheet.pen.rect(PAGE.left, sheet.y, WIDTH, height).fill('#eeeeee').fillColor('#000000');
  printRow(sheet, header, table, height, true);
}

function printRow(
  sheet: Sheet,
  row: Row,
  { columns, size }: SetTable,
  height: number,
  isBold: boolean,
): void {
  const { pen, set } = sheet;
  for (const { show, index, x, width, gap, align } of columns) {
    const lines = set.wrap(show(row.cells[index] ?? null), isBold ? 'bold' : 'regular', size, width - gap);
    lines.forEach((line, place) => {
      print(sheet, line, {
        ...{ x: PAGE.left + x, y: sheet.y + 2 + place * size * LINE, width: width - gap },
        ...{ size, align, isBold },
      });
    });
  }
  sheet.y += height;
  pen
    .lineWidth(0.4)
    .moveTo(PAGE.left, sheet.y)
    .lineTo(PAGE.left + WIDTH, sheet.y)
    .stroke('#888888');
}

/** True: it began a new page. */
function makeRoom(sheet: Sheet, height: number): boolean {
  if (sheet.y + height <= PAGE.height - PAGE.bottom) return false;
  sheet.pen.addPage({ size: 'A4', margin: 0 });
  sheet.y = PAGE.top;
  return true;
}

interface Place {
  x: number;
  y: number;
  width: number;
  size: number;
  align?: Align;
  isBold?: boolean;
}

function print({ pen, set }: Pick<Sheet, 'pen' | 'set'>, text: string, place: Place): void {
  const { x, y, width, size, align = 'start', isBold = false } = place;
  const font = isBold ? 'bold' : 'regular';
  const free = width - set.widthOf(text, font, size);
  let at = x + (align === 'end' ? free : align === 'middle' ? free / 2 : 0);
  for (const run of set.runsOf(text, font)) {
    pen.font(run.font, size).fillColor('#000000');
    // Both fonts on one base line; they differ in what they keep free above it.
    pen.text(run.text, at, y + size, { lineBreak: false, baseline: 'alphabetic' });
    at += set.widthOf(run.text, font, size);
  }
}

function numberPages(pen: Pen, set: Typesetter, { period, origin }: ReportView): void {
  const { count } = pen.bufferedPageRange();
  for (let page = 0; page < count; page += 1) {
    pen.switchToPage(page);
    const y = PAGE.height - PAGE.bottom + 16;
    const foot = `${period.titleJa}　${period.nameJa}　${footOf(origin)}`;
    print({ pen, set }, foot, { x: PAGE.left, y, width: WIDTH, size: 7.5 });
    const number = `${String(page + 1)} / ${String(count)}`;
    print({ pen, set }, number, { x: PAGE.left, y, width: WIDTH, size: 8, align: 'end' });
  }
}

const footOf = ({ madeAt, madeBy, book }: Origin): string =>
  `${book === 'live' ? '' : '試用・訓練　'}作成 ${new Date(madeAt).toLocaleString('ja-JP', { timeZone: 'Asia/Tokyo', dateStyle: 'short', timeStyle: 'short' })} ${madeBy}`;
