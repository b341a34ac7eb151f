/**
 * What is common to the tables that a city keeps in a spreadsheet (fee-table.ts, entry-tables.ts): rows out of a file,
 * with every fault by line, column and what to do. Pure. A file is taken whole or not at all.
 */
import { z } from 'zod';
import { PRICE_STATUSES, TAX_CATEGORIES } from './catalogue.ts';
import { parseCsv, type CsvFault } from './csv.ts';
import { TERMS, UNIT_RULES } from './unit-rules.ts';

/** A row with its place in the file. */
export type Placed<Row> = Row & { line: number };

export const optional = z.string().transform((text) => (text === '' ? null : text));
export const code = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/);
export const name = z.string().trim().min(1).max(100);
export const date = z.union([z.literal('').transform(() => null), z.iso.date()]);
export const yen = z
  .string()
  .regex(/^\d{1,7}$/)
  .transform(Number);
export const yenOrNone = z.union([z.literal('').transform(() => null), yen]);
export const yesNo = z.enum(['yes', 'no']).transform((word) => word === 'yes');
export const yesNoOrNone = z
  .enum(['yes', 'no', ''])
  .transform((word) => (word === '' ? null : word === 'yes'));

/** The entries of a file with the line on which each begins, or why it can't be taken. */
export type TableResult<Entry> =
  { entries: Entry[]; lineOf: ReadonlyMap<string, number> } | { faults: CsvFault[] };

/** The codes of the windows to which a file may refer. */
export type KnownWindows = ReadonlySet<string>;

/** A window that nobody has registered, told where it stands in the file. */
export const strayWindow = (line: number, column: string, code: string, known: KnownWindows): CsvFault => ({
  line,
  column,
  message: `「${code}」という窓口は登録されていません。${[...known].join(', ')} のどれかにするか、先に窓口の表に加えてください。`,
});

/** What has to stand in a column, for whoever has the file open. */
const COLUMN_FAULTS: Record<string, string> = {
  code: 'コードは半角の英数字・-・_ で、40文字までです。',
  window: '窓口のコードを書きます（半角の英数字・-・_）。',
  class: '区分のコードは半角の英数字・-・_ です。区分がなければ空にします。',
  account: '会計のコードを書きます（半角の英数字・-・_）。一般会計は general です。',
  method: '支払い方法は credit, debit, emoney, qr のどれかです。',
  kind: '種類は reduction（減免）, exemption（免除）, official（公用）のどれかです。',
  approval: '承認は clerk（窓口の人）か second_person（別の人）です。',
  ceiling_yen: '1回の上限額を整数（円）で書きます。上限がなければ空にします。',
  cancel_days: '日数を整数で書きます。決まりがなければ空にします。',
  same_terminal: 'yes か no を書きます。決まりがなければ空にします。',
  last_only: 'yes か no を書きます。決まりがなければ空にします。',
  unit_rule: `数え方は ${Object.keys(UNIT_RULES).join(', ')} のどれかです。`,
  rule_terms: `数え方の条件は ${Object.keys(TERMS).join(', ')} を「名前=値」で書きます。`,
  tax: `税の区分は ${TAX_CATEGORIES.join(', ')} のどれかです。`,
  status: `料金の出どころは ${PRICE_STATUSES.join(', ')} のどれかです。`,
  price_yen: '料金は0から9999999までの整数（円）です。',
  valid_from: '日付は 2027-04-01 の形です。決まっていなければ空にします。',
  valid_to: '日付は 2027-03-31 の形です。決まっていなければ空にします。',
  cashless: 'yes か no を書きます。',
  start_months: '「4=5340 5=4890」のように、月=円を空白で区切ります。',
  offers: '「窓口@開始日..終了日」を空白で区切ります。どの窓口でもよいときは * です。',
};
const TEXT_FAULT = '空か、長すぎます（100文字まで）。';

/** The rows of a file, or every fault in it. */
export function readTable<Row extends object>(
  text: string,
  schema: z.ZodType<Row> & { shape: object },
): { rows: Placed<Row>[] } | { faults: CsvFault[] } {
  const { columns, rows, faults } = parseCsv(text);
  const wrongHeader = columns.length === 0 ? [] : headerFaults(columns, Object.keys(schema.shape));
  if (wrongHeader.length > 0) return { faults: wrongHeader };
  const read: Placed<Row>[] = [];
  for (const { line, cells } of rows) {
    const { success, data, error } = schema.safeParse(cells);
    if (success) read.push({ ...data, line });
    for (const { path } of error?.issues ?? []) {
      const column = String(path[0] ?? '');
      faults.push({ line, column, message: COLUMN_FAULTS[column] ?? TEXT_FAULT });
    }
  }
  if (faults.length === 0 && rows.length === 0) {
    faults.push({ line: 1, column: '', message: '行がありません。1行目は見出しです。' });
  }
  return faults.length > 0 ? { faults } : { rows: read };
}

/** A column that is missing or that nobody knows is told once, and not on every line. */
function headerFaults(columns: readonly string[], expected: readonly string[]): CsvFault[] {
  const unknown = columns.filter((column) => !expected.includes(column));
  const missing = expected.filter((column) => !columns.includes(column));
  return [
    ...unknown.map((column) => ({
      line: 1,
      column,
      message: '知らない列です。列を取り除くか、見出しを直してください。',
    })),
    ...missing.map((column) => ({
      line: 1,
      column,
      message: 'この列がありません。書き出したCSVの見出しに合わせてください。',
    })),
  ];
}

export const BACKWARDS = '終わりの日が始まりの日より前です。どちらかの日を直してください。';
