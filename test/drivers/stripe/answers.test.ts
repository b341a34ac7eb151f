/** What is kept of a payment: what was presented, and of the card nothing but four digits. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { approvalOf } from '../../../drivers/stripe/answers.ts';
import { explainResult, verdictOf } from '../../../drivers/stripe/codes.ts';
import { CARDS, createCharge, createIntent } from '../../../drivers/stripe/virtual/objects.ts';

const NOW = new Date('2026-11-26T15:30:00Z');

function paidWith(network: string | null, funding: string | null) {
  const intent = createIntent({
    ...{ amount: 400, currency: 'jpy', methods: ['card_present'], description: null, now: NOW },
    metadata: {},
  });
  const [card] = CARDS;
  const charge = createCharge(intent, card ?? assert.fail(), NOW);
  Object.assign(charge.payment_method_details?.card_present ?? {}, { brand: network, network, funding });
  return approvalOf({ ...intent, status: 'succeeded', amount_received: 400 }, charge);
}

for (const [network, funding, method, brand, brandName] of [
  ['visa', 'credit', 'credit', 'visa', 'Visa'],
  ['visa', 'debit', 'debit', 'visa_debit', 'Visaデビット'],
  ['visa', 'prepaid', 'credit', 'visa', 'Visa'],
  ['jcb', 'debit', 'debit', 'jcb_debit', 'JCBデビット'],
  ['mastercard', 'debit', 'debit', null, 'Mastercardデビット'],
  ['visa', 'unknown', null, null, 'Visa'],
  ['visa', 'a_word_of_tomorrow', null, null, 'Visa'],
  ['unionpay', 'credit', 'credit', null, 'unionpay'],
  [null, null, null, null, null],
] as const) {
  test(`${network ?? 'no network'} with funding ${funding ?? 'unsaid'} is ${method ?? 'no known method'}, ${brand ?? 'no known brand'}`, () => {
    const answer = paidWith(network, funding);
    assert.deepEqual([answer.method, answer.brand, answer.brandName], [method, brand, brandName]);
  });
}

test('an approval has Japan’s time, the whole number for a search and a short one for people', () => {
  const answer = paidWith('visa', 'credit');
  assert.equal(answer.terminalTime, '2026-11-27T00:30:00');
  assert.match(answer.traceNumber ?? '', /^pi_/);
  assert.match(answer.receiptNumber ?? '', /^\w{8}$/);
  assert.equal(answer.currency, '392');
});

test('the message itself is kept as chosen fields: four digits of the card, no expiry, no fingerprint, no secret', () => {
  const raw = Buffer.from(paidWith('visa', 'credit').raw, 'hex').toString();
  assert.deepEqual(Object.keys(JSON.parse(raw) as object).sort(), [
    ...['amount_received', 'authorization_code', 'brand', 'charge', 'created', 'currency'],
    ...['funding', 'last4', 'payment_intent', 'status'],
  ]);
});

test('who stopped and what nobody refused is cancelled, everything else declined', () => {
  assert.equal(verdictOf('customer_canceled'), 'cancelled');
  assert.equal(verdictOf('no_card_presented'), 'cancelled');
  assert.equal(verdictOf('insufficient_funds'), 'declined');
  assert.equal(verdictOf('terminal_reader_offline'), 'declined');
});

test('what is said of a void is about giving back, and warns where nobody knows', () => {
  assert.match(explainResult('succeeded', 'void'), /返金しました/);
  assert.match(explainResult('refund_failed', 'void'), /代金は返っていません/);
  assert.match(explainResult('whatever', 'void'), /もう一度返金しないで/);
});
