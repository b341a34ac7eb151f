/** CSV as spreadsheets write it (RFC 4180, with or without BOM), read with line numbers and written safely. Pure. */

export interface CsvRow {
  /** The line of the file on which the row begins, the header being 1. */
  line: number;
  cells: Record<string, string>;
}

/** A row that can't be taken, for the person who has the file open. */
export interface CsvFault {
  line: number;
  /** The column's name in the header; empty: the row as a whole. */
  column: string;
  message: string;
}

const BOM = '\uFEFF';
/**
 * A spreadsheet would run these as a formula, a Japanese one also those of full width; an apostrophe keeps them text, and
 * is taken off again on reading.
 */
const FORMULA = /^'*\s*[=+\-@＝＋－＠\t\r\n]/;

/** The columns and rows of a file with a header; every fault with its line. */
export function parseCsv(text: string): { columns: string[]; rows: CsvRow[]; faults: CsvFault[] } {
  const { records, open } = readRecords(text.startsWith(BOM) ? text.slice(1) : text);
  if (open !== undefined) {
    const message =
      '引用符（"）が閉じていません。この行から後ろを読み取れません。引用符を閉じるか、取り除いてください。';
    return { columns: [], rows: [], faults: [{ line: open, column: '', message }] };
  }
  const [header, ...body] = records.filter(({ cells }) => cells.length > 1 || cells[0] !== '');
  const columns = header?.cells.map((cell) => cell.trim()) ?? [];
  const rows: CsvRow[] = [];
  const faults: CsvFault[] = [];
  for (const { line, cells } of body) {
    if (cells.length !== columns.length) {
      const message = `列の数が違います（見出しは${columns.length}列、この行は${cells.length}列）。足りない列は空のまま、区切りのカンマを加えてください。`;
      faults.push({ line, column: '', message });
      continue;
    }
    const named = columns.map((column, index): [string, string] => [column, unguard(cells[index] ?? '')]);
    rows.push({ line, cells: Object.fromEntries(named) });
  }
  return { columns, rows, faults };
}

interface CsvRecord {
  line: number;
  cells: string[];
}

/** `open`: the line on which a quote was opened that nothing closes. */
function readRecords(text: string): { records: CsvRecord[]; open: number | undefined } {
  const records: CsvRecord[] = [];
  let line = 1;
  let record: CsvRecord = { line, cells: [] };
  let at = 0;
  while (at < text.length) {
    const [cell, next, open] = readCell(text, at);
    if (open) return { records, open: line };
    record.cells.push(cell);
    line += text.slice(at, next).split('\n').length - 1;
    at = next;
    if (text[at] === ',') {
      at += 1;
      if (at < text.length) continue;
      record.cells.push('');
    }
    records.push(record);
    if (text[at] === '\r') at += 1;
    if (text[at] === '\n') at += 1;
    line += 1;
    record = { line, cells: [] };
  }
  return { records, open: undefined };
}

/** The cell that begins at a place, where it ends, and whether its quote is still open there. */
function readCell(text: string, at: number): [cell: string, next: number, open: boolean] {
  if (text[at] !== '"') {
    const end = /[,\r\n]/.exec(text.slice(at))?.index;
    const next = end === undefined ? text.length : at + end;
    return [text.slice(at, next), next, false];
  }
  let cell = '';
  let from = at + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return ['', text.length, true];
    cell += text.slice(from, quote);
    if (text[quote + 1] !== '"') return [cell, quote + 1, false];
    cell += '"';
    from = quote + 2;
  }
}

/** With a BOM, so that spreadsheets read it as UTF-8. A number is written as one, also below 0. */
export function writeCsv(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, string | number>>[],
): string {
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))];
  return BOM + lines.map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('');
}

function quoted(cell: string | number): string {
  if (typeof cell === 'number') return String(cell);
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const unguard = (cell: string): string =>
  cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell;
