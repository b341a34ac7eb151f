/** Tablets at the LAN's door, by real TLS: who comes in, for how long, and what ends it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import { join } from 'node:path';
import { test } from 'node:test';
import request from 'supertest';
import { SAMPLE_PIN } from '../../src/staff/sample.ts';
import type { TabletInvitation, TabletsView } from '../../src/tablets/view.ts';
import { codeOf, cookieOf, openApps, pairTablet, signIn, type Apps } from '../support/apps.ts';

const invite = (apps: Apps, cookie: string, name: string): request.Test =>
  request(apps.counter).post('/api/tablets').set('Cookie', cookie).send({ name });

const pair = (apps: Apps, code: string): request.Test =>
  request(apps.lan.counter).post('/pair').ca(apps.lan.authority).type('form').send({ code });

/** As a tablet. */
const get = (apps: Apps, path: string, cookie = ''): request.Test =>
  request(apps.lan.counter).get(path).ca(apps.lan.authority).set('Cookie', cookie);

async function signInOn(apps: Apps, device: string, number: string): Promise<string> {
  const { counter, authority } = apps.lan;
  const answer = await request(counter)
    .post('/api/session')
    .ca(authority)
    .set('Cookie', device)
    .send({ number, pin: SAMPLE_PIN });
  assert.equal(answer.status, 204, answer.text);
  return `${device}; ${cookieOf(answer)}`;
}

async function listTablets(apps: Apps, cookie: string): Promise<TabletsView> {
  return (await request(apps.counter).get('/api/tablets').set('Cookie', cookie).expect(200))
    .body as TabletsView;
}

test('a code lets one tablet in, once, for five minutes; a newer one takes its place', async (t) => {
  const apps = await openApps(t);
  const treasurer = await signIn(apps.counter, '1002', SAMPLE_PIN);
  const codeFor = async (name: string): Promise<string> =>
    ((await invite(apps, treasurer, name).expect(201)).body as TabletInvitation).code;
  const refused = async (code: string): Promise<void> => {
    const answer = await pair(apps, code).expect(403);
    assert.match(answer.text, /つなぐための番号が違うか、使われたか、期限/);
    assert.equal(answer.get('Set-Cookie'), undefined);
  };

  await refused('ABCDEFGH');
  const [first, second] = [await codeFor('ひよこ組'), await codeFor('りす組')];
  assert.match(second, /^[2-9A-HJKMNP-Z]{8}$/);
  await refused(first);
  const paired = await pair(apps, ` ${second.toLowerCase().replace(/(....)/, '$1-')}`).expect(303);
  const [cookie = ''] = paired.get('Set-Cookie') ?? [];
  assert.match(
    cookie,
    /^__Host-madoguchi_device=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=\d+$/,
  );
  await refused(second);
  assert.equal(codeOf(await invite(apps, treasurer, 'りす組')), 'tablet_name_taken');

  const third = await codeFor('ひよこ組');
  apps.clock.now = new Date(apps.clock.now.getTime() + 5 * 60_000);
  await refused(third);
  for (let tries = 0; tries < 6; tries += 1) await pair(apps, 'ABCDEFGH');
  assert.match((await pair(apps, 'ABCDEFGH').expect(429)).text, /番号の試しが多すぎます/);
  // Whoever takes no money and answers for none lets nobody in.
  const clerk = await signIn(apps.counter, '1001', SAMPLE_PIN);
  assert.equal(codeOf(await invite(apps, clerk, 'x')), 'role_missing');
});

test('who is not paired is shown the page for it and the authority to trust, and nothing else', async (t) => {
  const apps = await openApps(t, { screensDir: join(import.meta.dirname, '../../src/web') });
  const page = await get(apps, '/?code=%22%3E%3Cscript%3E').expect(200);
  const treasurer = await signIn(apps.counter, '1002', SAMPLE_PIN);
  const { lan } = await listTablets(apps, treasurer);
  const shown = /<code>(.+)<\/code>/.exec(page.text)?.[1]?.replaceAll(' ', ':');
  assert.equal(shown, lan?.fingerprint);
  assert.ok(!page.text.includes('<script'));
  assert.match(page.get('Content-Security-Policy') ?? '', /^default-src 'none'; style-src 'sha256-/);
  const file = await get(apps, '/authority.crt').expect(200).buffer();
  assert.equal(file.get('Content-Type'), 'application/x-x509-ca-cert');
  for (const path of [
    '/index.html',
    '/icon.svg',
    '/office.html',
    '/healthz',
    '/readyz',
    '/api/sign-in',
    '/slip.css',
  ]) {
    assert.equal(codeOf(await get(apps, path)), 'not_paired', path);
  }
  const device = await pairTablet(apps, 'ひよこ組');
  await get(apps, '/icon.svg', device).expect(200);
  await get(apps, '/index.html', device).expect(200);
  await get(apps, '/office.html', device).expect(404);
  await get(apps, '/readyz', device).expect(404);
  assert.match((await get(apps, '/', device)).get('Set-Cookie')?.[0] ?? '', /^__Host-madoguchi_device=/);
});

test('only the page itself may ask: no name of elsewhere, no other origin, not its own in plain HTTP', async (t) => {
  const apps = await openApps(t);
  const device = await pairTablet(apps, 'ひよこ組');
  const cookie = await signInOn(apps, device, '1005');
  const { host } = new URL(apps.lan.counter);
  const leave = (headers: Record<string, string>): request.Test =>
    // Whoever rebinds a name does not mind the certificate.
    request(apps.lan.counter).delete('/api/turns').disableTLSCerts().set('Cookie', cookie).set(headers);
  const elsewhere = await leave({ Host: 'evil.example', Accept: 'text/html' });
  assert.equal(elsewhere.status, 403);
  assert.match(elsewhere.text, /^このアドレスでは開けません。/, 'who came by another name reads why');
  for (const headers of [
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
    { Origin: `http://${host}` },
    { Origin: 'https://127.0.0.1:1' },
  ] as Record<string, string>[]) {
    assert.equal(codeOf(await leave(headers)), 'forbidden', JSON.stringify(headers));
  }
  await leave({ Origin: `https://${host}`, 'x-screen': '00000000-0000-4000-8000-000000000000' }).expect(204);
  const foreign = await pair(apps, 'ABCDEFGH').set('Origin', 'https://evil.example');
  assert.equal(codeOf(foreign), 'forbidden');
});

test('a session belongs to its tablet, is signed out there alone, and sells at the daycare window alone', async (t) => {
  const apps = await openApps(t);
  const [one, other] = [await pairTablet(apps, 'ひよこ組'), await pairTablet(apps, 'りす組')];
  const [onOne, onOther] = [await signInOn(apps, one, '1001'), await signInOn(apps, other, '1001')];
  const session = (await get(apps, '/api/session', onOne).expect(200)).body as Record<string, unknown>;
  assert.deepEqual(
    [session['tablet'], session['officeUrl'], session['virtualTerminals']],
    ['ひよこ組', null, []],
  );
  const windows = (await get(apps, '/api/windows', onOne)).body as { code: string }[];
  assert.deepEqual(
    windows.map(({ code }) => code),
    ['daycare'],
  );
  const sell = await request(apps.lan.counter)
    .post('/api/payments')
    .ca(apps.lan.authority)
    .set('Cookie', onOne)
    .send({ window: 'resident' });
  assert.equal(codeOf(sell), 'not_your_window');
  const carried = onOne.replace(one, other);
  assert.equal(codeOf(await get(apps, '/api/session', carried)), 'not_signed_in');
  const atCounter = await signIn(apps.counter, '1001', SAMPLE_PIN);
  await request(apps.lan.counter)
    .delete('/api/session')
    .ca(apps.lan.authority)
    .set('Cookie', onOne)
    .expect(204);
  assert.equal(codeOf(await get(apps, '/api/session', onOne)), 'not_signed_in');
  await get(apps, '/api/session', onOther).expect(200);
  await request(apps.counter).get('/api/session').set('Cookie', atCounter).expect(200);
  // Wrong PINs are counted together, wherever they are tried.
  for (let tries = 0; tries < 5; tries += 1)
    await request(apps.counter).post('/api/session').send({ number: '1006', pin: 'wrong' });
  const locked = await request(apps.lan.counter)
    .post('/api/session')
    .ca(apps.lan.authority)
    .set('Cookie', one)
    .send({ number: '1006', pin: SAMPLE_PIN });
  assert.equal(codeOf(locked), 'locked_out');
});

test('a pairing outlives a restart and ends at once, also for the stream that is open; both are on record with who', async (t) => {
  const apps = await openApps(t);
  const device = await pairTablet(apps, 'ひよこ組');
  const cookie = await signInOn(apps, device, '1005');
  await apps.restartCounter();
  await get(apps, '/api/session', cookie).expect(200);
  const treasurer = await signIn(apps.counter, '1002', SAMPLE_PIN);
  const { tablets } = await listTablets(apps, treasurer);
  assert.equal(tablets.length, 1);
  const [tablet] = tablets;
  assert.deepEqual(
    [tablet?.name, tablet?.pairedBy, tablet?.lastSeenAt],
    ['ひよこ組', '出納 太郎', apps.clock.now.toISOString()],
  );

  const asked = https
    .request(`${apps.lan.counter}/api/events`, { ca: apps.lan.authority, headers: { cookie } })
    .end();
  const [stream] = (await once(asked, 'response')) as [IncomingMessage];
  await once(stream, 'data');
  stream.resume();
  const ended = once(stream, 'error');
  const end = (id: string): request.Test =>
    request(apps.counter).post(`/api/tablets/${id}/end`).set('Cookie', treasurer);
  await end(tablet?.id ?? '').expect(204);
  await ended;
  assert.equal(codeOf(await get(apps, '/api/session', cookie)), 'not_paired');
  assert.equal(codeOf(await end(tablet?.id ?? '')), 'not_found');
  await apps.restartCounter();
  assert.equal(codeOf(await get(apps, '/api/session', cookie)), 'not_paired');
  assert.deepEqual((await listTablets(apps, treasurer)).tablets, []);

  const record = readFileSync(join(apps.dataDir, 'journal.sqlite'), 'latin1');
  const token = device.split('=')[1] ?? '-';
  assert.equal(record.includes(token), false);
});
