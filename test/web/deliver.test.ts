import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SaleRequest } from '../../src/payments/checks.ts';
import type { PaymentView } from '../../src/payments/view.ts';
import { Unreachable, type Answer, type Refusal } from '../../src/web/shared/api.ts';
import { deliver, RESEND_FOR_MS, type Delivery } from '../../src/web/counter/deliver.ts';
import type { PendingSale } from '../../src/web/counter/sale.ts';
import { paymentOf } from './payments.ts';

const PRESSED_AT = Date.parse('2026-11-24T00:42:00.000Z');
const PENDING: PendingSale = {
  request: {
    id: '00000000-0000-4000-8000-000000000001',
    window: 'resident',
    lines: [{ code: 'CIT-JUM', quantity: 1 }],
    totalYen: 400,
    method: 'credit',
  },
  pressedAt: new Date(PRESSED_AT).toISOString(),
};

type Reply = PaymentView | Refusal['code'] | 'silence';

/** A service that gives these replies in turn; a wait lets that much time pass. */
async function deliverTo(
  replies: Reply[],
  startMs = 0,
): Promise<{ delivery: Delivery; sent: SaleRequest[]; found: string[]; troubles: number }> {
  const sent: SaleRequest[] = [];
  const found: string[] = [];
  const stop = new AbortController();
  let nowMs = PRESSED_AT + startMs;
  let troubles = 0;
  const reply = (): Promise<Answer<PaymentView>> => {
    const next = replies.shift();
    if (next === undefined) stop.abort();
    if (next === undefined || next === 'silence') return Promise.reject(new Unreachable('no answer'));
    if (typeof next === 'object') return Promise.resolve({ ok: true, value: next });
    return Promise.resolve({ ok: false, refusal: { code: next, message: next, details: {} } });
  };
  const delivery = await deliver(PENDING, {
    send: (request) => {
      sent.push(request);
      return reply();
    },
    find: (id) => {
      found.push(id);
      return reply();
    },
    wait: (ms) => {
      nowMs += ms;
      return Promise.resolve();
    },
    now: () => nowMs,
    onTrouble: () => {
      troubles += 1;
    },
    signal: stop.signal,
  });
  return { delivery, sent, found, troubles };
}

test('an answer at once is the payment, sent once', async () => {
  const payment = paymentOf();
  const { delivery, sent, troubles } = await deliverTo([payment]);
  assert.deepEqual(delivery, { kind: 'recorded', payment });
  assert.deepEqual([sent.length, troubles], [1, 0]);
});

test('after silence the same request is sent again, id and body unchanged', async () => {
  const payment = paymentOf();
  const { delivery, sent, troubles } = await deliverTo(['silence', 'silence', payment]);
  assert.equal(delivery.kind, 'recorded');
  assert.equal(sent.length, 3);
  assert.ok(sent.every((request) => request === PENDING.request));
  assert.equal(troubles, 2);
});

test('a fault inside the service is no "no": the same request is sent again', async () => {
  const { delivery, sent } = await deliverTo(['internal', paymentOf()]);
  assert.equal(delivery.kind, 'recorded');
  assert.equal(sent.length, 2);
});

test('a refusal is final: nothing was recorded', async () => {
  const { delivery } = await deliverTo(['silence', 'terminal_busy']);
  assert.equal(delivery.kind, 'refused');
});

for (const code of ['not_signed_in', 'role_missing', 'not_your_window', 'forbidden'] as const) {
  test(`${code} says nothing about the payment: it is sent again, and asked for by whoever comes next`, async () => {
    const { delivery, sent } = await deliverTo(['silence', code, paymentOf()]);
    assert.equal(delivery.kind, 'recorded');
    assert.equal(sent.length, 3);
  });
}

test('when the resident can no longer be standing there it is asked for, not sent', async () => {
  const payment = paymentOf({ state: 'approved' });
  const { delivery, sent, found } = await deliverTo([payment], RESEND_FOR_MS);
  assert.deepEqual(delivery, { kind: 'recorded', payment });
  assert.deepEqual([sent, found], [[], [PENDING.request.id]]);
});

test('a refusal to tell is no refusal of the sale: what may have been taken is asked for again', async () => {
  const { delivery, found } = await deliverTo(['counter_not_open', 'not_found'], RESEND_FOR_MS);
  assert.deepEqual(delivery, { kind: 'not_arrived' });
  assert.equal(found.length, 2);
});

test('a service that is back and does not know it never had it', async () => {
  const { delivery, sent } = await deliverTo(['silence', 'not_found'], RESEND_FOR_MS);
  assert.equal(delivery.kind, 'not_arrived');
  assert.deepEqual(sent, []);
});

test('silence for longer than the resident waits turns sending into asking, and never into an end', async () => {
  const silences = Array.from({ length: 40 }, (): Reply => 'silence');
  const { delivery, sent, found } = await deliverTo([...silences, paymentOf()]);
  assert.equal(delivery.kind, 'recorded');
  assert.ok(sent.length > 5 && found.length > 5);
});

test('leaving the screen stops it', async () => {
  const { delivery } = await deliverTo(['silence']);
  assert.equal(delivery.kind, 'stopped');
});
