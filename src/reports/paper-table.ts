/** How wide the columns of a printed table are, and how high its rows. Pure. */
import { eraDate, shortEraDate } from './periods.ts';
import { countJa, yenJa } from './rows.ts';
import type { Align, Typesetter } from './typesetting.ts';
import { isDate, type Cell, type Column, type Section } from './view.ts';

/** A table as it is set: in how large letters, and what stands where. */
export interface SetTable {
  size: number;
  columns: SetColumn[];
}

export interface SetColumn {
  /** Its place among the section's columns. */
  index: number;
  nameJa: string;
  x: number;
  width: number;
  /** Free between it and the next. */
  gap: number;
  align: Align;
  show: (cell: Cell) => string;
}

const GAP = 6;
export const LINE = 1.45;
/** In points, the largest first: a wide table is set smaller before its words are broken into pieces. */
const SIZES = [8.5, 8, 7.5, 7] as const;

/** Of what its texts would need, so much is enough: they are broken into lines. */
const NARROW = 0.6;
/** So many names stand one below the other. */
const MANY = 3;
/** So many full-width characters are one word. */
const SHORT = 5;
/** And so many are the least of a line of a longer text, before short words are broken for it; before a figure is, so few. */
const [LEAST, NARROWEST] = [8, 2];

/**
 * As large as it has room for with every cell in one line, or else as its texts have room enough for; the era's years are
 * how a date stands on paper, and not in a column beside it.
 */
export function setTable(
  section: Section,
  rows: readonly { cells: readonly Cell[] }[],
  set: Typesetter,
  width: number,
): SetTable {
  const tables = SIZES.map((size) => ({ size, ...columnsOf(section, rows, set, width, size) }));
  return (
    tables.find(({ room }) => room === 'all') ??
    tables.find(({ room }) => room === 'enough') ??
    (tables.at(-1) as SetTable)
  );
}

/**
 * As wide as the widest cell asks, and all together as wide as the page; a longer header stands in two lines. Where they do
 * not fit, dates give way first, by a short form, then long texts.
 */
function columnsOf(
  { columns: all }: Section,
  rows: readonly { cells: readonly Cell[] }[],
  set: Typesetter,
  width: number,
  size: number,
): { columns: SetColumn[]; room: Room } {
  const columns = all.flatMap((column, index) => (column.kind === 'era' ? [] : [{ ...column, index }]));
  const widthsWith = (date: DateForm): number[] =>
    columns.map((column) => {
      const parts = rows.flatMap(({ cells }) =>
        partsOf(column, showOf(column, date)(cells[column.index] ?? null)),
      );
      const widest = Math.max(...parts.map((part) => set.widthOf(part, 'bold', size)), 0);
      return Math.max(widest, headerWidth(column.nameJa, widest, set, size)) + GAP;
    });
  const date = sum(widthsWith('long')) <= width ? 'long' : 'short';
  const wanted = widthsWith(date);
  const { widths, room } = share(columns, wanted, width, size);
  const starts = widths.map((_, place) => sum(widths.slice(0, place)));
  return {
    room,
    columns: columns.map((column, place) => ({
      index: column.index,
      nameJa: column.nameJa,
      x: starts[place] ?? 0,
      width: widths[place] ?? 0,
      gap: GAP,
      align: column.kind === 'yen' || column.kind === 'count' ? 'end' : 'start',
      show: showOf(column, date),
    })),
  };
}

/** `enough`: every text has most of what it asks for, and every figure all of it. */
type Room = 'all' | 'enough' | 'little';

/** All columns have their part of what is over. Too little: the texts give way first, then everything. */
function share(
  columns: readonly Column[],
  wanted: readonly number[],
  width: number,
  size: number,
): { widths: number[]; room: Room } {
  const all = sum(wanted);
  if (all <= width) return { widths: wanted.map((each) => (each * width) / all), room: 'all' };
  const isText = columns.map(({ kind }) => kind === 'text');
  const isLong = isText.map((is, index) => is && (wanted[index] ?? 0) > SHORT * size + GAP);
  const widthOf = (are: readonly boolean[]): number => sum(wanted.filter((_, index) => are[index] === true));
  // A short word stays whole beside figures, if that leaves the longer texts a line.
  const left = width - all + widthOf(isLong);
  const isEnough = left >= widthOf(isLong) * NARROW;
  const gives = left >= countOf(isLong) * LEAST * size ? isLong : isText;
  const texts = widthOf(gives);
  const figures = all - texts;
  const textScale = Math.max(width - figures, countOf(gives) * NARROWEST * size) / texts;
  const figureScale = Math.min(1, (width - texts * textScale) / figures);
  return {
    room: isEnough ? 'enough' : 'little',
    widths: wanted.map((each, index) => each * (gives[index] === true ? textScale : figureScale)),
  };
}

const countOf = (are: readonly boolean[]): number => are.filter(Boolean).length;

/** A header that is wider than its cells stands in two lines: at its spaces, or else in the middle. */
function headerWidth(nameJa: string, widest: number, set: Typesetter, size: number): number {
  const whole = set.widthOf(nameJa, 'bold', size);
  if (whole <= widest) return 0;
  const words = nameJa.split(' ').map((word) => set.widthOf(word, 'bold', size));
  if (whole <= SHORT * size) return whole;
  return words.length > 1 ? Math.max(...words) : whole / 2 + size;
}

/** What of a cell has to stand in one line. */
const partsOf = ({ kind }: Column, shown: string): string[] =>
  kind === 'codes' ? shown.split(/(?<=、)/) : [shown];

/** In points. */
export function rowHeight(
  cells: readonly Cell[],
  { columns, size }: SetTable,
  set: Typesetter,
  isBold: boolean,
): number {
  const lines = columns.map(({ show, index, width, gap }) =>
    set.wrap(show(cells[index] ?? null), isBold ? 'bold' : 'regular', size, width - gap),
  );
  return Math.max(1, ...lines.map(({ length }) => length)) * size * LINE;
}

/** On paper a date is one of the era's: `令和7年3月31日`, or `R7.3.31`. */
type DateForm = 'long' | 'short';

const showOf =
  ({ kind }: Column, date: DateForm) =>
  (cell: Cell): string => {
    if (cell === null) return '';
    if (typeof cell === 'number') return kind === 'yen' ? yenJa(cell) : countJa(cell);
    if (kind === 'codes') return shortList(cell);
    if (kind !== 'date' || !isDate(cell)) return cell;
    return date === 'long' ? eraDate(cell).replace(/\(.\)$/, '') : shortEraDate(cell);
  };

/** The first of many, as on the screen: the spreadsheet has them all. */
function shortList(codes: string): string {
  const [first = '', ...others] = codes.split('、');
  return others.length < MANY ? codes : `${first}、ほか${String(others.length)}件`;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
