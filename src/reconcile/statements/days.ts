/** Days on which no line of a statement can be: a year or an era that was misread, or another file. Pure. */
import { addBusinessDays } from '../books/calendar.ts';
import { dateJa } from '../day.ts';
import type { FileFault, StatementFormat, StatementLine } from './format.ts';
import { isSliceEnd, type InSlices } from './slices.ts';

/** No office keeps its vouchers for longer; 令和 8 read as 2008 lies before it, and as long as years are counted so. */
const OLDEST_YEARS = 10;
/** Money that is paid later than that is none that a statement announces. */
const LATEST_PAY_YEARS = 1;

const yearsFrom = (day: string, years: number): string =>
  `${String(Number(day.slice(0, 4)) + years).padStart(4, '0')}${day.slice(4)}`;

/**
 * Each day that is none, with the first line that has it. What comes after hours a bank or an acquirer counts for its next
 * business day: that one may be named already.
 * @param today in Tokyo
 */
export function* findImpossibleDays(
  lines: readonly StatementLine[],
  { fields, common }: StatementFormat,
  today: string,
): InSlices<FileFault[]> {
  const [newest, oldest] = [addBusinessDays(today, 1, 'bank'), yearsFrom(today, -OLDEST_YEARS)];
  const latestPay = yearsFrom(today, LATEST_PAY_YEARS);
  const found = new Map<string, FileFault & { many: number }>();
  const note = (line: number, column: string, day: string, why: string): void => {
    const known = found.get(`${column} ${day}`);
    if (known === undefined)
      found.set(`${column} ${day}`, { line, column, message: `${dateJa(day)}${why}`, many: 1 });
    else known.many += 1;
  };
  const { from } = fields.onDate;
  for (const [index, { lineNumber, onDate, paysOn }] of lines.entries()) {
    if (isSliceEnd(index)) yield { done: index, of: lines.length };
    if (onDate > newest) note(lineNumber, from, onDate, `は、今日（${dateJa(today)}）より先の日付です。`);
    if (onDate < oldest) note(lineNumber, from, onDate, `は、${String(OLDEST_YEARS)}年より前の日付です。`);
    if (paysOn !== null && paysOn > latestPay)
      note(
        lineNumber,
        fields.paysOn?.from ?? common.paysOn?.from ?? '',
        paysOn,
        'は、1年より先の入金予定日です。',
      );
  }
  return [...found.values()].map(({ many, message, ...place }) => ({
    ...place,
    message: `${message}${many === 1 ? '' : `（${many.toLocaleString('ja-JP')}行）`}${WHAT_TO_DO}`,
  }));
}

const WHAT_TO_DO =
  '年や和暦の読み違いがないか、フォーマットの日付の書き方とファイルを確かめてください。日付がほんとうにこのとおりなら、その日になってから取り込んでください。';
