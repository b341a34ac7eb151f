/** What a change is said to be before two people publish it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Brand, BrandOffer } from '../../src/fees/catalogue.ts';
import { differenceOf } from '../../src/fees/describe.ts';
import { readSampleFees } from '../../src/fees/sample.ts';

const TODAY = '2026-11-27';
const brand = (offers: BrandOffer[], change: Partial<Brand> = {}): Brand => {
  const [visa] = readSampleFees().brands;
  assert.ok(visa !== undefined);
  return { ...visa, offers, ...change };
};
const always = (window: string): BrandOffer => ({ window, from: null, until: null });

test('a brand’s period that is still to come changes nothing today; one that has begun does, and so does a ceiling', () => {
  const immediate = (before: Brand, after: Brand): boolean =>
    differenceOf('brand', before, after, TODAY).isImmediate;
  const tax = brand([always('tax')]);
  assert.equal(immediate(tax, brand([{ window: 'tax', from: null, until: '2027-03-31' }])), false);
  assert.equal(
    immediate(tax, brand([always('tax'), { window: 'bicycle', from: '2027-04-01', until: null }])),
    false,
  );
  assert.equal(immediate(tax, brand([{ window: 'tax', from: '2026-12-01', until: null }])), true);
  assert.equal(immediate(tax, brand([always('tax'), always('bicycle')])), true);
  assert.equal(immediate(brand([]), tax), true, 'no longer everywhere');
  assert.equal(immediate(tax, brand([always('tax')], { ceilingYen: 20_000 })), true);
});

test('windows and rules are told by their names', () => {
  const { changes } = differenceOf(
    'brand',
    brand([]),
    brand([always('tax')], { cancelRule: 'never' }),
    TODAY,
    () => '税',
  );
  assert.deepEqual(
    changes.map(({ labelJa, after }) => [labelJa, after]),
    [
      ['使える窓口と期間', '税　いつでも'],
      ['取り消しの決まり', '端末では返せない'],
    ],
  );
});
