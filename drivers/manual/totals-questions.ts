/** What the clerk is asked about the terminal's totals, as data. Pure. */
import type { Prompt, PromptField } from '../../src/terminal/prompt.ts';
import type { Method } from '../../src/terminal/terminal.ts';
import { METHODS } from './brands.ts';
import { DOUBT, none, type Known } from './questions.ts';

/** The fields of the totals' question, by the kind of payment; their values in the reply go by the same codes. */
export const countCode = (method: Method): string => `${method}_count`;
export const yenCode = (method: Method): string => `${method}_yen`;

/** The kinds of payment that the terminal takes, and so has totals of. */
export const kindsOf = ({ brands }: Known) =>
  METHODS.filter(({ method }) => brands.some((each) => each.method === method));

/** The terminal's counts and sums (yen) of each kind of payment, sums typed twice; reading them clears nothing. */
export function totalsQuestion(known: Known): Prompt {
  const fields = kindsOf(known).flatMap(({ method, nameJa }): PromptField[] => [
    { code: countCode(method), nameJa: `${nameJa} 件数`, kind: 'count', isTwice: false },
    { code: yenCode(method), nameJa: `${nameJa} 金額`, kind: 'yen', isTwice: true },
  ]);
  return {
    operationId: null,
    titleJa: '端末の中間計を入力してください',
    amountYen: null,
    guideJa: [
      `${known.nameJa}で［中間計］を出します。［日計］は押しません。`,
      '紙の件数と金額を、種類ごとに入力します。取消は引いたあとの数で、返品は別の行なので入れません。',
    ],
    outcomes: [
      { code: 'read', nameJa: '中間計を入力する', tone: 'good', fields },
      none('nothing', 'まだ1件もない（0円）', 'good'),
      none('unreadable', '今は出せない', 'doubt'),
    ],
  };
}

/** Whether the terminal's 日計 came to `totalYen`, which the program knows from the totals. */
export function settlementQuestion(known: Known, totalYen: number): Prompt {
  return {
    operationId: null,
    titleJa: '端末で日計をしてください',
    amountYen: totalYen,
    guideJa: [
      `${known.nameJa}の［日計］を押します。売上の送信が終わるまで待ちます。`,
      '日計の合計が上の金額と同じことを確かめます。',
    ],
    outcomes: [
      none('settled', '日計が終わった', 'good'),
      none('not_settled', '日計ができなかった', 'bad'),
      DOUBT,
    ],
  };
}
