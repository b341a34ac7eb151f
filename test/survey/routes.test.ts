import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Express } from 'express';
import request from 'supertest';
import { createApp } from '../../src/http/app.ts';
import { surveyCode } from '../../src/survey/code.ts';
import { createSurveyRoutes } from '../../src/survey/routes.ts';
import { openAnswerStore, type AnswerStore } from '../../src/survey/store.ts';
import { makeFolder } from '../support/folder.ts';
import { silentLog } from '../support/log.ts';

const SECRET = 'a secret of the city';

function openSurvey(t: TestContext, isTrial = false): { app: Express; store: AnswerStore } {
  const store = openAnswerStore(join(makeFolder(t), 'answers.ndjson'));
  t.after(() => store.close());
  const routes = createSurveyRoutes({
    store,
    secret: SECRET,
    head: { municipalityName: '白井市 <試験>', isTrial },
    now: () => new Date('2026-11-24T01:00:00Z'),
  });
  const app = createApp({
    log: silentLog(),
    hosts: () => [],
    frameSources: [],
    readiness: () => ({ ready: true }),
    routes: (each) => each.use(routes),
  });
  return { app, store };
}

const makeCode = (): string => surveyCode(SECRET, randomUUID());

test('the page asks in three languages, with five named and numbered choices, and loads nothing', async (t) => {
  const { app } = openSurvey(t);
  const { text, headers } = await request(app)
    .get(`/s/${makeCode()}`)
    .expect(200)
    .expect('Content-Type', /html/);
  for (const part of [
    '今日の窓口はいかがでしたか',
    'まどぐちは どうでしたか。',
    'How was our service today?',
  ]) {
    assert.ok(text.includes(part), part);
  }
  assert.deepEqual(
    Array.from(text.matchAll(/value="(\d)" required><b>(\d)<\/b><span>([^<]+)</g), ([, value, shown, ja]) => [
      value,
      shown,
      ja,
    ]),
    [
      ['5', '5', 'とてもよい'],
      ['4', '4', 'よい'],
      ['3', '3', 'ふつう'],
      ['2', '2', 'わるい'],
      ['1', '1', 'とてもわるい'],
    ],
  );
  assert.ok(text.includes('個人情報を書かないでください'));
  assert.ok(text.includes('白井市 &lt;試験&gt;') && !text.includes('<試験>'));
  assert.doesNotMatch(text, /<script|<img|<link|src=|https?:/);
  assert.match(
    headers['content-security-policy'] ?? '',
    /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'/,
  );
  assert.equal(headers['cache-control'], 'no-store');
});

test('an answer is kept and thanked for, once', async (t) => {
  const { app, store } = openSurvey(t);
  const code = makeCode();
  const send = (score: string): request.Test =>
    request(app).post(`/s/${code}`).type('form').send({ score, comment: ' 早かった\r\nです ' });
  const thanks = await send('5').expect(200);
  assert.match(thanks.text, /ありがとうございました/);
  for (const again of [await send('1').expect(200), await request(app).get(`/s/${code}`).expect(200)]) {
    assert.match(again.text, /この支払いのアンケートは回答済みです。ありがとうございました。/);
    assert.doesNotMatch(again.text, /<form/);
  }
  assert.deepEqual(store.after(0, 10), [
    {
      number: 1,
      nonce: code.split('.')[0],
      score: 5,
      comment: '早かった です',
      at: '2026-11-24T01:00:00.000Z',
    },
  ]);
});

test('without a score the page comes back with what was typed, and says what is missing', async (t) => {
  const { app, store } = openSurvey(t);
  for (const body of [{}, { score: '6' }, { score: '0' }, { score: '4.5' }, { score: ['5', '1'] }]) {
    const { text } = await request(app)
      .post(`/s/${makeCode()}`)
      .type('form')
      .send({ ...body, comment: '"><b>早い</b>' })
      .expect(422);
    assert.match(text, /role="alert".*5から1のどれか1つを選んでください/s);
    assert.ok(text.includes('value="&quot;&gt;&lt;b&gt;早い&lt;/b&gt;"'));
  }
  assert.deepEqual(store.after(0, 10), []);
});

test('a comment has at most 200 characters, and the chosen score is kept when it is too long', async (t) => {
  const { app, store } = openSurvey(t);
  const code = makeCode();
  const send = (length: number): request.Test =>
    request(app)
      .post(`/s/${code}`)
      .type('form')
      .send({ score: '4', comment: '𠮷'.repeat(length) });
  const { text } = await send(201).expect(422);
  assert.match(text, /ひとことは200文字までです/);
  assert.match(text, /value="4" required checked/);
  await send(200).expect(200);
  assert.equal(store.after(0, 10)[0]?.comment, '𠮷'.repeat(200));
});

test('a card number in a comment is never kept', async (t) => {
  const { app, store } = openSurvey(t);
  const body = { score: '5', comment: 'カードは4111 1111 1111 1111です' };
  await request(app).post(`/s/${makeCode()}`).type('form').send(body).expect(200);
  assert.equal(store.after(0, 10)[0]?.comment, 'カードは**** **** **** ****です');
});

test('an empty comment is none', async (t) => {
  const { app, store } = openSurvey(t);
  await request(app)
    .post(`/s/${makeCode()}`)
    .type('form')
    .send({ score: '3', comment: ' \u0000\n ' })
    .expect(200);
  assert.equal(store.after(0, 10)[0]?.comment, null);
});

test('an address that we never gave out leads to a page that says so, and records nothing', async (t) => {
  const { app, store } = openSurvey(t);
  for (const code of ['x', surveyCode('another secret', 'a'), '..%2f..%2fetc%2fpasswd']) {
    const { text } = await request(app).get(`/s/${code}`).expect(404);
    assert.match(text, /このアンケートは見つかりません/);
    await request(app).post(`/s/${code}`).type('form').send({ score: '5' }).expect(404);
  }
  assert.deepEqual(store.after(0, 10), []);
});

test('a trial says on the page that nothing was really paid', async (t) => {
  const { app } = openSurvey(t, true);
  const { text } = await request(app).get(`/s/${makeCode()}`).expect(200);
  assert.ok(text.includes('試用・実際の支払いではありません'));
});

test('answers are handed out in order to whoever knows the secret, and to nobody else', async (t) => {
  const { app, store } = openSurvey(t);
  for (const score of ['5', '3', '1']) {
    await request(app).post(`/s/${makeCode()}`).type('form').send({ score }).expect(200);
  }
  await request(app).get('/answers').expect(401);
  await request(app).get('/answers').set('Authorization', 'Bearer wrong').expect(401);
  const get = async (query: string): Promise<number[]> => {
    const { body } = (await request(app)
      .get(`/answers?${query}`)
      .set('Authorization', `Bearer ${SECRET}`)
      .expect(200)) as { body: { store: string; answers: { score: number }[] } };
    assert.equal(body.store, store.id);
    return body.answers.map(({ score }) => score);
  };
  assert.deepEqual(await get(''), [5, 3, 1]);
  assert.deepEqual(await get(`after=1&store=${store.id}`), [3, 1]);
  assert.deepEqual(await get(`after=3&store=${store.id}`), []);
  assert.deepEqual(await get('after=3&store=another-file'), [5, 3, 1]);
});

test('whoever asks without end is asked to wait, on a page', async (t) => {
  const { app } = openSurvey(t);
  const statuses: number[] = [];
  for (let count = 0; count < 121; count += 1) statuses.push((await request(app).get('/s/x')).status);
  assert.deepEqual([...new Set(statuses)], [404, 429]);
  assert.match((await request(app).get('/s/x')).text, /ただいま混み合っています/);
});
