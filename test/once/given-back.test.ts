/** Which stickers go back with which lines of a sale. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { givenBackKeys, type LineLeft } from '../../src/once/keys.ts';

const line = (quantity: number, inputs: Record<string, string>): LineLeft => ({
  quantity,
  inputs: Object.entries(inputs).map(([code, value]) => ({ code, value })),
});

test('a sticker goes back with its own line, whatever way its number was typed', () => {
  const keys = ['sticker:pass:2026:A-1', 'sticker:pass:2026:A-2', 'ticket:R-1'];
  const lines = [line(0, { sticker: ' ａ-1' }), line(1, { sticker: 'A-2' }), { quantity: 0 }];
  assert.deepEqual(givenBackKeys(keys, lines), ['sticker:pass:2026:A-1']);
});

test('of several on one line none goes back before the last; a number in two lines goes with both', () => {
  const keys = ['sticker:ticket:2026:7'];
  assert.deepEqual(givenBackKeys(keys, [line(1, { sticker: '7' })]), []);
  assert.deepEqual(givenBackKeys(keys, [line(0, { sticker: '7' }), line(1, { sticker: '7' })]), []);
  assert.deepEqual(givenBackKeys(keys, [line(0, { sticker: '7' }), line(0, { sticker: '7' })]), keys);
});

test('a replacement that is given back leaves the old number as it was before', () => {
  const keys = ['sticker:pass:2026:A-2', 'replaced:pass:2026:A-1'];
  assert.deepEqual(givenBackKeys(keys, [line(0, { sticker: 'A-2', replaces: 'a-1' })]), keys);
});

test('a key that no line carries is not given back by anything', () => {
  assert.deepEqual(givenBackKeys(['sticker:pass:2026:A-1'], [line(0, { sticker: 'A-9' })]), []);
});
