import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOffered } from '../../src/fees/catalogue.ts';

test('a brand is offered where and when the city says; without a word, wherever a terminal takes it', () => {
  const offers = [{ window: 'resident', from: '2026-12-01', until: '2027-03-31' }];
  const offered = (window: string, day: string): boolean => isOffered({ offers }, window, day);
  assert.deepEqual(
    ['2026-11-30', '2026-12-01', '2027-03-31', '2027-04-01'].map((day) => offered('resident', day)),
    [false, true, true, false],
  );
  assert.equal(offered('tax', '2026-12-01'), false);
  assert.equal(isOffered({ offers: [] }, 'tax', '2026-12-01'), true);
  const everywhere = [{ window: null, from: null, until: null }];
  assert.equal(isOffered({ offers: everywhere }, 'tax', '2026-12-01'), true);
});
