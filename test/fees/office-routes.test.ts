/** The office's tables through both interfaces: what the office publishes, the counter keeps to. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import request from 'supertest';
import { dayBefore, businessDateOf } from '../../src/business-date.ts';
import type { Entry } from '../../src/fees/catalogue.ts';
import type { FeeDraft } from '../../src/fees/revision.ts';
import { SAMPLE_PIN } from '../../src/staff/sample.ts';
import { codeOf, cookieOf, openApps, signIn, TOKEN, type Apps } from '../support/apps.ts';

const VISA = {
  ...{ code: 'visa', method: 'credit', nameJa: 'Visa', nameEn: 'Visa', ceilingYen: null },
  ...{ cancelRule: 'void_or_refund', cancelDays: 180, sameTerminal: true, lastOnly: false },
  unknownRule: 'query_acquirer',
};
const TREASURER = { number: '1002', pin: SAMPLE_PIN };

/** A sale at the counter, by a script: what the counter says to it. */
async function sell(apps: Apps, sale: object, path = '/api/payments'): Promise<string | number> {
  const body = {
    id: randomUUID(),
    window: 'tax',
    lines: [{ code: 'TAX-HYO', quantity: 1 }],
    totalYen: 300,
    ...sale,
  };
  const answer = await request(apps.counter).post(path).set('Authorization', `Bearer ${TOKEN}`).send(body);
  return codeOf(answer) ?? answer.status;
}

test('a brand that is switched off at a window from a day on is refused there before anything is sent', async (t) => {
  const apps = await openApps(t);
  const cookie = await signIn(apps.office, '1003', SAMPLE_PIN);
  const brands = await request(apps.office)
    .get('/api/office/entries/brand')
    .set('Cookie', cookie)
    .expect(200);
  const known = (brands.body as Entry<'brand'>[]).find(({ code }) => code === 'paypay')?.definition;
  const offer = async (base: number, until: string): Promise<void> => {
    const offers = [
      { window: 'tax', from: null, until },
      { window: 'resident', from: null, until: null },
    ];
    const definition = { ...known, offers };
    await request(apps.office)
      .post('/api/office/entries/brand')
      .set('Cookie', cookie)
      .send({ base, definition, reason: '契約の変更', second: TREASURER })
      .expect(201);
    await apps.restartCounter();
  };
  const paypay = { method: 'qr', brand: 'paypay' };
  const today = businessDateOf(new Date());
  // No terminal stands here: what is not refused for its brand is refused for want of one, and not before.
  await offer(1, today);
  assert.equal(await sell(apps, paypay), 'brand_unavailable', 'its last day');
  await offer(2, dayBefore(today));
  assert.equal(await sell(apps, paypay), 'brand_not_offered');
  const resident = { window: 'resident', lines: [{ code: 'CIT-JUM', quantity: 1 }], totalYen: 400 };
  assert.equal(await sell(apps, { ...paypay, ...resident }), 'brand_unavailable', 'at the other window');
  const payments = await request(apps.counter).get('/api/payments').set('Authorization', `Bearer ${TOKEN}`);
  assert.deepEqual(payments.body, [], 'and nothing is on record');
});

test('a live counter refuses a price that nobody has confirmed, and takes it once two people have', async (t) => {
  const apps = await openApps(t, { book: 'live' });
  const setUp = { token: TOKEN, number: '7001', nameJa: '管理 はじめ', pin: '860312' };
  const cookie = cookieOf(await request(apps.office).post('/api/setup').send(setUp).expect(204));
  const treasurer = { nameJa: '出納 さち', roles: ['treasurer'], windows: null, isActive: true };
  const second = { number: '7002', pin: '246813' };
  await request(apps.office)
    .post('/api/office/staff')
    .set('Cookie', cookie)
    .send({ ...treasurer, ...second })
    .expect(201);
  await apps.restartCounter();
  const opener = await signIn(apps.counter, '7002', '246813');
  await request(apps.counter).post('/api/opening').set('Cookie', opener).expect(200);

  const cash = { tender: 'cash' };
  assert.equal(await sell(apps, cash, '/api/counted'), 'price_unconfirmed');
  assert.equal(await sell(apps, { method: 'credit' }), 'price_unconfirmed');
  const confirm = (by: object): request.Test =>
    request(apps.office)
      .post('/api/office/fees/confirmations')
      .set('Cookie', cookie)
      .send({ items: [{ code: 'TAX-HYO', base: 1 }], second: by });
  assert.equal(codeOf(await confirm({ number: '7001', pin: '860312' })), 'same_person');
  assert.equal(codeOf(await confirm({ ...second, pin: '000000' })), 'wrong_pin');
  await apps.restartCounter();
  assert.equal(await sell(apps, cash, '/api/counted'), 'price_unconfirmed');
  await confirm(second).expect(201);
  await apps.restartCounter();
  assert.equal(await sell(apps, cash, '/api/counted'), 201);
});

test('what can’t be published is told with its place: a line and column, an account, a window', async (t) => {
  const apps = await openApps(t);
  const cookie = await signIn(apps.office, '1003', SAMPLE_PIN);
  const post = (path: string, body: object): request.Test =>
    request(apps.office).post(`/api/office/${path}`).set('Cookie', cookie).send(body);
  const detailsOf = (answer: request.Response): Record<string, unknown> =>
    (answer.body as { error: { details: Record<string, unknown> } }).error.details;

  const { text } = await request(apps.office)
    .get('/api/office/entries/ground/csv')
    .set('Cookie', cookie)
    .expect(200);
  const faulty = await post('entries/ground/look', {
    text: text.replace('mayor,reduction', 'mayor,mercy'),
  }).expect(422);
  assert.deepEqual(
    (detailsOf(faulty)['faults'] as { line: number; column: string }[]).map(({ line, column }) => [
      line,
      column,
    ]),
    [[7, 'kind']],
  );
  const settings = { base: 0, reason: '通知', second: TREASURER, priceBasis: 'issue', accountNames: {} };
  const wrong = await post('fees/settings', {
    ...settings,
    registrationNumbers: { general: 'T2000020122327' },
  });
  assert.deepEqual([wrong.status, detailsOf(wrong)], [422, { account: 'general', fault: 'check_digit' }]);
  const offers = [{ window: 'passport', from: null, until: null }];
  const brand = {
    base: 1,
    reason: '契約',
    second: TREASURER,
    definition: { ...VISA, offers },
  };
  assert.equal(codeOf(await post('entries/brand', brand)), 'unknown_window');
  const taken = { ...brand, base: 0, definition: { ...VISA, offers: [] } };
  assert.equal(codeOf(await post('entries/brand', taken)), 'entry_changed', 'a new one under a known code');
  const looked = await post('entries/ground/look', { text: text.replace('clerk', 'second_person') }).expect(
    200,
  );
  const [difference] = (looked.body as { differences: { changes: object[] }[] }).differences;
  assert.deepEqual(difference?.changes, [
    { labelJa: '承認', before: '窓口の人', after: '別の人（出納員・会計課）' },
  ]);
  const history = await request(apps.office)
    .get('/api/office/entries/ground/statute/history')
    .set('Cookie', cookie);
  assert.equal((history.body as unknown[]).length, 1, 'and nothing was published');
});

test('the draft is the office’s, not a browser’s: whoever changes it on top of an old one is told', async (t) => {
  const apps = await openApps(t);
  const cookie = await signIn(apps.office, '1003', SAMPLE_PIN);
  const draft = request(apps.office);
  const read = async (): Promise<FeeDraft> =>
    (await draft.get('/api/office/fees/draft').set('Cookie', cookie).expect(200)).body as FeeDraft;
  const save = (base: number, revisions: object[]): request.Test =>
    request(apps.office).post('/api/office/fees/draft').set('Cookie', cookie).send({ base, revisions });
  const revision = { from: '2099-04-01', prices: [{ class: null, priceYen: 500 }], reason: '改定' };
  const revisions = [{ code: 'CIT-JUM', base: 1, revision }];
  assert.deepEqual(await read(), { version: 0, revisions: [], changedBy: null, at: null });
  await save(0, revisions).expect(200);
  const { version, revisions: kept, changedBy } = await read();
  assert.deepEqual([version, kept, typeof changedBy], [1, revisions, 'string']);
  assert.equal(codeOf(await save(0, []).expect(409)), 'entry_changed');
  await save(1, []).expect(200);
  assert.deepEqual((await read()).revisions, []);
});
