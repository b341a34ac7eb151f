import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ticketHindrance } from '../../src/web/counter/readiness.ts';
import { ticketOf } from '../../src/web/counter/sale-basket.ts';
import { createSale, reduceSale } from '../../src/web/counter/sale.ts';
import { askedWith } from '../../src/web/counter/ticket.ts';

test('a ticket that was sure when it was read has to be vouched for once the service says that it is not', () => {
  const ticket = {
    reference: 'R-1',
    window: 'resident',
    text: 'T',
    count: 1,
    isSure: true,
    isVouched: false,
  };
  const lines = [{ code: 'A', quantity: 1 }];
  const notice = { code: 'ticket_unsure', message: '' };
  const taken = reduceSale(createSale('resident'), { type: 'ticket_taken', ticket, lines, missing: null });
  const refused = reduceSale(taken, { type: 'count_refused', notice });
  assert.ok(ticketHindrance(ticketOf(refused)) !== undefined);
  assert.deepEqual(askedWith(ticketOf(refused)), { ticket: 'T' });
  const vouched = reduceSale(refused, { type: 'ticket_vouched', isVouched: true });
  assert.equal(ticketHindrance(ticketOf(vouched)), undefined);
  assert.deepEqual(askedWith(ticketOf(vouched)), { ticket: 'T', ticketUnsure: true });
});
