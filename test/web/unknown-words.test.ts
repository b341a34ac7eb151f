/** A payment whose result nobody knows, brand by brand: as the sample table has them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readSampleFees } from '../../src/fees/sample.ts';
import type { PaymentView } from '../../src/payments/view.ts';
import {
  appWords,
  balanceWords,
  isToldByBalance,
  unknownWords,
} from '../../src/web/counter/unknown-words.ts';
import { paymentOf } from './payments.ts';

const brands = readSampleFees().brands;

function unknownOf(code: string, change: Partial<PaymentView> = {}): [PaymentView, string | null] {
  const brand = brands.find((each) => each.code === code);
  assert.ok(brand !== undefined);
  const { method, unknownRule } = brand;
  return [paymentOf({ state: 'unknown', queries: 1, method, brand: code, ...change }), unknownRule];
}

describe('every brand', () => {
  for (const { code } of brands) {
    for (const queries of [0, 3]) {
      test(`${code}, ${String(queries)} queries: warns against a second payment, names the rule, tells the resident`, () => {
        const words = unknownWords(...unknownOf(code, { queries }), false);
        assert.match(words.warning, /もう一度支払いをしないでください/);
        assert.ok(words.rule.length > 20);
        assert.match(words.tell.ja, /^「.+」$/);
        assert.match(words.tell.en, /^[A-Z][A-Za-z ,.:?]+$/, 'all of it in English');
        const said = words.headline + words.rule + words.tell.ja + words.tell.en;
        assert.doesNotMatch(said, /引かれていません|支払いました|You have paid|not charged/);
      });
    }
  }

  for (const [codes, rule, ja, en] of [
    [
      ['transit_ic'],
      /^まずカードの残高を.*調査の申し出は55日以内/,
      /同じカードを.*代金は引きません/,
      /same card/,
    ],
    [
      ['waon', 'rakuten_edy'],
      /^まずカードの残高を.*かざすまで支払いは確定しません/,
      /同じカードを/,
      /same card/,
    ],
    [['nanaco'], /^まずカードの残高を.*支払われたものとして扱われ/, /同じカードを/, /same card/],
    [
      ['id', 'quicpay'],
      /成立しないのが決まり.*端末の答えで確かめられてから/,
      /確かめてからご連絡/,
      /contact you/,
    ],
    [
      ['paypay', 'd_barai', 'au_pay', 'rakuten_pay'],
      /アプリの利用履歴/,
      /アプリの利用履歴を/,
      /history in your app/,
    ],
    [['jdebit', 'visa_debit'], /^口座からすぐに/, /確かめてからご連絡/, /contact you/],
    [['visa', 'jcb'], /^代金が引かれている場合が.*カード会社/, /確かめてからご連絡/, /contact you/],
  ] as const) {
    test(`${codes.join(', ')}: the rule, and what the resident is asked for`, () => {
      for (const code of codes) {
        const words = unknownWords(...unknownOf(code), false);
        assert.match(words.rule, rule);
        assert.match(words.tell.ja, ja);
        assert.match(words.tell.en, en);
      }
    });
  }
});

test('nobody says that the terminal is being asked while it can not be', () => {
  const payment = paymentOf({ state: 'unknown' });
  assert.match(unknownWords(payment, null, false).headline, /確かめています/);
  const { headline, tell } = unknownWords(payment, null, true);
  assert.doesNotMatch(headline + tell.ja, /確かめています/);
  assert.match(tell.ja + tell.en, /つなぎ直しています.*reconnecting/);
});

test('without a brand the method decides what may have happened', () => {
  assert.match(unknownWords(paymentOf({ method: 'qr' }), null, false).rule, /アプリ/);
  assert.match(unknownWords(paymentOf({ method: 'credit' }), null, false).rule, /カード会社/);
  assert.match(unknownWords(paymentOf({ method: 'credit' }), 'of_tomorrow', false).rule, /カード会社/);
});

test('a prepaid card’s balance tells; a card that is paid for afterwards has none', () => {
  const told = brands.filter(({ code }) => isToldByBalance(...unknownOf(code))).map(({ code }) => code);
  assert.deepEqual(told, ['transit_ic', 'rakuten_edy', 'waon', 'nanaco']);
});

test('once the balance was read, nobody is asked for the card again', () => {
  assert.doesNotMatch(unknownWords(...unknownOf('waon', { balanceYen: 1_600 }), false).tell.ja, /カード/);
});

test('the balance is said with both of its meanings, and never as leave to charge again at once', () => {
  const words = balanceWords(paymentOf({ amountYen: 400 }), 1_600);
  assert.match(words, /1,600円 なら、支払われていません。二人で決めてから、支払い直せます/);
  assert.match(words, /2,000円 なら、支払われています。もう一度支払いをせず/);
});

test('the balance after a void or refund is held against the sale’s own slip: more is what went back', () => {
  const undone = balanceWords(paymentOf({ kind: 'void', amountYen: 400 }), 2_000);
  assert.match(undone, /2,000円 なら、取り消されていません。1,600円 なら、取り消されています/);
  const refunded = balanceWords(paymentOf({ kind: 'refund', amountYen: 400 }), 2_000);
  assert.match(refunded, /2,000円 なら、返金されていません。1,600円 なら、返金されています/);
  assert.doesNotMatch(undone + refunded, /支払われて/);
});

test('an app is compared by time and amount; what is not in it proves nothing', () => {
  const words = appWords(...unknownOf('paypay')) ?? '';
  assert.match(words, /^9:42ごろの 400円 を探し/);
  assert.match(words, /取り消しと出ていなければ、支払われています/);
  assert.match(words, /支払われていないとは決められません。もう一度支払いをしないで/);
  assert.match(
    appWords(...unknownOf('paypay', { kind: 'refund' })) ?? '',
    /返金と出ていれば、返金されています/,
  );
  assert.match(
    appWords(...unknownOf('paypay', { kind: 'void' })) ?? '',
    /取り消されていないとは決められません/,
  );
  assert.equal(appWords(...unknownOf('waon')), null);
});
