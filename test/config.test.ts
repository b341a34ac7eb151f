/** A lost setting must not make a real counter take pretend money, nor a trial real money. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig, StartFaults } from '../src/config.ts';
import { findTerminalFaults } from '../src/counter-terminals.ts';
import { findPayoutFaults, statementServiceOf } from '../src/statement-service.ts';

/** What the settings are refused for. */
function faultsOf(settings: Record<string, string>): readonly string[] {
  try {
    readConfig(settings);
    return [];
  } catch (error) {
    if (error instanceof StartFaults) return error.faults;
    throw error;
  }
}

const REAL = ['zvt@serial:/dev/ttyUSB0', 'zvt@tcp:192.0.2.7:20007', 'manual@clerk'];
const LIVE = {
  BOOK: 'live',
  DATABASE_URL: 'postgres://a:b@db/city',
  API_TOKEN: 'x'.repeat(20),
  ROLES: 'counter',
};

for (const BOOK of ['trial', 'training']) {
  test(`a ${BOOK} takes no real terminal, however it is reached`, () => {
    for (const TERMINAL of REAL) {
      const faults = faultsOf({ BOOK, TERMINAL });
      assert.equal(faults.length, 1, TERMINAL);
      assert.match(faults[0] ?? '', /^TERMINAL: .*takes no real terminal/);
    }
    assert.deepEqual(faultsOf({ BOOK, TERMINAL: 'zvt@virtual' }), []);
    assert.match(faultsOf({ BOOK, TERMINAL_2: REAL[0] ?? '', TERMINAL: 'zvt@virtual' }).join(), /TERMINAL_2/);
  });
}

test('a key of the other book is refused: no test key in a live book, no live key in a trial', () => {
  const ask = (settings: Record<string, string>): string => findTerminalFaults(readConfig(settings)).join();
  const live = { ...LIVE, TERMINAL: 'stripe@https://api.stripe.com' };
  assert.match(
    ask({ ...live, TERMINAL_SECRET: 'rk_test_0123456789' }),
    /a test key, of no use in a live book/,
  );
  assert.equal(ask({ ...live, TERMINAL_SECRET: 'rk_live_0123456789' }), '');
  const trial = { TERMINAL: 'stripe@virtual', TERMINAL_SECRET: 'rk_live_0123456789' };
  assert.match(ask(trial), /a live key, of no use in a trial/);
});

test('payouts are fetched from a service that tells them, with a key of this book, or the start says why not', () => {
  const ask = (settings: Record<string, string>): string => findPayoutFaults(readConfig(settings)).join();
  const place = { PAYOUTS: 'stripe@https://api.stripe.com' };
  assert.match(ask({ ...place, PAYOUTS: 'stripe@clerk' }), /^PAYOUTS: .*no statements from there/);
  assert.match(ask({ ...place, PAYOUTS: 'zvt@https://192.0.2.7' }), /^PAYOUTS: zvt から明細を取得できません/);
  assert.match(ask(place), /^PAYOUTS_SECRET: .*needed for PAYOUTS/);
  const [test, live] = [
    { ...place, PAYOUTS_SECRET: 'rk_test_0123456789' },
    { ...place, PAYOUTS_SECRET: 'rk_live_0123456789' },
  ];
  assert.match(ask(live), /^PAYOUTS_SECRET: .*a live key, of no use in a trial/);
  const book = { ...LIVE, TERMINAL: 'manual@clerk' };
  assert.match(ask({ ...book, ...test }), /^PAYOUTS_SECRET: .*a test key, of no use in a live book/);
  for (const each of [live, test]) assert.ok(!ask({ ...book, ...each }).includes('0123456789'));
  assert.deepEqual([ask({}), ask(test), ask({ ...book, ...live })], ['', '', '']);
  assert.equal(statementServiceOf(readConfig({})), undefined);
  const service = statementServiceOf(readConfig(test));
  assert.deepEqual([service?.model, service?.service.url.href], ['stripe', 'https://api.stripe.com/']);
  // What can't be read at all is told with every other fault.
  assert.match(faultsOf({ PAYOUTS_SECRET: 'rk_test_0123456789' }).join(), /PAYOUTS is missing/);
  assert.match(faultsOf({ ...place, PAYOUTS_SECRET: 'short' }).join(), /^PAYOUTS_SECRET: /);
});

test('a live book takes no virtual terminal, and wants what a trial makes up for itself', () => {
  assert.match(faultsOf({ ...LIVE, TERMINAL: 'zvt@virtual' }).join(), /takes no virtual terminal/);
  assert.match(faultsOf(LIVE).join(), /^TERMINAL: /);
  for (const TERMINAL of REAL) assert.deepEqual(faultsOf({ ...LIVE, TERMINAL }), []);
  for (const name of ['DATABASE_URL', 'API_TOKEN'] as const) {
    const faults = faultsOf({ ...LIVE, TERMINAL: REAL[0] ?? '', [name]: '' });
    assert.match(faults.join(), new RegExp(`^${name}: BOOK=live`));
  }
});

test('plain HTTP can not leave the machine, in any book, and the setting that once did it says what to set instead', () => {
  for (const BOOK of ['trial', 'live']) {
    const faults = faultsOf({
      ...LIVE,
      TERMINAL: BOOK === 'live' ? (REAL[0] ?? '') : '',
      BOOK,
      HOST: '0.0.0.0',
    });
    assert.match(faults.join(), /^HOST="0\.0\.0\.0": .*COUNTER_LAN=8610/);
  }
  assert.deepEqual(faultsOf({ HOST: '127.0.0.1' }), []);
});

test('the LAN is let in by a port, or by an address and a port, with a certificate of the city or our own', () => {
  const read = (settings: Record<string, string>) => readConfig({ DATA_DIR: '/tmp/none', ...settings });
  assert.deepEqual(read({}).lan, {});
  const { lan, tlsFiles } = read({ COUNTER_LAN: '8610', OFFICE_LAN: '192.168.0.5:8611' });
  assert.deepEqual(lan, {
    counter: { address: undefined, port: 8610 },
    office: { address: '192.168.0.5', port: 8611 },
  });
  assert.equal(tlsFiles, undefined);
  for (const wrong of ['0', 'yes', 'pc-01:8610', '300.1.1.1:8610', '192.168.0.5:']) {
    assert.match(faultsOf({ COUNTER_LAN: wrong }).join(), /^COUNTER_LAN /, wrong);
  }
  assert.match(faultsOf({ TLS_CERT: '/a.pem' }).join(), /^TLS_KEY: /);
  assert.deepEqual(read({ TLS_CERT: '/a.pem', TLS_KEY: '/a.key' }).tlsFiles, {
    certificate: '/a.pem',
    key: '/a.key',
  });
});
