/** A report as one plain table, for an accounting system to read: every sum of a day with its codes. Pure. */
import { fiscalYearOf } from '../business-date.ts';
import { writeCsv } from '../fees/csv.ts';
import { ENTRY_NAMES, type Names } from './names.ts';
import { ofEntries } from './rows.ts';
import { INCOME, type LineSum, type Section } from './view.ts';

/** Each amount has the column that it may be added up in: what is no income is in another. */
const COLUMNS = [
  ...['種別', '日付', '会計年度', '区分', '歳入科目', '窓口コード', '窓口', '項目コード', '項目', '単位'],
  ...['税区分', '方法', 'ブランドコード', 'ブランド', '減免理由コード', '減免理由', '数量', '収納額（税込）'],
  ...['現金（数えたもの）', '結果不明の額', '免除した額', '備考'],
] as const;
type TableRow = Partial<Record<(typeof COLUMNS)[number], string | number>>;

const isIncome = ofEntries(...INCOME);
const isUnknown = ofEntries('unknown_sale', 'unknown_return');

/** @param origin what it was made from, as rows of the kind 注記 at the end */
export function writeTable(lines: readonly LineSum[], names: Names, origin: Section): string {
  const rows = lines.toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1)).map((line) => rowOf(line, names));
  const notes = origin.rows.map(({ cells: [label, content] }): TableRow => ({
    種別: '注記',
    備考: `${String(label ?? '')}：${String(content ?? '')}`,
  }));
  return writeCsv(COLUMNS, [...rows, ...notes] as Record<string, string | number>[]);
}

function rowOf(line: LineSum, names: Names): TableRow {
  return {
    種別: '明細',
    日付: line.day ?? '',
    会計年度: line.day === null ? '' : fiscalYearOf(line.day),
    区分: ENTRY_NAMES[line.entry],
    歳入科目: line.account,
    窓口コード: line.window,
    窓口: names.window(line.window),
    項目コード: line.code,
    項目: line.nameJa,
    単位: line.unit,
    税区分: names.tax(line.tax),
    方法: line.method === null ? '' : names.method(line.method),
    ブランドコード: line.brand ?? '',
    ブランド: line.method === null ? '' : names.brand(line.brand),
    減免理由コード: line.ground ?? '',
    減免理由: line.ground === null ? '' : names.ground(line.ground),
    数量: line.quantity,
    '収納額（税込）': isIncome(line) ? line.amountYen : 0,
    '現金（数えたもの）': line.entry === 'cash' ? line.amountYen : 0,
    結果不明の額: isUnknown(line) ? line.amountYen : 0,
    免除した額: isUnknown(line) ? 0 : line.waivedYen,
    備考: '',
  };
}

const orderOf = ({ day, account, window, code, nameJa, method, brand, entry, ground }: LineSum): string =>
  JSON.stringify([day, account, window, code, nameJa, method, brand, entry, ground]);
