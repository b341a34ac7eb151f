/** Money back at a running house, by HTTP, beside the terminal's own book. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import request from 'supertest';
import type { PaymentView } from '../../src/payments/view.ts';
import { planResidents, post, press, saleOf, waitForPayment } from './clerk.ts';
import type { House } from './house.ts';

export interface Entry {
  kind: 'sale' | 'void' | 'refund';
  amount: number;
  state: string;
  receiptNumber: number;
}

export async function sell(
  at: House,
  brand = 'visa',
  lines = [{ code: 'CIT-JUM', quantity: 1 }],
): Promise<PaymentView> {
  const totalYen = lines.reduce((sum, { quantity }) => sum + 400 * quantity, 0);
  const method = brand === 'visa' ? 'credit' : 'emoney';
  await planResidents(at, [{ do: { act: 'present', brand } }]);
  const asked = saleOf({
    lines,
    totalYen,
    method,
    ...(method === 'emoney' && { brand }),
    anotherResident: true,
  });
  const { id } = await press(at, asked);
  const sale = await waitForPayment(at, id);
  assert.equal(sale.state, 'approved');
  return sale;
}

export const wish = (totalYen = 400) => ({ id: randomUUID(), totalYen, reason: 'wrong_item', note: '' });

export async function giveBack(
  at: House,
  sale: PaymentView,
  kind: 'void' | 'refund' = 'void',
  body: object = wish(sale.amountYen),
): Promise<PaymentView> {
  const answer = await post(at, `/api/payments/${sale.id}/${kind}`, body).expect(202);
  return answer.body as PaymentView;
}

export const codeOf = (answer: { body: unknown }): string =>
  (answer.body as { error: { code: string } }).error.code;

export async function book(at: House): Promise<Entry[]> {
  const { body } = (await request(at.virtualTerminal).get('/book').expect(200)) as { body: unknown };
  return (body as { entries: Entry[] }).entries.filter(({ state }) => state === 'stored');
}

export const plan = (at: House, faults: object[]): request.Test =>
  request(at.virtualTerminal).post('/faults').send({ faults }).expect(200);

/** Once the terminal has stored one of that kind; its own state stream tells. */
export async function waitForEntry(at: House, kind: Entry['kind']): Promise<void> {
  const stop = new AbortController();
  const { body } = await fetch(`${at.virtualTerminal}/events`, { signal: stop.signal });
  assert.ok(body !== null);
  const reader = body.getReader();
  while (!(await book(at)).some((entry) => entry.kind === kind)) await reader.read();
  stop.abort();
}
