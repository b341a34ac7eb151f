/** The sections of what is in no cashless total: corrections, cash, exemptions, tax, and what nobody knows. Pure. */
import { taxWithin } from '../fees/tax.ts';
import type { Names } from './names.ts';
import { figure, ofEntries, sumOf, tabulate, text, yen } from './rows.ts';
import { INCOME, type Column, type LineSum, type PaymentSum, type Section } from './view.ts';

const quantityAndYen = (some: readonly LineSum[]): number[] => [
  sumOf(some, ({ quantity }) => quantity),
  sumOf(some, ({ amountYen }) => amountYen),
];

/** Items exchanged by two people: what was taken from one account is put to another. */
export function correctionSection(lines: readonly LineSum[], names: Names): Section {
  return {
    id: 'corrections',
    titleJa: '訂正（お金は動いていない）',
    note: '項目を打ち直した記録です。減らした科目と増やした科目の合計は 0円になります。',
    ...itemTable('correction', lines, names),
  };
}

/** 現金: taken in the city's own till, and only counted here. */
export function cashSection(lines: readonly LineSum[], names: Names): Section {
  return {
    id: 'cash',
    titleJa: '現金（件数を数えたもの）',
    note: '窓口で数えただけで、キャッシュレスの合計には入りません。現金の出納は、市の現金の帳簿によります。',
    ...itemTable('cash', lines, names),
  };
}

function itemTable(entry: 'correction' | 'cash', lines: readonly LineSum[], names: Names) {
  const columns = [
    ...['歳入科目', '窓口', '項目'].map(text),
    figure('数量', 'quantity', { entries: [entry] }),
    figure('金額', 'amountYen', { entries: [entry] }),
  ];
  return tabulate(columns, lines.filter(ofEntries(entry)), {
    keyOf: ({ account, window, code, nameJa }) => JSON.stringify([account, window, code, nameJa]),
    describe: ({ account, window, code, nameJa }) => ({
      cells: [account, names.window(window), nameJa],
      filter: { account, window, code, nameJa },
    }),
    measure: quantityAndYen,
    isZeroHidden: true,
    largestBy: 1,
  });
}

/** 減免・免除・公用, by ground; what a void or refund took back is taken away on its own day. */
export function exemptionSection(lines: readonly LineSum[], names: Names): Section {
  const entries = [...INCOME, 'cash', 'nothing'] as const;
  const known = ofEntries(...entries);
  const columns = [
    ...['区分', '理由', '窓口', '項目'].map(text),
    figure('数量', 'quantity', { entries, isExempt: true }),
    figure('免除した額', 'waivedYen', { entries, isExempt: true }),
  ];
  const table = tabulate(
    columns,
    lines.filter((line) => line.ground !== null && known(line)),
    {
      keyOf: ({ ground, window, code, nameJa }) => JSON.stringify([ground, window, code, nameJa]),
      describe: ({ ground, groundKind, window, code, nameJa }) => ({
        cells: [names.groundKind(groundKind), names.ground(ground ?? ''), names.window(window), nameJa],
        filter: { ground: ground ?? '', window, code, nameJa },
      }),
      measure: (some) => [sumOf(some, ({ quantity }) => quantity), sumOf(some, ({ waivedYen }) => waivedYen)],
      largestBy: 1,
    },
  );
  return {
    id: 'exemptions',
    titleJa: '減免・免除・公用',
    note: '受け取っていない額です。どの収納の合計にも入りません。',
    ...table,
  };
}

/** The tax in what was taken, once per rate for the whole span: not the sum of the slips' taxes. */
export function taxSection(lines: readonly LineSum[], names: Names): Section {
  const charged = lines.filter(ofEntries(...INCOME, 'cash')).filter(({ amountYen }) => amountYen !== 0);
  const yenOf = (some: readonly LineSum[]): [cashless: number, cash: number] => [
    sumOf(some.filter(ofEntries(...INCOME)), ({ amountYen }) => amountYen),
    sumOf(some.filter(ofEntries('cash')), ({ amountYen }) => amountYen),
  ];
  const rows = [...Map.groupBy(charged, ({ tax }) => tax)].map(([tax, some]) => {
    const [cashless, cash] = yenOf(some);
    return {
      cells: [names.tax(tax), cashless, taxWithin(tax, cashless), cash, taxWithin(tax, cash)],
      filter: { tax },
    };
  });
  const [cashless, cash] = yenOf(charged);
  const columns: Column[] = [
    text('税区分'),
    figure('キャッシュレス（税込）', 'amountYen', { entries: INCOME }),
    yen('うち消費税'),
    figure('現金（税込）', 'amountYen', { entries: ['cash'] }),
    yen('うち消費税'),
  ];
  return {
    id: 'tax',
    titleJa: '消費税',
    note: '期間の合計から税率ごとに1回だけ計算し、1円未満を切り捨てています。利用明細1枚ごとの税額の合計とは、少し違うことがあります。',
    columns,
    rows: rows.sort((a, b) => String(a.cells[0]).localeCompare(String(b.cells[0]), 'ja')),
    total: { cells: ['合計', cashless, null, cash, null], filter: {} },
  };
}

/** Nobody knows yet whether the money moved. */
export function unknownSection(payments: readonly PaymentSum[], names: Names): Section {
  const measure = (some: readonly PaymentSum[]): number[] =>
    (['unknown_sale', 'unknown_return'] as const).flatMap((entry) => {
      const those = some.filter(ofEntries(entry));
      return [sumOf(those, (row) => row.count), sumOf(those, (row) => row.amountYen)];
    });
  const columns = [
    text('窓口'),
    figure('売上 件数', 'payments', { entries: ['unknown_sale'] }),
    figure('売上', 'amountYen', { entries: ['unknown_sale'] }),
    figure('取消・返金 件数', 'payments', { entries: ['unknown_return'] }),
    figure('取消・返金', 'amountYen', { entries: ['unknown_return'] }),
  ];
  const table = tabulate(columns, payments.filter(ofEntries('unknown_sale', 'unknown_return')), {
    keyOf: ({ window }) => window,
    describe: ({ window }) => ({ cells: [names.window(window)], filter: { window } }),
    measure,
    largestBy: 1,
  });
  return {
    id: 'unknown',
    titleJa: '結果不明（合計に入らない）',
    note: 'お金が動いたかどうか、まだ分からない支払いです。分かった日の合計に入ります。',
    ...table,
    rows: table.rows.map((row) => ({ ...row, isTodo: true })),
  };
}
