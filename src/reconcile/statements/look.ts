/** A file as it stands: its first and last lines, and what each column holds, so that a person can say what is what. Pure. */
import { maskCardNumbers, maskCardsInRow } from '../../card-mask.ts';
import type { AskedLook, Records, Shape } from './format.ts';
import { decode, ENCODINGS } from './encoding.ts';
import { guessMeaning } from './meaning.ts';
import { cutLines, isRecord, readRecords, splitRows, type FileRecord, type FileRecords } from './records.ts';
import { guessShape } from './shape.ts';
import { isSliceEnd, type InSlices } from './slices.ts';
import type { FileLook, LookColumn, LookRow } from './view.ts';

const FIRST_ROWS = 12;
const LAST_ROWS = 4;
/** More different values than that are no list that a person maps. */
const MOST_VALUES = 60;
const MOST_COLUMNS = 120;
const LONGEST_CELL = 60;

/** What a file seems to be, before anything of it is declared; nothing is kept. */
export function* lookAt(bytes: Uint8Array, { shape: asked, places, records }: AskedLook): InSlices<FileLook> {
  const shape = asked ?? (yield* guessShape(bytes));
  const read = yield* readRecords(bytes, shape);
  const rows = yield* rowsOf(bytes, shape, places);
  if ('faults' in read) return { shape, rows, faults: read.faults, columns: [], common: [], guess: null };
  const names = namesOf(shape, read.columns, read.records, places);
  const mayBe = names.slice(0, MOST_COLUMNS);
  const columnsOf = function* (kept: Records | undefined): InSlices<LookColumn[]> {
    const columns: LookColumn[] = [];
    for (const { from, nameJa } of mayBe) {
      const last = read.records.at(-1)?.value(from) ?? '';
      columns.push({ from, nameJa, ...(yield* valuesOf(read.records, from, kept)), last });
    }
    return columns;
  };
  const common = commonOf(read, shape, places);
  const whole = yield* columnsOf(records);
  const guess =
    asked === null ? yield* guessMeaning({ shape, columns: whole, common, records: read.records }) : null;
  // What marks the lines is known now: values of totals and headers are none of the details'.
  const columns = guess?.records === undefined ? whole : yield* columnsOf(guess.records);
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
  const columns = places.filter((place) => !isAbove(place));
  const asTheyAre = layout.kind === 'json' ? named : ['1', ...columns].filter(isFirst);
  if (layout.kind !== 'delimited') return asTheyAre.map((from) => ({ from, nameJa: from }));
  const width = Math.max(named.length, ...records.slice(0, FIRST_ROWS).map(({ width: own = 0 }) => own));
  return Array.from({ length: width }, (_, index) => {
    const number = String(index + 1);
    const name = named[index] ?? '';
    // A name that stands twice, or looks like a number of a column, would mean another one.
    const isOwn = name !== '' && named.indexOf(name) === index && !/^\d+$/.test(name) && name.length <= 80;
    return { from: isOwn ? name : number, nameJa: name === '' ? `${number}列目` : `${number} ${name}` };
  });
}

/** `1:64-73`: bytes of one line. */
const isAbove = (place: string): boolean => place.includes(':');

const isFirst = (each: string, index: number, all: readonly string[]): boolean => all.indexOf(each) === index;

function* valuesOf(
  records: readonly FileRecord[],
  from: string,
  kept: Records | undefined,
): InSlices<{ values: string[]; isMore: boolean }> {
  const values = new Set<string>();
  for (const [index, { value }] of records.entries()) {
    if (isSliceEnd(index)) yield { done: 0, of: 0 };
    if (kept !== undefined && kept.from !== from && !isDetail(value(kept.from) ?? '', kept)) continue;
    values.add((value(from) ?? '').slice(0, LONGEST_CELL));
    if (values.size > MOST_VALUES) break;
  }
  return { values: [...values].slice(0, MOST_VALUES), isMore: values.size > MOST_VALUES };
}

const isDetail = (mark: string, { detail, trailer, ignore }: Records): boolean =>
  detail.length === 0 ? !trailer.includes(mark) && !ignore.includes(mark) : detail.includes(mark);

/** What is said once for all lines: cells of the preamble, or what stands in JSON beside the list. */
function commonOf(
  { above, common }: FileRecords,
  { layout }: Shape,
  places: readonly string[],
): FileLook['common'] {
  const nameOf = (from: string): string => {
    const [line = '', column = ''] = from.split(':');
    if (layout.kind === 'json') return from;
    return `${line}行目の${column}${layout.kind === 'fixed' ? 'バイト' : '列目'}`;
  };
  const asked = places.filter(isAbove).map((from) => ({ from, value: common(from) ?? '' }));
  return (layout.kind === 'fixed' ? asked : above)
    .map(({ from, value }) => ({ from, nameJa: nameOf(from), value: value.slice(0, LONGEST_CELL) }))
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
  const { layout, encoding, preambleLines } = shape;
  const partOf = (line: number): LookRow['part'] => (line <= preambleLines ? 'preamble' : 'record');
  if (layout.kind === 'fixed') {
    const decoder = new TextDecoder(ENCODINGS[encoding]);
    const lines = (yield* cutLines(bytes, layout.recordBytes)).map((bytesOf, index) => ({
      ...{ line: index + 1, bytesOf },
    }));
    return endsOf(lines.filter(({ bytesOf }) => isRecord(bytesOf))).map(({ line, bytesOf }) => ({
      ...{
        line,
        part: partOf(line),
        cells: [
          decoder.decode(
            maskRecord(
              bytesOf,
              places.filter((place) => !isAbove(place)),
            ),
          ),
        ],
      },
    }));
  }
  const text = (yield* decode(bytes, encoding, { fatal: false })) ?? '';
  if (layout.kind === 'json') {
    const lines = (yield* linesOf(text)).map((cell, index) => ({ line: index + 1, cell }));
    return endsOf(lines).map(({ line, cell }) => ({
      ...{ line, part: 'record', cells: [maskCardNumbers(cell.slice(0, 200))] },
    }));
  }
  const rows = yield* splitRows(text, layout.delimiter);
  if ('faults' in rows) return [];
  const filled = rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  const head = layout.header ? filled.find(({ line }) => line > preambleLines) : undefined;
  return endsOf(filled).map((row) => ({
    ...{ line: row.line, part: row === head ? 'header' : partOf(row.line) },
    cells: row.cells.map((cell) => maskCardNumbers(cell.trim().slice(0, LONGEST_CELL))),
  }));
}

function* linesOf(text: string): InSlices<string[]> {
  const lines: string[] = [];
  for (let at = 0; at <= text.length;) {
    const end = text.indexOf('\n', at);
    const until = end < 0 ? text.length : end;
    lines.push(text.slice(at, until));
    if (isSliceEnd(lines.length)) yield { done: 0, of: 0 };
    at = until + 1;
  }
  return lines;
}

const endsOf = <Row>(rows: readonly Row[]): readonly Row[] =>
  rows.length <= FIRST_ROWS + LAST_ROWS ? rows : [...rows.slice(0, FIRST_ROWS), ...rows.slice(-LAST_ROWS)];
