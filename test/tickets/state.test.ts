/** What becomes of a charge ticket, case by case. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { foldTicket, isClosed, type TicketUse } from '../../src/tickets/state.ts';

type Use = TicketUse extends infer U ? (U extends TicketUse ? Omit<U, 'sequence'> : never) : never;
const payment = (state: Extract<TicketUse, { kind: 'payment' }>['state'], isReturned = false): Use => ({
  kind: 'payment',
  state,
  isReturned,
});
const counted = (tender: 'cash' | 'nothing', isWithdrawn = false): Use => ({
  kind: 'counted',
  tender,
  isWithdrawn,
});
const cancellation: Use = { kind: 'cancellation' };
const inOrder = (uses: readonly Use[]): TicketUse[] =>
  uses.map((use, index) => ({ ...use, sequence: index + 1 }));

for (const [what, uses, state] of [
  ['nobody has used it', [], 'open'],
  ['a payment is under way', [payment('armed')], 'held'],
  ['nobody knows what became of its payment', [payment('unknown')], 'held'],
  ['it is paid', [payment('approved')], 'paid'],
  ['the card was declined', [payment('declined')], 'open'],
  ['the resident went away', [payment('cancelled')], 'open'],
  ['the terminal never heard of it', [payment('not_sent')], 'open'],
  ['it was found that nothing was charged', [payment('not_charged')], 'open'],
  ['the second card was taken', [payment('declined'), payment('approved')], 'paid'],
  ['it was paid, and all of it given back', [payment('approved', true)], 'open'],
  ['it was given back, and paid again', [payment('approved', true), payment('approved')], 'paid'],
  ['it was given back, then cancelled', [payment('approved', true), cancellation], 'cancelled'],
  ['cash was taken', [counted('cash')], 'cash'],
  ['nothing was charged', [counted('nothing')], 'exempt'],
  ['cash was a mistake', [counted('cash', true)], 'open'],
  ['cash was a mistake, then a card', [counted('cash', true), payment('approved')], 'paid'],
  ['it was cancelled', [cancellation], 'cancelled'],
  ['it was cancelled after a declined card', [payment('declined'), cancellation], 'cancelled'],
] as const) {
  test(`${what}: ${state}`, () => {
    assert.equal(foldTicket(inOrder(uses)), state);
  });
}

test('what is closed by money stays closed, whatever comes after it', () => {
  const any = fc.oneof(
    fc.constantFrom<Use>(payment('declined'), payment('unknown'), payment('armed'), cancellation),
    fc.constantFrom<Use>(counted('cash', true), counted('nothing'), counted('cash')),
  );
  fc.assert(
    fc.property(fc.array(any, { maxLength: 5 }), (rest) => {
      const state = foldTicket(inOrder([payment('approved'), ...rest]));
      assert.equal(state, 'paid');
      assert.ok(isClosed(state));
    }),
  );
});
