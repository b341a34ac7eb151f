/** A ticket is cancelled by who may, while nobody has used it; it holds until the end of its last day. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import request from 'supertest';
import { businessDateOf, dayBefore } from '../../src/business-date.ts';
import { SAMPLE_PIN } from '../../src/staff/sample.ts';
import { codeOf, signIn } from '../support/apps.ts';
import { openTwo, post } from './counters.ts';

const withdrawn = { reason: 'withdrawn', note: '' };
const cash = (ticket: string): object => ({
  ...{ id: randomUUID(), window: 'resident', lines: [{ code: 'CIT-JUM', quantity: 1 }] },
  ...{ totalYen: 400, tender: 'cash', ticket },
});

test('cancelled and used at the same moment, one of the two is refused', async (t) => {
  const { apps, ticket } = await openTwo(t);
  for (const at of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const reference = `R-${String(at)}`;
    const text = ticket(reference);
    await post(apps.counter, '/api/tickets', { text }).expect(200);
    const both = [
      () => post(apps.counter, '/api/counted', cash(text)),
      () => post(apps.counter, `/api/tickets/${reference}/cancel`, withdrawn),
    ];
    const answers = await Promise.all((at % 2 === 0 ? both : both.toReversed()).map((send) => send()));
    const refused = answers.filter(({ status }) => status === 409).map(codeOf);
    assert.equal(refused.length, 1, `${reference}: ${answers.map(({ text: said }) => said).join()}`);
    assert.match(refused[0] ?? '', /^ticket_(used|cancelled|held)$/);
  }
});

test('what another counter has used is not cancelled here', async (t) => {
  const { apps, second, ticket } = await openTwo(t);
  const { app } = await second(apps.db);
  const text = ticket('R-1');
  for (const at of [apps.counter, app]) await post(at, '/api/tickets', { text }).expect(200);
  await post(apps.counter, '/api/counted', cash(text)).expect(201);
  const answer = await post(app, '/api/tickets/R-1/cancel', withdrawn).expect(409);
  assert.equal(codeOf(answer), 'ticket_elsewhere');
});

test('who does not work at its window cancels none', async (t) => {
  const { apps, ticket } = await openTwo(t);
  await post(apps.counter, '/api/tickets', { text: ticket('R-1') }).expect(200);
  const cookie = await signIn(apps.counter, '1006', SAMPLE_PIN);
  const answer = await request(apps.counter)
    .post('/api/tickets/R-1/cancel')
    .set('Cookie', cookie)
    .send(withdrawn);
  assert.deepEqual([answer.status, codeOf(answer)], [403, 'not_your_window']);
});

test('a ticket holds until the end of its last day', async (t) => {
  const { apps, ticket } = await openTwo(t);
  const today = businessDateOf(new Date());
  await post(apps.counter, '/api/tickets', { text: ticket('R-1', null, today) }).expect(200);
  const before = ticket('R-2', null, dayBefore(today));
  const answer = await post(apps.counter, '/api/tickets', { text: before });
  assert.equal(codeOf(answer), 'ticket_expired');
});
