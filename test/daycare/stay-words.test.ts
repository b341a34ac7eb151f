/** A stay on its way to the basket. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AskedLine } from '../../src/fees/pricing.ts';
import { createSale, reduceSale } from '../../src/web/counter/sale.ts';
import { basketOf } from '../../src/web/counter/sale-basket.ts';
import { childOf, shortNames, timesOf, untilOf } from '../../src/web/daycare/stay-words.ts';
import { stayOf } from '../support/stays.ts';

const lineOf = (stay: string, child: number): AskedLine => ({
  code: 'NUR-IT1',
  quantity: 1,
  care: { stay, child, from: '08:30', until: '17:00' },
});

test('days of one label are one child’s, another label is the next child, an erased label nobody’s', () => {
  const stays = [
    stayOf({ id: 'a', label: '12' }),
    stayOf({ id: 'b', label: '12', caredOn: '2026-11-25' }),
    stayOf({ id: 'c', label: '13' }),
    stayOf({ id: 'd', label: null }),
    stayOf({ id: 'e', label: null }),
  ] as const;
  const [, sameChild, sibling, owed, other] = stays;
  const basket = [lineOf('a', 1)];
  assert.equal(childOf(sameChild, stays, basket), 1);
  assert.equal(childOf(sibling, stays, basket), 2);
  assert.equal(childOf(owed, stays, [lineOf('e', 1)]), 2, 'two without a label need not be the same');
  assert.equal(childOf(other, stays, []), 1);
});

test('a stay is in the basket once, and what is changed replaces what was there', () => {
  let sale = reduceSale(createSale('daycare'), { type: 'stay_charged', stay: 'a', lines: [lineOf('a', 1)] });
  sale = reduceSale(sale, { type: 'stay_charged', stay: 'b', lines: [lineOf('b', 2)] });
  const anew = { ...lineOf('a', 1), code: 'NUR-IT2' };
  sale = reduceSale(sale, { type: 'stay_charged', stay: 'a', lines: [anew] });
  assert.deepEqual(
    basketOf(sale).map(({ code, care }) => [code, care?.stay]),
    [
      ['NUR-IT1', 'b'],
      ['NUR-IT2', 'a'],
    ],
  );
  sale = reduceSale(sale, { type: 'stay_charged', stay: 'b', lines: [] });
  assert.deepEqual(basketOf(sale), [anew]);
});

test('today’s stay ends now, another day’s as planned; what was entered stands', () => {
  const of = (change: object): string | null => untilOf(stayOf(change), '2026-11-26', '17:42');
  assert.equal(of({}), '17:42');
  assert.equal(of({ plannedAt: '17:00' }), '17:42');
  assert.equal(of({ pickedUpAt: '17:30' }), '17:30');
  assert.equal(of({ caredOn: '2026-11-25', plannedAt: '17:00' }), '17:00');
  assert.equal(of({ caredOn: '2026-11-25' }), null);
});

test('a row says its times, and its day where that is another', () => {
  assert.equal(timesOf(stayOf({ plannedAt: '17:00' }), '2026-11-26'), '8:30 〜 17:00（予定）');
  assert.equal(timesOf(stayOf({ pickedUpAt: '17:42' }), '2026-11-26'), '8:30 〜 17:42');
  assert.equal(timesOf(stayOf({ caredOn: '2026-11-25' }), '2026-11-26'), '11月25日(水) 8:30 〜');
});

test('fees side by side are called by what tells them apart', () => {
  const named = (...names: string[]): string[] =>
    shortNames(names.map((nameJa, index) => ({ code: String(index), nameJa }))).map(([, name]) => name);
  assert.deepEqual(named('一時保育 3歳未満 1日', '一時保育 3歳未満 半日'), ['1日', '半日']);
  assert.deepEqual(named('一時保育 3歳未満 1日'), ['一時保育 3歳未満 1日']);
  assert.deepEqual(named('一時保育', '一時保育 半日'), ['一時保育', '一時保育 半日']);
});
