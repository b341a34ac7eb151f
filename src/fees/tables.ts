/**
 * The catalogue as tables that a city keeps in a spreadsheet: CSV in, entries out, and back. Pure. A file is taken whole
 * or not at all; every fault is told with its line.
 */
import { z } from 'zod';
import {
  PRICE_STATUSES,
  TAX_CATEGORIES,
  type Brand,
  type BrandOffer,
  type ExemptionGround,
  type FeeWindow,
} from './catalogue.ts';
import { parseCsv, type CsvFault } from './csv.ts';
import { TERMS, UNIT_RULES } from './unit-rules.ts';

/** A row with its place in the file. */
export type Placed<Row> = Row & { line: number };

const optional = z.string().transform((text) => (text === '' ? null : text));
export const code = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/);
export const name = z.string().trim().min(1).max(100);
export const date = z.union([z.literal('').transform(() => null), z.iso.date()]);
export const yen = z
  .string()
  .regex(/^\d{1,7}$/)
  .transform(Number);
const yenOrNone = z.union([z.literal('').transform(() => null), yen]);
export const yesNo = z.enum(['yes', 'no']).transform((word) => word === 'yes');
const yesNoOrNone = z.enum(['yes', 'no', '']).transform((word) => (word === '' ? null : word === 'yes'));

/** `window@from..until`, separated by spaces; `*` is every window. */
const offers = z
  .union([
    z.literal(''),
    z.string().regex(/^(?:[*\w-]+@(?:\d{4}-\d{2}-\d{2})?\.\.(?:\d{4}-\d{2}-\d{2})?(?: |$))+$/),
  ])
  .transform((text) =>
    text
      .split(' ')
      .filter((part) => part !== '')
      .map(offerOf),
  );

function offerOf(text: string): BrandOffer {
  const [, window = '*', from = '', until = ''] = /^(.+)@(.*)\.\.(.*)$/.exec(text) ?? [];
  return { window: window === '*' ? null : window, from: from || null, until: until || null };
}

const WINDOW_ROW = z.strictObject({ code, name_ja: name, name_en: name });
const BRAND_ROW = z.strictObject({
  code,
  method: z.enum(['credit', 'debit', 'emoney', 'qr']),
  name_ja: name,
  name_en: name,
  ceiling_yen: yenOrNone,
  cancel_rule: code,
  cancel_days: yenOrNone,
  same_terminal: yesNoOrNone,
  last_only: yesNoOrNone,
  unknown_rule: code,
  offers,
});
const GROUND_ROW = z.strictObject({
  code,
  kind: z.enum(['reduction', 'exemption', 'official']),
  name_ja: name,
  name_en: name,
  basis: optional.transform((text) => text ?? ''),
  approval: z.enum(['clerk', 'second_person']),
});

/** The entries of a file, or why it can't be taken. */
export type TableResult<Entry> = { entries: Entry[] } | { faults: CsvFault[] };

/** What is wrong with a column, for whoever has the file open. */
const COLUMN_FAULTS: Record<string, string> = {
  unit_rule: `数え方は ${Object.keys(UNIT_RULES).join(', ')} のどれかです。`,
  rule_terms: `数え方の条件は ${Object.keys(TERMS).join(', ')} を「名前=値」で書きます。`,
  tax: `税の区分は ${TAX_CATEGORIES.join(', ')} のどれかです。`,
  status: `料金の出どころは ${PRICE_STATUSES.join(', ')} のどれかです。`,
  price_yen: '料金は0から9999999までの整数（円）です。',
  valid_from: '日付は 2027-04-01 の形です。',
  valid_to: '日付は 2027-03-31 の形です。',
  cashless: 'yes か no を書きます。',
  start_months: '「4=5340 5=4890」のように、月=円を空白で区切ります。',
  offers: '「窓口@開始日..終了日」を空白で区切ります。どの窓口でもよいときは * です。',
};

/** The rows of a file, or every fault in it. */
export function readTable<Row extends object>(
  text: string,
  schema: z.ZodType<Row>,
): { rows: Placed<Row>[] } | { faults: CsvFault[] } {
  const { rows, faults } = parseCsv(text);
  const read: Placed<Row>[] = [];
  for (const { line, cells } of rows) {
    const { success, data, error } = schema.safeParse(cells);
    if (success) read.push({ ...data, line });
    for (const issue of error?.issues ?? []) faults.push(...faultsOf(line, issue));
  }
  if (faults.length === 0 && rows.length === 0) {
    faults.push({ line: 1, column: '', message: '行がありません。1行目は見出しです。' });
  }
  return faults.length > 0 ? { faults } : { rows: read };
}

function faultsOf(line: number, issue: z.core.$ZodIssue): CsvFault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((column) => ({ line, column, message: '知らない列です。' }));
  }
  const column = String(issue.path[0] ?? '');
  return [{ line, column, message: COLUMN_FAULTS[column] ?? 'この列がないか、値を読み取れません。' }];
}

export function readWindows(text: string): TableResult<FeeWindow> {
  return entriesOf(readTable(text, WINDOW_ROW), ({ code, name_ja, name_en }) => ({
    code,
    nameJa: name_ja,
    nameEn: name_en,
  }));
}

export function readBrandTable(text: string): TableResult<Brand> {
  return entriesOf(readTable(text, BRAND_ROW), (row) => ({
    code: row.code,
    method: row.method,
    nameJa: row.name_ja,
    nameEn: row.name_en,
    ceilingYen: row.ceiling_yen,
    cancelRule: row.cancel_rule,
    cancelDays: row.cancel_days,
    sameTerminal: row.same_terminal,
    lastOnly: row.last_only,
    unknownRule: row.unknown_rule,
    offers: row.offers,
  }));
}

export function readGrounds(text: string): TableResult<ExemptionGround> {
  return entriesOf(readTable(text, GROUND_ROW), ({ name_ja, name_en, ...row }) => ({
    code: row.code,
    kind: row.kind,
    nameJa: name_ja,
    nameEn: name_en,
    basis: row.basis,
    approval: row.approval,
  }));
}

/** One entry a row; a code may stand only once. */
function entriesOf<Row extends { code: string }, Entry>(
  table: { rows: Placed<Row>[] } | { faults: CsvFault[] },
  make: (row: Row) => Entry,
): TableResult<Entry> {
  if ('faults' in table) return table;
  const seen = new Set<string>();
  const faults = table.rows.flatMap(({ code, line }): CsvFault[] => {
    const isTwice = seen.has(code);
    seen.add(code);
    return isTwice ? [{ line, column: 'code', message: `${code} が2回あります。` }] : [];
  });
  return faults.length > 0 ? { faults } : { entries: table.rows.map(make) };
}
