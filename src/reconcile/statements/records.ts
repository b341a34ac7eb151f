/** A file's bytes as records with their line numbers, whatever the layout. Pure. */
import { decodeOrFault, ENCODINGS, NOT_ENCODED, unreadable } from './encoding.ts';
import type { FileFault, Layout, Shape, StatementFormat } from './format.ts';
import { readJson } from './json.ts';
import { isSliceEnd, type InSlices } from './slices.ts';

/** One record; `value` finds a cell by the way the format names it, undefined where it has none. */
export interface FileRecord {
  line: number;
  value: (from: string) => string | undefined;
  /** How many cells it has, where cells are divided. */
  width?: number;
  /** The same without empty ones at its end. */
  filled?: number;
  /** A line end stands behind it: nothing of its last cell is missing. */
  isEnded?: boolean;
}

export interface FileRecords {
  records: FileRecord[];
  /** What is said once for all lines: JSON from the top, or `line:column` of the preamble. */
  common: (from: string) => string | undefined;
  /** All that is said so, as far as a person may choose from it. */
  above: { from: string; value: string }[];
  /** The columns that the file itself names. */
  columns: string[];
}

type Read = FileRecords | { faults: FileFault[] };

/** A statement's records by its declared shape, or each place that can't be read: never a part of a file. */
export function* readRecords(bytes: Uint8Array, shape: Shape): InSlices<Read> {
  const { layout, encoding } = shape;
  const unread = unreadable(bytes, layout);
  if (unread !== undefined) return { faults: [{ line: 1, column: '', message: unread }] };
  if (layout.kind === 'fixed') return yield* readFixed(bytes, shape, layout);
  const text = yield* decodeOrFault(bytes, encoding);
  if (typeof text !== 'string') return text;
  return yield* layout.kind === 'json' ? readJson(text, layout) : readDelimited(text, shape, layout);
}

function* readDelimited(
  text: string,
  { preambleLines }: Shape,
  { delimiter, header }: Extract<Layout, { kind: 'delimited' }>,
): InSlices<Read> {
  const rows = yield* splitRows(text, delimiter);
  if ('faults' in rows) return rows;
  const preamble = rows.filter(({ line }) => line <= preambleLines);
  const isOfBody = ({ line, cells }: TextRow): boolean =>
    line > preambleLines && cells.some((cell) => cell.trim() !== '');
  const head = header ? rows.find(isOfBody) : undefined;
  const columns = head?.cells.map((cell) => cell.trim()) ?? [];
  const cellOf = (cells: readonly string[], from: string): string | undefined => {
    const named = columns.indexOf(from);
    const index = named >= 0 ? named : /^\d+$/.test(from) ? Number(from) - 1 : -1;
    return cells[index]?.trim();
  };
  const records: FileRecord[] = [];
  for (const [index, row] of rows.entries()) {
    if (isSliceEnd(index)) yield { done: 0, of: rows.length };
    if (row === head || !isOfBody(row)) continue;
    const { line, cells, isEnded } = row;
    const filled = cells.findLastIndex((cell) => cell.trim() !== '') + 1;
    records.push({
      ...{ line, width: cells.length, filled, isEnded },
      value: (from) => cellOf(cells, from),
    });
  }
  return {
    columns,
    records,
    common(from) {
      const [line, column] = from.split(':').map(Number);
      return preamble.find((row) => row.line === line)?.cells[(column ?? 0) - 1]?.trim();
    },
    above: preamble.flatMap(({ line, cells }) =>
      cells.map((cell, index) => ({ from: `${line}:${index + 1}`, value: cell.trim() })),
    ),
  };
}

/** A line of text, cut at its delimiters. */
export interface TextRow {
  line: number;
  cells: string[];
  isEnded: boolean;
}

/** RFC 4180 with any delimiter; a quoted cell may hold line ends. */
export function* splitRows(text: string, delimiter: string): InSlices<TextRow[] | { faults: FileFault[] }> {
  const rows: TextRow[] = [];
  let [line, at] = [1, 0];
  let cells: string[] = [];
  let startLine = 1;
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"') {
      const end = endOfQuote(text, at);
      if (end < 0) {
        const message = '引用符（"）が閉じていません。この行から後ろを読み取れません。';
        return { faults: [{ line, column: '', message }] };
      }
      cell = text.slice(at + 1, end).replaceAll('""', '"');
      line += cell.split('\n').length - 1;
      at = end + 1;
    }
    let end = at;
    while (end < text.length && text[end] !== delimiter && text[end] !== '\n') end += 1;
    cells.push(cell + text.slice(at, end).replace(/\r$/, ''));
    at = end + 1;
    if (text[end] === delimiter && at < text.length) continue;
    if (text[end] === delimiter) cells.push('');
    rows.push({ line: startLine, cells, isEnded: text[end] === '\n' });
    if (isSliceEnd(rows.length)) yield { done: 0, of: 0 };
    cells = [];
    line += 1;
    startLine = line;
  }
  return rows;
}

function endOfQuote(text: string, open: number): number {
  let at = text.indexOf('"', open + 1);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}

/** The bytes of each line. Some write no line ends at all: then the length alone divides. */
export function* cutLines(bytes: Uint8Array, recordBytes: number): InSlices<Uint8Array[]> {
  const lines: Uint8Array[] = [];
  const hasLineEnds = bytes.includes(0x0a);
  for (let from = 0; from < bytes.length;) {
    const end = hasLineEnds ? bytes.indexOf(0x0a, from) : from + recordBytes;
    const until = end < 0 ? bytes.length : Math.min(end, bytes.length);
    const length = bytes[until - 1] === 0x0d ? until - 1 : until;
    lines.push(bytes.subarray(from, length));
    if (isSliceEnd(lines.length)) yield { done: 0, of: 0 };
    from = until + (hasLineEnds ? 1 : 0);
  }
  return lines;
}

/** 0x1A closes a file of some mainframes. */
export const isRecord = (line: Uint8Array): boolean =>
  line.length > 0 && !(line.length === 1 && line[0] === 0x1a);

/** Places are counted in bytes before anything is decoded. */
function* readFixed(
  bytes: Uint8Array,
  { encoding, preambleLines }: Shape,
  { recordBytes }: Extract<Layout, { kind: 'fixed' }>,
): InSlices<Read> {
  const decoder = new TextDecoder(ENCODINGS[encoding], { fatal: true });
  const lines = yield* cutLines(bytes, recordBytes);
  const faults: FileFault[] = [];
  const records: FileRecord[] = [];
  const slices = lines.map((line) => (from: string): string | undefined => {
    const [first = 0, last = first] = from.split('-').map(Number);
    if (first < 1 || last > line.length) return undefined;
    try {
      return decoder.decode(line.subarray(first - 1, last)).trim();
    } catch {
      // The place cuts a full-width letter in two: it is no place of this record.
      return undefined;
    }
  });
  for (const [index, line] of lines.entries()) {
    if (isSliceEnd(index)) yield { done: 0, of: lines.length };
    if (!isRecord(line) || index < preambleLines) continue;
    const number = index + 1;
    const value = slices[index];
    if (line.length !== recordBytes || value === undefined) {
      const isCut = line.length < recordBytes && number === lines.length;
      const message = `長さが ${recordBytes} バイトではありません（${line.length} バイト）。${isCut ? '途中で切れたファイルかもしれません。' : ''}`;
      faults.push({ line: number, column: '', message });
      continue;
    }
    try {
      decoder.decode(line);
      records.push({ line: number, value });
    } catch {
      faults.push({ line: number, column: '', message: NOT_ENCODED[encoding] });
    }
  }
  if (faults.length > 0) return { faults };
  const common = (from: string): string | undefined => {
    const [line, places = ''] = from.split(':');
    return slices[Number(line) - 1]?.(places);
  };
  return { records, columns: [], common, above: [] };
}

/** What kind of record it is; undefined: one that the format does not know. */
export function typeOf(
  { value }: FileRecord,
  { records }: Pick<StatementFormat, 'records'>,
): 'detail' | 'trailer' | 'ignore' | undefined {
  if (records === undefined) return 'detail';
  const mark = value(records.from) ?? '';
  if (records.trailer.includes(mark)) return 'trailer';
  if (records.ignore.includes(mark)) return 'ignore';
  // No value is listed: whatever is no trailer and nothing to pass over is a detail.
  return records.detail.length === 0 || records.detail.includes(mark) ? 'detail' : undefined;
}
