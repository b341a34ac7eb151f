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

  test('every code that the specification names has a verdict; FB and FF say nothing about the money', () => {
    const named =
      '64 65 66 67 68 6a 6b 6c 6e 6f 71 72 73 74 75 76 77 78 79 7a 7b 7c 7d 7e 83 85 89 9a 9b 9c a0 a1 a3 a4 a5 ' +
      'b1 b2 b4 b5 b7 b8 bf c0 c1 c2 c3 c4 c5 c6 c8 c9 cb cc cd d2 dc dd de e0 e2 e3 e4 e7 e8 e9 ea eb ec ed ' +
      'f0 f1 f5 f6 fa fc fd fe';
    for (const code of named.split(' ')) assert.notEqual(verdictOf(code), 'unlisted', code);
    for (const code of ['fb', 'ff', '80', '9d', 'aa', 'c7', '00/a1']) {
      assert.equal(verdictOf(code), 'unlisted', code);
    }
  });

  test('every sentence says what it means for the money, of a sale, a void, a refund and a settlement', () => {
    const codes = Array.from({ length: 255 }, (_, at) => (at + 1).toString(16).padStart(2, '0'));
    for (const code of codes) {
      assert.match(explainResult(code), /代金は引かれていません|もう一度支払いをしないでください/);
      assert.match(explainResult(code, 'void'), /取り消しは行われていません|現金を返さないでください/);
      assert.match(explainResult(code, 'refund'), /返金は行われていません|もう一度返金をしないでください/);
      assert.match(explainResult(code, 'settlement'), /日計は済んでいません|中間計で確かめてください/);
      for (const subject of ['void', 'refund', 'settlement'] as const) {
        assert.doesNotMatch(explainResult(code, subject), /代金は引かれていません|別のカード/, code);
      }
    }
  });

  test('nobody is sent to charge a purse: there is no charge at the window', () => {
    for (const code of ['33', '71']) assert.doesNotMatch(explainResult(code), /チャージ/);
  });

  test('of all 256 statuses two take a sale: ready, and a card that was left inside', () => {
    const codes = Array.from({ length: 256 }, (_, code) => code.toString(16).padStart(2, '0'));
    assert.deepEqual(
      codes.filter((code) => explainStatus(code).ready),
      ['00', 'dc'],
    );
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
