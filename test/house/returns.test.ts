/** After the sale, at a whole house: voids and refunds with the terminal, and what is known when it breaks. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import request from 'supertest';
import type { Closing } from '../../src/closing/closing.ts';
import type { OfficePayment } from '../../src/payments/office.ts';
import type { ReturnOption } from '../../src/payments/return-rules.ts';
import type { PaymentView } from '../../src/payments/view.ts';
import type { ReconciliationView } from '../../src/reconcile/view.ts';
import { createCleanup } from '../support/cleanup.ts';
import {
  get,
  handleCable,
  planResidents,
  post,
  press,
  saleOf,
  waitForPayment,
  waitForRecord,
  waitForTerminal,
} from '../support/clerk.ts';
import { makeFolder } from '../support/folder.ts';
import { openHouse, startHouse, type House } from '../support/house.ts';
import { book, codeOf, giveBack, plan, sell, waitForEntry, wish, type Entry } from '../support/returns.ts';

const cleanup = createCleanup();
let house: House;

before(async () => {
  house = await openHouse(cleanup);
});

test('a void is an operation of its own: the sale stays what it was, and nothing of it is left', async () => {
  const sale = await sell(house);
  const before = (await book(house)).length;
  const back = await giveBack(house, sale);
  assert.deepEqual([back.kind, back.of?.id, back.of?.number], ['void', sale.id, sale.number]);
  const voided = await waitForPayment(house, back.id);
  assert.equal(voided.state, 'approved');
  const after = await waitForPayment(house, sale.id, ({ returned }) => returned.amountYen > 0);
  assert.deepEqual([after.state, after.amountYen], ['approved', 400]);
  assert.deepEqual(after.returned, { amountYen: 400, pendingId: null });
  const entries = await book(house);
  assert.equal(entries.length, before + 1);
  assert.equal(entries.at(-1)?.kind, 'void');

  const slip = await get(house, `/api/payments/${back.id}/slip`).expect(200);
  for (const text of ['取消票', '−400円', 'もとの伝票', String(sale.number).padStart(6, '0')]) {
    assert.ok(slip.text.includes(text), text);
  }
  assert.ok(!slip.text.includes('満足度'), 'nobody is asked how it was');
});

test('the same id and body is the same void; another body is refused; a second void finds nothing left', async () => {
  const sale = await sell(house);
  const body = wish();
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => post(house, `/api/payments/${sale.id}/void`, body)),
  );
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([202]));
  await waitForPayment(house, body.id);
  await post(house, `/api/payments/${sale.id}/void`, body).expect(202);
  const other = await post(house, `/api/payments/${sale.id}/void`, { ...body, note: 'x' }).expect(422);
  assert.equal(codeOf(other), 'same_id_other_body');
  const again = await post(house, `/api/payments/${sale.id}/void`, wish()).expect(409);
  assert.equal(codeOf(again), 'cannot_return');
  const refund = await post(house, `/api/payments/${sale.id}/refund`, wish()).expect(409);
  assert.equal(codeOf(refund), 'cannot_return');
});

test('two clerks at the same moment: one void, and the other is told', async () => {
  const sale = await sell(house);
  const both = await Promise.all([1, 2].map(() => post(house, `/api/payments/${sale.id}/void`, wish())));
  assert.deepEqual(both.map(({ status }) => status).sort(), [202, 409]);
  const won = both.find(({ status }) => status === 202);
  assert.equal((await waitForPayment(house, (won?.body as PaymentView).id)).state, 'approved');
});

test('what the brand forbids is closed, and the options say why', async () => {
  const sale = await sell(house, 'nanaco');
  const { body } = (await get(house, `/api/payments/${sale.id}/options`).expect(200)) as { body: unknown };
  const options = body as ReturnOption[];
  assert.deepEqual(
    options.map(({ way, obstacle }) => [way, obstacle]),
    [
      ['void', 'brand_never'],
      ['refund', 'brand_no_refund'],
      ['outside', null],
      ['acquirer', 'brand_never'],
    ],
  );
  await post(house, `/api/payments/${sale.id}/void`, wish()).expect(409);
});

test('transit IC is voided as the last payment of its terminal, and no longer after another', async () => {
  const first = await sell(house, 'transit_ic');
  await sell(house);
  const late = await post(house, `/api/payments/${first.id}/void`, wish()).expect(409);
  assert.equal(
    (late.body as { error: { details: { obstacle: string } } }).error.details.obstacle,
    'not_last',
  );
  const last = await sell(house, 'transit_ic');
  assert.equal((await waitForPayment(house, (await giveBack(house, last)).id)).state, 'approved');
});

test('a part of a sale is refunded line by line, and never more than is left', async () => {
  const sale = await sell(house, 'visa', [{ code: 'CIT-JUM', quantity: 3 }]);
  const pick = (quantity: number) => ({ ...wish(400 * quantity), lines: [{ position: 1, quantity }] });
  await planResidents(house, [{ do: { act: 'present', brand: 'visa' } }]);
  const first = await giveBack(house, sale, 'refund', pick(2));
  assert.equal((await waitForPayment(house, first.id)).state, 'approved');
  const more = await post(house, `/api/payments/${sale.id}/refund`, pick(2)).expect(409);
  assert.equal(codeOf(more), 'more_than_left');
  const whole = await post(house, `/api/payments/${sale.id}/void`, wish(1_200)).expect(409);
  assert.equal(
    (whole.body as { error: { details: { obstacle: string } } }).error.details.obstacle,
    'partly_returned',
  );
  await planResidents(house, [{ do: { act: 'present', brand: 'visa' } }]);
  const rest = await giveBack(house, sale, 'refund', { ...wish(400) });
  assert.equal((await waitForPayment(house, rest.id)).state, 'approved');
  const { body } = (await get(house, `/api/payments/${sale.id}`).expect(200)) as { body: unknown };
  assert.equal((body as PaymentView).returned.amountYen, 1_200);
});

test('above the amount a second person is needed; a script can not be one, and nothing is sent without', async () => {
  const sale = await sell(house, 'visa', [{ code: 'CIT-JUM', quantity: 13 }]);
  const before = (await book(house)).length;
  const alone = await post(house, `/api/payments/${sale.id}/void`, wish(5_200)).expect(403);
  assert.equal(codeOf(alone), 'second_person_needed');
  const cashier = { ...wish(5_200), second: { number: '1001', pin: '123456' } };
  const wrong = await post(house, `/api/payments/${sale.id}/void`, cashier).expect(403);
  assert.match(codeOf(wrong), /second_person_role|wrong_pin/);
  assert.equal((await book(house)).length, before);
});

test('a terminal that is busy, or a sale that nobody knows: nothing is recorded, and the id stays free', async () => {
  const sale = await sell(house);
  await planResidents(house, []);
  const running = await press(house, saleOf({ anotherResident: true }));
  const body = wish();
  const busy = await post(house, `/api/payments/${sale.id}/void`, body).expect(409);
  assert.equal(codeOf(busy), 'terminal_busy');
  await post(house, `/api/payments/${running.id}/cancel`).expect(202);
  await waitForPayment(house, running.id);
  await post(house, `/api/payments/${randomUUID()}/void`, body).expect(404);
  await post(house, `/api/payments/${running.id}/void`, body).expect(409);
  await post(house, `/api/payments/${sale.id}/void`, { ...body, totalYen: 300 }).expect(409);
  await post(house, `/api/payments/${sale.id}/void`, { ...body, reason: 'because' }).expect(400);
  await get(house, `/api/payments/${body.id}`).expect(404);
  assert.equal(
    (await waitForPayment(house, (await giveBack(house, sale, 'void', body)).id)).state,
    'approved',
  );
});

for (const [point, state, isBack] of [
  ['card_shown', 'unknown', false],
  ['approved', 'unknown', false],
  ['stored', 'approved', true],
] as const) {
  test(`the cable is pulled within a void (${point}): ${state}, and the terminal's book agrees`, async () => {
    const sale = await sell(house);
    const before = (await book(house)).length;
    await plan(house, [{ fault: 'pull_cable', at: point, command: '0630' }]);
    const back = await giveBack(house, sale);
    const lost = await waitForPayment(house, back.id);
    assert.equal(lost.state, 'unknown');
    await waitForTerminal(house, 'disconnected');
    const pending = await post(house, `/api/payments/${sale.id}/void`, wish()).expect(409);
    assert.equal(
      (pending.body as { error: { details: { obstacle: string } } }).error.details.obstacle,
      'pending',
    );
    await handleCable(house, 'plug_cable');
    const asked = await waitForPayment(house, back.id, ({ queries }) => queries > 0);
    assert.equal(asked.state, state);
    assert.equal((await book(house)).length - before, isBack ? 1 : 0);
    // Asked, however inconclusively: the terminal is free for the next resident, the sale is not for another void.
    await waitForTerminal(house, 'ready');
    await post(house, `/api/payments/${sale.id}/void`, wish()).expect(409);
  });
}

test('after closing, office and terminal agree: sales less voids, refunds told apart', async () => {
  const { body } = (await post(house, '/api/closing').expect(200)) as { body: unknown };
  const closing = body as Closing;
  const entries = await book(house);
  const sum = (kind: Entry['kind']): number =>
    entries.filter((entry) => entry.kind === kind).reduce((yen, { amount }) => yen + amount, 0);
  assert.equal(closing.totalYen, sum('sale'));
  assert.equal(closing.returned?.amountYen, sum('void') + sum('refund'));
  await waitForRecord(house, 'synced');
  await request(house.office)
    .post('/api/office/reconcile')
    .set('Authorization', `Bearer ${house.apiToken}`)
    .expect(200);
  const reconciled = await get(house, '/api/office/reconciliations', house.office).expect(200);
  const [day] = reconciled.body as ReconciliationView[];
  assert.equal(day?.status, 'open_unknown', day?.sentence);
  assert.equal(day.differenceYen, 0);
  assert.equal(day.ours.amountYen, sum('sale') - sum('void'));
  assert.ok(
    day.notes.some((note) => note.includes('返金') && note.includes('1,200円')),
    day.notes.join(),
  );

  const listed = await get(house, '/api/office/payments', house.office).expect(200);
  const rows = listed.body as OfficePayment[];
  const net = rows
    .filter(({ state }) => state === 'approved')
    .reduce((yen, { kind, amountYen }) => yen + (kind === 'sale' ? amountYen : -amountYen), 0);
  assert.equal(net, sum('sale') - sum('void') - sum('refund'));
  const voided = rows.find(({ kind, state }) => kind === 'void' && state === 'approved');
  assert.ok(rows.some(({ number, returnedYen }) => number === voided?.ofNumber && returnedYen === 400));
});

test('killed in the middle of a void: unknown at the next start, asked about, and found where it was stored', async (t) => {
  const folder = makeFolder(t);
  const first = await startHouse(t, folder);
  await waitForTerminal(first, 'ready');
  const sale = await sell(first);
  await plan(first, [{ fault: 'drop', from: 'terminal', message: '060f', command: '0630', times: 1_000 }]);
  const back = await giveBack(first, sale);
  await waitForTerminal(first, 'busy');
  await waitForEntry(first, 'void');
  await first.kill();

  await plan(first, []);
  const second = await startHouse(t, folder);
  const found = await waitForPayment(second, back.id, ({ state }) => state === 'approved');
  assert.ok(found.late && found.queries > 0);
  assert.equal(found.kind, 'void');
  await waitForTerminal(second, 'ready');
  const { body } = (await get(second, `/api/payments/${sale.id}`).expect(200)) as { body: unknown };
  assert.deepEqual((body as PaymentView).returned, { amountYen: 400, pendingId: null });
  assert.deepEqual(
    (await book(second)).map(({ kind }) => kind),
    ['sale', 'void'],
  );
});
