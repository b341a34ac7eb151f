/** What a report was made from, in sentences that are printed with it. Pure. */
import type { Beside } from './beside.ts';
import { eraDate, eraInstant, type Period } from './periods.ts';
import { ofEntries, sumOf, text, yenJa } from './rows.ts';
import { INCOME, type LineSum, type Origin, type PaymentSum, type Section } from './view.ts';

/** So many counters' days are named; of more, only how many. */
const NAMED = 5;

/** 地方自治法施行令 165条の7 and 165条の8: from the income itself until its accounts close, later as an expenditure. */
const RETURNED_FROM =
  '取消・返金は、5月31日（出納閉鎖）までは売上の年度の歳入から、6月からはその時の年度の歳出から戻します。年度の所属を会計課で確かめてください。';

interface MadeOf {
  period: Period;
  today: string;
  payments: readonly PaymentSum[];
  lines: readonly LineSum[];
  beside: Beside;
}

/** Whatever keeps the figures from being final, or from being whole. Empty: nothing does. */
export function warningsOf(
  { period, today, payments, lines, beside }: MadeOf,
  book: Origin['book'],
): string[] {
  const { unclosed, uncompared, quarantined, late, otherDays } = beside.open;
  const unknown = sumOf(payments.filter(ofEntries('unknown_sale', 'unknown_return')), ({ count }) => count);
  const remainder = remainderOf(payments, lines);
  return [
    book === 'live' ? '' : '試用・訓練の記録です。実際の支払いではありません。',
    remainder === 0
      ? ''
      : `支払いの合計と明細の行の合計が ${yenJa(remainder)} 違います。この帳票を使わず、管理者に連絡してください。`,
    period.from > today ? `${period.nameJa}は、まだ来ていません。` : '',
    period.from <= today && today <= period.until
      ? `${eraDate(today)}は、まだ終わっていません。作成のときまでに市の記録に届いた分です。`
      : '',
    ...named(
      unclosed,
      ({ counter, businessDate, count }) =>
        `カウンター ${counter} の ${eraDate(businessDate)}の支払い ${String(count)}件は、まだ締めていません。`,
      (others) => `ほかに ${others}日・カウンター分の支払いを、まだ締めていません。`,
    ),
    ...named(
      uncompared,
      ({ counter, businessDate }) =>
        `カウンター ${counter} の ${eraDate(businessDate)}の締めは、まだ端末の合計と突合していません。`,
      (others) => `ほかに ${others}日・カウンター分の締めを、まだ突合していません。`,
    ),
    unknown === 0 ? '' : `結果不明の支払い ${String(unknown)}件は、合計に入っていません。`,
    quarantined.length === 0
      ? ''
      : `カウンター ${quarantined.join('・')} に、分けて置かれた記録があります。その支払いは入っていません。`,
    late.count === 0
      ? ''
      : `前の日に受け、あとから「支払済」と確かめられた支払い ${String(late.count)}件 ${yenJa(late.amountYen)}が、確かめた日に入っています。`,
    late.otherYear === 0
      ? ''
      : `そのうち ${String(late.otherYear)}件 ${yenJa(late.otherYearYen)}は、窓口の日付が前の年度です。年度の所属を会計課で確かめてください。`,
    otherDays.ofEarlier === 0
      ? ''
      : `前の日の売上の取消・返金・訂正 ${String(otherDays.ofEarlier)}件 ${yenJa(otherDays.earlierYen)}が、行った日としてここに入っています。`,
    otherDays.ofEarlierYear === 0
      ? ''
      : `そのうち ${String(otherDays.ofEarlierYear)}件 ${yenJa(otherDays.earlierYearYen)}は、前の年度の売上です。${RETURNED_FROM}`,
    otherDays.isLater === 0
      ? ''
      : `ここの売上のうち ${String(otherDays.isLater)}件は、あとの日に取消・返金・訂正（${yenJa(otherDays.laterYen)}）をしました。その分は、行った日の帳票に入っています。`,
    otherDays.isLaterYear === 0
      ? ''
      : `そのうち ${String(otherDays.isLaterYear)}件 ${yenJa(otherDays.laterYearYen)}は、次の年度になってからです。${RETURNED_FROM}`,
  ].filter((sentence) => sentence !== '');
}

/** A sentence each of the first, and one of how many others there are. */
function named<T>(some: readonly T[], sentenceOf: (each: T) => string, others: (count: string) => string) {
  const rest = some.length - NAMED;
  return [...some.slice(0, NAMED).map(sentenceOf), ...(rest > 0 ? [others(String(rest))] : [])];
}

/** How many counters' days agree with the terminals' totals, of those that were compared: a day without a row differs in nothing. */
export function comparedJa({ days }: Pick<Beside, 'days'>): string {
  const matched = days.filter(({ status }) => status === 'matched').length;
  if (days.length === 0) return 'この期間に、端末の合計と突合した締めはありません。';
  return `${String(days.length)}日・窓口分のうち ${String(matched)}日・窓口分が、端末の合計と1円まで一致しています。`;
}

/** Payments less their lines: anything but 0 is a fault of ours, and is said. */
function remainderOf(payments: readonly PaymentSum[], lines: readonly LineSum[]): number {
  const every = ofEntries(...INCOME, 'cash', 'unknown_sale', 'unknown_return');
  const yenOf = (some: readonly { entry: LineSum['entry']; amountYen: number }[]): number =>
    sumOf(some.filter(every), ({ amountYen }) => amountYen);
  return yenOf(payments) - yenOf(lines);
}

/** The page that every file ends with. */
export function originSection(origin: Origin, period: Period): Section {
  const facts: [string, string][] = [
    ['自治体', `${origin.municipalityName}（${origin.municipality}）`],
    ['帳票', `${period.titleJa}　${period.nameJa}`],
    ['期間', `${period.from} から ${period.until} まで（窓口の日付）`],
    ['作成', `${eraInstant(origin.madeAt)}　${origin.madeBy}`],
    ...(origin.warnings.length === 0
      ? ([['状態', '締めていない窓口も、突合していない締めも、結果不明も、ありません。']] satisfies [
          string,
          string,
        ][])
      : origin.warnings.map((sentence): [string, string] => ['注意', sentence])),
    ['端末との突合', origin.compared],
    ...origin.counters.map(({ counter, arrivedAt }): [string, string] => [
      `カウンター ${counter}`,
      arrivedAt === null
        ? '記録はまだ届いていません。'
        : `${eraInstant(arrivedAt)} までの記録が届いています。`,
    ]),
  ];
  return {
    id: 'origin',
    titleJa: 'この帳票のもと',
    note: '',
    columns: [text('項目'), text('内容')],
    rows: facts.map((cells) => ({ cells, filter: null })),
    total: null,
  };
}
