/** The sections of what was taken without cash: by account, window, method, item, day and counter. Pure. */
import type { Names } from './names.ts';
import { eraDate, eraMonth, periodOf, type Period } from './periods.ts';
import { date, era, figure, ofEntries, sumOf, tabulate, text } from './rows.ts';
import {
  INCOME,
  RETURNS,
  type Column,
  type CounterSum,
  type LineFilter,
  type LineSum,
  type PaymentSum,
  type Section,
} from './view.ts';

const isIncome = ofEntries(...INCOME);
const isSale = ofEntries('sale');
const isReturn = ofEntries(...RETURNS);
const isCorrection = ofEntries('correction');

/** 売上, 取消・返金, 差引 of payments: each operation counted once. */
const PAYMENT_COLUMNS: Column[] = [
  figure('売上 件数', 'payments', { entries: ['sale'] }),
  figure('売上', 'amountYen', { entries: ['sale'] }),
  figure('取消・返金 件数', 'payments', { entries: RETURNS }),
  figure('取消・返金', 'amountYen', { entries: RETURNS }),
  figure('差引', 'amountYen', { entries: INCOME }),
];
type Counted = Pick<PaymentSum, 'entry' | 'count' | 'amountYen'>;
const measurePayments = (some: readonly Counted[]): number[] => {
  const [sales, returns] = [some.filter(isSale), some.filter(isReturn)];
  const [soldYen, returnedYen] = [sales, returns].map((rows) => sumOf(rows, ({ amountYen }) => amountYen));
  return [
    sumOf(sales, (row) => row.count),
    soldYen ?? 0,
    sumOf(returns, (row) => row.count),
    returnedYen ?? 0,
    (soldYen ?? 0) + (returnedYen ?? 0),
  ];
};

/** 売上, 取消・返金, 訂正, 差引 of lines: a basket's lines may belong to several accounts. */
const LINE_COLUMNS: Column[] = [
  figure('数量', 'quantity', { entries: INCOME }),
  figure('売上', 'amountYen', { entries: ['sale'] }),
  figure('取消・返金', 'amountYen', { entries: RETURNS }),
  figure('訂正', 'amountYen', { entries: ['correction'] }),
  figure('差引', 'amountYen', { entries: INCOME }),
];
const measureLines = (some: readonly LineSum[]): number[] => {
  const yenOf = (is: (row: LineSum) => boolean): number => sumOf(some.filter(is), (row) => row.amountYen);
  return [
    sumOf(some.filter(isIncome), ({ quantity }) => quantity),
    yenOf(isSale),
    yenOf(isReturn),
    yenOf(isCorrection),
    yenOf(isIncome),
  ];
};
const NET = 4;

/** 売上・取消・返金, and what is left. */
export function summarySection(payments: readonly PaymentSum[]): Section {
  const income = payments.filter(ofEntries('sale', 'void', 'refund'));
  const row = (nameJa: string, entry: 'sale' | 'void' | 'refund') => {
    const some = income.filter(ofEntries(entry));
    const figures = [sumOf(some, (each) => each.count), sumOf(some, (each) => each.amountYen)];
    return { cells: [nameJa, ...figures], filter: { entries: [entry] } };
  };
  return {
    id: 'summary',
    titleJa: '総括（キャッシュレス）',
    note: '端末で受け取り、結果が「支払済」と確かめられたものだけです。現金・0円・結果不明は入りません。',
    columns: [text('区分'), figure('件数', 'payments', {}), figure('金額', 'amountYen', {})],
    rows: [row('売上', 'sale'), row('取消', 'void'), row('返金', 'refund')],
    total: {
      cells: ['差引', null, sumOf(income, ({ amountYen }) => amountYen)],
      filter: { entries: INCOME },
    },
  };
}

/** What came in, less what went back, per 歳入科目. */
export function accountSection(lines: readonly LineSum[]): Section {
  const table = tabulate([text('歳入科目'), ...LINE_COLUMNS], lines.filter(isIncome), {
    keyOf: ({ account }) => account,
    describe: ({ account }) => ({ cells: [account], filter: { account } }),
    measure: measureLines,
    largestBy: NET,
  });
  return {
    id: 'accounts',
    titleJa: '歳入科目別',
    note: '訂正は、お金を動かさずに科目を移したものです。',
    ...table,
  };
}

/** What came in, less what went back, per window: without cash and what costs nothing. */
export function windowSection(payments: readonly PaymentSum[], names: Names): Section {
  const table = tabulate(
    [text('窓口'), ...PAYMENT_COLUMNS],
    payments.filter(ofEntries('sale', 'void', 'refund')),
    {
      keyOf: ({ window }) => window,
      describe: ({ window }) => ({ cells: [names.window(window)], filter: { window } }),
      measure: measurePayments,
      largestBy: NET,
    },
  );
  return {
    id: 'windows',
    titleJa: '窓口別',
    note: '',
    ...table,
  };
}

/** What came in, less what went back, per method and brand. */
export function methodSection(payments: readonly PaymentSum[], names: Names): Section {
  const table = tabulate(
    [text('方法'), text('ブランド'), ...PAYMENT_COLUMNS],
    payments.filter(ofEntries('sale', 'void', 'refund')),
    {
      keyOf: ({ method, brand }) => JSON.stringify([method, brand]),
      describe: ({ method, brand }) => ({
        cells: [names.method(method), names.brand(brand)],
        filter: method === null ? null : { ways: [{ method, brand }] },
      }),
      measure: measurePayments,
      largestBy: NET,
    },
  );
  return {
    id: 'methods',
    titleJa: '支払い方法・ブランド別',
    note: '端末が答えた方法とブランドです。端末が答えなかったときは、窓口で選んだものです。',
    ...table,
  };
}

/** What came in, less what went back, per item and its name at the sale. */
export function itemSection(lines: readonly LineSum[], names: Names): Section {
  const words = ['歳入科目', '窓口', '項目', '単位'].map(text);
  const table = tabulate([...words, ...LINE_COLUMNS], lines.filter(isIncome), {
    keyOf: ({ account, window, code, nameJa, unit }) => JSON.stringify([account, window, code, nameJa, unit]),
    describe: ({ account, window, code, nameJa, unit }) => ({
      cells: [account, names.window(window), nameJa, unit],
      filter: { account, window, code, nameJa, unit },
    }),
    measure: measureLines,
    largestBy: NET,
  });
  const note = '名前が変わった項目は、名前ごとに分かれます。';
  return { id: 'items', titleJa: '項目別', note, ...table };
}

/** 歳入科目 × 窓口 × 項目 × 税区分 × 方法 × ブランド: everything that the others add up. */
export function detailSection(lines: readonly LineSum[], names: Names): Section {
  const sorted = lines.filter(isIncome).toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  const words = ['歳入科目', '窓口', '項目', '税区分', '方法', 'ブランド'].map(text);
  const table = tabulate([...words, ...LINE_COLUMNS], sorted, {
    keyOf: orderOf,
    describe: ({ account, window, code, nameJa, tax, method, brand }) => ({
      cells: [
        account,
        names.window(window),
        nameJa,
        names.tax(tax),
        names.method(method),
        names.brand(brand),
      ],
      filter: method === null ? null : { account, window, code, nameJa, tax, ways: [{ method, brand }] },
    }),
    measure: measureLines,
  });
  return { id: 'detail', titleJa: '内訳', note: '', ...table };
}

const orderOf = ({ account, window, code, nameJa, tax, method, brand }: LineSum): string =>
  JSON.stringify([account, window, code, nameJa, tax, method, brand]);

/** The days of a month, the months of a year; undefined: the report is of one day. */
export function timeSection(payments: readonly PaymentSum[], { kind }: Period): Section | undefined {
  if (kind === 'day') return undefined;
  const income = payments
    .filter(ofEntries('sale', 'void', 'refund'))
    .toSorted((a, b) => (a.day < b.day ? -1 : 1));
  const bucketOf = (day: string): string => (kind === 'month' ? day : day.slice(0, 7));
  const spanOf = (day: string): LineFilter => {
    const { from, until } = periodOf(kind === 'month' ? 'day' : 'month', day);
    return { from, until };
  };
  const days = kind === 'month' ? [date('日付'), era('和暦')] : [text('月'), text('和暦')];
  const table = tabulate([...days, ...PAYMENT_COLUMNS], income, {
    keyOf: ({ day }) => bucketOf(day),
    describe: ({ day }) => ({
      cells: kind === 'month' ? [day, eraDate(day)] : [bucketOf(day), eraMonth(day)],
      filter: spanOf(day),
    }),
    measure: measurePayments,
  });
  return {
    id: 'time',
    titleJa: kind === 'month' ? '日別' : '月別',
    note: '窓口の日付です。あとから「支払済」と確かめられたものは、確かめた日に入ります。',
    ...table,
  };
}

/** Comparable with the closing slips of each counter. */
export function counterSection(counters: readonly CounterSum[]): Section {
  const income = counters
    .filter(ofEntries('sale', 'void', 'refund'))
    .toSorted((a, b) => (a.counter < b.counter ? -1 : 1));
  const table = tabulate([text('カウンター'), ...PAYMENT_COLUMNS], income, {
    keyOf: ({ counter }) => counter,
    describe: ({ counter }) => ({ cells: [counter], filter: { counter } }),
    measure: measurePayments,
  });
  return {
    id: 'counters',
    titleJa: 'カウンター別',
    note: '',
    ...table,
  };
}
