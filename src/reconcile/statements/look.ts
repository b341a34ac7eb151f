/** A file as it stands: its first and last lines, and what each column holds, so that a person can say what is what. Pure. */
import { maskCardNumbers, maskCardsInRow } from '../../card-mask.ts';
import type { AskedLook, Records, Shape } from './format.ts';
import { cutLines, ENCODINGS, isRecord, pathIn, readRecords, splitRows, type FileRecord } from './records.ts';
import { guessMeaning } from './meaning.ts';
import { guessShape } from './shape.ts';
import type { InSlices } from './slices.ts';
import type { FileLook, LookColumn, LookRow } from './view.ts';

const FIRST_ROWS = 12;
const LAST_ROWS = 4;
/** More different values than that are no list that a person maps. */
const MOST_VALUES = 60;
const MOST_COLUMNS = 120;
const LONGEST_CELL = 60;

export function* lookAt(bytes: Uint8Array, { shape: asked, places, records }: AskedLook): InSlices<FileLook> {
  const shape = asked ?? guessShape(bytes);
  const read = yield* readRecords(bytes, shape);
  const rows = yield* rowsOf(bytes, shape, places);
  if ('faults' in read) return { shape, rows, faults: read.faults, columns: [], common: [], guess: null };
  const names = namesOf(shape, read.columns, read.records, places);
  const mayBe = names.slice(0, MOST_COLUMNS);
  const columnsOf = (kept: Records | undefined): LookColumn[] =>
    mayBe.map(({ from, nameJa }) => ({
      from,
      nameJa,
      ...valuesOf(read.records, from, kept),
      last: read.records.at(-1)?.value(from) ?? '',
    }));
  const common = yield* commonOf(bytes, shape);
  const whole = columnsOf(records);
  const guess =
    asked === null ? guessMeaning({ shape, columns: whole, common, records: read.records }) : null;
  // What marks the lines is known now: values of totals and headers are none of the details'.
  const columns = guess?.records === undefined ? whole : columnsOf(guess.records);
  return { shape, rows, faults: [], columns, common, guess };
}

interface Name {
  from: string;
  nameJa: string;
}

function namesOf(
  { layout }: Shape,
  named: readonly string[],
  records: readonly FileRecord[],
  places: readonly string[],
): Name[] {
  if (layout.kind === 'fixed')
    return ['1', ...places].filter(isFirst).map((from) => ({ from, nameJa: from }));
  if (layout.kind === 'json')
    return leavesOf(records.slice(0, FIRST_ROWS).map(({ text }): unknown => JSON.parse(text))).map(
      (from) => ({ from, nameJa: from }),
    );
  const width = Math.max(named.length, ...records.slice(0, FIRST_ROWS).map(({ width: own = 0 }) => own));
  return Array.from({ length: width }, (_, index) => {
    const number = String(index + 1);
    const name = named[index] ?? '';
    // A name that stands twice, or looks like a number of a column, would mean another one.
    const isOwn = name !== '' && named.indexOf(name) === index && !/^\d+$/.test(name) && name.length <= 80;
    return { from: isOwn ? name : number, nameJa: name === '' ? `${number}列目` : `${number} ${name}` };
  });
}

const isFirst = (each: string, index: number, all: readonly string[]): boolean => all.indexOf(each) === index;

/** The paths to everything in these objects that is a text or a number. */
function leavesOf(values: readonly unknown[], most = MOST_COLUMNS): string[] {
  const found = new Set<string>();
  const visit = (value: unknown, path: string): void => {
    if (found.size >= most) return;
    if (typeof value === 'string' || typeof value === 'number') found.add(path);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    for (const [name, each] of Object.entries(value)) visit(each, path === '' ? name : `${path}.${name}`);
  };
  for (const value of values) visit(value, '');
  return [...found].filter((path) => path !== '' && path.length <= 80);
}

function valuesOf(
  records: readonly FileRecord[],
  from: string,
  kept: Records | undefined,
): { values: string[]; isMore: boolean } {
  const values = new Set<string>();
  for (const { value } of records) {
    if (kept !== undefined && kept.from !== from && !isDetail(value(kept.from) ?? '', kept)) continue;
    values.add((value(from) ?? '').slice(0, LONGEST_CELL));
    if (values.size > MOST_VALUES) break;
  }
  return { values: [...values].slice(0, MOST_VALUES), isMore: values.size > MOST_VALUES };
}

const isDetail = (mark: string, { detail, trailer, ignore }: Records): boolean =>
  detail.length === 0 ? !trailer.includes(mark) && !ignore.includes(mark) : detail.includes(mark);

/** What is said once for all lines: cells of the preamble, or what stands in JSON beside the list. */
function* commonOf(
  bytes: Uint8Array,
  { layout, encoding, preambleLines }: Shape,
): InSlices<FileLook['common']> {
  const text = new TextDecoder(ENCODINGS[encoding]).decode(bytes);
  if (layout.kind === 'json') {
    const whole: unknown = JSON.parse(text);
    return leavesOf([whole]).map((from) => {
      const value = String(pathIn(whole, from));
      return { from, nameJa: from, value };
    });
  }
  if (layout.kind === 'fixed' || preambleLines === 0) return [];
  const rows = yield* splitRows(text, layout.delimiter);
  if ('faults' in rows) return [];
  return rows
    .filter(({ line }) => line <= preambleLines)
    .flatMap(({ line, cells }) =>
      cells.map((cell, index) => ({
        from: `${line}:${index + 1}`,
        nameJa: `${line}行目の${index + 1}列目`,
        value: cell.trim().slice(0, LONGEST_CELL),
      })),
    )
    .filter(({ value }) => value !== '');
}

/**
 * A fixed record without card numbers, cut at the places that are declared: what stands in one of them is a value by
 * itself. The more is declared, the less of an amount or a day is taken for a part of a card number. Places are bytes,
 * and no digit is half of a wider character.
 */
function maskRecord(line: Uint8Array, places: readonly string[]): Uint8Array {
  const text = Buffer.from(line).toString('latin1');
  const spans = places
    .map((place) => place.split('-').map(Number))
    .map(([first = 1, last = first]) => ({ from: first - 1, until: last }));
  const cuts = [...new Set([0, text.length, ...spans.flatMap(({ from, until }) => [from, until])])]
    .filter((cut) => cut >= 0 && cut <= text.length)
    .toSorted((a, b) => a - b);
  const parts = cuts.slice(1).map((until, index) => {
    const from = cuts[index] ?? 0;
    const part = text.slice(from, until);
    const isDeclared = spans.some((span) => span.from <= from && until <= span.until);
    return isDeclared ? maskCardNumbers(part) : maskCardsInRow(part);
  });
  return Buffer.from(parts.join(''), 'latin1');
}

/** The first lines and the last as they stand; what is between them is left out. */
function* rowsOf(bytes: Uint8Array, shape: Shape, places: readonly string[]): InSlices<LookRow[]> {
  const all = yield* allRows(bytes, shape, places);
  const shown =
    all.length <= FIRST_ROWS + LAST_ROWS ? all : [...all.slice(0, FIRST_ROWS), ...all.slice(-LAST_ROWS)];
  if (shape.layout.kind === 'fixed') return shown;
  return shown.map((row) => ({ ...row, cells: row.cells.map(maskCardNumbers) }));
}

function* allRows(
  bytes: Uint8Array,
  { layout, encoding, preambleLines }: Shape,
  places: readonly string[],
): InSlices<LookRow[]> {
  const decoder = new TextDecoder(ENCODINGS[encoding]);
  const partOf = (line: number, isHeader: boolean): LookRow['part'] =>
    line <= preambleLines ? 'preamble' : isHeader ? 'header' : 'record';
  if (layout.kind === 'fixed') {
    const lines = cutLines(bytes, layout.recordBytes);
    return lines.flatMap((line, index) =>
      isRecord(line)
        ? [
            {
              line: index + 1,
              part: partOf(index + 1, false),
              cells: [decoder.decode(maskRecord(line, places))],
            },
          ]
        : [],
    );
  }
  if (layout.kind === 'json') {
    return decoder
      .decode(bytes)
      .split('\n')
      .map((text, index) => ({ line: index + 1, part: 'record', cells: [text.slice(0, 200)] }));
  }
  const rows = yield* splitRows(decoder.decode(bytes), layout.delimiter);
  if ('faults' in rows) return [];
  let seen = !layout.header;
  return rows
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
    .map(({ line, cells }) => {
      const isHeader = !seen && line > preambleLines;
      seen ||= isHeader;
      return {
        ...{ line, part: partOf(line, isHeader) },
        cells: cells.map((cell) => cell.trim().slice(0, LONGEST_CELL)),
      };
    });
}
