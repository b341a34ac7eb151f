/**
 * START. The survey: one page, 1 to 5 and a free line, once per payment (効果検証).
 *
 * It is asked on a public page that reaches no database of ours: the code in its address proves the payment (code.ts),
 * answers lie in a file of its own (store.ts), and the office fetches them from there (office.ts).
 */
import { maskCardNumbers } from '../card-mask.ts';

/** 1 very bad … 5 very good. */
export type Score = 1 | 2 | 3 | 4 | 5;

export const LONGEST_COMMENT = 200;

export interface SurveyAnswer {
  /** Place in the survey's own file, from 1. */
  number: number;
  /** Made from the payment's id; once per payment. */
  nonce: string;
  score: Score;
  comment: string | null;
  at: string;
}

/** What the office shows. */
export interface SurveyResult {
  count: number;
  /** Null while nobody has answered. */
  mean: number | null;
  /** How many gave 1, 2, 3, 4, 5. */
  histogram: number[];
  /** The newest, newest first. */
  comments: { at: string; score: number; comment: string }[];
}

/** What was typed, as it may be kept; or what the resident has to be asked again. */
export type CheckedAnswer =
  { score: Score; comment: string | null } | { faults: ('score_missing' | 'comment_too_long')[] };

/** The free line becomes one line without card numbers; an empty one is none. */
export function checkAnswer(typed: { score: string; comment: string }): CheckedAnswer {
  const score = /^[1-5]$/.test(typed.score) ? Number(typed.score) : undefined;
  const line = typed.comment.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  const isTooLong = Array.from(line).length > LONGEST_COMMENT;
  if (score === undefined || isTooLong) {
    return {
      faults: [
        ...(score === undefined ? (['score_missing'] as const) : []),
        ...(isTooLong ? (['comment_too_long'] as const) : []),
      ],
    };
  }
  return { score: score as Score, comment: line === '' ? null : maskCardNumbers(line) };
}
