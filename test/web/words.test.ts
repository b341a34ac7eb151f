import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PaymentState } from '../../src/payments/lifecycle.ts';
import type { PaymentView } from '../../src/payments/view.ts';
import { announcementOf, handOver, outcomeOf, payingWords } from '../../src/web/counter/words.ts';
import { lineOf } from '../support/sale.ts';
import { paymentOf } from './payments.ts';

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

  test('who has established it is said, and the terminal is not called on where it was somebody else', () => {
    const said = (state: PaymentState, establishedBy: PaymentView['establishedBy']): string =>
      outcomeOf(paymentOf({ state, late: true, establishedBy }), null).money ?? '';
    for (const state of ['approved', 'not_charged'] as const) {
      assert.match(said(state, 'terminal_query'), /端末の記録で確かめました/);
      for (const [source, words] of [
        ['two_people', /二人で確かめました/],
        ['provider_api', /決済会社の記録で確かめました/],
        ['provider_statement', /決済会社の明細で確かめました/],
      ] as const) {
        assert.match(said(state, source), words);
        assert.doesNotMatch(said(state, source), /端末/);
      }
    }
  });

  test('not charged, with a brand whose card may have been debited, does not promise that nothing was taken', () => {
    const payment = paymentOf({ state: 'not_charged', method: 'emoney' });
    assert.doesNotMatch(outcomeOf(payment, 'not_a_sale_until_next_touch').money ?? '', /引かれていません/);
    assert.match(outcomeOf(payment, 'not_a_sale_pay_again').money ?? '', /引かれていません/);
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
    assert.equal(announcementOf(paymentOf(), null, false), '');
    assert.match(
      announcementOf(paymentOf({ state: 'approved' }), null, false),
      /支払いました。400円。証明書1通/,
    );
    assert.match(announcementOf(paymentOf({ state: 'unknown' }), null, false), /もう一度支払いをしないで/);
    assert.match(announcementOf(paymentOf({ state: 'unknown' }), null, true), /つなぎ直しています/);
  });
});
