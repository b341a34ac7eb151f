/** The sections of what others say: terminals, providers, bank, and what accounting pays back itself. Pure. */
import { LINE_STATUS_NAMES, SETTLEMENT_STATUS_NAMES } from '../reconcile/books/words.ts';
import type { Beside, ComparedDay, SettledSales } from './beside.ts';
import type { ExpectedDeposit } from './expected.ts';
import type { Names } from './names.ts';
import { shortFiscalYear, type Period } from './periods.ts';
import { codes, count, date, figure, sumOf, text, totalRow, yen } from './rows.ts';
import { INCOME, type LineFilter, type Section } from './view.ts';

const DAY_NAMES: Record<ComparedDay['status'], string> = {
  matched: '一致',
  explained: '差の理由は分かっている',
  different: '差あり',
  open_unknown: '結果不明などが残る',
};

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
      yen('窓口の記録'),
      yen('端末の合計'),
      yen('差'),
      yen('うち説明できない差'),
      text('結果'),
    ],
    rows: shown.map((day) => ({
      cells: [
        ...[day.businessDate, day.counter, day.oursYen, day.theirsYen, day.differenceYen, day.unexplainedYen],
        DAY_NAMES[day.status],
      ],
      filter: null,
      isTodo: day.status === 'different',
    })),
    total: totalRow(2, [
      sumOf(shown, ({ oursYen }) => oursYen),
      sumOf(shown, ({ theirsYen }) => theirsYen),
      sumOf(shown, ({ differenceYen }) => differenceYen),
      sumOf(shown, ({ unexplainedYen }) => unexplainedYen ?? 0),
      null,
    ]),
  };
}

export function providerSection({ providers }: Beside, names: Names): Section {
  return {
    id: 'providers',
    titleJa: '決済会社の明細との差',
    note: '窓口の記録と明細が一致した行は並べていません。明細待ちは、期限内なら差ではありません。',
    columns: [
      ...[text('決済会社'), text('結果'), count('件数')],
      figure('窓口の記録', 'amountYen', { entries: INCOME }),
      ...[yen('明細'), yen('差')],
    ],
    rows: providers.map((row) => ({
      cells: [
        ...[names.acquirer(row.acquirer), LINE_STATUS_NAMES[row.status], row.count],
        ...[row.oursYen, row.theirsYen, row.theirsYen - row.oursYen],
      ],
      filter: { match: { acquirer: row.acquirer, status: row.status } },
      isTodo: row.status !== 'awaited' && row.status !== 'timing',
    })),
    total: {
      ...totalRow(2, [
        sumOf(providers, (row) => row.count),
        sumOf(providers, ({ oursYen }) => oursYen),
        sumOf(providers, ({ theirsYen }) => theirsYen),
        sumOf(providers, ({ oursYen, theirsYen }) => theirsYen - oursYen),
      ]),
      filter: null,
    },
  };
}

export function expectedSection(expected: readonly ExpectedDeposit[], names: Names): Section {
  return {
    id: 'expected',
    titleJa: '入金の予定',
    note: 'この期間の収納（差引）が、登録された締めと支払いの周期で入る日です。決済手数料を引く前の額です。',
    columns: [
      text('決済会社'),
      date('入金予定日'),
      ...[date('対象の最初の日'), date('対象の最後の日')],
      figure('収納（差引）', 'amountYen', { entries: INCOME }),
    ],
    rows: expected.map((row) => ({
      cells: [
        row.acquirer === null ? '（決済会社の登録なし）' : names.acquirer(row.acquirer),
        ...[row.paysOn, row.from, row.until, row.amountYen],
      ],
      filter: filterOf(row),
      isTodo: row.acquirer === null,
    })),
    total: totalRow(4, [sumOf(expected, ({ amountYen }) => amountYen)]),
  };
}

/** Null where an acquirer is declared for single counters: what is left for the others is no filter of lines. */
function filterOf({ ways, from, until }: ExpectedDeposit): LineFilter | null {
  if (ways.some(({ counter }) => counter !== '*')) return null;
  return {
    from,
    until,
    ways: ways.flatMap(({ method, brand }) => (method === null ? [] : [{ method, brand }])),
  };
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
      ...[yen('売上（差引）'), yen('手数料'), yen('入る額'), yen('入った額'), yen('差')],
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
      filter: null,
      isTodo: !['matched', 'deposit_awaited', 'statement_awaited'].includes(each.status),
    })),
    total: totalRow(isMixed ? 5 : 4, [
      sumOf(settlements, ({ grossYen }) => grossYen),
      sumOf(settlements, ({ feeYen }) => feeYen),
      sumOf(settlements, ({ netYen }) => netYen),
      sumOf(settlements, ({ depositedYen }) => depositedYen),
      null,
      null,
    ]),
  };
}

const WAY_NAMES = { cash: '現金で返した', transfer: '振込で返した', withdrawn: '取り下げ' } as const;

export function refundSection({ refunds }: Beside, names: Names): Section {
  return {
    id: 'refunds',
    titleJa: '会計課からの返金',
    note: '窓口で申し出を受け、会計課が払うものです。端末の合計にも、上の収納にも入りません。期間の中で申し出があったか、払ったか、取り下げたものです。',
    columns: [
      ...[date('申し出の日'), text('カウンター'), text('もとの伝票'), text('窓口')],
      ...[yen('金額'), text('状態'), date('払った日・取り下げた日')],
    ],
    rows: refunds.map((row) => ({
      cells: [
        ...[row.requestedOn, row.counter, String(row.number).padStart(6, '0'), names.window(row.window)],
        ...[row.amountYen, row.way === null ? 'まだ払っていない' : WAY_NAMES[row.way], row.endedOn],
      ],
      filter: null,
      isTodo: row.way === null,
    })),
    total: null,
  };
}
