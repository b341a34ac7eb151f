/** The office's side of the survey: fetches the answers, keeps each once, and sums them up. */
import { sql, type Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../db/schema.ts';
import type { SurveyResult } from './survey.ts';

const ANSWER_TIMEOUT_MS = 10_000;
const SHOWN_COMMENTS = 50;

const ANSWERS = z.object({
  store: z.uuid(),
  answers: z.array(
    z.object({
      number: z.int().positive(),
      nonce: z.string().max(40),
      score: z.int().min(1).max(5),
      comment: z.string().max(1000).nullable(),
      at: z.iso.datetime(),
    }),
  ),
});

/** Where the survey is, and the secret that it shares with the counters and the office. */
export interface SurveySource {
  url: string;
  secret: string;
}

/**
 * Fetches what is new; an answer that is known, from whichever file it comes, is kept as it was.
 * @returns how many were new @throws when the survey does not answer, or not as it should
 */
export async function pullAnswers(db: Kysely<Database>, source: SurveySource): Promise<number> {
  const last = await db
    .selectFrom('survey_answers')
    .select(['store', 'number'])
    .orderBy('pulled_at', 'desc')
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  let place = { store: last?.store ?? '', number: last?.number ?? 0 };
  let added = 0;
  for (;;) {
    const { store, answers } = await fetchAnswers(source, place);
    const newest = answers.at(-1);
    if (newest === undefined) return added;
    const inserted = await db
      .insertInto('survey_answers')
      .values(answers.map(({ at, ...answer }) => ({ ...answer, store, answered_at: at })))
      .onConflict((conflict) => conflict.doNothing())
      .returning('nonce')
      .execute();
    added += inserted.length;
    place = { store, number: newest.number };
  }
}

async function fetchAnswers(
  { url, secret }: SurveySource,
  place: { store: string; number: number },
): Promise<z.infer<typeof ANSWERS>> {
  const query = new URLSearchParams({ after: String(place.number), store: place.store });
  const response = await fetch(`${url}/answers?${query.toString()}`, {
    headers: { authorization: `Bearer ${secret}` },
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`the survey at ${url} answered with status ${response.status}`);
  return ANSWERS.parse(await response.json());
}

/** Mean and spread of all answers, and the newest comments. */
export async function readSurveyResult(db: Kysely<Database>): Promise<SurveyResult> {
  const scores = await db
    .selectFrom('survey_answers')
    .select(({ fn }) => ['score', fn.countAll<number>().as('count')])
    .groupBy('score')
    .execute();
  const histogram = [1, 2, 3, 4, 5].map((score) => scores.find((row) => row.score === score)?.count ?? 0);
  const count = histogram.reduce((sum, each) => sum + each, 0);
  const points = histogram.reduce((sum, each, index) => sum + each * (index + 1), 0);
  const comments = await db
    .selectFrom('survey_answers')
    .select(['answered_at as at', 'score', sql<string>`comment`.as('comment')])
    .where('comment', 'is not', null)
    .orderBy('answered_at', 'desc')
    .limit(SHOWN_COMMENTS)
    .execute();
  return { count, mean: count === 0 ? null : points / count, histogram, comments };
}
