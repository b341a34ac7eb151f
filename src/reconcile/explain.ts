/**
 * Why a terminal's totals differ from ours, as far as our own record can say. Pure. Only payments that are in doubt can
 * explain anything: those whose result is unknown or was found late, whose evidence contradicts itself, or that were
 * entered by hand. It never confirms one of them; it says which would make up the difference, and which yen nothing does.
 */
import type { Sum } from '../sum.ts';
import type { TotalsGrain } from '../terminal/driver.ts';
import { isEmpty, sumOf, type ComparedPayment, type Span } from './compare.ts';
import type { ReconciliationRow } from './view.ts';

export interface Explanation {
  /** What explains it, each a sentence for a clerk; empty where there is no difference. */
  sentences: string[];
  /** The payments that would make it up. */
  payments: string[];
  /** Theirs less ours that nothing explains; 0 also where there is no difference. Integer yen. */
  unexplainedYen: number;
  /** Count or buckets differ, and nothing explains it. */
  isUnexplained: boolean;
  /**
   * Nothing is left to find out: only these payments make it up, and each has been found paid since. Where there is no
   * difference, too; explanations of before this was told do not say.
   */
  isKnown?: boolean;
}

/** A payment as a clerk knows it. */
export interface DoubtfulPayment extends ComparedPayment {
  number: number;
  byHand: boolean;
  /** Its result was found after the dialogue. */
  late: boolean;
}

interface Doubt {
  payment: DoubtfulPayment;
  /** How the difference changes if it is otherwise than we have it. */
  effect: Sum;
  because: string;
  /** It has been found paid since; there is nothing more to find out about it. */
  isFound: boolean;
}

/** A span with what may be said of its payments. */
export interface DoubtfulSpan extends Span {
  payments: readonly DoubtfulPayment[];
  /**
   * Before it by our record: unknown or found late since, or a slip of the very minute in which it began (a slip tells no
   * seconds). The terminal may have counted them in this one.
   */
  earlier?: readonly DoubtfulPayment[];
}

/** @param rows of the comparison of this span */
export function explainSpan(
  { grain, payments, earlier = [] }: DoubtfulSpan,
  rows: readonly ReconciliationRow[],
): Explanation {
  const isCounted = isCountedBy(grain);
  return explainDifference(rows, payments.filter(isCounted), earlier.filter(isCounted));
}

const isCountedBy =
  ({ leavesOutRefunds }: TotalsGrain) =>
  ({ kind }: ComparedPayment): boolean =>
    kind !== 'refund' || leavesOutRefunds !== true;

/** What the spans hold of other business dates: a terminal's totals run from one 日計 to the next. */
export function notesOnOtherDays(
  spans: readonly Pick<DoubtfulSpan, 'payments'>[],
  businessDate: string,
): string[] {
  const paid = spans.flatMap(({ payments }) => payments.filter(({ state }) => state === 'approved'));
  const note = (words: string, some: readonly DoubtfulPayment[]): string[] => {
    const { count, amountYen } = sumOf(some);
    return some.length === 0
      ? []
      : [`${words} ${count.toLocaleString('ja-JP')}件 ${yenJa(amountYen)}を含みます。`];
  };
  return [
    ...note(
      '前の締めのあとに受けた',
      paid.filter((payment) => payment.businessDate < businessDate),
    ),
    ...note(
      'この日よりあとに受けた',
      paid.filter((payment) => payment.businessDate > businessDate),
    ),
  ];
}

/** What was given back, and what of it the terminals' totals know nothing of: why a sum is less than what was sold. */
export function notesOnReturns(spans: readonly Pick<DoubtfulSpan, 'grain' | 'payments'>[]): string[] {
  const back = spans.flatMap(({ grain, payments }) =>
    payments
      .filter(({ kind, state }) => kind !== 'sale' && state === 'approved')
      .map((payment) => ({
        amountYen: -payment.signedYen,
        isCounted: isCountedBy(grain)(payment),
      })),
  );
  const counted = back.filter(({ isCounted }) => isCounted);
  const leftOut = back.filter(({ isCounted }) => !isCounted);
  const notes: string[] = [];
  const sum = (some: typeof back): string =>
    `${some.length}件 ${yenJa(some.reduce((yen, { amountYen }) => yen + amountYen, 0))}`;
  if (counted.length > 0) notes.push(`取り消し・返金 ${sum(counted)}を差し引いた件数と金額です。`);
  if (leftOut.length > 0) {
    notes.push(`返金 ${sum(leftOut)}は端末の合計に入らないため、ここでは差し引いていません。`);
  }
  return notes;
}

/** Of more doubtful payments than these nobody could say which of them it is. */
const MOST_DOUBTS = 12;

/**
 * @param differences theirs less ours, per bucket of one terminal and period
 * @param payments everything armed in the period, whatever became of it
 * @param earlier as in a span
 */
export function explainDifference(
  differences: readonly { differenceYen: number; differenceCount: number }[],
  payments: readonly DoubtfulPayment[],
  earlier: readonly DoubtfulPayment[] = [],
): Explanation {
  const difference: Sum = {
    count: differences.reduce((sum, { differenceCount }) => sum + differenceCount, 0),
    amountYen: differences.reduce((sum, { differenceYen }) => sum + differenceYen, 0),
  };
  const isSame = differences.every(
    ({ differenceYen, differenceCount }) => differenceYen === 0 && differenceCount === 0,
  );
  if (isSame) return { sentences: [], payments: [], unexplainedYen: 0, isUnexplained: false, isKnown: true };
  if (isEmpty(difference)) {
    const sentences = ['合計は同じですが、内訳の区分が違います。端末の控えで種類を確かめてください。'];
    return { sentences, payments: [], unexplainedYen: 0, isUnexplained: true, isKnown: false };
  }
  const doubts = [...payments.flatMap(doubtAbout), ...earlier.map(doubtAboutEarlier)];
  const found = doubts.length > MOST_DOUBTS ? [] : smallestSubsets(doubts, difference);
  const [only, ...others] = found;
  if (only === undefined) {
    return {
      sentences: [...doubts.map(sentenceOf), unexplainedSentence(difference)],
      payments: [],
      unexplainedYen: difference.amountYen,
      isUnexplained: true,
      isKnown: false,
    };
  }
  const involved = [...new Set(found.flat())];
  const amount = signedJa(difference.amountYen);
  const sentences =
    others.length === 0
      ? [`差 ${amount} は、次の支払いと同じです。`, ...only.map(sentenceOf)]
      : [
          `差 ${amount} は、次の支払いのどれかと同じです。どれかは決められません。`,
          ...involved.map(sentenceOf),
        ];
  return {
    sentences,
    payments: involved.map(({ payment }) => payment.id),
    unexplainedYen: 0,
    isUnexplained: false,
    isKnown: others.length === 0 && only.every(({ isFound }) => isFound),
  };
}

function doubtAbout(payment: DoubtfulPayment): Doubt[] {
  const { state, contradicted, byHand, late } = payment;
  const { count, amountYen } = sumOf([payment]);
  if (state === 'unknown' || state === 'armed') {
    return [{ payment, effect: { count, amountYen }, because: '結果不明の', isFound: false }];
  }
  const isTaken = state === 'approved';
  if (contradicted) {
    const effect = isTaken ? { count: -count, amountYen: -amountYen } : { count, amountYen };
    return [{ payment, effect, because: '裏付けが食い違う', isFound: false }];
  }
  if (isTaken && (byHand || late)) {
    const because = byHand ? '後からの記録の' : FOUND;
    return [{ payment, effect: { count: -count, amountYen: -amountYen }, because, isFound: !byHand }];
  }
  return [];
}

const doubtAboutEarlier = (payment: DoubtfulPayment): Doubt => ({
  payment,
  effect: sumOf([payment]),
  because: payment.byHand
    ? '前の合計と同じ分の、後からの記録の'
    : `前の合計より前の、${payment.state === 'unknown' ? '結果不明の' : FOUND}`,
  isFound: payment.state === 'approved' && !payment.contradicted && !payment.byHand,
});

/** Whether a slip's time, which has no seconds, may lie behind an instant that it is counted before. ISO 8601, UTC. */
export const mayLieBehind = (slipAt: string, instant: string): boolean =>
  slipAt <= instant && slipAt >= minuteOf(instant);

/** Where the minute of an instant begins. */
export const minuteOf = (instant: string): string => `${instant.slice(0, 16)}:00.000Z`;

const FOUND = 'あとから支払済みと分かった';

/** The fewest doubts that together make up the difference, count and amount; several: it can be one or the other. */
function smallestSubsets(doubts: readonly Doubt[], { count, amountYen }: Sum): Doubt[][] {
  const all = Array.from({ length: 1 << doubts.length }, (_, bits) =>
    doubts.filter((_doubt, index) => (bits & (1 << index)) !== 0),
  );
  const fitting = all.filter((some) => {
    const counted = some.reduce((sum, { effect }) => sum + effect.count, 0);
    const yen = some.reduce((sum, { effect }) => sum + effect.amountYen, 0);
    return some.length > 0 && counted === count && yen === amountYen;
  });
  const fewest = Math.min(...fitting.map(({ length }) => length));
  return fitting.filter(({ length }) => length === fewest);
}

const sentenceOf = ({ payment, because }: Doubt): string =>
  `${because}${KINDS[payment.kind]} 伝票 ${String(payment.number).padStart(6, '0')}（${yenJa(Math.abs(payment.signedYen))}）`;

const KINDS = { sale: '支払い', void: '取り消し', refund: '返金' } as const;

function unexplainedSentence({ count, amountYen }: Sum): string {
  if (amountYen === 0)
    return `金額は同じですが、件数が ${Math.abs(count)}件 違います。端末の控えと確かめてください。`;
  return amountYen > 0
    ? `端末が ${yenJa(amountYen)} 多く、記録からは説明できません。端末だけで受けた支払いがないか、控えを確かめてください。`
    : `端末が ${yenJa(-amountYen)} 少なく、記録からは説明できません。端末だけで取り消したものがないか、控えを確かめてください。`;
}

const yenJa = (yen: number): string => `${yen.toLocaleString('ja-JP')}円`;
const signedJa = (yen: number): string => `${yen > 0 ? '+' : '−'}${yenJa(Math.abs(yen))}`;
