import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Brand } from '../../src/fees/catalogue.ts';
import { decisionsFor, investigationDeadline, tellsByBalance } from '../../src/payments/brand-rules.ts';
import { paymentOf } from '../web/payments.ts';

const brandWith = (cancelRule: string, cancelDays: number | null): Brand => ({
  code: 'b',
  method: 'credit',
  nameJa: 'B',
  nameEn: 'B',
  ceilingYen: null,
  unknownRule: 'query_acquirer',
  cancelRule,
  cancelDays,
  sameTerminal: null,
  lastOnly: null,
  offers: [],
});
const LATE = paymentOf({ state: 'approved', late: true, toDecide: true, businessDate: '2026-11-20' });

test('the last day for a transit card is the 55th after the payment, and other brands have none', () => {
  const rule = 'not_a_sale_until_next_touch_55_days';
  assert.equal(investigationDeadline(paymentOf({ businessDate: '2026-11-24' }), rule), '2027-01-18');
  assert.equal(investigationDeadline(paymentOf(), 'query_acquirer'), null);
  assert.equal(investigationDeadline(paymentOf(), null), null);
});

for (const [what, brand, today, choices] of [
  ['a card may be voided within its days', brandWith('void_or_refund', 180), '2026-11-24', 3],
  ['but not after them', brandWith('void_or_refund', 3), '2026-11-24', 2],
  ['a brand that gives nothing back goes through accounting', brandWith('never', null), '2026-11-20', 2],
  ['so does one that only cancels its last payment', brandWith('void_last_only', 0), '2026-11-20', 2],
  ['one that cancels on the same day only, on the same day', brandWith('same_day', 0), '2026-11-20', 3],
  ['a brand that nobody knows goes through accounting', undefined, '2026-11-20', 2],
] as const) {
  test(`a late approval is decided about: ${what}`, () => {
    const offered = decisionsFor(LATE, brand, today);
    assert.equal(offered.length, choices);
    assert.equal(offered.includes('void'), choices === 3);
  });
}

test('nothing is decided about a payment that was approved at once, or twice about one', () => {
  const brand = brandWith('void_or_refund', 180);
  assert.deepEqual(decisionsFor(paymentOf({ state: 'approved' }), brand, '2026-11-24'), []);
  assert.deepEqual(decisionsFor({ ...LATE, decision: 'keep', toDecide: false }, brand, '2026-11-24'), []);
  assert.deepEqual(decisionsFor(paymentOf({ state: 'unknown' }), brand, '2026-11-24'), []);
});

test('the balance tells about prepaid cards, whichever way their rule goes, and about nothing else', () => {
  const rules = [
    'not_a_sale_until_next_touch',
    'not_a_sale_until_next_touch_55_days',
    'a_sale_until_disproved',
  ];
  assert.deepEqual(rules.filter(tellsByBalance), rules);
  assert.deepEqual(
    ['not_a_sale_pay_again', 'query_acquirer', 'query_provider', null].filter(tellsByBalance),
    [],
  );
});
