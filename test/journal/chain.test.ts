import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findBreak, type StoredEvent } from '../../src/journal/audit.ts';
import { canonicalJson, chainHash, genesisHash } from '../../src/journal/chain.ts';

test('canonical JSON sorts keys, leaves out what is undefined and writes no white space', () => {
  assert.equal(
    canonicalJson({ b: [1, null, 'あ"'], a: { z: true, y: undefined } }),
    '{"a":{"z":true},"b":[1,null,"あ\\""]}',
  );
});

test('canonical JSON does not depend on the order in which properties were made', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.integer()), (object) => {
      const reversed = Object.fromEntries(Object.entries(object).reverse());
      assert.equal(canonicalJson(reversed), canonicalJson(object));
      assert.deepEqual(JSON.parse(canonicalJson(object)), JSON.parse(JSON.stringify(object)));
    }),
  );
});

test('what would read differently later is refused', () => {
  for (const value of [1.5, NaN, 2 ** 53, 1n, () => 1, 'a\0b', 'a\ud800b', { 'a\0b': 1 }]) {
    assert.throws(() => canonicalJson({ value }), /safe integer|can't be written|NUL|surrogate/);
  }
});

// Reckoned outside this program, from the canonical texts by hand with another SHA-256.
test('the hash of a known event never changes (golden, chain version 1)', () => {
  const genesis = genesisHash('00000000-0000-4000-8000-000000000000');
  const event = {
    sequence: 1,
    at: '2026-11-24T00:42:00.000Z',
    type: 'armed',
    operationId: 'a',
    payload: { amountYen: 1200, brand: null },
  };
  assert.equal(genesis, 'ca4b9a25f9e9b432c8ebf929a77e22daca6767e4456f6095417fae4af8e690d8');
  assert.equal(
    chainHash(genesis, event, canonicalJson(event.payload)),
    '59453b6efdf84051234a6f024734181325f031b5bba5d133b3635b4ebcaec22e',
  );
});

test('every part of an event and the hash before it change the hash', () => {
  const event = {
    sequence: 1,
    at: '2026-11-24T00:42:00.000Z',
    type: 'armed',
    operationId: 'a',
    payload: { n: 1 },
  };
  const variants = [
    { ...event, sequence: 2 },
    { ...event, at: '2026-11-24T00:42:00.001Z' },
    { ...event, type: 'ended' },
    { ...event, operationId: null },
    { ...event, payload: { n: 2 } },
  ];
  const hashOf = (before: string, each: typeof event | (typeof variants)[number]): string =>
    chainHash(before, each, canonicalJson(each.payload));
  const hashes = [hashOf('x', event), hashOf('y', event), ...variants.map((other) => hashOf('x', other))];
  assert.equal(new Set(hashes).size, hashes.length);
});

test('a number that is left out breaks the chain, be the event after it ever so well made', () => {
  const start = { sequence: 0, hash: genesisHash('journal') };
  const eventAt = (sequence: number, previousHash: string): StoredEvent => {
    const head = { sequence, at: '2026-11-24T00:00:00.000Z', type: 'tick', operationId: null };
    return { ...head, payloadText: '{}', previousHash, hash: chainHash(previousHash, head, '{}') };
  };
  const first = eventAt(1, start.hash);
  assert.equal(findBreak(start, [first, eventAt(2, first.hash)]), undefined);
  assert.equal(findBreak(start, [first, eventAt(3, first.hash)]), 2);
  assert.equal(
    findBreak(start, [first, eventAt(2, start.hash)]),
    2,
    'nor is one of another chain its successor',
  );
});
