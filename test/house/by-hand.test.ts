/** After the sale, without the terminal: refunds outside, corrections, slips entered by hand, and finding them. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import request from 'supertest';
import { dayBefore } from '../../src/business-date.ts';
import type { OfficePayment } from '../../src/payments/office.ts';
import type { OfficeOutsideRefund } from '../../src/payments/outside-refunds.ts';
import type { PaymentView } from '../../src/payments/view.ts';
import { SAMPLE_PIN } from '../../src/staff/sample.ts';
import { createCleanup } from '../support/cleanup.ts';
import { get, planResidents, post, press, saleOf, waitForPayment, waitForRecord } from '../support/clerk.ts';
import { openHouse, type HouseWithDatabase } from '../support/house.ts';
import { book, codeOf, giveBack, sell, wish } from '../support/returns.ts';

const cleanup = createCleanup();
let house: HouseWithDatabase;

before(async () => {
  house = await openHouse(cleanup);
});

const SECOND = { number: '1003', pin: SAMPLE_PIN };
const WITHDRAWAL = { note: 'お客様が印鑑登録証明書に替えた', second: SECOND };

/** What the accounts have got, by entry and 歳入科目. */
const incomeOf = async ({ id }: PaymentView): Promise<[entry: string, code: string, amountYen: number][]> => {
  await waitForRecord(house, 'synced');
  const lines = await house.db
    .selectFrom('entry_lines')
    .select(['entry', 'code', 'amount_yen'])
    .where('operation_id', '=', id)
    .orderBy('entry')
    .orderBy('amount_yen')
    .execute();
  return lines.map(({ entry, code, amount_yen }) => [entry, code, amount_yen]);
};

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
    [owed?.id, owed?.saleNumber, owed?.amountYen, owed?.ended],
    [body.id, sale.number, 400, null],
  );
  const office = request.agent(house.office);
  await office.post('/api/session').send({ number: '1003', pin: SAMPLE_PIN }).expect(204);
  const path = `/api/office/outside-refunds/01/${body.id}/paid`;
  const paid = { paidOn: sale.businessDate, way: 'transfer', note: '' };
  for (const [paidOn, code] of [
    ['2999-01-01', 'payout_of_the_future'],
    [dayBefore(sale.businessDate), 'payout_before_promise'],
  ]) {
    assert.equal(
      codeOf(
        await office
          .post(path)
          .send({ ...paid, paidOn })
          .expect(422),
      ),
      code,
    );
  }
  await office.post(path).send(paid).expect(200);
  const twice = await office.post(path).send(paid).expect(409);
  assert.equal(codeOf(twice), 'paid_out_already');
  assert.equal((await list())[0]?.ended?.way, 'transfer');
  const late = await post(house, `/api/payments/${sale.id}/outside/${body.id}/withdraw`, WITHDRAWAL).expect(
    409,
  );
  assert.equal(codeOf(late), 'paid_out_already', 'what is paid out is not taken back');
});

test('a promise is taken back by two people while nothing is paid out; the sale is whole again, and nobody can pay it out', async () => {
  const sale = await sell(house);
  const body = { ...wish(), reason: 'not_issued' };
  await post(house, `/api/payments/${sale.id}/outside`, body).expect(200);
  await waitForRecord(house, 'synced');
  const path = `/api/payments/${sale.id}/outside/${body.id}/withdraw`;
  await post(house, path, { note: WITHDRAWAL.note }).expect(400);
  const alone = { ...WITHDRAWAL, second: { number: '1001', pin: SAMPLE_PIN } };
  assert.equal(codeOf(await post(house, path, alone).expect(403)), 'second_person_role');
  const { body: answer } = (await post(house, path, WITHDRAWAL).expect(200)) as { body: unknown };
  const { outsideYen, outside, linesLeft } = answer as PaymentView;
  assert.deepEqual([outsideYen, linesLeft[0]?.amountYen, outside[0]?.amountYen], [0, 400, 400]);
  assert.equal(outside[0]?.withdrawal?.note, WITHDRAWAL.note);
  await post(house, path, WITHDRAWAL).expect(200);
  const office = request.agent(house.office);
  await office.post('/api/session').send({ number: '1003', pin: SAMPLE_PIN }).expect(204);
  const paid = { paidOn: sale.businessDate, way: 'transfer', note: '' };
  const late = await office.post(`/api/office/outside-refunds/01/${body.id}/paid`).send(paid).expect(409);
  assert.equal(codeOf(late), 'paid_out_already');
  assert.equal((await waitForPayment(house, (await giveBack(house, sale)).id)).state, 'approved');
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
  assert.deepEqual(await incomeOf(sale), [
    ['correction', 'CIT-JUM', -400],
    ['correction', 'CIT-INK', 400],
    ['sale', 'CIT-JUM', 400],
  ]);
  assert.deepEqual(await incomeOf(voided), [['void', 'CIT-INK', -400]]);
});

test('a voided exempt sale was no exemption: it is not counted, and its approval is free again', async () => {
  const asked = { window: 'resident', code: 'CIT-JUM', quantity: 1, ground: 'mayor', second: SECOND };
  const { approval } = (await post(house, '/api/approvals', asked).expect(201)).body as { approval: string };
  const lines = [
    { code: 'CIT-INK', quantity: 1 },
    { code: 'CIT-JUM', quantity: 1, exemption: { ground: 'mayor', approval } },
  ];
  const take = async (): Promise<PaymentView> => {
    await planResidents(house, [{ do: { act: 'present', brand: 'visa' } }]);
    return waitForPayment(house, (await press(house, saleOf({ lines, anotherResident: true }))).id);
  };
  const waived = async (): Promise<number> => {
    await waitForRecord(house, 'synced');
    const rows = await house.db.selectFrom('entry_lines').select('waived_yen').execute();
    return rows.reduce((yen, { waived_yen }) => yen + (waived_yen ?? 0), 0);
  };
  const first = await take();
  assert.equal(await waived(), 400);
  assert.equal(codeOf(await post(house, '/api/payments', saleOf({ lines })).expect(409)), 'approval_used');
  await waitForPayment(house, (await giveBack(house, first)).id);
  assert.equal(await waived(), 0);

  const second = await take();
  assert.equal(await waived(), 400);
  // Corrected, what costs nothing stays approved where it stays in the sale, and counts no more where it does not.
  const correct = (to: object[]) =>
    post(house, `/api/payments/${second.id}/correct`, {
      ...{ id: randomUUID(), lines: to, totalYen: 400, note: '項目の間違い', second: SECOND },
    }).expect(200);
  await correct([{ code: 'CIT-JUM', quantity: 1 }, lines[1] ?? {}]);
  assert.equal(await waived(), 400);
  await correct([{ code: 'CIT-INK', quantity: 1 }]);
  assert.equal(await waived(), 0);
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
    (inOffice.body as OfficePayment[]).map(({ id, byHand, lines }) => [id, byHand, lines]),
    [[sale.id, true, [{ nameJa: '住民票の写し', quantity: 2, unit: '通' }]]],
  );

  // And its 取消, which was made on the terminal alone too.
  const voided = { ...wish(800), slipNumber: '9003', takenAt: new Date().toISOString() };
  const enter = (change: object = {}) =>
    post(house, `/api/payments/${sale.id}/void-entry`, { ...voided, ...change });
  assert.equal(codeOf(await enter({ takenAt: '2020-01-01T00:00:00Z' }).expect(422)), 'slip_before_sale');
  assert.equal(codeOf(await enter({ slipNumber: '9001' }).expect(409)), 'slip_known');
  assert.equal(codeOf(await enter({ totalYen: 400 }).expect(409)), 'more_than_left');
  const undone = (await enter().expect(201)).body as PaymentView;
  assert.deepEqual([undone.kind, undone.state, undone.byHand], ['void', 'approved', true]);
  assert.equal(((await enter().expect(201)).body as PaymentView).id, undone.id);
  const whole = (await get(house, `/api/payments/${sale.id}`).expect(200)).body as PaymentView;
  assert.equal(whole.returned.amountYen, 800);
  assert.equal(codeOf(await enter({ id: randomUUID(), slipNumber: '9004' }).expect(409)), 'cannot_return');
  assert.deepEqual(await incomeOf(undone), [['void', 'CIT-JUM', -800]]);
});
