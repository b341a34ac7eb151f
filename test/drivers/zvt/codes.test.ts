import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BRAND_PROFILE, findBrand, TOTALS_GRAIN } from '../../../drivers/zvt/brands.ts';
import { explainResult, explainStatus, refusalOf, stepOf, verdictOf } from '../../../drivers/zvt/codes.ts';

describe('codes', () => {
  test('only 00 is an approval, 6C is a cancellation, a code that no table names is neither yes nor no', () => {
    const verdicts = Array.from({ length: 256 }, (_, code) => verdictOf(code.toString(16).padStart(2, '0')));
    assert.deepEqual(
      verdicts.flatMap((verdict, code) => (verdict === 'approved' ? [code] : [])),
      [0x00],
    );
    assert.deepEqual(
      verdicts.flatMap((verdict, code) => (verdict === 'cancelled' ? [code] : [])),
      [0x6c],
    );
    for (const code of ['ff', 'fb', '8f', 'aa', 'none']) assert.equal(verdictOf(code), 'unlisted', code);
    for (const code of ['05', '33', '9b', 'a0', '6b']) assert.equal(verdictOf(code), 'declined', code);
  });

  test('an abort with code 00 approves nothing', () => {
    assert.equal(refusalOf('00'), 'unlisted');
  });

  test('every sentence says what it means for the money', () => {
    for (let code = 1; code < 256; code++) {
      const sentence = explainResult(code.toString(16).padStart(2, '0'));
      assert.match(sentence, /代金は引かれていません|もう一度支払いをしないでください/);
    }
  });

  test('a status that no table names is not ready', () => {
    assert.equal(explainStatus('00').ready, true);
    assert.equal(explainStatus('33').ready, false);
  });

  test('intermediate status becomes a step; "approved" on a display is none', () => {
    assert.equal(stepOf(0x0a), 'present_card');
    assert.equal(stepOf(0x44), 'waiting_for_host');
    assert.equal(stepOf(0x4e), 'remove_card');
    assert.equal(stepOf(0x1c), 'working');
    assert.equal(stepOf(0xee), 'working');
  });
});

describe('the Japanese brand profile', () => {
  test('every brand is recognised by its name and by its private number', () => {
    for (const { brand, cardName, cardType, privateId } of BRAND_PROFILE) {
      assert.equal(findBrand({ cardType, privateId: null, cardName })?.brand, brand);
      if (privateId !== null)
        assert.equal(findBrand({ cardType: 0xff, privateId, cardName: null })?.brand, brand);
    }
  });

  test('a card type alone is read as credit; a debit card by its name', () => {
    assert.equal(findBrand({ cardType: 10, privateId: null, cardName: null })?.brand, 'visa');
    assert.equal(findBrand({ cardType: 10, privateId: null, cardName: 'Visa Debit' })?.brand, 'visa_debit');
    assert.equal(findBrand({ cardType: 10, privateId: null, cardName: 'Some Bank' })?.brand, 'visa');
    assert.equal(findBrand({ cardType: null, privateId: null, cardName: 'Unheard of' }), undefined);
  });

  test('names and numbers are each used once', () => {
    for (const key of ['brand', 'cardName', 'privateId'] as const) {
      const used = BRAND_PROFILE.map((profile) => profile[key]).filter((value) => value !== null);
      assert.equal(new Set(used).size, used.length, key);
    }
  });

  test('electronic money and QR count as "other" in the totals', () => {
    assert.equal(TOTALS_GRAIN.bucketOf({ method: 'emoney', brand: 'nanaco' }), 'other');
    assert.equal(TOTALS_GRAIN.bucketOf({ method: 'debit', brand: 'visa_debit' }), 'visa');
    assert.equal(TOTALS_GRAIN.bucketOf({ method: 'credit', brand: null }), 'other');
  });
});
