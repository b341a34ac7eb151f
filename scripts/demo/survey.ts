/**
 * The survey of an event: cards with codes that no payment stands behind, answered on the public page. How the city asked
 * on that Saturday is not published; only the day, the number of answers and their mean are.
 */
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { Config } from '../../src/config.ts';
import type { Database } from '../../src/db/schema.ts';
import { listen } from '../../src/http/listen.ts';
import { surveyCode } from '../../src/survey/code.ts';
import { pullAnswers } from '../../src/survey/office.ts';
import { openSurvey } from '../../src/survey-role.ts';
import { createRandom, type Random } from '../virtual/random.ts';
import type { VirtualTime } from '../virtual/time.ts';
import { pickWeighted } from './chance.ts';
import type { DemoYear } from './year.ts';

/** From 5 to 1; 135 answers, 648 points. */
const SCORES = [116, 13, 4, 2, 0];

const COMMENTS: Readonly<Record<number, readonly string[]>> = {
  5: [
    '小銭を用意しなくてよくなり、とても便利です。',
    'スマホで払えて早かったです。',
    '交通系ICが使えてうれしい。',
    '職員さんの説明が分かりやすかった。',
    'ほかの窓口でも使えるようにしてください。',
    'PayPayで払えて助かりました。',
    '待ち時間が短くなったと思います。',
    '画面の金額が大きくて見やすかったです。',
  ],
  4: [
    'どのブランドが使えるか、入口にも書いてほしい。',
    '領収書が必要なときだけ少し困りました。',
    '便利です。',
  ],
  3: ['現金のほうが慣れている。', 'カードを出す向きが分かりにくい。'],
  2: ['使い方が分からず時間がかかった。'],
};

interface SurveyParts {
  config: Config;
  db: Kysely<Database>;
  log: Logger;
  time: VirtualTime;
  secret: string;
  seed: number;
}

const OPENS_MS = 10 * 3_600_000;
const BETWEEN_MS = 40_000;

export async function holdSurvey(
  { config, db, log, time, secret, seed }: SurveyParts,
  { on, answers }: DemoYear['survey'],
): Promise<void> {
  const random = createRandom(seed + 2);
  time.sleep(Date.parse(`${on}T00:00:00+09:00`) + OPENS_MS - time.date.getTime());
  const survey = openSurvey({ config, log, secret, now: () => time.date });
  const page = await listen(survey.app, 0);
  const { url } = page;
  try {
    const scores = shuffled(random);
    if (scores.length !== answers) throw new Error(`${scores.length} answers are planned, not ${answers}`);
    for (const [index, score] of scores.entries()) {
      const body = new URLSearchParams({ score: String(score), comment: commentOn(score, random) });
      const place = `${url}/s/${surveyCode(secret, `event ${on} card ${index + 1}`)}`;
      const response = await fetch(place, { method: 'POST', body, headers: { origin: url } });
      if (!response.ok) throw new Error(`the survey answered with ${response.status}`);
      await response.text();
      await time.passUntil(() => false, BETWEEN_MS);
    }
    await pullAnswers(db, { url, secret });
  } finally {
    await page.close();
    survey.stop();
  }
}

function shuffled(random: Random): number[] {
  const left = SCORES.map((count, index) => [5 - index, count] as [number, number]);
  const scores: number[] = [];
  for (let total = SCORES.reduce((a, b) => a + b, 0); total > 0; total -= 1) {
    const score = pickWeighted(random, left);
    const taken = left.find(([each]) => each === score);
    if (taken !== undefined) taken[1] -= 1;
    scores.push(score);
  }
  return scores;
}

function commentOn(score: number, random: Random): string {
  const [first, ...rest] = COMMENTS[score] ?? [];
  return first === undefined || random.chance(0.7) ? '' : random.pick([first, ...rest]);
}
