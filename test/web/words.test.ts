import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PaymentState } from '../../src/payments/lifecycle.ts';
import {
  announcementOf,
  handOver,
  outcomeOf,
  payingWords,
  unknownWords,
} from '../../src/web/counter/words.ts';
import { lineOf, paymentOf } from './payments.ts';

const RULES = [
  'query_acquirer',
  'query_provider',
  'not_a_sale_until_next_touch',
  'not_a_sale_until_next_touch_55_days',
  'a_sale_until_disproved',
  'not_a_sale_pay_again',
  null,
];

describe('a result', () => {
  for (const state of ['declined', 'cancelled', 'not_sent'] satisfies PaymentState[]) {
    test(`${state} says that nothing was taken`, () => {
      assert.match(outcomeOf(paymentOf({ state }), null).money ?? '', /代金は引かれていません/);
    });
  }

  test("a decline is told in the words of the terminal's code where there are any", () => {
    const resultMessage = '残高が足りません。代金は引かれていません。別の方法をお勧めください。';
    assert.equal(outcomeOf(paymentOf({ state: 'declined', resultMessage }), null).money, resultMessage);
  });

  test('only an approval says 支払いました', () => {
    const states = ['approved', 'declined', 'cancelled', 'not_sent', 'not_charged'] satisfies PaymentState[];
    const said = states.filter((state) => outcomeOf(paymentOf({ state }), null).headline === '支払いました');
    assert.deepEqual(said, ['approved']);
  });

  test('an approval that came late asks whether the resident is still there', () => {
    const { headline, money, next } = outcomeOf(paymentOf({ state: 'approved', late: true }), null);
    assert.equal(headline, '支払われていました');
    assert.match(money ?? '', /もう一度支払いをしないで/);
    assert.match(next ?? '', /いらっしゃらなければ/);
  });

  test('not charged, with a brand whose card may have been debited, does not promise that nothing was taken', () => {
    const payment = paymentOf({ state: 'not_charged', method: 'emoney' });
    assert.doesNotMatch(outcomeOf(payment, 'not_a_sale_until_next_touch').money ?? '', /引かれていません/);
    assert.match(outcomeOf(payment, 'not_a_sale_pay_again').money ?? '', /引かれていません/);
  });
});

describe('an unknown result', () => {
  for (const rule of RULES) {
    for (const queries of [0, 3]) {
      test(`${rule ?? 'no brand'}, ${String(queries)} queries: warns against a second payment, names the rule, tells the resident`, () => {
        const words = unknownWords(paymentOf({ state: 'unknown', queries }), rule, false);
        assert.match(words.warning, /もう一度支払いをしないでください/);
        assert.ok(words.rule.length > 20);
        assert.match(words.tell, /^「.+」$/);
        assert.doesNotMatch(Object.values(words).join(''), /引かれていません|支払いました/);
      });
    }
  }

  test('nobody says that the terminal is being asked while it can not be', () => {
    const payment = paymentOf({ state: 'unknown' });
    assert.match(unknownWords(payment, null, false).headline, /確かめています/);
    const { headline, tell } = unknownWords(payment, null, true);
    assert.doesNotMatch(headline + tell, /確かめています/);
  });

  test('each brand’s rule is told in its own words', () => {
    for (const [rule, said] of [
      ['not_a_sale_until_next_touch', /^まずカードの残高を.*かざすまで支払いは確定しません/],
      ['not_a_sale_until_next_touch_55_days', /^まずカードの残高を.*調査の申し出は55日以内/],
      ['a_sale_until_disproved', /^まずカードの残高を.*支払われたものとして扱われ/],
      ['not_a_sale_pay_again', /成立しないのが決まり/],
    ] as const) {
      assert.match(unknownWords(paymentOf({ state: 'unknown', method: 'emoney' }), rule, false).rule, said);
    }
  });

  test('without a brand the method decides what may have happened', () => {
    assert.match(unknownWords(paymentOf({ method: 'qr' }), null, false).rule, /アプリ/);
    assert.match(unknownWords(paymentOf({ method: 'credit' }), null, false).rule, /カード会社/);
  });
});

describe('what is handed over', () => {
  test('copies of certificates are counted', () => {
    assert.equal(handOver([lineOf({ quantity: 2 }), lineOf()]), '証明書3通をお渡しください。');
  });
  test('certificates that are counted otherwise are named without a number', () => {
    assert.equal(
      handOver([lineOf({ nameJa: '納税証明書', unit: '税目・年度' })]),
      '証明書をお渡しください。',
    );
  });
  test('a day in the nursery is no certificate', () => {
    assert.equal(handOver([lineOf({ nameJa: '一時保育', unit: '人日' })]), '手続きを続けてください。');
  });
});

describe('while money moves', () => {
  test('a cancel is told as a wish, at every step', () => {
    for (const step of [null, 'present_card', 'waiting_for_host'] as const) {
      const { headline } = payingWords({ method: 'credit', cancelRequested: true }, step);
      assert.match(headline, /取り消しを頼みました/);
    }
  });

  test('a screen reader hears nothing until there is a result', () => {
    assert.equal(announcementOf(paymentOf(), null), '');
    assert.match(announcementOf(paymentOf({ state: 'approved' }), null), /支払いました。400円。証明書1通/);
    assert.match(announcementOf(paymentOf({ state: 'unknown' }), null), /もう一度支払いをしないで/);
  });
});
