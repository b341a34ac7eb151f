/** Signing in and out over HTTP, with an attacker at the table. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import request from 'supertest';
import { openDb } from '../../src/db/db.ts';
import { SAMPLE_PIN } from '../../src/staff/sample.ts';
import { codeOf, cookieOf, openApps, signIn, whoIs, type Apps } from '../support/apps.ts';

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
