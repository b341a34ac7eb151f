/** The totals that a file states about itself. Pure. */
import type { Control, FileFault, StatementFormat, StatementLine } from './format.ts';
import { readRecords } from './records.ts';
import type { InSlices } from './slices.ts';
import { readYen } from './values.ts';

const WHAT_JA = { count: '件数', yen: '金額', fee: '手数料', net: '差引額' } as const;

/** What the file says of itself against its lines; each that does not hold is a fault. */
export function checkControls(
  controls: readonly Control[],
  value: (from: string) => string | undefined,
  lines: readonly StatementLine[],
  line: number,
): FileFault[] {
  return controls.flatMap(({ what, kind, from }) => {
    const text = value(from) ?? '';
    const stated = readYen(text);
    if (stated === undefined) return [{ line, column: from, message: `合計「${text}」を読めません。` }];
    const own = kind === undefined ? lines : lines.filter((each) => each.kind === kind);
    const sum = sumOf(own, what);
    const found = kind === undefined ? sum : Math.abs(sum);
    if (found === stated) return [];
    const words = `${WHAT_JA[what]}の合計が合いません（ファイルの合計 ${stated.toLocaleString('ja-JP')}、明細の合計 ${found.toLocaleString('ja-JP')}）。`;
    return [{ line, column: from, message: words }];
  });
}

function sumOf(lines: readonly StatementLine[], what: Control['what']): number {
  if (what === 'count') return lines.length;
  return lines.reduce((sum, { yen, feeYen }) => {
    const fee = feeYen ?? 0;
    return sum + (what === 'yen' ? yen : what === 'fee' ? fee : yen - fee);
  }, 0);
}

/**
 * Totals in the file's last line that are just what the lines add up to: what a person may want to have checked in every
 * file from now on. Of fixed records nobody can see where a figure begins.
 */
export function* findControls(
  bytes: Uint8Array,
  format: StatementFormat,
  lines: readonly StatementLine[],
): InSlices<Control[]> {
  const { layout, records, fields } = format;
  if (layout.kind !== 'delimited' || records === undefined || lines.length === 0) return [];
  const read = yield* readRecords(bytes, format);
  if ('faults' in read) return [];
  const trailers = read.records.filter(({ value }) => records.trailer.includes(value(records.from) ?? ''));
  const [trailer] = trailers;
  // Several trailers each add up their own part.
  if (trailer === undefined || trailers.length > 1) return [];
  const places = Array.from({ length: trailer.width ?? 0 }, (_, index) => {
    const number = String(index + 1);
    const name = read.columns[index] ?? '';
    return name !== '' && read.columns.indexOf(name) === index && !/^\d+$/.test(name) ? name : number;
  });
  return (['count', 'yen', 'fee', 'net'] as const).flatMap((what) => {
    const sum = sumOf(lines, what);
    const holding = places.filter(
      (from) => from !== records.from && readYen(trailer.value(from) ?? '') === sum,
    );
    // The same figure may stand in two places: the column's own is meant.
    const own = what === 'yen' ? fields.yen : what === 'fee' ? fields.fee : undefined;
    const from = holding.find((place) => place === own) ?? holding[0];
    return sum === 0 || from === undefined ? [] : [{ what, from }];
  });
}
