/** Items and their prices as one table: a row per item, class and period. Pure. */
import { z } from 'zod';
import { dayAfter, dayBefore } from '../business-date.ts';
import { inOrder, PRICE_STATUSES, TAX_CATEGORIES, type FeeItem, type FeePrice } from './catalogue.ts';
import { writeCsv, type CsvFault } from './csv.ts';
import {
  BACKWARDS,
  code,
  date,
  name,
  readTable,
  strayWindow,
  yen,
  yesNo,
  type KnownWindows,
  type Placed,
  type TableResult,
} from './tables.ts';
import { TERMS, UNIT_RULES, type UnitRuleCode } from './unit-rules.ts';

const unitRule = z
  .string()
  .refine((text) => text in UNIT_RULES)
  .transform((text) => text as UnitRuleCode);
/** `name=value`, separated by spaces. */
const terms = z.string().transform((text, context) => {
  const pairs = text.split(' ').filter((pair) => pair !== '');
  const read = pairs.map((pair): [string, string] => [
    pair.split('=')[0] ?? '',
    pair.slice(pair.indexOf('=') + 1),
  ]);
  if (read.some(([term, value]) => TERMS[term]?.test(value) !== true)) {
    context.addIssue({ code: 'custom', message: 'terms' });
  }
  return Object.fromEntries(read);
});
/** `4=5340 5=4890`: month of start and integer yen. */
const startMonths = z
  .union([z.literal(''), z.string().regex(/^(?:1[0-2]|[1-9])=\d{1,7}(?: (?:1[0-2]|[1-9])=\d{1,7})*$/)])
  .transform((text) =>
    text === ''
      ? null
      : Object.fromEntries(
          text.split(' ').map((pair) => [pair.split('=')[0] ?? '', Number(pair.split('=')[1])]),
        ),
  );

const FEE_ROW = z.strictObject({
  window: code,
  code,
  name_ja: name,
  name_en: name,
  unit: name,
  unit_rule: unitRule,
  rule_terms: terms,
  class: z.union([z.literal('').transform(() => null), code]),
  class_ja: z.string().trim().max(40),
  class_en: z.string().trim().max(40),
  price_yen: yen,
  start_months: startMonths,
  tax: z.enum(TAX_CATEGORIES),
  account: code,
  revenue_account: name,
  cashless: yesNo,
  valid_from: date,
  valid_to: date,
  status: z.enum(PRICE_STATUSES),
  source: z.string().trim().max(200),
});
type FeeRow = z.infer<typeof FEE_ROW>;

/** One row per item, class and period: the rows of an item agree in all but that. */
export function readItems(text: string, known: KnownWindows): TableResult<FeeItem> {
  const table = readTable(text, FEE_ROW);
  if ('faults' in table) return table;
  const faults = table.rows.flatMap(({ line, window }) =>
    known.has(window) ? [] : [strayWindow(line, 'window', window, known)],
  );
  const byCode = Map.groupBy(table.rows, ({ code }) => code);
  const entries = [...byCode.values()].map((rows) => itemOf(rows, faults));
  if (faults.length > 0) return { faults: faults.sort((a, b) => a.line - b.line) };
  const lineOf = new Map([...byCode].map(([code, [first]]) => [code, first?.line ?? 0]));
  return { entries, lineOf };
}

const SHARED = [
  'window',
  'name_ja',
  'name_en',
  'unit',
  'unit_rule',
  'rule_terms',
  'tax',
  'account',
  'revenue_account',
  'cashless',
] as const satisfies (keyof FeeRow)[];

function itemOf(rows: Placed<FeeRow>[], faults: CsvFault[]): FeeItem {
  const [first] = rows;
  if (first === undefined) throw new Error('a group of rows has a row');
  for (const row of rows) {
    const other = SHARED.find((column) => JSON.stringify(row[column]) !== JSON.stringify(first[column]));
    if (other === undefined) continue;
    const message = `${first.line}行目の${row.code}と違います。同じ項目の行では同じ値にします。`;
    faults.push({ line: row.line, column: other, message });
  }
  const byClass = [...Map.groupBy(rows, (row) => row.class)];
  const classes = byClass.flatMap(([feeClass, [row]]) =>
    feeClass === null || row === undefined
      ? []
      : [{ code: feeClass, nameJa: row.class_ja || feeClass, nameEn: row.class_en || feeClass }],
  );
  if (classes.length > 0 && classes.length < byClass.length) {
    const message = '区分のある項目では、どの行にも区分を書きます。';
    faults.push({ line: first.line, column: 'class', message });
  }
  const prices = byClass.flatMap(([, periods]) => pricesOf(periods, faults));
  return {
    code: first.code,
    window: first.window,
    nameJa: first.name_ja,
    nameEn: first.name_en,
    unit: first.unit,
    unitRule: first.unit_rule,
    terms: first.rule_terms,
    classes,
    taxCategory: first.tax,
    revenueAccount: first.revenue_account,
    account: first.account,
    cashless: first.cashless,
    prices: inOrder(prices, classes),
  };
}

/** Periods as prices that hold from a day on: where one ends and none follows, the item is not sold. */
function pricesOf(rows: Placed<FeeRow>[], faults: CsvFault[]): FeePrice[] {
  const sorted = rows.toSorted((a, b) => ((a.valid_from ?? '') < (b.valid_from ?? '') ? -1 : 1));
  return sorted.flatMap((row, index): FeePrice[] => {
    const next = sorted[index + 1];
    if (row.valid_to !== null && row.valid_to < (row.valid_from ?? '')) {
      faults.push({ line: row.line, column: 'valid_to', message: BACKWARDS });
    }
    if (next !== undefined && (row.valid_to ?? '9999-12-31') >= (next.valid_from ?? '')) {
      const message = `${row.line}行目の期間と重なります。1日に2つの料金は持てません。`;
      faults.push({ line: next.line, column: 'valid_from', message });
    }
    const price: FeePrice = {
      class: row.class,
      from: row.valid_from,
      priceYen: row.price_yen,
      startMonths: row.start_months,
      status: row.status,
      source: row.source,
    };
    const end = row.valid_to === null ? null : dayAfter(row.valid_to);
    if (end === null || end === next?.valid_from) return [price];
    return [price, { ...price, from: end, priceYen: null, startMonths: null }];
  });
}

/** The file that `readItems` makes the same items of. */
export function writeItems(items: readonly FeeItem[]): string {
  const rows = items.flatMap((item) =>
    item.prices.flatMap((price, index) => {
      if (price.priceYen === null) return [];
      const next = item.prices[index + 1];
      const follows = next?.class === price.class ? next.from : null;
      return [itemRow(item, price, follows === null ? '' : dayBefore(follows))];
    }),
  );
  return writeCsv(Object.keys(FEE_ROW.shape), rows);
}

function itemRow(item: FeeItem, price: FeePrice, validTo: string): Record<keyof FeeRow, string> {
  const feeClass = item.classes.find(({ code: each }) => each === price.class);
  return {
    window: item.window,
    code: item.code,
    name_ja: item.nameJa,
    name_en: item.nameEn,
    unit: item.unit,
    unit_rule: item.unitRule,
    rule_terms: pairs(item.terms),
    class: price.class ?? '',
    class_ja: feeClass?.nameJa ?? '',
    class_en: feeClass?.nameEn ?? '',
    price_yen: String(price.priceYen),
    start_months: pairs(price.startMonths ?? {}),
    tax: item.taxCategory,
    account: item.account,
    revenue_account: item.revenueAccount,
    cashless: item.cashless ? 'yes' : 'no',
    valid_from: price.from ?? '',
    valid_to: validTo,
    status: price.status,
    source: price.source,
  };
}

const pairs = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');
