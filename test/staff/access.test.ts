/** Who may do what, asked of the real interfaces: every route of both roles, by everybody. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import request from 'supertest';
import { COUNTER_ROUTES, findRule, OFFICE_ROUTES, type Routes } from '../../src/staff/access.ts';
import { SAMPLE_PIN, SAMPLE_STAFF } from '../../src/staff/sample.ts';
import { codeOf, openApps, signIn, TOKEN } from '../support/apps.ts';

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

/** What the guard makes of a request: `in`, or the code with which it was turned away. */
async function ask(base: string, route: string, headers: Headers): Promise<string> {
  const [method = '', path = ''] = route.split(' ');
  const response = await fetch(base + path.replace(':id', '00000000-0000-4000-8000-000000000000'), {
    method,
    headers: { ...headers, ...(method === 'POST' ? { 'content-type': 'application/json' } : {}) },
    ...(method === 'POST' ? { body: '{}' } : {}),
  });
  if (response.ok) {
    // A stream of events never ends by itself.
    await response.body?.cancel();
    return 'in';
  }
  const { error } = (await response.json()) as { error: { code: string } };
  return ['not_signed_in', 'role_missing'].includes(error.code) ? error.code : 'in';
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
