import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldPayment, type Payment } from '../../src/payments/lifecycle.ts';
import type { OperationEvent } from '../../src/payments/operation-events.ts';
import { isDecisionOpen, isVoided, pickLines, returnedYen } from '../../src/payments/net.ts';
import { answerOf, armedVoid } from '../support/sale.ts';

function voidOf(...events: OperationEvent[]): Payment {
  const all: OperationEvent[] = [{ type: 'armed', payload: armedVoid('sale') }, ...events];
  return foldPayment(
    'void',
    all.map((event, index) => ({ ...event, sequence: index + 1, at: '2026-11-24T00:00:00.000Z' })),
  );
}

test('only what a terminal has approved was given back: not what runs, is unknown or was declined', () => {
  const running = voidOf();
  const lost = voidOf({ type: 'interrupted', payload: { reason: 'the line broke' } });
  const declined = voidOf({
    type: 'ended',
    payload: { kind: 'aborted', verdict: 'declined', resultCode: 'b5' },
  });
  assert.equal(returnedYen([running, lost, declined]), 0);
  assert.ok(!isVoided([running, lost, declined]));
  const done = voidOf(
    { type: 'answer', payload: { answer: answerOf('approved'), refused: null } },
    { type: 'ended', payload: { kind: 'completed' } },
  );
  assert.equal(returnedYen([declined, done]), 400);
  assert.ok(isVoided([declined, done]));
  assert.ok(
    !isVoided([{ ...done, armed: { ...armedVoid('sale'), kind: 'refund' } }]),
    'a part may be left of it',
  );
});

test('a line whose price does not divide goes back as a whole or not at all', () => {
  const [line] = armedVoid('sale').lines;
  assert.ok(line !== undefined);
  const pass = { ...line, position: 1, quantity: 3, unitPriceYen: 400, amountYen: 1000 };
  assert.equal(pickLines([pass], [{ position: 1, quantity: 3 }])?.[0]?.amountYen, 1000);
  assert.equal(pickLines([pass], [{ position: 1, quantity: 1 }]), undefined);
  assert.equal(pickLines([pass], [{ position: 1, quantity: 4 }]), undefined);
  const twice = [1, 2].map((quantity) => ({ position: 1, quantity }));
  assert.equal(pickLines([{ ...pass, amountYen: 1200 }], twice), undefined);
});

test('a late sale is for somebody to decide until the money has gone back, or is on its way', () => {
  const late = {
    state: 'approved',
    late: true,
    armed: { kind: 'sale' },
    decision: 'void',
    isPromised: false,
  } as const;
  for (const state of ['armed', 'unknown', 'approved'] as const) {
    assert.ok(!isDecisionOpen({ ...late, returns: [state] }), state);
  }
  assert.ok(isDecisionOpen({ ...late, returns: ['declined', 'not_sent'] }), 'decided is not done');
  assert.ok(!isDecisionOpen({ ...late, returns: [], isPromised: true }));
  assert.ok(!isDecisionOpen({ ...late, returns: [], decision: 'keep' }));
});
