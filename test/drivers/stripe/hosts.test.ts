/** Nobody but the configured host is ever spoken to, whatever the environment or the host itself suggests. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startVirtual, type Virtual } from './far-end.ts';
import { forward, openRelay, type Asked } from './relay.ts';
import { stripe } from '../../../drivers/stripe/stripe.ts';
import { HASTY, SECRET } from './far-end.ts';

const PROGRAM = fileURLToPath(new URL('./sell-program.ts', import.meta.url));

/** Where a program was, on a machine whose environment sends everything through somebody else. */
async function placesOf(
  t: TestContext,
  who: string,
  virtual: Virtual,
): Promise<{ places: string[]; proxied: number }> {
  let proxied = 0;
  const proxy = createServer((socket) => {
    proxied += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  t.after(() => proxy.close());
  await once(proxy, 'listening');
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()]);
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, virtual.url.origin, who], {
    env: {
      PATH: process.env['PATH'],
      NODE_USE_ENV_PROXY: '1',
      STRIPE_API_BASE: 'https://elsewhere.invalid',
      ...Object.fromEntries(names.map((name) => [name, address])),
    },
  });
  return { places: JSON.parse(stdout) as string[], proxied };
}

test('a sale, with answers that point elsewhere, connects to the configured host only', async (t) => {
  const virtual = await startVirtual(t);
  await virtual.tell('/script', { steps: [{ do: { act: 'present', brand: 'visa' } }] });
  const redirect = (on: string): object => ({ fault: 'redirect', on });
  const faults = ['retrieve_reader', 'retrieve_intent'].map(redirect);
  await virtual.tell('/faults', { faults });
  const { places, proxied } = await placesOf(t, 'the driver', virtual);
  assert.deepEqual(places.sort(), [virtual.url.host, 'completed'].sort());
  assert.equal(proxied, 0);
});

test('another program in the same environment does go elsewhere', async (t) => {
  const virtual = await startVirtual(t);
  const { proxied } = await placesOf(t, 'somebody else', virtual);
  assert.ok(proxied > 0);
});

test('every request says who asks, and nothing about this machine or the requests before', async (t) => {
  const virtual = await startVirtual(t);
  const asked: Asked[] = [];
  const relay = await openRelay((each) => {
    asked.push(each);
    return forward(virtual.url, each);
  });
  t.after(() => relay.close());
  const terminal = await stripe.connect({ url: relay.url, secret: SECRET }, { timing: HASTY });
  t.after(() => terminal.close());
  await virtual.tell('/script', { steps: [{ do: { act: 'present', brand: 'visa' } }] });
  const sale = { operationId: 'c0ffee', amountYen: 400, method: 'credit', brand: null } as const;
  await terminal.authorizeSale(
    sale,
    () => 'acknowledge',
    () => undefined,
  );
  assert.ok(asked.length > 4);
  for (const { headers } of asked) {
    assert.equal(headers['x-stripe-client-telemetry'], undefined);
    assert.doesNotMatch(headers['x-stripe-client-user-agent'] ?? '', /platform|uname/);
    assert.equal(headers['stripe-version'], '2026-10-28.endive');
  }
  const keys = asked
    .filter(({ method }) => method === 'POST')
    .map(({ headers }) => headers['idempotency-key']);
  assert.deepEqual(keys, ['madoguchi-c0ffee-1-create', 'madoguchi-c0ffee-1-process']);
});
