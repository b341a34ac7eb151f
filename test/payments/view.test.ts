/** What was touched is a wish: a payment is shown as its terminal reported it, and what differs is shown beside it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldPayment, type Recorded } from '../../src/payments/lifecycle.ts';
import type { Armed, OperationEvent } from '../../src/payments/operation-events.ts';
import { viewOf, type PaymentView } from '../../src/payments/view.ts';
import type { TerminalAnswer } from '../../src/terminal/terminal.ts';
import { answerOf, armedSale, armedVoid } from '../support/sale.ts';

const AT = '2026-11-24T00:00:00.000Z';

function shown(said: Partial<TerminalAnswer> | undefined, armed: Armed = armedSale()): PaymentView {
  const events: OperationEvent[] = [{ type: 'armed', payload: armed }];
  if (said !== undefined) {
    events.push({ type: 'answer', payload: { answer: answerOf('approved', said), refused: null } });
    events.push({ type: 'ended', payload: { kind: 'completed' } });
  }
  const recorded = events.map((event, index): Recorded<OperationEvent> => ({
    ...event,
    ...{ sequence: index + 1, at: AT },
  }));
  return viewOf(foldPayment('sale', recorded), {
    surveyUrl: (id) => `/survey/${id}`,
    explainResult: () => null,
    ledger: { find: () => undefined, returnsOf: () => [] },
  });
}

test('method and brand are the terminal’s, and what the clerk touched is shown where it differs', () => {
  const debit = shown({ method: 'debit', brand: 'visa_debit' });
  assert.deepEqual([debit.method, debit.brand], ['debit', 'visa_debit']);
  assert.deepEqual(debit.asked, { method: 'credit', brand: null });
  const same = shown({ method: 'credit', brand: 'visa' });
  assert.deepEqual([same.method, same.brand, same.asked], ['credit', 'visa', null], 'no brand was named');
});

test('until the terminal has said, it is what was touched', () => {
  const waiting = shown(undefined, armedSale({ method: 'emoney', brand: 'waon' }));
  assert.deepEqual([waiting.method, waiting.brand, waiting.asked], ['emoney', 'waon', null]);
  const silent = shown({ method: null, brand: null }, armedSale({ method: 'emoney', brand: 'waon' }));
  assert.deepEqual([silent.method, silent.brand], ['emoney', 'waon']);
});

test('only what is approved leads to the survey, and nothing that was given back does', () => {
  assert.equal(shown({}).surveyUrl, '/survey/sale');
  assert.equal(shown({}, armedVoid('another')).surveyUrl, null);
  assert.equal(shown(undefined).surveyUrl, null);
});
