/**
 * The end of a fiscal year (年度末): its income is the old year's whenever its money comes. What comes in April and May,
 * in 出納整理期間 (地方自治法 235条の5: the accounts close on 31 May), and what comes later, stands apart. Pure.
 */
import { filterOf, type ExpectedDeposit } from './expected.ts';
import type { Names } from './names.ts';
import type { Period } from './periods.ts';
import { date, figure, sumOf, text, totalRow } from './rows.ts';
import { lateNote } from './settled.ts';
import { INCOME, type Section } from './view.ts';

const WHEN = {
  within: '年度内',
  adjusting: '出納整理期間（4・5月）',
  later: '6月以降',
  unknown: '入金日の登録なし',
} as const;
type When = keyof typeof WHEN;

/** 31 May after the year's end. */
const accountsClose = ({ until }: Period): string => `${until.slice(0, 4)}-05-31`;

function whenOf({ paysOn }: ExpectedDeposit, period: Period): When {
  if (paysOn === null) return 'unknown';
  if (paysOn <= period.until) return 'within';
  return paysOn <= accountsClose(period) ? 'adjusting' : 'later';
}

/** Of a year: by acquirer, when its income comes in. Undefined: the report is of less than a year. */
export function yearEndSection(
  expected: readonly ExpectedDeposit[],
  { period, incomeYen, names }: { period: Period; incomeYen: number; names: Names },
): Section | undefined {
  if (period.kind !== 'year') return undefined;
  const groups = Map.groupBy(expected, (each) => `${each.acquirer ?? '~'} ${whenOf(each, period)}`);
  const rows = [...groups.values()].map((group) => {
    const [first] = group as [ExpectedDeposit];
    const when = whenOf(first, period);
    const paid = group.flatMap(({ paysOn }) => paysOn ?? []).sort();
    return {
      cells: [
        first.acquirer === null ? '（決済会社の登録なし）' : names.acquirer(first.acquirer),
        WHEN[when],
        paid[0] ?? null,
        paid.at(-1) ?? null,
        sumOf(group, ({ amountYen }) => amountYen),
      ],
      filter: filterOf(group),
      isTodo: when === 'later' || when === 'unknown',
    };
  });
  return {
    id: 'year_end',
    titleJa: '年度末の入金',
    note: `3月31日までに窓口で受けたものは、入金が出納整理期間でも${period.nameJa}の歳入です。6月以降に入るものは、受け入れる年度を会計課で確かめてください。決済手数料を引く前の額です。${lateNote(expected, incomeYen)}`,
    columns: [
      text('決済会社'),
      text('入る時期'),
      date('最初の入金予定日'),
      date('最後の入金予定日'),
      figure('収納（差引）', 'amountYen', { entries: INCOME }),
    ],
    rows,
    total: {
      ...totalRow(4, [sumOf(expected, ({ amountYen }) => amountYen)]),
      filter: { byBusinessDate: true },
    },
  };
}
