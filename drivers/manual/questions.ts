/** What the clerk is asked, as data. Pure: what an answer means is decided in dialogues.ts. */
import type { Prompt, PromptField } from '../../src/terminal/prompt.ts';
import type { Method } from '../../src/terminal/terminal.ts';
import { METHODS, type Brand } from './brands.ts';

/** The terminal as its questions know it. */
export interface Known {
  /** What the clerks call it. */
  nameJa: string;
  brands: readonly Brand[];
  slip: { minDigits: number; maxDigits: number };
  scanPattern: string | undefined;
}

type Outcome = Prompt['outcomes'][number];

const formatYen = (yen: number): string => `${yen.toLocaleString('en-US')}円`;

const slipField = ({ slip }: Known, nameJa = '伝票番号'): PromptField => ({
  code: 'slip',
  nameJa,
  kind: 'digits',
  ...slip,
  isTwice: true,
});
const amountField = (nameJa = '伝票の金額', isTwice = false): PromptField => ({
  code: 'amount',
  nameJa,
  kind: 'yen',
  isTwice,
});

/** All that the terminal takes, because what was shown may be another; those of the method first. */
function brandField({ brands }: Known, first: Method | undefined): PromptField {
  const rank = ({ method }: Brand): number => (method === first ? 0 : 1);
  const choices = [...brands].sort((a, b) => rank(a) - rank(b));
  return {
    code: 'brand',
    nameJa: '伝票の種類',
    kind: 'choice',
    choices: choices.map(({ brand, nameJa }) => ({ code: brand, nameJa })),
  };
}

const scanned = ({ scanPattern }: Known): Pick<Prompt, 'scanPattern'> =>
  scanPattern === undefined ? {} : { scanPattern };

/** An outcome that asks nothing more. */
export const none = (code: string, nameJa: string, tone: Outcome['tone']): Outcome => ({
  code,
  nameJa,
  tone,
  fields: [],
});
export const DOUBT = none('doubt', 'わからない', 'doubt');

/** @param isUnwanted the clerk wishes to stop it: the terminal has the last word */
export function saleQuestion(
  known: Known,
  sale: { operationId: string; amountYen: number; method: Method },
  isUnwanted: boolean,
): Prompt {
  const { operationId, amountYen, method } = sale;
  const methodName = METHODS.find((each) => each.method === method)?.nameJa ?? '';
  return {
    operationId,
    titleJa: isUnwanted ? '端末で支払いを中止してください' : '端末に金額を打ってください',
    amountYen,
    guideJa: isUnwanted
      ? [
          `${known.nameJa}の［中止］を押します。`,
          'お客様の支払いが済んでいたら、そのまま伝票を確かめます。',
          '端末がどうなったかを選びます。',
        ]
      : [
          `${known.nameJa}で ${methodName} を選び、上の金額を打ちます。`,
          'お客様に、端末の金額を見て支払ってもらいます。',
          '端末から伝票が出たら、結果を選びます。',
        ],
    outcomes: [
      {
        code: 'approved',
        nameJa: '承認された',
        tone: 'good',
        fields: [brandField(known, method), amountField(), slipField(known)],
      },
      none('declined', '使えなかった', 'bad'),
      none('cancelled', '中止した', 'bad'),
      DOUBT,
    ],
    ...scanned(known),
  };
}

/** Months and days as a slip has them, in Tokyo. */
const SLIP_DAY = new Intl.DateTimeFormat('ja-JP', {
  timeZone: 'Asia/Tokyo',
  year: 'numeric',
  month: 'long',
  day: 'numeric',
});

/** Some or all of an earlier payment: with what the clerk finds its slip by, on paper and in the terminal. */
export function refundQuestion(
  known: Known,
  order: {
    operationId: string;
    amountYen: number;
    sold: { slip: string; at: string; amountYen: number; brandName: string | null };
  },
): Prompt {
  const { slip, at, amountYen, brandName } = order.sold;
  const original = [
    SLIP_DAY.format(new Date(at)),
    `伝票番号 ${slip}`,
    formatYen(amountYen),
    ...(brandName === null ? [] : [brandName]),
  ].join('・');
  return {
    operationId: order.operationId,
    titleJa: '端末で返品（返金）をしてください',
    amountYen: order.amountYen,
    guideJa: [
      `もとの伝票は ${original} です。`,
      `${known.nameJa}の［返品］を押し、もとの伝票番号と、上の金額を打ちます。`,
      '返品の伝票が出たら、結果を選びます。',
    ],
    outcomes: [
      {
        code: 'refunded',
        nameJa: '返品した',
        tone: 'good',
        fields: [amountField('返品の伝票の金額'), slipField(known, '返品の伝票番号')],
      },
      none('not_refunded', '返品できない', 'bad'),
      DOUBT,
    ],
    ...scanned(known),
  };
}

/** The terminal has taken another amount than the one that was to be paid, or the slip was misread. */
export function correctionQuestion(
  known: Known,
  taken: { operationId: string; amountYen: number; slip: string; dueYen: number },
): Prompt {
  return {
    operationId: taken.operationId,
    titleJa: '金額が違います。端末で取り消してください',
    amountYen: taken.amountYen,
    guideJa: [
      `会計は ${formatYen(taken.dueYen)}、入力された伝票は ${formatYen(taken.amountYen)} です。`,
      `${known.nameJa}の［取消］で、伝票番号 ${taken.slip} の支払いを取り消します。`,
      '取消の伝票が出たら、その番号を入力します。',
    ],
    outcomes: [
      { code: 'voided', nameJa: '取り消した', tone: 'good', fields: [slipField(known, '取消の伝票番号')] },
      {
        code: 'misread',
        nameJa: '入力の間違いだった',
        tone: 'good',
        fields: [amountField('伝票の正しい金額', true)],
      },
      none('not_voided', '取り消せない', 'bad'),
      DOUBT,
    ],
  };
}

/**
 * What the clerk is asked while undoing a whole sale on the terminal; `amountYen` in yen, `slip` as printed on the
 * sale's own.
 */
export function voidQuestion(
  known: Known,
  order: { operationId: string; amountYen: number; slip: string },
): Prompt {
  return {
    operationId: order.operationId,
    titleJa: '端末で支払いを取り消してください',
    amountYen: order.amountYen,
    guideJa: [
      `${known.nameJa}の［取消］を押し、伝票番号 ${order.slip} を打ちます。`,
      '端末の金額が上の金額と同じことを確かめ、取り消します。',
      '取消の伝票が出たら、結果を選びます。',
    ],
    outcomes: [
      {
        code: 'voided',
        nameJa: '取り消した',
        tone: 'good',
        fields: [amountField('取消の伝票の金額'), slipField(known, '取消の伝票番号')],
      },
      none('not_voided', '取り消せない', 'bad'),
      DOUBT,
    ],
    ...scanned(known),
  };
}

/** What was begun, in the words of the slip that it would have left. */
const SOUGHT = {
  sale: { titleJa: 'この支払いが端末に残っていますか', what: '支払い', amountJa: '伝票の金額' },
  void: { titleJa: 'この取り消しが端末に残っていますか', what: '取消', amountJa: '取消の伝票の金額' },
  refund: { titleJa: 'この返品が端末に残っていますか', what: '返品', amountJa: '返品の伝票の金額' },
} as const;

/** Nobody but the clerk can know: a terminal without a link settles by hand, or by itself overnight. */
const SETTLED: PromptField = {
  code: 'settled',
  nameJa: '前の支払いのあと、端末の日計は',
  kind: 'choice',
  choices: [
    { code: 'no', nameJa: 'していない' },
    { code: 'maybe', nameJa: 'した・わからない' },
  ],
};

/** @param about.previousSlip the newest that we know of, where numbers are not known to have begun anew since */
export function inquiryQuestion(
  known: Known,
  about: {
    kind: 'sale' | 'void' | 'refund';
    operationId: string;
    amountYen: number;
    previousSlip: string | null;
  },
): Prompt {
  const { kind, previousSlip } = about;
  const { titleJa, what, amountJa } = SOUGHT[kind];
  return {
    operationId: about.operationId,
    titleJa,
    amountYen: about.amountYen,
    guideJa: [
      `${known.nameJa}の最後の伝票を見ます。紙がなければ［再印字］か［取引照会］で出します。`,
      previousSlip === null
        ? `上の金額の、この${what}の伝票かどうかを見ます。`
        : `1つ前の伝票番号は ${previousSlip} です。それより新しい伝票かどうかを見ます。`,
      kind === 'sale'
        ? 'お客様には、確かめるまでもう一度支払いをお願いしません。'
        : `確かめるまで、もう一度${what}をしません。`,
    ],
    outcomes: [
      {
        code: 'found',
        nameJa: `${what}の伝票がある`,
        tone: 'good',
        fields: [
          ...(kind === 'sale' ? [brandField(known, undefined)] : []),
          amountField(amountJa),
          slipField(known),
        ],
      },
      {
        code: 'last_slip',
        nameJa: '最後の伝票は別のもの',
        tone: 'bad',
        fields: [slipField(known, '端末の最後の伝票番号'), ...(previousSlip === null ? [] : [SETTLED])],
      },
      none('none', '伝票がまだ1枚もない', 'bad'),
      DOUBT,
    ],
    ...scanned(known),
  };
}
