/** The terminals as the settings name them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePlace } from '../../src/terminal/place.ts';
import { readTerminals } from '../../src/terminal/settings.ts';

const read = (environment: Record<string, string>) => {
  const found = readTerminals(environment);
  assert.ok('terminals' in found, JSON.stringify(found));
  return found.terminals;
};

const faultsOf = (environment: Record<string, string>): string[] => {
  const found = readTerminals(environment);
  assert.ok('faults' in found);
  return found.faults;
};

test('two terminals keep their order, and each its own settings', () => {
  const terminals = read({
    TERMINAL: 'stripe@https://api.stripe.com',
    TERMINAL_SECRET: 'rk_live_0123456789',
    TERMINAL_METHODS: 'credit, debit',
    TERMINAL_OPTIONS: '{"reader":"tmr_1"}',
    TERMINAL_2: 'zvt@usb:079b:0028',
  });
  assert.deepEqual(
    terminals.map(({ id, model, place, methods, options }) => [id, model, place.reach, methods, options]),
    [
      ['1', 'stripe', 'service', ['credit', 'debit'], { reader: 'tmr_1' }],
      ['2', 'zvt', 'line', undefined, {}],
    ],
  );
});

test('no terminal is no fault: a trial brings its own', () => {
  assert.deepEqual(read({}), []);
  assert.deepEqual(read({ TERMINAL: '  ' }), []);
});

test('every fault is told at once, by the name of its setting, and no secret with it', () => {
  const faults = faultsOf({
    TERMINAL: 'zvt@carrier-pigeon',
    TERMINAL_OPTIONS: '{',
    TERMINAL_SECRET: 'short',
    TERMINAL_2: 'zvt@virtual',
    TERMINAL_2_METHODS: 'credit,cheque',
  });
  assert.deepEqual(
    faults.map((fault) => fault.split(/[ :]/)[0]),
    ['TERMINAL', 'TERMINAL_OPTIONS', 'TERMINAL_SECRET', 'TERMINAL_2_METHODS'],
  );
  assert.ok(!faults.join('\n').includes('short'));
});

test('settings of a terminal that is not there are a fault, not silently left aside', () => {
  assert.match(faultsOf({ TERMINAL_2_OPTIONS: '{"reader":"tmr_1"}' }).join('\n'), /^TERMINAL_2:/);
  assert.match(faultsOf({ TERMINAL_2_METHODS: 'credit' }).join('\n'), /^TERMINAL_2:/);
});

for (const [text, reach] of [
  ['virtual', 'virtual'],
  ['clerk', 'clerk'],
  ['https://api.stripe.com', 'service'],
  ['http://127.0.0.1:4242', 'service'],
  ['usb:079b:0028', 'line'],
  ['tcp:192.0.2.7:20007', 'line'],
  ['http://api.stripe.com', undefined],
  ['https://', undefined],
  ['ftp://192.0.2.7', undefined],
  ['', undefined],
] as const) {
  test(`"${text}" is ${reach === undefined ? 'no place for a terminal' : `a terminal reached by ${reach}`}`, () => {
    assert.equal(parsePlace(text)?.reach, reach);
  });
}
