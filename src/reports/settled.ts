/** The sections of what others say: terminals, providers, bank, and what accounting pays back itself. Pure. */
import { LINE_STATUS_NAMES, SETTLEMENT_STATUS_NAMES } from '../reconcile/books/words.ts';
import type { Beside, ComparedDay, SettledSales } from './beside.ts';
import { filterOf, type ExpectedDeposit } from './expected.ts';
import type { Names } from './names.ts';
import { shortFiscalYear, type Period } from './periods.ts';
import { codes, date, figure, sumOf, text, toldCount, toldYen, totalRow, yenJa } from './rows.ts';
import { INCOME, type Row, type Section, type Told } from './view.ts';

const DAY_NAMES: Record<ComparedDay['status'], string> = {
  matched: '一致',
  explained: '差の理由は分かっている',
  different: '差あり',
  open_unknown: '結果不明などが残る',
};

/** 合計 of figures of another book. */
const toldTotal = (told: Told, total: Row): Row => ({ ...total, filter: { told } });

/** The days whose terminal totals are not ours. */
export function terminalSection({ days }: Beside): Section {
  const shown = days.filter(({ status }) => status !== 'matched');
  const matched = days.length - shown.length;
  return {
    id: 'terminals',
    titleJa: '端末との差',
    note: `窓口の締めで読んだ端末の合計との突合です。端末と1円まで一致した日は ${String(matched)}日・窓口分で、ここには並べていません。`,
    columns: [
      date('日付'),
      text('カウンター'),
      toldYen('窓口の記録', 'ours'),
      toldYen('端末の合計', 'theirs'),
      toldYen('差', 'difference'),
      toldYen('うち 説明できない差', 'unexplained'),
      ...[text('結果'), text('わけ')],
    ],
    rows: shown.map((day) => ({
      cells: [
        ...[day.businessDate, day.counter, day.oursYen, day.theirsYen, day.differenceYen, day.unexplainedYen],
        ...[DAY_NAMES[day.status], reasonOf(day)],
      ],
      filter: { told: { of: 'terminals', counter: day.counter, businessDate: day.businessDate } },
      isTodo: day.status === 'different',
    })),
    total: toldTotal(
      { of: 'terminals' },
      totalRow(2, [
        sumOf(shown, ({ oursYen }) => oursYen),
        sumOf(shown, ({ theirsYen }) => theirsYen),
        sumOf(shown, ({ differenceYen }) => differenceYen),
        sumOf(shown, ({ unexplainedYen }) => unexplainedYen ?? 0),
        ...[null, null],
      ]),
    ),
  };
}

const reasonOf = ({ unknown, notes }: ComparedDay): string =>
  [unknown.count === 0 ? '' : `結果不明 ${String(unknown.count)}件 ${yenJa(unknown.amountYen)}。`, ...notes]
    .filter((sentence) => sentence !== '')
    .join('　');

/** What acquirers' statements say, where it is not what we have. */
export function providerSection({ providers }: Beside, names: Names): Section {
  return {
    id: 'providers',
    titleJa: '決済会社の明細との差',
    note: '窓口の記録と明細が一致した行は並べていません。明細待ちは、期限内なら差ではありません。',
    columns: [
      ...[text('決済会社'), text('結果'), toldCount('件数', 'rows')],
      ...[toldYen('窓口の記録', 'ours'), toldYen('明細', 'theirs'), toldYen('差', 'difference')],
    ],
    rows: providers.map((row) => ({
      cells: [
        ...[names.acquirer(row.acquirer), LINE_STATUS_NAMES[row.status], row.count],
        ...[row.oursYen, row.theirsYen, row.theirsYen - row.oursYen],
      ],
      filter: { told: { of: 'matches', acquirer: row.acquirer, status: row.status } },
      isTodo: row.status !== 'awaited' && row.status !== 'timing',
    })),
    total: toldTotal(
      { of: 'matches' },
      totalRow(2, [
        sumOf(providers, (row) => row.count),
        sumOf(providers, ({ oursYen }) => oursYen),
        sumOf(providers, ({ theirsYen }) => theirsYen),
        sumOf(providers, ({ oursYen, theirsYen }) => theirsYen - oursYen),
      ]),
    ),
  };
}

/** @param incomeYen 差引 of the report: what was found later counts in another period than the one that pays it */
export function expectedSection(
  expected: readonly ExpectedDeposit[],
  incomeYen: number,
  names: Names,
): Section {
  return {
    id: 'expected',
    titleJa: '入金の予定',
    note: `窓口の日付がこの期間の支払い（差引）が、登録された締めと支払いの周期で入る日です。決済手数料を引く前の額です。${lateNote(expected, incomeYen)}`,
    columns: [
      text('決済会社'),
      date('入金予定日'),
      ...[date('窓口の最初の日'), date('窓口の最後の日')],
      figure('収納（差引）', 'amountYen', { entries: INCOME }),
    ],
    rows: expected.map((row) => ({
      cells: [
        row.acquirer === null ? '（決済会社の登録なし）' : names.acquirer(row.acquirer),
        ...[row.paysOn, row.from, row.until, row.amountYen],
      ],
      filter: filterOf([row]),
      isTodo: row.acquirer === null,
    })),
    total: {
      ...totalRow(4, [sumOf(expected, ({ amountYen }) => amountYen)]),
      filter: { byBusinessDate: true },
    },
  };
}

/** Empty: the sum is the income of the period. */
export function lateNote(expected: readonly ExpectedDeposit[], incomeYen: number): string {
  const differenceYen = sumOf(expected, ({ amountYen }) => amountYen) - incomeYen;
  return differenceYen === 0
    ? ''
    : `この期間の収納（差引） ${yenJa(incomeYen)}より ${yenJa(Math.abs(differenceYen))}${differenceYen > 0 ? '多い' : '少ない'}のは、あとから「支払済」と確かめた支払いが、収納では確かめた日に、入金では窓口の日に入るためです。`;
}

/** The fiscal years whose income a settlement pays; empty: nobody knows. */
const yearsOf = ({ sales }: SettledSales): string[] =>
  sales === null ? [] : [...new Set([shortFiscalYear(sales.from), shortFiscalYear(sales.until)])];

/** In April and May money of the old year comes in (出納整理期間): then each settlement says whose it is. */
export function depositSection({ settlements }: Beside, names: Names, period: Period): Section {
  const here = shortFiscalYear(period.until);
  const isMixed = settlements.some((each) => yearsOf(each).some((year) => year !== here));
  const year = (each: SettledSales): string[] => (isMixed ? [yearsOf(each).join('、')] : []);
  return {
    id: 'deposits',
    titleJa: '精算と入金',
    note: '入金の予定日か、銀行に入った日がこの期間のものです。前の期間の収納の分も入り、ほかの年度のものがあるときは、収納の年度を示します。手数料は歳出で、収納から引きません。',
    columns: [
      ...[text('決済会社'), codes('精算番号')],
      ...(isMixed ? [codes('年度')] : []),
      ...[date('入金予定日'), date('入金日')],
      ...[toldYen('売上（差引）', 'gross'), toldYen('手数料', 'fee'), toldYen('入る額', 'net')],
      ...[toldYen('入った額', 'received'), toldYen('差', 'difference')],
      text('結果'),
    ],
    rows: settlements.map((each) => ({
      cells: [
        ...[names.acquirer(each.acquirer), each.batches.join('、'), ...year(each)],
        ...[each.due, each.paidOn],
        ...[each.grossYen, each.feeYen, each.netYen, each.depositedYen],
        each.paidOn === null ? null : each.depositedYen - each.netYen,
        SETTLEMENT_STATUS_NAMES[each.status],
      ],
      filter: {
        told: { of: 'settlements', acquirer: each.acquirer, batches: each.batches, deposits: each.deposits },
      },
      isTodo: !['matched', 'deposit_awaited', 'statement_awaited'].includes(each.status),
    })),
    total: toldTotal(
      { of: 'settlements' },
      totalRow(isMixed ? 5 : 4, [
        sumOf(settlements, ({ grossYen }) => grossYen),
        sumOf(settlements, ({ feeYen }) => feeYen),
        sumOf(settlements, ({ netYen }) => netYen),
        sumOf(settlements, ({ depositedYen }) => depositedYen),
        sumOf(
          settlements.filter(({ paidOn }) => paidOn !== null),
          ({ depositedYen, netYen }) => depositedYen - netYen,
        ),
        null,
      ]),
    ),
  };
}

const WAY_NAMES = { cash: '現金で返した', transfer: '振込で返した', withdrawn: '取り下げ' } as const;

/** The refunds that accounting pays out. */
export function refundSection({ refunds }: Beside, names: Names): Section {
  return {
    id: 'refunds',
    titleJa: '会計課からの返金',
    note: '窓口で申し出を受け、会計課が払うものです。端末の合計にも、上の収納にも入りません。期間の中で申し出があったか、払ったか、取り下げたものです。',
    columns: [
      ...[date('申し出の日'), text('カウンター'), text('もとの伝票'), text('窓口')],
      ...[toldYen('金額', 'owed'), text('状態'), date('払った日・取り下げた日')],
    ],
    rows: refunds.map((row) => ({
      cells: [
        ...[row.requestedOn, row.counter, String(row.number).padStart(6, '0'), names.window(row.window)],
        ...[row.amountYen, row.way === null ? 'まだ払っていない' : WAY_NAMES[row.way], row.endedOn],
      ],
      filter: { told: { of: 'refunds', counter: row.counter, refundId: row.refundId } },
      isTodo: row.way === null,
    })),
    total: null,
  };
}
