/** After the sale, without the terminal: refunds outside, corrections, slips entered by hand, and finding them. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import request from 'supertest';
import type { OfficePayment } from '../../src/payments/office.ts';
import type { OfficeOutsideRefund } from '../../src/payments/outside-refunds.ts';
import type { PaymentView } from '../../src/payments/view.ts';
import { SAMPLE_PIN } from '../../src/staff/sample.ts';
import { createCleanup } from '../support/cleanup.ts';
import { get, post, waitForPayment, waitForRecord, waitForTerminal } from '../support/clerk.ts';
import { makeFolder } from '../support/folder.ts';
import { startHouse, type House } from '../support/house.ts';
import { book, codeOf, giveBack, sell, wish } from '../support/returns.ts';

const cleanup = createCleanup();
let house: House;

before(async () => {
  house = await startHouse(cleanup, makeFolder(cleanup));
  await waitForTerminal(house, 'ready');
});

const SECOND = { number: '1003', pin: SAMPLE_PIN };

test('a refund outside the terminal is a promise that accounting pays out, once', async () => {
  const sale = await sell(house, 'nanaco');
  const before = (await book(house)).length;
  const body = { ...wish(), reason: 'not_issued' };
  const answer = await post(house, `/api/payments/${sale.id}/outside`, body).expect(200);
  assert.equal((answer.body as PaymentView).outsideYen, 400);
  await post(house, `/api/payments/${sale.id}/outside`, body).expect(200);
  const again = await post(house, `/api/payments/${sale.id}/outside`, wish()).expect(409);
  assert.equal(codeOf(again), 'cannot_return');
  assert.equal((await book(house)).length, before, 'nothing went to the terminal');

  await waitForRecord(house, 'synced');
  const list = async (): Promise<OfficeOutsideRefund[]> =>
    (await get(house, '/api/office/outside-refunds', house.office).expect(200)).body as OfficeOutsideRefund[];
  const [owed] = await list();
  assert.deepEqual(
    [owed?.id, owed?.saleNumber, owed?.amountYen, owed?.paid],
    [body.id, sale.number, 400, null],
  );
  const office = request.agent(house.office);
  await office.post('/api/session').send({ number: '1003', pin: SAMPLE_PIN }).expect(204);
  const path = `/api/office/outside-refunds/01/${body.id}/paid`;
  const paid = { paidOn: sale.businessDate, way: 'transfer', note: '' };
  await office
    .post(path)
    .send({ ...paid, paidOn: '2999-01-01' })
    .expect(422);
  await office.post(path).send(paid).expect(200);
  const twice = await office.post(path).send(paid).expect(409);
  assert.equal(codeOf(twice), 'paid_out_already');
  assert.equal((await list())[0]?.paid?.way, 'transfer');
});

test('items are corrected at the same total, by two people: a new entry, and the slip follows', async () => {
  const sale = await sell(house);
  const correct = (change: object = {}) =>
    post(house, `/api/payments/${sale.id}/correct`, {
      ...{ id: randomUUID(), lines: [{ code: 'CIT-INK', quantity: 1 }], totalYen: 400 },
      ...{ note: '印鑑登録証明書だった', second: SECOND },
      ...change,
    });
  await correct({ second: undefined }).expect(400);
  assert.equal(
    codeOf(await correct({ second: { number: '1001', pin: SAMPLE_PIN } }).expect(403)),
    'second_person_role',
  );
  const other = await correct({ lines: [{ code: 'CIT-INK', quantity: 2 }], totalYen: 800 }).expect(422);
  assert.equal(codeOf(other), 'correction_changes_total');
  const { body } = (await correct().expect(200)) as { body: unknown };
  const { lines, corrections, amountYen } = body as PaymentView;
  assert.deepEqual([lines.map(({ code }) => code), amountYen], [['CIT-INK'], 400]);
  assert.deepEqual(
    corrections[0]?.replaced.map(({ code }) => code),
    ['CIT-JUM'],
  );
  const slip = await get(house, `/api/payments/${sale.id}/slip`).expect(200);
  assert.ok(slip.text.includes('印鑑登録証明書') && !slip.text.includes('住民票'));

  const voided = await waitForPayment(house, (await giveBack(house, sale)).id);
  assert.deepEqual(
    voided.lines.map(({ code }) => code),
    ['CIT-INK'],
    'what goes back is what it is now',
  );
  await correct().expect(409);
});

test('a slip of the time without a link is entered once, under its own time, and is found by its number', async () => {
  const entry = {
    ...{ id: randomUUID(), terminal: '1', window: 'resident', method: 'credit', brand: 'jcb' },
    ...{ lines: [{ code: 'CIT-JUM', quantity: 2 }], totalYen: 800 },
    slipNumber: '9001',
    takenAt: new Date().toISOString(),
  };
  const { body } = (await post(house, '/api/entries', entry).expect(201)) as { body: unknown };
  const sale = body as PaymentView;
  assert.deepEqual([sale.state, sale.byHand, sale.armedAt], ['approved', true, entry.takenAt]);
  await post(house, '/api/entries', entry).expect(201);
  const twice = { ...entry, id: randomUUID(), slipNumber: '09001' };
  assert.equal(codeOf(await post(house, '/api/entries', twice).expect(409)), 'slip_known');
  const future = { ...entry, id: randomUUID(), slipNumber: '9002', takenAt: '2999-01-01T00:00:00Z' };
  assert.equal(codeOf(await post(house, '/api/entries', future).expect(422)), 'slip_of_the_future');
  const found = await get(house, '/api/payments?search=9001').expect(200);
  assert.deepEqual(
    (found.body as PaymentView[]).map(({ id }) => id),
    [sale.id],
  );
  await waitForRecord(house, 'synced');
  const inOffice = await get(house, '/api/office/payments?search=9001%20800', house.office).expect(200);
  assert.deepEqual(
    (inOffice.body as OfficePayment[]).map(({ id, byHand }) => [id, byHand]),
    [[sale.id, true]],
  );
});
