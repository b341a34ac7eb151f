/** Signing in and out over HTTP, with an attacker at the table. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import request from 'supertest';
import { openDb } from '../../src/db/db.ts';
import { readStaff } from '../../src/staff/register.ts';
import { SAMPLE_PIN } from '../../src/staff/sample.ts';
import { codeOf, cookieOf, openApps, signIn, TOKEN, type Apps } from '../support/apps.ts';
import { MUNICIPALITY } from '../support/postgres.ts';

const whoIs = (base: string, cookie: string): request.Test =>
  request(base).get('/api/session').set('Cookie', cookie);

async function changeStaff(apps: Apps, number: string, change: object): Promise<void> {
  const administrator = await signIn(apps.office, '1004', SAMPLE_PIN);
  const known = { nameJa: '市民 花子', roles: ['cashier'], windows: null, isActive: true };
  await request(apps.office)
    .post(`/api/office/staff/${number}`)
    .set('Cookie', administrator)
    .send({ ...known, ...change })
    .expect(200);
}

test('signing in gives a cookie that no script can read and no other site can send', async (t) => {
  const apps = await openApps(t);
  const answer = await request(apps.counter)
    .post('/api/session')
    .send({ number: '1001', pin: SAMPLE_PIN })
    .expect(204);
  const [set = ''] = answer.get('Set-Cookie') ?? [];
  assert.match(
    set,
    /^madoguchi_counter=1001\.\d+\.[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=57600$/,
  );
  const { body } = (await whoIs(apps.counter, cookieOf(answer)).expect(200)) as { body: { clerk: object } };
  assert.deepEqual(body.clerk, { number: '1001', name: '市民 花子', roles: ['cashier'] });
});

test('a counter signs in from its snapshot while PostgreSQL is away, also after a restart', async (t) => {
  const gone = openDb('postgres://nobody@127.0.0.1:1/nothing', () => undefined);
  t.after(() => gone.destroy());
  const apps = await openApps(t);
  await apps.restartCounter(gone);
  const cookie = await signIn(apps.counter, '1001', SAMPLE_PIN);
  await whoIs(apps.counter, cookie).expect(200);
  await apps.restartCounter(gone);
  await whoIs(apps.counter, cookie).expect(200);
});

test('signing out ends every copy of the cookie, also after a restart, and not the one that comes next', async (t) => {
  const apps = await openApps(t);
  for (const base of [apps.counter, apps.office]) {
    const copied = await signIn(base, '1001', SAMPLE_PIN);
    const answer = await request(base).delete('/api/session').set('Cookie', copied).expect(204);
    assert.match(answer.get('Set-Cookie')?.[0] ?? '', /=; .*Max-Age=0$/);
    await whoIs(base, copied).expect(401);
    await apps.restartCounter();
    await whoIs(base, copied).expect(401);
    await whoIs(base, await signIn(base, '1001', SAMPLE_PIN)).expect(200);
  }
});

test('whoever signs in at a screen signs out who was there before', async (t) => {
  const apps = await openApps(t);
  const hanako = await signIn(apps.counter, '1001', SAMPLE_PIN);
  const taro = await signIn(apps.counter, '1002', SAMPLE_PIN, hanako);
  await whoIs(apps.counter, hanako).expect(401);
  await whoIs(apps.counter, taro).expect(200);
});

test('a cookie from before signing in is worth nothing: the one that counts is made by the service', async (t) => {
  const apps = await openApps(t);
  const planted = 'madoguchi_counter=1001.1.planted';
  await whoIs(apps.counter, planted).expect(401);
  const cookie = await signIn(apps.counter, '1001', SAMPLE_PIN, planted);
  assert.notEqual(cookie, planted);
  await whoIs(apps.counter, planted).expect(401);
});

test('a cookie is bound to its role of the house, its person, its beginning, and the secret', async (t) => {
  const apps = await openApps(t);
  const cookie = await signIn(apps.counter, '1001', SAMPLE_PIN);
  const [name = '', value = ''] = cookie.split('=');
  const [number = '', began = '', signature = ''] = value.split('.');
  const guessed = createHmac('sha256', '').update(`counter\n${number}.${began}`).digest('base64url');
  for (const forged of [
    `1002.${began}.${signature}`,
    `${number}.${String(Number(began) + 1)}.${signature}`,
    `${number}.${began}.${guessed}`,
    `${number}.${began}.`,
    `${number}.NaN.${signature}`,
    `${number}..${signature}`,
    `..`,
    '',
  ]) {
    await whoIs(apps.counter, `${name}=${forged}`).expect(401);
  }
  await whoIs(apps.office, `madoguchi_office=${value}`).expect(401);
});

test('a session ends after 16 hours, and one from ahead of the clock counts for nothing', async (t) => {
  const apps = await openApps(t);
  const cookie = await signIn(apps.counter, '1001', SAMPLE_PIN);
  const began = apps.clock.now.getTime();
  const hours = (count: number): Date => new Date(began + count * 3_600_000);
  apps.clock.now = hours(15.9);
  await whoIs(apps.counter, cookie).expect(200);
  apps.clock.now = hours(16.1);
  await whoIs(apps.counter, cookie).expect(401);
  apps.clock.now = hours(-1);
  await whoIs(apps.counter, cookie).expect(401);
});

test('a role that is taken away, a new PIN and a deactivation are in force at once in the office', async (t) => {
  const apps = await openApps(t);
  const accountant = await signIn(apps.office, '1003', SAMPLE_PIN);
  const read = (): request.Test => request(apps.office).get('/api/office/payments').set('Cookie', accountant);
  await read().expect(200);
  await changeStaff(apps, '1003', { roles: ['cashier'] });
  assert.equal(codeOf(await read().expect(403)), 'role_missing');
  await changeStaff(apps, '1003', { roles: ['accounting'] });
  await read().expect(200);
  await changeStaff(apps, '1003', { roles: ['accounting'], isActive: false });
  await read().expect(401);
  await changeStaff(apps, '1003', { roles: ['accounting'] });
  await read().expect(200);
  await changeStaff(apps, '1003', { roles: ['accounting'], pin: '860312' });
  await read().expect(401);
});

test('on a counter a deactivation is in force with the next snapshot, for the cookie that was stolen too', async (t) => {
  const apps = await openApps(t);
  const stolen = await signIn(apps.counter, '1001', SAMPLE_PIN);
  await changeStaff(apps, '1001', { isActive: false });
  await apps.restartCounter();
  await whoIs(apps.counter, stolen).expect(401);
  const answer = await request(apps.counter).post('/api/session').send({ number: '1001', pin: SAMPLE_PIN });
  assert.equal(codeOf(answer), 'wrong_pin');
});

test('a page of somebody else can make the browser send nothing that counts', async (t) => {
  const apps = await openApps(t);
  const cookie = await signIn(apps.counter, '1002', SAMPLE_PIN);
  const host = new URL(apps.counter).host;
  const open = (headers: Record<string, string>): request.Test =>
    request(apps.counter).post('/api/opening').set('Cookie', cookie).set(headers);
  for (const origin of [
    'https://evil.example',
    'null',
    `http://${host}.evil.example`,
    'http://127.0.0.1:1',
  ]) {
    assert.equal(codeOf(await open({ Origin: origin })), 'forbidden', origin);
  }
  assert.equal(codeOf(await open({ Host: 'evil.example' })), 'unknown_host');
  await open({ Origin: `http://${host}` }).expect(200);
  // A form can't send JSON, and what it sends is not read.
  const form = request(apps.counter)
    .post('/api/session')
    .type('form')
    .send({ number: '1001', pin: SAMPLE_PIN });
  assert.equal(codeOf(await form), 'bad_request');
});

test('guessing by machine is slowed down, and signing in is not', async (t) => {
  const apps = await openApps(t);
  for (let each = 0; each < 31; each++) await signIn(apps.office, '1003', SAMPLE_PIN);
  const guesses = await Promise.all(
    Array.from({ length: 31 }, (_, each) =>
      request(apps.office)
        .post('/api/session')
        .send({ number: String(3000 + each), pin: '000000' }),
    ),
  );
  assert.equal(guesses.filter(({ status }) => status === 429).length, 1);
});

test('the office keeps its tries in PostgreSQL: five wrong ones lock the number, a new PIN frees it', async (t) => {
  const apps = await openApps(t);
  const guess = (pin: string): request.Test =>
    request(apps.office).post('/api/session').send({ number: '1003', pin });
  for (let each = 1; each < 5; each++) assert.equal(codeOf(await guess('000000')), 'wrong_pin');
  assert.equal(codeOf(await guess('000000')), 'locked_out');
  assert.equal(codeOf(await guess(SAMPLE_PIN)), 'locked_out');
  await changeStaff(apps, '1003', { roles: ['accounting'], pin: '860312' });
  assert.equal((await guess('860312')).status, 204);
});

const SET_UP = { token: TOKEN, number: '7001', nameJa: '管理 はじめ', pin: '860312' };

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
const ENTRY = { nameJa: '新人 ひかり', roles: ['cashier'], windows: null, isActive: true };

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
