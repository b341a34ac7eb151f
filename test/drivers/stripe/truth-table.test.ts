/** Every cell of the table, written down a second time: a payment's status by what its reader says. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  actionStateOf,
  meaningOf,
  type ActionState,
  type Meaning,
} from '../../../drivers/stripe/truth-table.ts';

const COLUMNS: readonly ActionState[] = [
  ...(['none', 'in_progress', 'succeeded', 'card_declined'] as const),
  ...(['customer_canceled', 'connection_error', 'failed_otherwise', 'strange'] as const),
];

const U = 'unknown';
const allOf = (meaning: Meaning): Meaning[] => COLUMNS.map(() => meaning);

// prettier-ignore
const CELLS: Readonly<Record<string, readonly Meaning[]>> = {
  requires_payment_method: ['idle', 'waiting', U, 'declined', 'cancelled', U, U, U],
  requires_confirmation: [U, 'working', U, U, U, U, U, U],
  requires_action: [U, 'working', U, U, U, U, U, U],
  processing: [U, 'working', U, U, U, U, U, U],
  requires_capture: allOf(U),
  canceled: ['cancelled', 'cancelled', 'cancelled', 'declined', 'cancelled', 'cancelled', 'cancelled', 'cancelled'],
  succeeded: allOf('paid'),
  half_paid: allOf(U),
  '': allOf(U),
  toString: allOf(U),
  __proto__x: allOf(U),
};

for (const [status, meanings] of Object.entries(CELLS)) {
  for (const [at, meaning] of meanings.entries()) {
    const column = COLUMNS[at] ?? assert.fail();
    test(`a payment that is "${status}" while its reader says ${column}: ${meaning}`, () => {
      assert.equal(meaningOf(status, column), meaning);
    });
  }
}

test('only a payment that succeeded is paid, whatever any reader says', () => {
  for (const status of Object.keys(CELLS)) {
    const paid = COLUMNS.some((column) => meaningOf(status, column) === 'paid');
    assert.equal(paid, status === 'succeeded');
  }
});

const action = (change: object) => ({
  status: 'failed',
  failure_code: null,
  process_payment_intent: { payment_intent: 'pi_ours' },
  ...change,
});

for (const [what, said, state] of [
  ['nothing', null, 'none'],
  ['another payment', action({ process_payment_intent: { payment_intent: 'pi_other' } }), 'none'],
  ['something else than a payment', action({ process_payment_intent: undefined }), 'none'],
  ['our payment, at work', action({ status: 'in_progress' }), 'in_progress'],
  ['our payment, done', action({ status: 'succeeded' }), 'succeeded'],
  [
    'our payment, expanded',
    action({ status: 'succeeded', process_payment_intent: { payment_intent: { id: 'pi_ours' } } }),
    'succeeded',
  ],
  ['a decline', action({ failure_code: 'card_declined' }), 'card_declined'],
  ['a resident who stopped', action({ failure_code: 'customer_canceled' }), 'customer_canceled'],
  ['a lost network', action({ failure_code: 'connection_error' }), 'connection_error'],
  ['a failure that nobody knows', action({ failure_code: 'reader_is_sad' }), 'failed_otherwise'],
  ['a failure without a word', action({}), 'failed_otherwise'],
  ['a status that nobody knows', action({ status: 'paused', failure_code: 'card_declined' }), 'strange'],
] as const) {
  test(`a reader’s action about ${what} is "${state}"`, () => {
    assert.equal(actionStateOf(said as Parameters<typeof actionStateOf>[0], 'pi_ours'), state);
  });
}
