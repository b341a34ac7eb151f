import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import request from 'supertest';
import { createApp } from '../../src/http/app.ts';
import { listen } from '../../src/http/listen.ts';
import { pullAnswers } from '../../src/survey/office.ts';
import { createSurveyResultRoutes, createSurveyRoutes } from '../../src/survey/routes.ts';
import { openAnswerStore, type AnswerStore } from '../../src/survey/store.ts';
import type { Score } from '../../src/survey/survey.ts';
import { makeFolder } from '../support/folder.ts';
import { silentLog } from '../support/log.ts';
import { openTestDatabase } from '../support/postgres.ts';

const SECRET = 'a secret of the city';

/** A survey that is really listened for. */
async function openSurvey(
  t: TestContext,
): Promise<{ store: AnswerStore; source: { url: string; secret: string } }> {
  const store = openAnswerStore(join(makeFolder(t), 'answers.ndjson'));
  const head = { municipalityName: '白井市', isTrial: true };
  const app = createApp({
    log: silentLog(),
    hosts: () => [],
    frameSources: [],
    readiness: () => ({ ready: true }),
    routes: (each) => each.use(createSurveyRoutes({ store, secret: SECRET, head, now: () => new Date() })),
  });
  const listening = await listen(app, 0);
  t.after(async () => {
    await listening.close();
    store.close();
  });
  return { store, source: { url: listening.url, secret: SECRET } };
}

function answer(
  store: AnswerStore,
  score: Score,
  comment: string | null = null,
  nonce: string = randomUUID(),
): void {
  store.add({ nonce, score, comment, at: '2026-11-24T01:00:00.000Z' });
}

test('every answer is fetched once, however often and by however many offices', async (t) => {
  const { db, openAnother } = await openTestDatabase(t);
  const { store, source } = await openSurvey(t);
  for (let count = 0; count < 1_203; count += 1) answer(store, 4);
  const added = await Promise.all(
    [db, openAnother(), openAnother()].map((each) => pullAnswers(each, source)),
  );
  assert.equal(
    added.reduce((sum, each) => sum + each, 0),
    1_203,
  );
  assert.equal(await pullAnswers(db, source), 0);
  answer(store, 5);
  assert.equal(await pullAnswers(db, source), 1);
});

test('after the survey’s file was replaced its answers are fetched too, and known ones stay as they were', async (t) => {
  const { db } = await openTestDatabase(t);
  const former = await openSurvey(t);
  answer(former.store, 5, 'よかった', 'known');
  answer(former.store, 4);
  await pullAnswers(db, former.source);
  const { store, source } = await openSurvey(t);
  answer(store, 1, 'わるかった', 'known');
  answer(store, 3);
  assert.equal(await pullAnswers(db, source), 1);
  const known = await db
    .selectFrom('survey_answers')
    .select(['score', 'comment'])
    .where('nonce', '=', 'known')
    .executeTakeFirst();
  assert.deepEqual(known, { score: 5, comment: 'よかった' });
});

test('a survey that refuses is an error, and nothing is kept', async (t) => {
  const { db } = await openTestDatabase(t);
  const { source } = await openSurvey(t);
  await assert.rejects(pullAnswers(db, { ...source, secret: 'wrong' }), /answered with status 401/);
});

test('the office shows count, mean, spread and the comments', async (t) => {
  const { db } = await openTestDatabase(t);
  const { store, source } = await openSurvey(t);
  const app = createApp({
    log: silentLog(),
    hosts: () => [],
    frameSources: [],
    readiness: () => ({ ready: true }),
    routes: (each) => each.use('/api/office', createSurveyResultRoutes(db)),
  });
  const read = async (): Promise<unknown> =>
    (await request(app).get('/api/office/survey').expect(200)).body as unknown;
  assert.deepEqual(await read(), { count: 0, mean: null, histogram: [0, 0, 0, 0, 0], comments: [] });
  answer(store, 5, '早かった');
  answer(store, 5);
  answer(store, 2);
  await pullAnswers(db, source);
  assert.deepEqual(await read(), {
    count: 3,
    mean: 4,
    histogram: [0, 1, 0, 0, 2],
    comments: [{ at: '2026-11-24T01:00:00.000Z', score: 5, comment: '早かった' }],
  });
});
