/** Adding up and laying out: from sums to the rows of a section. Pure; integer yen. */
import type { Cell, Column, Entry, LineFilter, Measure, Part, Row } from './view.ts';

export const sumOf = <T>(rows: readonly T[], of: (row: T) => number): number =>
  rows.reduce((sum, row) => sum + of(row), 0);

/** A filter that keeps rows of these entries. */
export const ofEntries =
  (...entries: readonly Entry[]) =>
  ({ entry }: { entry: Entry }): boolean =>
    entries.includes(entry);

export const text = (nameJa: string): Column => ({ nameJa, kind: 'text' });
export const codes = (nameJa: string): Column => ({ nameJa, kind: 'codes' });
export const date = (nameJa: string): Column => ({ nameJa, kind: 'date' });
/** What the date before it is called in the era's years. */
export const era = (nameJa: string): Column => ({ nameJa, kind: 'era' });
/** A figure that can be looked into: `measure` of the row's lines that `filter` leaves. */
export const figure = (nameJa: string, measure: Measure, filter: LineFilter): Column => ({
  nameJa,
  kind: measure === 'amountYen' || measure === 'waivedYen' ? 'yen' : 'count',
  drill: { measure, filter },
});
/** A figure of another book: what its rows say of this part. */
export const toldYen = (nameJa: string, part: Part): Column => figure(nameJa, 'amountYen', { part });
export const yen = (nameJa: string): Column => ({ nameJa, kind: 'yen' });
export const toldCount = (nameJa: string, part: Part): Column => figure(nameJa, 'payments', { part });

/**
 * One row per group, the largest first, and the total of them all; `columns` are first those of the words, then those of
 * the figures.
 * @param keyOf names the group; rows of one key are one row of the table
 * @param describe its first cells, and which lines it is made of
 * @param measure the figures of some rows, in the order of the columns; the total's are those of all rows
 */
export function tabulate<T>(
  columns: Column[],
  rows: readonly T[],
  layout: {
    keyOf: (row: T) => string;
    describe: (first: T) => { cells: Cell[]; filter: LineFilter | null };
    measure: (some: readonly T[]) => number[];
    /** A group whose figures are all 0 is left out: what was taken back again, or corrected to itself. */
    isZeroHidden?: true;
    /** By which figure; left out: in the order in which they are given. */
    largestBy?: number;
  },
): { columns: Column[]; rows: Row[]; total: Row } {
  const groups = [...Map.groupBy(rows, layout.keyOf).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { cells, filter } = layout.describe(first);
    const figures = layout.measure(group);
    if (layout.isZeroHidden === true && figures.every((each) => each === 0)) return [];
    return [{ words: cells, figures, filter }];
  });
  const { largestBy } = layout;
  if (largestBy !== undefined) {
    groups.sort(
      (a, b) =>
        Math.abs(b.figures[largestBy] ?? 0) - Math.abs(a.figures[largestBy] ?? 0) ||
        (JSON.stringify(a.words) < JSON.stringify(b.words) ? -1 : 1),
    );
  }
  const sums = layout.measure(rows);
  return {
    columns,
    rows: groups.map(({ words, figures, filter }) => ({ cells: [...words, ...figures], filter })),
    total: totalRow(columns.length - sums.length, sums),
  };
}

/** 合計 in the first cell. */
export const totalRow = (words: number, figures: readonly Cell[]): Row => ({
  cells: ['合計', ...Array.from({ length: words - 1 }, () => null), ...figures],
  filter: {},
});

/** `−1,200`. */
export const countJa = (count: number): string =>
  `${count < 0 ? '−' : ''}${Math.abs(count).toLocaleString('ja-JP')}`;
/** `−1,200円`. */
export const yenJa = (amountYen: number): string => `${countJa(amountYen)}円`;
