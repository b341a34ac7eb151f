/** Who may do what, asked of the real interfaces: every route of both roles, by everybody. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { json } from 'node:stream/consumers';
import { test } from 'node:test';
import request from 'supertest';
import {
  COUNTER_ROUTES,
  findRule,
  OFFICE_ROUTES,
  TABLET_ROUTES,
  type Routes,
} from '../../src/staff/access.ts';
import { SAMPLE_PIN, SAMPLE_STAFF } from '../../src/staff/sample.ts';
import { codeOf, cookieOf, openApps, pairTablet, signIn, TOKEN } from '../support/apps.ts';

type Headers = Record<string, string>;

/** Everybody who may come: one sample person per role, a script, and nobody. */
async function everybody(base: string): Promise<Map<string, Headers>> {
  const principals = new Map<string, Headers>([
    ['nobody', {}],
    ['api', { authorization: `Bearer ${TOKEN}` }],
  ]);
  for (const { number, roles } of SAMPLE_STAFF) {
    principals.set(roles.join(), { cookie: await signIn(base, number, SAMPLE_PIN) });
  }
  return principals;
}

const TURNED_AWAY = ['not_signed_in', 'role_missing', 'not_paired', 'counter_only'];

/** What the guard makes of a request: `in`, or the code with which it was turned away. `ca`: by TLS. */
async function ask(base: string, route: string, headers: Headers, ca?: string): Promise<string> {
  const [method = '', path = ''] = route.split(' ');
  const url = base + path.replace(':id', '00000000-0000-4000-8000-000000000000');
  const body = method === 'POST' ? { 'content-type': 'application/json' } : {};
  const options = { method, headers: { ...headers, ...body }, ...(ca === undefined ? {} : { ca }) };
  const asked = ca === undefined ? http.request(url, options) : https.request(url, options);
  asked.end(method === 'POST' ? '{}' : undefined);
  const [response] = (await once(asked, 'response')) as [http.IncomingMessage];
  if ((response.statusCode ?? 500) < 300) {
    // A stream of events never ends by itself.
    response.destroy();
    return 'in';
  }
  const { error } = (await json(response)) as { error: { code: string } };
  return TURNED_AWAY.includes(error.code) ? error.code : 'in';
}

for (const [name, routes] of [
  ['counter', COUNTER_ROUTES],
  ['office', OFFICE_ROUTES],
] as const) {
  test(`every route of the ${name} lets in whom the table names, and nobody else`, async (t) => {
    const apps = await openApps(t);
    const principals = await everybody(apps[name]);
    assert.equal(principals.size, 8);
    for (const [route, rule] of Object.entries<Routes[string]>(routes)) {
      // Those that sign in or out are tried in session.test.ts.
      if (rule === 'anyone') {
        assert.equal(await ask(apps[name], route, {}), 'in', route);
        continue;
      }
      for (const [who, headers] of principals) {
        const isNamed: boolean = (rule as readonly string[]).includes(who);
        const expected: string = who === 'nobody' ? 'not_signed_in' : isNamed ? 'in' : 'role_missing';
        assert.equal(await ask(apps[name], route, headers), expected, `${who}: ${route}`);
      }
    }
  });
}

test('whose word the law wants about money is the 出納員’s, and a script’s is nobody’s second word', () => {
  for (const act of ['opening', 'clock', 'payments/:id/release']) {
    assert.deepEqual(COUNTER_ROUTES[`POST /api/${act}`], ['treasurer'], act);
  }
  for (const act of ['payments/:id/resolve', 'terminals/:id/lost', 'terminals/:id/replaced']) {
    assert.ok(!COUNTER_ROUTES[`POST /api/${act}`]?.includes('api'), act);
  }
});

test('from the LAN nobody who is not paired gets anywhere, and a tablet where its table names the person', async (t) => {
  const apps = await openApps(t);
  const { counter, authority } = apps.lan;
  const device = await pairTablet(apps, 'ひよこ組');
  const principals = new Map<string, Headers>([
    ['nobody', { cookie: device }],
    ['api', { cookie: device, authorization: `Bearer ${TOKEN}` }],
  ]);
  for (const { number, roles } of SAMPLE_STAFF) {
    const answer = await request(counter)
      .post('/api/session')
      .ca(authority)
      .set('Cookie', device)
      .send({ number, pin: SAMPLE_PIN });
    principals.set(roles.join(), { cookie: `${device}; ${cookieOf(answer)}` });
  }
  const loopback = await signIn(apps.counter, '1002', SAMPLE_PIN);
  for (const [route, rule] of Object.entries<Routes[string]>(TABLET_ROUTES)) {
    for (const headers of [{}, { cookie: loopback }, { authorization: `Bearer ${TOKEN}` }]) {
      assert.equal(await ask(counter, route, headers, authority), 'not_paired', route);
    }
    for (const [who, headers] of principals) {
      // Those that sign in or out are tried in session.test.ts.
      if (rule === 'anyone') continue;
      const isNamed: boolean = rule !== 'counter_only' && (rule as readonly string[]).includes(who);
      const isSigned = who !== 'nobody' && who !== 'api';
      const refusal = isSigned ? 'role_missing' : 'not_signed_in';
      const expected: string = rule === 'counter_only' ? rule : isNamed ? 'in' : refusal;
      assert.equal(await ask(counter, route, headers, authority), expected, `${who}: ${route}`);
    }
  }
  for (const route of [
    'POST /api/opening',
    'POST /api/closing',
    'POST /api/tablets',
    'POST /api/payments/:id/refund',
  ]) {
    assert.equal(TABLET_ROUTES[route], 'counter_only', route);
  }
  assert.deepEqual(Object.keys(TABLET_ROUTES), Object.keys(COUNTER_ROUTES));
});

test('on the LAN the office asks everybody to sign in, as on its own machine', async (t) => {
  const apps = await openApps(t);
  const { office, authority } = apps.lan;
  for (const [route, rule] of Object.entries<Routes[string]>(OFFICE_ROUTES)) {
    if (rule !== 'anyone') assert.equal(await ask(office, route, {}, authority), 'not_signed_in', route);
  }
  const signedIn = await request(office)
    .post('/api/session')
    .ca(authority)
    .send({ number: '1003', pin: SAMPLE_PIN });
  assert.match(signedIn.get('Set-Cookie')?.[0] ?? '', /^__Host-madoguchi_office=.*; Secure$/);
  assert.equal(await ask(office, 'GET /api/session', { cookie: cookieOf(signedIn) }, authority), 'in');
  // A trial's page signs nobody in who comes from elsewhere.
  assert.equal((await request(office).get('/').ca(authority)).get('Set-Cookie'), undefined);
  // Whoever rebinds a name does not mind the certificate.
  const foreign = await request(office).get('/api/sign-in').disableTLSCerts().set('Host', 'evil.example');
  assert.equal(codeOf(foreign), 'unknown_host');
});

test('what the table does not name is not there, for anybody, in any spelling', async (t) => {
  const apps = await openApps(t);
  const treasurer = { cookie: await signIn(apps.counter, '1002', SAMPLE_PIN) };
  for (const route of [
    'GET /api/nothing',
    'PUT /api/opening',
    'GET /api/payments/a/b/c',
    'POST /api/office/staff',
    'GET /API/payments',
    'GET /api//payments',
    'GET /api/payments/%2e%2e/closing/x',
  ]) {
    const [method = '', path = ''] = route.split(' ');
    const response = await fetch(apps.counter + path, { method, headers: treasurer });
    assert.equal(response.status, 404, route);
  }
});

test('a rule is found for HEAD and for a path that ends in a slash, and for no longer path', () => {
  assert.equal(findRule(COUNTER_ROUTES, 'HEAD', '/api/fees'), COUNTER_ROUTES['GET /api/fees']);
  assert.equal(findRule(COUNTER_ROUTES, 'GET', '/api/fees/'), COUNTER_ROUTES['GET /api/fees']);
  assert.equal(findRule(COUNTER_ROUTES, 'GET', '/api/fees/x'), undefined);
  assert.equal(findRule(COUNTER_ROUTES, 'GET', '/x/api/fees'), undefined);
});

const WINDOWS = ['tax', 'resident', 'daycare', 'bicycle'];

test('a person rings up at the windows of the role, and of those only at the assigned ones', async (t) => {
  const apps = await openApps(t);
  const administrator = await signIn(apps.office, '1004', SAMPLE_PIN);
  const assigned = {
    nameJa: '税 次郎',
    roles: ['cashier', 'daycare'],
    windows: ['tax', 'daycare'],
    isActive: true,
  };
  await request(apps.office)
    .post('/api/office/staff')
    .set('Cookie', administrator)
    .send({ number: '2001', pin: '860312', ...assigned })
    .expect(201);
  await apps.restartCounter();

  for (const [number, pin, mine] of [
    ['1001', SAMPLE_PIN, WINDOWS],
    ['1002', SAMPLE_PIN, WINDOWS],
    ['1005', SAMPLE_PIN, ['daycare']],
    ['1006', SAMPLE_PIN, ['bicycle']],
    ['2001', '860312', ['tax', 'daycare']],
  ] as const) {
    const cookie = await signIn(apps.counter, number, pin);
    const shown = await request(apps.counter).get('/api/windows').set('Cookie', cookie).expect(200);
    const codes = (shown.body as { code: string }[]).map(({ code }) => code);
    assert.deepEqual(codes.sort(), [...mine].sort(), number);
    for (const window of WINDOWS) {
      // Past the guard, the body is found wanting.
      const answer = await request(apps.counter).post('/api/payments').set('Cookie', cookie).send({ window });
      const expected = (mine as readonly string[]).includes(window) ? 'bad_request' : 'not_your_window';
      assert.equal(codeOf(answer), expected, `${number} at ${window}`);
    }
  }
});
