/** Every event in every state. A new state or a new event does not compile until its cells are decided here too. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  applyEvent,
  foldPayment,
  type Payment,
  type PaymentState,
  type Recorded,
} from '../../src/payments/lifecycle.ts';
import type { OperationEvent } from '../../src/payments/operation-events.ts';
import { answerOf, armedSale } from '../support/sale.ts';

type Event = OperationEvent;
type EventType = Event['type'];

const AT = '2026-11-24T00:00:00.000Z';
const at = (event: Event, sequence: number): Recorded<Event> => ({ ...event, sequence, at: AT });
const clerk = '市民 花子';

const armed: Event = { type: 'armed', payload: armedSale() };
const interrupted: Event = { type: 'interrupted', payload: { reason: 'the line broke' } };
const completed: Event = { type: 'ended', payload: { kind: 'completed' } };
const answer = (verdict: 'approved' | 'declined' | 'cancelled' | 'unlisted'): Event => ({
  type: 'answer',
  payload: { answer: answerOf(verdict), refused: null },
});
const evidence = (finding: 'approved' | 'not_charged' | 'inconclusive'): Event => ({
  type: 'evidence',
  payload: { source: 'terminal_query', finding, reason: 'asked', answer: null },
});
const aborted = (verdict: 'declined' | 'cancelled' | 'unlisted'): Event => ({
  type: 'ended',
  payload: { kind: 'aborted', verdict, resultCode: '6c' },
});
const notSent: Event = { type: 'ended', payload: { kind: 'not_sent', reason: 'the port is closed' } };

/** How a payment gets into each state; approved late, because only then there is something to decide. */
const WAYS: Record<PaymentState, Event[]> = {
  armed: [armed],
  approved: [armed, interrupted, evidence('approved')],
  declined: [armed, answer('declined'), completed],
  cancelled: [armed, aborted('cancelled')],
  unknown: [armed, interrupted],
  not_charged: [armed, interrupted, evidence('not_charged')],
  not_sent: [armed, notSent],
};

const COLUMNS = ['armed', 'approved', 'declined', 'cancelled', 'unknown', 'not_charged', 'not_sent'] as const;
type Cell = PaymentState | 'bug' | 'contradicted';
type Cells = readonly [Cell, Cell, Cell, Cell, Cell, Cell, Cell];

const FIRST_ONLY = (state: PaymentState): Cells => [state, 'bug', 'bug', 'bug', 'bug', 'bug', 'bug'];
const SAME = ['approved', 'declined', 'cancelled', 'unknown', 'not_charged', 'not_sent'] as const;

/** What becomes of it: the next state, the same state flagged for a person, or a bug. Columns as in COLUMNS. */
const TABLE: Record<EventType, [name: string, event: Event, cells: Cells][]> = {
  armed: [['armed', armed, ['bug', 'bug', 'bug', 'bug', 'bug', 'bug', 'bug']]],
  cancel_requested: [
    ['a wish to cancel', { type: 'cancel_requested', payload: { clerk } }, FIRST_ONLY('armed')],
  ],
  clerk_reply: [
    [
      'what a clerk told',
      {
        type: 'clerk_reply',
        payload: { clerk, terminal: '1', titleJa: '', outcome: 'doubt', values: {}, isScanned: false },
      },
      ['armed', ...SAME],
    ],
  ],
  reference: [
    [
      'the provider’s name for it',
      { type: 'reference', payload: { reference: 'pi_1' } },
      FIRST_ONLY('armed'),
    ],
  ],
  receipt_text: [
    [
      'a piece of a receipt',
      { type: 'receipt_text', payload: { receipt: null, lines: [], isLast: true } },
      FIRST_ONLY('armed'),
    ],
  ],
  answer: [
    ['an approval', answer('approved'), FIRST_ONLY('armed')],
    ['a decline', answer('declined'), FIRST_ONLY('armed')],
    ['a cancellation', answer('cancelled'), FIRST_ONLY('armed')],
    ['an unlisted answer', answer('unlisted'), FIRST_ONLY('armed')],
  ],
  ended: [
    ['a regular end without an answer', completed, FIRST_ONLY('unknown')],
    ['an end with a declining code', aborted('declined'), FIRST_ONLY('declined')],
    ['an end with a cancelling code', aborted('cancelled'), FIRST_ONLY('cancelled')],
    ['an end with an unlisted code', aborted('unlisted'), FIRST_ONLY('unknown')],
    ['nothing was sent', notSent, FIRST_ONLY('not_sent')],
  ],
  interrupted: [['a broken line', interrupted, FIRST_ONLY('unknown')]],
  evidence: [
    [
      'evidence that it was taken',
      evidence('approved'),
      ['bug', 'approved', 'contradicted', 'contradicted', 'approved', 'contradicted', 'contradicted'],
    ],
    [
      'evidence that it was not taken',
      evidence('not_charged'),
      ['bug', 'contradicted', 'declined', 'cancelled', 'not_charged', 'not_charged', 'not_sent'],
    ],
    ['evidence that proves nothing', evidence('inconclusive'), ['bug', ...SAME]],
  ],
  lock_released: [
    [
      'a released lock',
      { type: 'lock_released', payload: { clerk } },
      ['bug', 'bug', 'bug', 'bug', 'unknown', 'bug', 'bug'],
    ],
  ],
  balance_read: [
    [
      'a balance',
      { type: 'balance_read', payload: { clerk, balanceYen: 100, brand: null } },
      ['bug', ...SAME],
    ],
  ],
  refund_requested: [
    [
      'a promise to give it back outside the terminal',
      {
        type: 'refund_requested',
        payload: {
          ...{ id: 'r', lines: [], amountYen: 400, reason: 'other', note: '', confirmedBy: null },
          ...{ businessDate: '2026-11-24', requestHash: 'r', clerk },
        },
      },
      ['bug', 'approved', 'bug', 'bug', 'bug', 'bug', 'bug'],
    ],
  ],
  refund_withdrawn: [
    [
      'a promise that is taken back',
      {
        type: 'refund_withdrawn',
        payload: { refund: 'r', note: '', confirmedBy: { clerk }, businessDate: '2026-11-24', clerk },
      },
      ['bug', 'approved', 'bug', 'bug', 'bug', 'bug', 'bug'],
    ],
  ],
  corrected: [
    [
      'a correction of the items',
      {
        type: 'corrected',
        payload: {
          ...{ id: 'c', replaced: [], lines: [], note: '', confirmedBy: { clerk } },
          ...{ businessDate: '2026-11-24', requestHash: 'c', clerk },
        },
      },
      ['bug', 'approved', 'bug', 'bug', 'bug', 'bug', 'bug'],
    ],
  ],
  decided: [
    [
      'a decision',
      { type: 'decided', payload: { decision: 'keep', note: '', clerk } },
      ['bug', 'approved', 'bug', 'bug', 'bug', 'bug', 'bug'],
    ],
  ],
};

function paymentIn(state: PaymentState): Payment {
  const payment = foldPayment('op', WAYS[state].map(at));
  assert.equal(payment.state, state);
  return payment;
}

for (const [name, event, cells] of Object.values(TABLE).flat()) {
  for (const [column, state] of COLUMNS.entries()) {
    const cell = cells[column];
    test(`${name} on a payment that is ${state}: ${cell ?? ''}`, () => {
      const before = paymentIn(state);
      const apply = (): Payment => applyEvent(before, at(event, 10));
      if (cell === 'bug') {
        assert.throws(apply, new RegExp(`${event.type} on op, which is ${state}`));
        return;
      }
      const after = apply();
      assert.equal(after.state, cell === 'contradicted' ? state : cell);
      assert.equal(after.contradicted, cell === 'contradicted');
    });
  }
}

test('an approval that ends with an abort is unknown, whatever the code', () => {
  for (const verdict of ['declined', 'cancelled', 'unlisted'] as const) {
    assert.equal(foldPayment('op', [armed, answer('approved'), aborted(verdict)].map(at)).state, 'unknown');
  }
});

test('what was approved at once leaves nothing to decide', () => {
  const payment = foldPayment('op', [armed, answer('approved'), completed].map(at));
  const decided: Event = { type: 'decided', payload: { decision: 'void', note: '', clerk } };
  assert.throws(() => applyEvent(payment, at(decided, 4)), /approved at once/);
});
