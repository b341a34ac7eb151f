/** Long fee names go on in the next line between words, and never with one letter alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partsOf } from '../../src/web/counter/name-parts.ts';

test('a name goes on in the next line between its words, and a prefix stays with what it begins', () => {
  assert.deepEqual(partsOf('マイナンバーカード再交付手数料').slice(-2), ['再交付', '手数料']);
  assert.deepEqual(partsOf('印鑑登録証明書'), ['印鑑', '登録', '証明書']);
  assert.equal(partsOf('除籍・改製原戸籍謄抄本').at(-1), '謄抄本');
});

test('no part is one letter, and together they are the name', () => {
  for (const name of [
    '住民票の写し',
    '課税(所得)証明書',
    '給食・おやつ 一時保育1日',
    '駐輪場 定期シールの再交付',
    '税',
  ]) {
    const parts = partsOf(name);
    assert.equal(parts.join(''), name);
    assert.ok(parts.length === 1 || parts.every((part) => part.length > 1), parts.join('|'));
  }
});
