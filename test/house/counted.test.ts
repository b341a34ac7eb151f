/** Sales without a terminal, through the whole house: cash, what costs nothing, and who approved it. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import request from 'supertest';
import type { Closing } from '../../src/closing/closing.ts';
import type { CountedSale } from '../../src/counted/counted.ts';
import { SAMPLE_PIN } from '../../src/staff/sample.ts';
import { createCleanup } from '../support/cleanup.ts';
import { get, planResidents, post, press, saleOf, waitForPayment, waitForRecord } from '../support/clerk.ts';
import { openHouse, type HouseWithDatabase } from '../support/house.ts';

const cleanup = createCleanup();
let house: HouseWithDatabase;

before(async () => {
  house = await openHouse(cleanup);
  await waitForRecord(house, 'synced');
});

const cashOf = (change: object = {}): { id: string } & Record<string, unknown> => ({
  id: randomUUID(),
  window: 'resident',
  lines: [{ code: 'CIT-JUM', quantity: 2 }],
  totalYen: 800,
  tender: 'cash',
  ...change,
});

async function refusal(path: string, body: object, status: number): Promise<string> {
  const answer = await post(house, path, body).expect(status);
  return (answer.body as { error: { code: string } }).error.code;
}

test('cash is counted with one request, once, and is in no cashless total', async () => {
  await planResidents(house, [{ do: { act: 'present', brand: 'visa' } }]);
  const { id: paid } = await press(house, saleOf());
  await waitForPayment(house, paid);
  const cash = cashOf();
  const [first, again] = [
    (await post(house, '/api/counted', cash).expect(201)).body as CountedSale,
    (await post(house, '/api/counted', cash).expect(201)).body as CountedSale,
  ];
  assert.deepEqual(again, first);
  assert.deepEqual([first.tender, first.amountYen, first.lines[0]?.quantity], ['cash', 800, 2]);
  assert.equal(await refusal('/api/counted', { ...cash, totalYen: 400 }, 422), 'same_id_other_body');
  assert.equal(await refusal('/api/payments', saleOf({ id: cash.id }), 422), 'same_id_other_body');
  await get(house, `/api/payments/${cash.id}`).expect(404);
  assert.equal(await refusal('/api/counted', cashOf({ id: paid }), 422), 'same_id_other_body');

  const closing = (await post(house, '/api/closing').expect(200)).body as Closing;
  assert.deepEqual([closing.count, closing.totalYen], [1, 400]);
  assert.deepEqual(closing.counted, { cash: { count: 1, amountYen: 800 }, nothing: { count: 0 } });
  await waitForRecord(house, 'synced');
  const tenders = await house.db
    .selectFrom('tenders')
    .select(['tender', 'amount_yen'])
    .orderBy('tender')
    .execute();
  assert.deepEqual(tenders, [
    { tender: 'cash', amount_yen: 800 },
    { tender: 'cashless', amount_yen: 400 },
  ]);
  assert.equal((await house.db.selectFrom('payments').selectAll().execute()).length, 1);
  // And the office reads its share from them, by month and window.
  const today = closing.businessDate;
  const counts = await get(house, `/api/office/tenders?from=${today}&until=${today}`, house.office).expect(
    200,
  );
  assert.deepEqual(counts.body, [
    { month: today.slice(0, 7), window: 'resident', tender: 'cash', count: 1, amountYen: 800 },
    { month: today.slice(0, 7), window: 'resident', tender: 'cashless', count: 1, amountYen: 400 },
  ]);
});

test('a touch by mistake is withdrawn, stays on record, and counts no more', async () => {
  const readTenders = (): Promise<unknown[]> => house.db.selectFrom('tenders').selectAll().execute();
  const before = await readTenders();
  const cash = cashOf();
  await post(house, '/api/counted', cash).expect(201);
  await waitForRecord(house, 'synced');
  assert.equal((await readTenders()).length, before.length + 1);
  const withdrawn = (await post(house, `/api/counted/${cash.id}/withdraw`).expect(200)).body as CountedSale;
  assert.notEqual(withdrawn.withdrawn, null);
  assert.equal(await refusal(`/api/counted/${cash.id}/withdraw`, {}, 409), 'already_withdrawn');
  await waitForRecord(house, 'synced');
  assert.deepEqual(await readTenders(), before);
  const rows = await house.db
    .selectFrom('counted_sales')
    .select(['amount_yen', 'withdrawn_by'])
    .where('operation_id', '=', cash.id)
    .execute();
  assert.deepEqual(rows, [{ amount_yen: 800, withdrawn_by: 'API' }]);
});

test('what can’t be paid cashless is refused at the terminal and taken in cash', async () => {
  const lines = [{ code: 'CIT-MNC', quantity: 1 }];
  assert.equal(await refusal('/api/payments', saleOf({ lines, totalYen: 800 }), 422), 'not_cashless');
  await post(house, '/api/counted', cashOf({ lines })).expect(201);
});

test('cash of nothing, and nothing of something, are no counted sales; a changed price is told', async () => {
  assert.equal(await refusal('/api/counted', cashOf({ tender: 'nothing' }), 422), 'not_counted');
  const free = { window: 'tax', lines: [{ code: 'TAX-KEI', quantity: 1 }], totalYen: 0 };
  assert.equal(await refusal('/api/counted', cashOf(free), 422), 'not_counted');
  await post(house, '/api/counted', cashOf({ ...free, tender: 'nothing' })).expect(201);
  assert.equal(await refusal('/api/counted', cashOf({ totalYen: 600 }), 409), 'price_changed');
});

test('what is not charged is counted with its ground, who approved it, and what it would have cost', async () => {
  const exempt = { code: 'CIT-JUM', quantity: 2, exemption: { ground: 'welfare' } };
  await post(house, '/api/counted', cashOf({ lines: [exempt], totalYen: 0, tender: 'nothing' })).expect(201);
  // And beside something that is charged, in a payment at the terminal.
  await planResidents(house, [{ do: { act: 'present', brand: 'visa' } }]);
  const lines = [
    { code: 'CIT-INK', quantity: 1 },
    { ...exempt, quantity: 1 },
  ];
  const { id } = await press(house, saleOf({ lines }));
  assert.equal((await waitForPayment(house, id)).amountYen, 400);
  await waitForRecord(house, 'synced');
  const counted = await house.db
    .selectFrom('entry_lines')
    .select(['code', 'quantity', 'exemption_ground', 'exemption_approver', 'waived_yen'])
    .where('exemption_ground', 'is not', null)
    .orderBy('waived_yen')
    .execute();
  assert.deepEqual(counted, [
    {
      code: 'CIT-JUM',
      quantity: 1,
      exemption_ground: 'welfare',
      exemption_approver: 'api',
      waived_yen: 400,
    },
    {
      code: 'CIT-JUM',
      quantity: 2,
      exemption_ground: 'welfare',
      exemption_approver: 'api',
      waived_yen: 800,
    },
  ]);
});

test('the mayor’s ground needs a second person’s approval, for this line, and once', async () => {
  const asked = { window: 'resident', code: 'CIT-JUM', quantity: 1, ground: 'mayor' };
  const sale = (approval?: string, quantity = 1): object =>
    cashOf({
      lines: [{ code: 'CIT-JUM', quantity, exemption: { ground: 'mayor', ...(approval && { approval }) } }],
      totalYen: 0,
      tender: 'nothing',
    });
  assert.equal(await refusal('/api/counted', sale(), 422), 'approval_missing');
  assert.equal(await refusal('/api/counted', sale(randomUUID()), 422), 'approval_missing');

  const second = (number: string): object => ({ ...asked, second: { number, pin: SAMPLE_PIN } });
  assert.equal(await refusal('/api/approvals', second('1001'), 403), 'second_person_role');
  const wrong = { ...asked, second: { number: '1002', pin: '000000' } };
  assert.equal(await refusal('/api/approvals', wrong, 403), 'wrong_pin');
  const { approval } = (await post(house, '/api/approvals', second('1002')).expect(201)).body as {
    approval: string;
  };
  assert.equal(await refusal('/api/counted', sale(approval, 2), 422), 'approval_missing');
  const counted = (await post(house, '/api/counted', sale(approval)).expect(201)).body as CountedSale;
  assert.deepEqual(counted.lines[0]?.exemption?.approver, { number: '1002', name: '出納 太郎' });
  assert.equal(await refusal('/api/counted', sale(approval), 409), 'approval_used');
  // Withdrawn, it is free again: the resident is still there.
  await post(house, `/api/counted/${counted.id}/withdraw`).expect(200);
  await post(house, '/api/counted', sale(approval)).expect(201);
});

test('inputs are part of the price: a nursery’s half hours and a pass with its sticker', async () => {
  const late = { code: 'NUR-ENC3', quantity: 1, inputs: { until: '18:31', persons: 2 } };
  const care = cashOf({ window: 'daycare', lines: [late], totalYen: 400 });
  const counted = (await post(house, '/api/counted', care).expect(201)).body as CountedSale;
  assert.deepEqual([counted.lines[0]?.quantity, counted.lines[0]?.unitPriceYen], [4, 100]);
  const missing = { code: 'NUR-ENC3', quantity: 1 };
  const answer = await post(
    house,
    '/api/counted',
    cashOf({ window: 'daycare', lines: [missing], totalYen: 100 }),
  ).expect(422);
  const { error } = answer.body as { error: { code: string; details: object } };
  assert.deepEqual(error.details, {
    code: 'NUR-ENC3',
    nameJa: '時間外保育 1回(30分)',
    input: 'until',
    labelJa: 'お迎えの時刻',
  });
  const fees = (await get(house, '/api/fees?window=bicycle').expect(200)).body as {
    items: { code: string; inputs: { code: string; default: string | null }[] }[];
  };
  assert.deepEqual(
    fees.items.find(({ code }) => code === 'BIK-YB')?.inputs.map((input) => input.code),
    ['class', 'startMonth', 'sticker'],
  );
});

test('a clerk of the nursery counts nothing at another window', async () => {
  const clerk = request.agent(house.counter);
  await clerk.post('/api/session').send({ number: '1005', pin: SAMPLE_PIN }).expect(204);
  const at = async (change: object, status: number): Promise<void> => {
    await clerk.post('/api/counted').send(cashOf(change)).expect(status);
  };
  await at({}, 403);
  await at({ window: 'daycare', lines: [{ code: 'NUR-IT1', quantity: 1 }], totalYen: 2200 }, 201);
  const other = cashOf();
  await post(house, '/api/counted', other).expect(201);
  await clerk.get(`/api/counted/${other.id}`).expect(403);
  await clerk.post(`/api/counted/${other.id}/withdraw`).expect(403);
});
