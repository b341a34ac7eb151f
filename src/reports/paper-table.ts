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
      const header = set.widthOf(column.nameJa, 'bold', size);
      return Math.max(widest, header > widest ? header / 2 + size : 0) + GAP;
    });
  const date = sum(widthsWith('long')) <= width ? 'long' : 'short';
  const wanted = widthsWith(date);
  const all = sum(wanted);
  const isText = (index: number): boolean => columns[index]?.kind === 'text';
  const texts = sum(wanted.filter((_, index) => isText(index)));
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
