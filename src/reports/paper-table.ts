/** How wide the columns of a printed table are, and how high its rows. Pure. */
import { eraDate, shortEraDate } from './periods.ts';
import { yenJa } from './rows.ts';
import type { Align, Typesetter } from './typesetting.ts';
import type { Cell, Column, Section } from './view.ts';

export interface SetColumn {
  nameJa: string;
  x: number;
  width: number;
  /** Free between it and the next. */
  gap: number;
  align: Align;
  show: (cell: Cell) => string;
}

const GAP = 6;
const LINE = 1.45;

/** Of what it would need, the least that a text gets beside many figures: it is broken into lines. */
const NARROWEST = 0.3;
const NARROW = 0.6;
/** So many full-width characters are one word. */
const SHORT = 5;

/**
 * As wide as the widest cell asks, and all together as wide as the page; a longer header stands in two lines. Where they do
 * not fit, dates give way first, by a short form.
 */
export function columnsOf(
  { columns }: Section,
  rows: readonly { cells: readonly Cell[] }[],
  set: Typesetter,
  width: number,
  size: number,
): SetColumn[] {
  const widthsWith = (date: DateForm): number[] =>
    columns.map((column, index) => {
      const parts = rows.flatMap(({ cells }) => partsOf(column, showOf(column, date)(cells[index] ?? null)));
      const widest = Math.max(...parts.map((part) => set.widthOf(part, 'bold', size)), 0);
      return Math.max(widest, headerWidth(column.nameJa, widest, set, size)) + GAP;
    });
  const date = sum(widthsWith('long')) <= width ? 'long' : 'short';
  const wanted = widthsWith(date);
  const all = sum(wanted);
  const isAnyText = (index: number): boolean => columns[index]?.kind === 'text';
  const isLongText = (index: number): boolean =>
    isAnyText(index) && (wanted[index] ?? 0) > SHORT * size + GAP;
  const widthOf = (isText: (index: number) => boolean): number =>
    sum(wanted.filter((_, index) => isText(index)));
  // A short word stays whole beside figures, if that leaves the longer texts enough.
  const free = width - all + widthOf(isLongText);
  const isText = free >= widthOf(isLongText) * NARROW ? isLongText : isAnyText;
  const texts = widthOf(isText);
  const figures = all - texts;
  // Room enough: all columns have their part of it. Too little: the texts give way first, then everything.
  const textScale = all <= width ? width / all : Math.max(width - figures, texts * NARROWEST) / texts;
  const figureScale = all <= width ? width / all : Math.min(1, (width - texts * textScale) / figures);
  const widths = wanted.map((each, index) => each * (isText(index) ? textScale : figureScale));
  let x = 0;
  return columns.map((column, index) => {
    const own = widths[index] ?? 0;
    const set: SetColumn = {
      nameJa: column.nameJa,
      x,
      width: own,
      gap: GAP,
      align: column.kind === 'yen' || column.kind === 'count' ? 'end' : 'start',
      show: showOf(column, date),
    };
    x += own;
    return set;
  });
}

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

export function rowHeight(
  cells: readonly Cell[],
  columns: readonly SetColumn[],
  set: Typesetter,
  size: number,
  isBold: boolean,
): number {
  const lines = columns.map(
    (column, index) =>
      set.wrap(
        column.show(cells[index] ?? null),
        isBold ? 'bold' : 'regular',
        size,
        column.width - column.gap,
      ).length,
  );
  return Math.max(1, ...lines) * size * LINE;
}

/** On paper a date is one of the era's: `令和7年3月31日`, or `R7.3.31`. */
type DateForm = 'long' | 'short';

const showOf =
  ({ kind }: Column, date: DateForm) =>
  (cell: Cell): string => {
    if (cell === null) return '';
    if (typeof cell === 'number') return kind === 'yen' ? yenJa(cell) : cell.toLocaleString('ja-JP');
    if (kind !== 'date' || !/^\d{4}-\d\d-\d\d$/.test(cell)) return cell;
    return date === 'long' ? eraDate(cell).replace(/\(.\)$/, '') : shortEraDate(cell);
  };

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
