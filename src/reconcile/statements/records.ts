/** A file's bytes as records with their line numbers, whatever the layout. Pure. */
import type { FileFault, Layout, Shape } from './format.ts';
import { isSliceEnd, type InSlices } from './slices.ts';

/** One record; `value` finds a cell by the way the format names it, undefined where it has none. */
export interface FileRecord {
  line: number;
  value: (from: string) => string | undefined;
  /** As it stands in the file. */
  text: string;
  /** How many cells it has, where cells are divided. */
  width?: number;
  /** The same without empty ones at its end. */
  filled?: number;
}

export interface FileRecords {
  records: FileRecord[];
  /** What is said once for all lines: JSON from the top, or `line:column` of the preamble. */
  common: (from: string) => string | undefined;
  /** The columns that the file itself names. */
  columns: string[];
}

type Read = FileRecords | { faults: FileFault[] };

/** The runtime's name for what Windows calls code page 932. */
export const ENCODINGS = { 'utf-8': 'utf-8', cp932: 'shift_jis' } as const;

/** A statement's records by its declared shape, or each place that can't be read: never a part of a file. */
export function* readRecords(bytes: Uint8Array, shape: Shape): InSlices<Read> {
  const { layout, encoding } = shape;
  const unread = unreadable(bytes, layout);
  if (unread !== undefined) return { faults: [{ line: 1, column: '', message: unread }] };
  if (layout.kind === 'fixed') return yield* readFixed(bytes, shape, layout);
  let text: string;
  try {
    text = new TextDecoder(ENCODINGS[encoding], { fatal: true }).decode(bytes);
  } catch {
    return { faults: [{ line: badLineOf(bytes, encoding), column: '', message: NOT_ENCODED[encoding] }] };
  }
  return layout.kind === 'json' ? readJson(text, layout) : yield* readDelimited(text, shape, layout);
}

const NOT_ENCODED = {
  'utf-8': '文字コードが UTF-8 ではありません。フォーマットの文字コードを確かめてください。',
  cp932: '文字コードが Shift_JIS（CP932）ではありません。フォーマットの文字コードを確かめてください。',
};

const UTF_16 =
  '文字コードが UTF-16 です（Excel の「Unicode テキスト」など）。CSV（UTF-8 か Shift_JIS）で保存し直すか、届いたままのファイルを使ってください。';

const LONE_CR =
  '行の終わりが CR だけです（古い Mac の形）。どこまでが1行か確かめられません。行の終わりを CRLF か LF にして保存し直すか、届いたままのファイルを使ってください。';

/** What no format reads, said as what it is. */
function unreadable(bytes: Uint8Array, { kind }: Layout): string | undefined {
  if (bytes.length === 0) return 'ファイルが空です。';
  if (isUtf16(bytes)) return UTF_16;
  return kind !== 'json' && hasLoneCr(bytes) ? LONE_CR : undefined;
}

/** CR divides the lines and LF none. Behind the last record one may stand: it divides nothing. */
function hasLoneCr(bytes: Uint8Array): boolean {
  const first = bytes.indexOf(0x0d);
  return first >= 0 && first < bytes.length - 2 && !bytes.includes(0x0a);
}

/** By its mark, or by the zero that every other byte of a digit or a comma is: no statement has any. */
function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  const isMarked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return isMarked || (bytes.subarray(0, 400).includes(0) && (first === 0 || second === 0));
}

/** The first line that can't be decoded; a broken byte hides no others before it. */
function badLineOf(bytes: Uint8Array, encoding: keyof typeof ENCODINGS): number {
  const decoder = new TextDecoder(ENCODINGS[encoding], { fatal: true });
  let line = 1;
  for (let from = 0; from < bytes.length; line += 1) {
    const end = bytes.indexOf(0x0a, from);
    const until = end < 0 ? bytes.length : end + 1;
    try {
      decoder.decode(bytes.subarray(from, until));
    } catch {
      return line;
    }
    from = until;
  }
  return 0;
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
    const { line, cells, raw } = row;
    const filled = cells.findLastIndex((cell) => cell.trim() !== '') + 1;
    records.push({
      ...{ line, text: raw, width: cells.length, filled },
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
  };
}

/** A line of text, cut at its delimiters. */
export interface TextRow {
  line: number;
  cells: string[];
  raw: string;
}

/** RFC 4180 with any delimiter; a quoted cell may hold line ends. */
export function* splitRows(text: string, delimiter: string): InSlices<TextRow[] | { faults: FileFault[] }> {
  const rows: TextRow[] = [];
  let [line, at, start] = [1, 0, 0];
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
    rows.push({ line: startLine, cells, raw: text.slice(start, end).replace(/\r$/, '') });
    if (isSliceEnd(rows.length)) yield { done: 0, of: 0 };
    cells = [];
    line += 1;
    [startLine, start] = [line, at];
  }
  return rows;
}

function endOfQuote(text: string, open: number): number {
  let at = text.indexOf('"', open + 1);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}

/** The bytes of each line. Some write no line ends at all: then the length alone divides. */
export function cutLines(bytes: Uint8Array, recordBytes: number): Uint8Array[] {
  const lines: Uint8Array[] = [];
  const hasLineEnds = bytes.includes(0x0a);
  for (let from = 0; from < bytes.length;) {
    const end = hasLineEnds ? bytes.indexOf(0x0a, from) : from + recordBytes;
    const until = end < 0 ? bytes.length : Math.min(end, bytes.length);
    const length = bytes[until - 1] === 0x0d ? until - 1 : until;
    lines.push(bytes.subarray(from, length));
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
  const lines = cutLines(bytes, recordBytes);
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
      const message = `長さが ${recordBytes} バイトではありません（${line.length} バイト）。`;
      faults.push({ line: number, column: '', message });
      continue;
    }
    try {
      records.push({ line: number, text: decoder.decode(line), value });
    } catch {
      faults.push({ line: number, column: '', message: NOT_ENCODED[encoding] });
    }
  }
  if (faults.length > 0) return { faults };
  const common = (from: string): string | undefined => {
    const [line, places = ''] = from.split(':');
    return slices[Number(line) - 1]?.(places);
  };
  return { records, columns: [], common };
}

function readJson(text: string, { rows }: Extract<Layout, { kind: 'json' }>): Read {
  let whole: unknown;
  try {
    whole = JSON.parse(text);
  } catch (error) {
    const place = /position (\d+)/.exec(String(error))?.[1];
    const line = place === undefined ? 0 : text.slice(0, Number(place)).split('\n').length;
    return {
      faults: [
        { line, column: '', message: 'JSON として読み取れません。途中で切れていないか確かめてください。' },
      ],
    };
  }
  const list = rows === '' ? whole : pathIn(whole, rows);
  if (!Array.isArray(list)) {
    return { faults: [{ line: 0, column: rows, message: '明細の並び（配列）が見つかりません。' }] };
  }
  const first: unknown = list[0];
  return {
    columns: typeof first === 'object' && first !== null ? Object.keys(first) : [],
    // The place in the list stands for a line: an editor shows no better one.
    records: list.map((row: unknown, index) => ({
      line: index + 1,
      text: JSON.stringify(row),
      value: (from) => textOf(pathIn(row, from)),
    })),
    common: (from) => textOf(pathIn(whole, from)),
  };
}

/** @param path names joined by dots (`data.items`); undefined: there is nothing there */
export function pathIn(value: unknown, path: string): unknown {
  let at = value;
  for (const part of path.split('.')) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<string, unknown>)[part];
  }
  return at;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
