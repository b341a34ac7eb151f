/** The key is in no answer, error, log or message; and it belongs to the book that it is used for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import pino from 'pino';
import { stripe } from '../../../drivers/stripe/stripe.ts';
import { readConfig, StartFaults } from '../../../src/config.ts';
import { findTerminalFaults } from '../../../src/counter-terminals.ts';
import { HASTY, startVirtual } from './far-end.ts';

const KEY = 'rk_test_51PLANTEDkeyThatNobodyMaySee';
const FAULTS: readonly [fault: string, on: string][] = [
  ['error_before', 'create_intent'],
  ['rate_limit', 'create_intent'],
  ['key_in_use', 'create_intent'],
  ['not_json', 'create_intent'],
  ['cut_before', 'process'],
  ['error_after', 'process'],
  ['half_body', 'retrieve_intent'],
  ['redirect', 'retrieve_intent'],
  ['lock_timeout', 'cancel_intent'],
];

/** As the log writes it, as a debugger shows it, and as JSON. */
function everythingIn(value: unknown): string {
  const lines: string[] = [];
  pino({}, { write: (line: string) => void lines.push(line) }).error({ err: value, value });
  return [...lines, inspect(value, { depth: null, showHidden: true }), JSON.stringify(value)].join('\n');
}

test('what comes out of the driver, errors with all that hangs on them, never holds the key', async (t) => {
  const virtual = await startVirtual(t);
  const connect = () => stripe.connect({ url: virtual.url, secret: KEY }, { timing: HASTY });
  const order = () =>
    ({ operationId: crypto.randomUUID(), amountYen: 400, method: 'credit', brand: null }) as const;
  const out: unknown[] = [];
  for (const [fault, on] of FAULTS) {
    const terminal = await connect();
    await virtual.tell('/script', { steps: [{ do: { act: 'refuse' } }] });
    await virtual.tell('/faults', { faults: [{ fault, on, times: 9 }] });
    const selling = terminal.authorizeSale(
      order(),
      (answer) => {
        out.push(answer);
        return 'acknowledge';
      },
      (progress) => out.push(progress),
      undefined,
      (reference) => void out.push(reference),
    );
    out.push(...(await Promise.allSettled([selling])));
    await terminal.close();
  }
  await virtual.tell('/faults', { faults: [] });
  const terminal = await connect();
  out.push(await terminal.reportTotals(), await terminal.checkHealth(), terminal);
  assert.ok(
    out.some((each) => everythingIn(each).includes('TerminalError')),
    'some of them were errors',
  );
  for (const each of out) assert.ok(!everythingIn(each).includes('PLANTED'), inspect(each).slice(0, 200));
});

test('a key that the service does not accept is not told either', async (t) => {
  const virtual = await startVirtual(t);
  const connecting = stripe.connect({ url: virtual.url, secret: 'PLANTED nonsense' }, { timing: HASTY });
  await assert.rejects(connecting, (error) => {
    assert.match(String(error), /key_not_accepted/);
    return !everythingIn(error).includes('PLANTED');
  });
});

const live = {
  BOOK: 'live',
  ROLES: 'counter',
  DATABASE_URL: 'postgres://u:p@192.0.2.1/m',
  API_TOKEN: 'x'.repeat(24),
};
const trial = { BOOK: 'trial', TERMINAL: 'stripe@virtual' };

function faultsOf(environment: Record<string, string>): readonly string[] {
  try {
    return findTerminalFaults(readConfig(environment));
  } catch (error) {
    if (error instanceof StartFaults) return error.faults;
    throw error;
  }
}

test('a live book wants a live key, and nothing virtual', () => {
  const real = { ...live, TERMINAL: 'stripe@https://api.stripe.com' };
  for (const kind of ['rk', 'sk']) {
    assert.deepEqual(faultsOf({ ...real, TERMINAL_SECRET: `${kind}_live_51PLANTED` }), []);
    const faults = faultsOf({ ...real, TERMINAL_SECRET: `${kind}_test_51PLANTED` });
    assert.equal(faults.length, 1);
    assert.match(faults[0] ?? '', /試験用のキー/);
    assert.doesNotMatch(faults[0] ?? '', /PLANTED/);
  }
  assert.match(faultsOf(real)[0] ?? '', /TERMINAL_SECRET/);
  assert.match(faultsOf({ ...live, TERMINAL: 'stripe@virtual' })[0] ?? '', /仮想端末/);
});

test('a trial takes no live key, and no real service', () => {
  assert.deepEqual(faultsOf(trial), []);
  assert.match(faultsOf({ ...trial, TERMINAL_SECRET: 'sk_live_51PLANTED' })[0] ?? '', /本番のキー/);
  const real = { ...trial, TERMINAL: 'stripe@https://api.stripe.com', TERMINAL_SECRET: 'sk_test_51PLANTED' };
  assert.match(faultsOf(real)[0] ?? '', /本物の端末/);
});

test('a key is not spoken in clear to another machine', () => {
  const clear = { ...live, TERMINAL: 'stripe@http://api.stripe.com', TERMINAL_SECRET: 'rk_live_51PLANTED' };
  assert.equal(faultsOf(clear).length, 1);
});
