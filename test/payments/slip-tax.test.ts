import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PricedLine } from '../../src/fees/pricing.ts';
import { renderSlip } from '../../src/payments/slip.ts';
import { lineOf } from '../support/sale.ts';
import { paymentOf } from '../web/payments.ts';

const HEAD = {
  municipalityName: '白井市',
  counterName: '総合窓口 1番',
  book: 'live',
  isSurveyPublic: false,
  brands: () => [],
} as const;

const slipOf = (lines: PricedLine[]): Promise<string> =>
  renderSlip(paymentOf({ state: 'approved', lines, amountYen: 0 }), HEAD);

const parking = (quantity: number, registrationNumber: string | null): PricedLine =>
  lineOf({
    code: 'BIK-1B',
    nameJa: '駐輪場',
    unit: '24時間',
    quantity,
    unitPriceYen: 105,
    amountYen: 105 * quantity,
    taxCategory: 'standard_10',
    registrationNumber,
  });

test('a taxable slip has the account’s number and the tax, rounded once for the slip', async () => {
  const slip = await slipOf([parking(1, 'T1000020122327'), parking(1, 'T1000020122327')]);
  assert.match(slip, /10%対象（税込）　210円（内消費税 19円）<br>登録番号　T1000020122327/);
  assert.equal(slip.match(/T1000020122327/g)?.length, 1);
});

test('an exempt slip has neither; an account that is not registered has no number', async () => {
  const exempt = await slipOf([lineOf()]);
  assert.match(exempt, /非課税（行政手数料）　400円/);
  assert.doesNotMatch(exempt, /消費税|登録番号/);
  assert.doesNotMatch(await slipOf([parking(1, null)]), /登録番号/);
});

test('what was mixed has a sum for each, and what is not charged is in none', async () => {
  const free = lineOf({
    unitPriceYen: 0,
    amountYen: 0,
    exemption: {
      ground: 'welfare',
      groundJa: '生活保護を受けている人',
      kind: 'reduction',
      approval: null,
      approver: { number: '1001', name: '市民 花子' },
      waivedYen: 400,
    },
  });
  const slip = await slipOf([lineOf(), parking(2, null), free]);
  assert.match(slip, /非課税（行政手数料）　400円<br>10%対象（税込）　210円（内消費税 19円）/);
  assert.match(slip, /生活保護を受けている人/);
});

test('a line says what was entered with it', async () => {
  const inputs = [{ code: 'sticker', labelJa: 'シール番号', value: 'A-0012', textJa: 'A-0012' }];
  assert.match(await slipOf([{ ...parking(1, null), inputs }]), /シール番号 A-0012/);
});
