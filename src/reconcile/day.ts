/** A counter's whole day: its terminals' comparisons put together, and said in words. Pure. */
import { addUp, type Sum } from '../sum.ts';
import { compareTotals, isDifferent, isEmpty, sumOf, type ComparedPayment } from './compare.ts';
import {
  explainSpan,
  notesOnOtherDays,
  notesOnReturns,
  type DoubtfulSpan,
  type Explanation,
} from './explain.ts';
import type { Uncompared } from './spans.ts';
import type { ReconciliationRow, ReconciliationView } from './view.ts';

export interface DayKey {
  municipality: string;
  counter: string;
  businessDate: string;
}

/** The result as it is stored; version and time are the row's own. */
export type DayResult = Omit<ReconciliationView, 'version' | 'at' | 'closings'> & {
  /** The operations that our sums are made of: what a report's figure is looked into by. */
  compared: string[];
};

/** What no totals stand beside; the terminals by their names. */
interface LeftOut {
  /** The terminals that the day was closed without. */
  lost: readonly string[];
  /** What was taken on a device after its last reading. */
  uncompared: readonly Uncompared[];
}

/**
 * The result of one counter and day. Pure. @param spans what each terminal counted between two readings, beside what
 * we have of it
 */
export function reconcileSpans(
  key: DayKey,
  spans: readonly DoubtfulSpan[],
  { lost, uncompared }: LeftOut = { lost: [], uncompared: [] },
): DayResult {
  const compared = spans.map((span) => {
    const { rows, restarted, counted } = compareTotals(span);
    const explanation = explainSpan(span, rows);
    return { span, rows: rows.map(markedBy(explanation)), restarted, counted, explanation };
  });
  const rows = compared.flatMap((each) => each.rows);
  const payments = spans.flatMap((span) => span.payments);
  const leftOut = uncompared.flatMap((each) => each.payments);
  const paid = payments.filter(({ state }) => state === 'approved');
  // Armed and not ended when the totals were read: nobody knows yet, just as with an unknown.
  const unknown = [...payments, ...leftOut].filter(({ state }) => state === 'unknown' || state === 'armed');
  const contradicted = payments.filter((payment) => payment.contradicted);
  const differing = rows.filter(isDifferent);
  const toExplain = differing.filter(({ isExplained }) => isExplained !== true);
  const gone = uncompared.filter(({ because }) => because !== 'lost');
  const ours = addUp(rows.map((row) => row.ours));
  const theirs = addUp(rows.map((row) => row.theirs));
  const facts: Facts = {
    businessDate: key.businessDate,
    ours,
    theirs,
    differenceYen: theirs.amountYen - ours.amountYen,
    unexplainedYen: compared.reduce((sum, { explanation }) => sum + explanation.unexplainedYen, 0),
    unknown: { ...sumOf(unknown), count: unknown.length },
    carried: sumOf(paid.filter(({ businessDate }) => businessDate < key.businessDate)),
    uncompared: sumOf(leftOut.filter(({ state }) => state === 'approved')),
    tasks: toExplain.length + unknown.length + contradicted.length + lost.length + gone.length,
    status:
      toExplain.length > 0
        ? 'different'
        : unknown.length + lost.length + uncompared.length > 0
          ? 'open_unknown'
          : differing.length > 0
            ? 'explained'
            : 'matched',
  };
  return {
    ...key,
    ...facts,
    sentence: describe(facts, lost, differing.length > 0),
    notes: [
      ...compared.flatMap(({ explanation }) => notesOnDifference(explanation)),
      ...compared.flatMap(({ span, restarted }) => notesOnTerminal(span, restarted)),
      ...notesOnLeftOut({ lost, uncompared }),
      ...notesOnOtherDays(spans, key.businessDate),
      ...notesOnDay(contradicted.length),
      ...notesOnReturns(spans),
    ],
    rows,
    compared: compared.flatMap(({ counted }) => counted.map(({ id }) => id)),
    byMethod: byMethod(paid),
  };
}

const markedBy =
  ({ isKnown }: Explanation) =>
  (row: ReconciliationRow): ReconciliationRow =>
    isKnown === true && isDifferent(row) ? { ...row, isExplained: true } : row;

type Facts = Pick<
  DayResult,
  | 'businessDate'
  | 'ours'
  | 'theirs'
  | 'differenceYen'
  | 'unexplainedYen'
  | 'unknown'
  | 'carried'
  | 'uncompared'
  | 'tasks'
  | 'status'
>;

function describe(facts: Facts, lost: readonly string[], differs: boolean): string {
  const { businessDate, ours, theirs, differenceYen, unknown, tasks, status } = facts;
  const end = `要対応 ${tasks}件。`;
  const day = dateJa(businessDate);
  const gone = lost.length === 0 ? '' : `${lost.join('・')} は紛失・交換中で、比べていません。`;
  const uncompared = facts.uncompared ?? { count: 0, amountYen: 0 };
  const left = isEmpty(uncompared) ? '' : `比べていない支払い ${sumJa(uncompared)}。`;
  const open = `${unknown.count === 0 ? '' : `結果不明 ${sumJa(unknown)}。`}${gone}${left}`;
  if (lost.length > 0 && ours.count === 0 && theirs.count === 0) return `${day} ${open}${end}`;
  if (!differs) return `${day} ${sumJa(ours)}、端末と1円まで一致。${open}${end}`;
  const difference =
    differenceYen === 0
      ? status === 'different'
        ? '合計は同じですが内訳が違います'
        : '端末ごとの差'
      : `差 ${differenceYen > 0 ? '+' : '−'}${yenJa(Math.abs(differenceYen))}`;
  const known =
    status === 'different' ? '' : 'は、あとから支払済みと分かった支払いの分です（説明できない差 0円）';
  return `${day} 記録 ${sumJa(ours)}、端末 ${sumJa(theirs)}、${difference}${known}。${open}${end}`;
}

/** Why it differs, as far as the record says. */
function notesOnDifference({ sentences, payments, isKnown }: Explanation): string[] {
  if (payments.length === 0 || isKnown === true) return sentences;
  return [...sentences, '確かめられるまで、一致とはしません。'];
}

const BECAUSE = {
  lost: '紛失・交換中で合計を読めないため',
  replaced: '合計を読む前に端末が替わったため',
  settled: '合計を読む前に端末が自分で日計をしたため',
} as const;

/** A yen that is compared with nothing is named, with the reason. */
function notesOnLeftOut({ lost, uncompared }: LeftOut): string[] {
  const named = uncompared.map(({ terminal, because, payments }) => {
    const sum = sumJa(sumOf(payments.filter(({ state }) => state === 'approved')));
    return `${terminal} で受けた ${sum}は、${BECAUSE[because]}、端末の合計と比べていません。決済会社の明細で確かめてください。`;
  });
  const empty = lost.filter((terminal) => uncompared.every((each) => each.terminal !== terminal));
  return [
    ...named,
    ...empty.map(
      (terminal) =>
        `${terminal} は${BECAUSE.lost}、端末の合計と比べていません。前の合計のあとに受けた支払いの記録はありません。`,
    ),
  ];
}

function notesOnTerminal({ terminal, base, end }: DoubtfulSpan, restarted: boolean): string[] {
  const notes: string[] = [];
  if (restarted) {
    notes.push(
      `${terminal} は前の締めのあとに日計をしています。端末の合計は日計より後だけのため、差がある場合は日計の控えと合わせて確かめてください。`,
    );
  }
  if (base === null) notes.push(`${terminal} には前の合計の記録がないため、0円から比べました。`);
  const rowsYen = end.rows.reduce((sum, { amountYen }) => sum + amountYen, 0);
  if (rowsYen !== end.totalYen) {
    notes.push(
      `${terminal} の内訳の合計（${yenJa(rowsYen)}）が、端末の総合計（${yenJa(end.totalYen)}）と合いません。`,
    );
  }
  return notes;
}

function notesOnDay(contradicted: number): string[] {
  const notes: string[] = [];
  if (contradicted > 0) {
    notes.push(`証拠が食い違う支払いが ${contradicted}件あります。当日一覧で内容を確かめてください。`);
  }
  return notes;
}

function byMethod(paid: readonly ComparedPayment[]): DayResult['byMethod'] {
  const groups = Map.groupBy(paid, ({ method, brand }) => `${method} ${brand ?? ''}`);
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, group]) => {
      const [first] = group;
      return first === undefined ? [] : [{ method: first.method, brand: first.brand, ...sumOf(group) }];
    });
}

const WEEKDAYS = '日月火水木金土';

/** `2026年11月20日(金)`: with its year, because a result is kept and read in later ones. */
export function dateJa(businessDate: string): string {
  const date = new Date(`${businessDate}T00:00:00Z`);
  return `${date.getUTCFullYear()}年${date.getUTCMonth() + 1}月${date.getUTCDate()}日(${WEEKDAYS[date.getUTCDay()] ?? ''})`;
}

/** `83件 41,200円` */
export function sumJa({ count, amountYen }: Sum): string {
  return `${count.toLocaleString('ja-JP')}件 ${yenJa(amountYen)}`;
}

export function yenJa(amountYen: number): string {
  return `${amountYen.toLocaleString('ja-JP')}円`;
}
