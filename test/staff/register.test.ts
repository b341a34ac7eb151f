/** Who works here: the first administrator, the people of a live book, the list and what it refuses. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import request from 'supertest';
import { readStaff } from '../../src/staff/register.ts';
import { SAMPLE_PIN } from '../../src/staff/sample.ts';
import { codeOf, cookieOf, openApps, signIn, TOKEN, whoIs } from '../support/apps.ts';
import { MUNICIPALITY } from '../support/postgres.ts';

const SET_UP = { token: TOKEN, number: '7001', nameJa: '管理 はじめ', pin: '860312' };
const ENTRY = { nameJa: '新人 ひかり', roles: ['cashier'], windows: null, isActive: true };

test('a live installation knows nobody: its first administrator is set up once, with the API token', async (t) => {
  const apps = await openApps(t, { book: 'live' });
  const page = await request(apps.office).get('/api/sign-in').expect(200);
  assert.deepEqual(page.body, { samples: [], samplePin: null, setUpAt: 'here' });
  const setUp = (change: object): request.Test =>
    request(apps.office)
      .post('/api/setup')
      .send({ ...SET_UP, ...change });
  assert.equal(codeOf(await setUp({ token: 'a token that was guessed' })), 'wrong_token');
  assert.equal(codeOf(await setUp({ pin: SAMPLE_PIN })), 'weak_pin');
  const both = await Promise.all([setUp({}), setUp({ number: '7002' })]);
  assert.deepEqual(both.map(({ status }) => status).sort(), [204, 409]);
  assert.equal(codeOf(await setUp({ number: '7003' })), 'already_set_up');
  const after = await request(apps.office).get('/api/sign-in').expect(200);
  assert.deepEqual(after.body, { samples: [], samplePin: null, setUpAt: null });
});

test('a live book takes no sample person and no sample PIN, whoever has put them into its database', async (t) => {
  const apps = await openApps(t, { book: 'live' });
  const of = { municipality: MUNICIPALITY, book: 'trial' } as const;
  const sampled = await openApps(t);
  const samples = await readStaff(sampled.db, of);
  for (const { number, nameJa, roles, windows, pinHash, pinSetAt } of samples) {
    const row = { municipality: MUNICIPALITY, number, version: 1, changed_by: 'sample', name_ja: nameJa };
    const kept = {
      roles: [...roles],
      windows: windows && [...windows],
      pin_hash: pinHash,
      pin_set_at: pinSetAt,
    };
    await apps.db
      .insertInto('staff')
      .values({ ...row, ...kept, is_active: true, is_sample: true })
      .execute();
  }
  await apps.restartCounter();
  for (const base of [apps.office, apps.counter]) {
    const answer = await request(base).post('/api/session').send({ number: '1004', pin: SAMPLE_PIN });
    assert.equal(codeOf(answer), 'wrong_pin', base);
    assert.deepEqual((await request(base).get('/').expect(404)).get('Set-Cookie'), undefined);
  }
  const cookie = cookieOf(await request(apps.office).post('/api/setup').send(SET_UP).expect(204));
  const taken = { ...ENTRY, number: '1004', pin: '860312' };
  const entered = await request(apps.office).post('/api/office/staff').set('Cookie', cookie).send(taken);
  assert.equal(codeOf(entered), 'staff_number_taken', 'nobody steps into a sample person’s number');
  const counterPage = await request(apps.counter).get('/api/sign-in').expect(200);
  assert.deepEqual(counterPage.body, { samples: [], samplePin: null, setUpAt: 'office' });
});

test('a live counter takes sales once the 出納員 has opened it, and is asked for it again the next day', async (t) => {
  const apps = await openApps(t, { book: 'live' });
  const administrator = cookieOf(await request(apps.office).post('/api/setup').send(SET_UP).expect(204));
  const person = { windows: null, isActive: true, pin: '246813' };
  for (const [number, nameJa, role] of [
    ['7101', '窓口 みどり', 'cashier'],
    ['7102', '出納 さち', 'treasurer'],
  ] as const) {
    await request(apps.office)
      .post('/api/office/staff')
      .set('Cookie', administrator)
      .send({ ...person, number, nameJa, roles: [role] })
      .expect(201);
  }
  await apps.restartCounter();
  const cashier = await signIn(apps.counter, '7101', '246813');
  const treasurer = await signIn(apps.counter, '7102', '246813');
  const isOpen = async (): Promise<boolean> =>
    ((await whoIs(apps.counter, cashier).expect(200)).body as { isOpen: boolean }).isOpen;
  assert.equal(await isOpen(), false);
  const sale = {
    id: '00000000-0000-4000-8000-000000000001',
    window: 'resident',
    lines: [{ code: 'CIT-JUM', quantity: 1 }],
    totalYen: 400,
    method: 'credit',
  };
  const ring = (): request.Test =>
    request(apps.counter).post('/api/payments').set('Cookie', cashier).send(sale);
  assert.equal(codeOf(await ring()), 'counter_not_open');
  const open = (cookie: string): request.Test =>
    request(apps.counter).post('/api/opening').set('Cookie', cookie).send({});
  assert.equal(codeOf(await open(cashier)), 'role_missing');
  const first = await open(treasurer).expect(200);
  assert.equal((first.body as { clerk: string }).clerk, '出納 さち');
  // Asked again, it answers with the first.
  assert.deepEqual((await open(treasurer).expect(200)).body, first.body);
  assert.equal(await isOpen(), true);
  assert.notEqual(codeOf(await ring()), 'counter_not_open');
  apps.clock.now = new Date(apps.clock.now.getTime() + 24 * 3_600_000);
  const tomorrow = await signIn(apps.counter, '7101', '246813');
  const { body } = (await whoIs(apps.counter, tomorrow).expect(200)) as { body: { isOpen: boolean } };
  assert.equal(body.isOpen, false);
});

async function openStaff(t: TestContext) {
  const apps = await openApps(t);
  const cookie = await signIn(apps.office, '1004', SAMPLE_PIN);
  const send = (path: string, body: object): request.Test =>
    request(apps.office).post(`/api/office/staff${path}`).set('Cookie', cookie).send(body);
  return { apps, cookie, send };
}

test('the administrator’s list has everybody and nobody’s hash; a change is a new version by name', async (t) => {
  const { apps, cookie, send } = await openStaff(t);
  const list = await request(apps.office).get('/api/office/staff').set('Cookie', cookie).expect(200);
  assert.equal((list.body as unknown[]).length, 6);
  assert.doesNotMatch(list.text, /argon2|hash/i);
  await send('', { ...ENTRY, number: '2001', pin: '860312' }).expect(201);
  assert.equal(codeOf(await send('', { ...ENTRY, number: '2001', pin: '860312' })), 'staff_number_taken');
  await send('/2001', { ...ENTRY, windows: ['tax'] }).expect(200);
  assert.equal(codeOf(await send('/2999', ENTRY)), 'not_found');
  const versions = await apps.db
    .selectFrom('staff')
    .select(['version', 'changed_by', 'windows'])
    .where('number', '=', '2001')
    .orderBy('version')
    .execute();
  assert.deepEqual(versions, [
    { version: 1, changed_by: '1004', windows: null },
    { version: 2, changed_by: '1004', windows: ['tax'] },
  ]);
});

test('weak PINs are refused, and the last administrator stays one', async (t) => {
  const { apps, send } = await openStaff(t);
  for (const pin of ['12345', SAMPLE_PIN, '200199', '777777', '234567', '987654', 'abcdef']) {
    assert.equal(codeOf(await send('', { ...ENTRY, number: '2001', pin })), 'weak_pin', pin);
  }
  const itself = { nameJa: '管理 一郎', roles: ['administrator'], windows: null, isActive: true };
  assert.equal(codeOf(await send('/1004', { ...itself, isActive: false })), 'last_administrator');
  assert.equal(codeOf(await send('/1004', { ...itself, roles: ['cashier'] })), 'last_administrator');
  await send('', { ...ENTRY, number: '2002', pin: '860312', roles: ['administrator'] }).expect(201);
  await send('/1004', { ...itself, isActive: false }).expect(200);
  // A second counter or office finds the same people.
  assert.equal((await readStaff(apps.db, { municipality: MUNICIPALITY, book: 'trial' })).length, 7);
});
