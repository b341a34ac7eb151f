/** One sale, whole: from the clerk's touch to the reconciled record, in the real program. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import request from 'supertest';
import type { OfficePayment } from '../../src/payments/office.ts';
import type { ReconciliationView } from '../../src/reconcile/view.ts';
import {
  get,
  handleCable,
  planResidents,
  post,
  press,
  readBook,
  saleOf,
  waitForPayment,
  waitForRecord,
  waitForTerminal,
} from '../support/clerk.ts';
import { createCleanup } from '../support/cleanup.ts';
import { openHouse, type House } from '../support/house.ts';

const cleanup = createCleanup();
let house: House;

before(async () => {
  house = await openHouse(cleanup);
});

const taken = async (): Promise<number> =>
  (await readBook(house))
    .filter(({ state }) => state === 'stored')
    .reduce((sum, { amount }) => sum + amount, 0);

test('health and readiness are told without a log-in, everything else is not', async () => {
  await request(house.counter).get('/healthz').expect(200, { status: 'ok' });
  const { body } = (await request(house.counter).get('/readyz').expect(200)) as { body: unknown };
  assert.equal((body as { ready: boolean }).ready, true);
  await request(house.counter).get('/api/payments').expect(401);
  await request(house.office).get('/api/office/reconciliations').expect(401);
});

test('the page is asked for each time, and what it is made of once: its name tells its content', async () => {
  const page = await request(house.counter).get('/').expect(200);
  assert.equal(page.get('Cache-Control'), 'public, max-age=0');
  const [asset] = /assets\/[\w-]+\.js/.exec(page.text) ?? assert.fail('a page without a script');
  const script = await request(house.counter).get(`/${asset}`).expect(200);
  assert.equal(script.get('Cache-Control'), 'public, max-age=31536000, immutable');
});

test('the catalogue names an unconfirmed price as such, and prices by date', async () => {
  const today = await get(house, '/api/fees?window=resident').expect(200);
  const item = (code: string, body: unknown): Record<string, unknown> | undefined =>
    (body as { items: Record<string, unknown>[] }).items.find((each) => each['code'] === code);
  assert.equal(item('CIT-JUM', today.body)?.['priceYen'], 400);
  assert.equal(item('CIT-JUM', today.body)?.['confirmed'], false);
  assert.equal(item('CIT-KOS', today.body)?.['confirmed'], true);
  const before2025 = await get(house, '/api/fees?window=resident&on=2025-03-31').expect(200);
  assert.equal(item('CIT-JUM', before2025.body)?.['priceYen'], 300);
  await get(house, '/api/fees?window=resident&on=tomorrow').expect(400);
});

for (const [method, brand] of [
  ['credit', 'visa'],
  ['debit', 'jdebit'],
  ['emoney', 'transit_ic'],
  ['qr', 'paypay'],
] as const) {
  test(`${method}: ${brand} is approved, with the amount and brand that the terminal has in its own book`, async () => {
    const before = await taken();
    await planResidents(house, [{ do: { act: 'present', brand } }]);
    const sale = saleOf({ method, ...(method === 'emoney' ? { brand } : {}) });
    await press(house, sale);
    const payment = await waitForPayment(house, sale.id);
    assert.equal(payment.state, 'approved');
    assert.deepEqual([payment.method, payment.brand, payment.amountYen], [method, brand, 400]);
    assert.equal((await taken()) - before, 400);
    assert.equal((await readBook(house)).at(-1)?.brand, brand);
  });
}

for (const [act, state] of [
  ['insufficient', 'declined'],
  ['refuse', 'declined'],
  ['walk_away', 'cancelled'],
  ['stop', 'cancelled'],
] as const) {
  test(`${act}: the payment is ${state}, nothing was taken, and the clerk is told so`, async () => {
    const before = await taken();
    await planResidents(house, [{ do: { act } }]);
    const { id } = await press(house, saleOf());
    const payment = await waitForPayment(house, id);
    assert.equal(payment.state, state);
    assert.match(payment.resultMessage ?? '', /引かれていません|行われていません/);
    await get(house, `/api/payments/${id}/slip`).expect(404);
    assert.equal(await taken(), before);
  });
}

test('a cancel is a wish: the terminal ends the sale, and nothing is taken', async () => {
  const before = await taken();
  await planResidents(house, []);
  const { id } = await press(house, saleOf());
  await post(house, `/api/payments/${id}/cancel`).expect(202);
  const payment = await waitForPayment(house, id);
  assert.equal(payment.state, 'cancelled');
  assert.equal(payment.cancelRequested, true);
  assert.equal(await taken(), before);
  await post(house, `/api/payments/${id}/cancel`).expect(409);
});

test('the same id and body is the same payment, however often; another body is refused', async () => {
  await planResidents(house, [{ do: { act: 'present', brand: 'visa' } }]);
  const sale = saleOf();
  const before = await taken();
  const answers = await Promise.all(Array.from({ length: 8 }, () => post(house, '/api/payments', sale)));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([202]));
  await waitForPayment(house, sale.id);
  await post(house, '/api/payments', sale).expect(202);
  await post(house, '/api/payments', { ...sale, method: 'debit' }).expect(422);
  assert.equal((await taken()) - before, 400);
});

test('a refused request records nothing and leaves its id free', async () => {
  const sale = saleOf();
  const refusals: [object, number, string][] = [
    [{ ...sale, totalYen: 300 }, 409, 'price_changed'],
    [{ ...sale, lines: [{ code: 'NONE', quantity: 1 }] }, 422, 'unknown_item'],
    [{ ...sale, window: 'tax' }, 422, 'unknown_item'],
    [{ ...sale, method: 'emoney' }, 422, 'brand_needed'],
    [{ ...sale, method: 'emoney', brand: 'visa' }, 422, 'brand_unavailable'],
    [
      {
        ...sale,
        lines: [{ code: 'CIT-JUM', quantity: 51 }],
        totalYen: 20_400,
        method: 'emoney',
        brand: 'transit_ic',
      },
      422,
      'over_ceiling',
    ],
    [{ ...sale, lines: [{ code: 'CIT-MNC', quantity: 1 }], totalYen: 800 }, 422, 'not_cashless'],
    [
      { ...sale, window: 'tax', lines: [{ code: 'TAX-KEI', quantity: 1 }], totalYen: 0 },
      422,
      'nothing_to_pay',
    ],
    [{ ...sale, lines: [{ code: 'CIT-JUM', quantity: 0 }] }, 400, 'bad_request'],
    [{ ...sale, id: 'no uuid' }, 400, 'bad_request'],
    [{ ...sale, surprise: true }, 400, 'bad_request'],
  ];
  for (const [body, status, code] of refusals) {
    const answer = await post(house, '/api/payments', body);
    const { error } = answer.body as { error: { code: string; message: string } };
    assert.deepEqual([answer.status, error.code], [status, code]);
    assert.match(error.message, /代金は引かれていません|支払いは行われていません|端末には送りません/);
  }
  await get(house, `/api/payments/${sale.id}`).expect(404);
  await planResidents(house, [{ do: { act: 'present', brand: 'jcb' } }]);
  await press(house, sale);
  assert.equal((await waitForPayment(house, sale.id)).state, 'approved');
});

test('a page from elsewhere can not call, and a wrong host name is not answered', async () => {
  await post(house, '/api/payments', saleOf()).set('Origin', 'https://evil.example').expect(403);
  await post(house, '/api/payments', saleOf()).set('Origin', house.virtualTerminal).expect(403);
  await get(house, '/api/payments').set('Host', 'evil.example').expect(403);
});

test('while one resident pays, another sale is refused and recorded nowhere', async () => {
  await planResidents(house, []);
  const first = await press(house, saleOf());
  const second = saleOf();
  const refused = await post(house, '/api/payments', second).expect(409);
  assert.equal((refused.body as { error: { code: string } }).error.code, 'terminal_busy');
  await get(house, `/api/payments/${second.id}`).expect(404);
  await post(house, `/api/payments/${first.id}/cancel`).expect(202);
  await waitForPayment(house, first.id);
});

for (const [point, state] of [
  ['card_shown', 'not_charged'],
  ['approved', 'not_charged'],
  ['acknowledged', 'not_charged'],
  ['stored', 'approved'],
] as const) {
  test(`the cable is pulled (${point}): unknown at first, then ${state}, as the terminal's own book says`, async () => {
    const before = await taken();
    await planResidents(house, [{ do: { act: 'present', brand: 'visa' }, pullCableAt: point }]);
    const sale = saleOf({ anotherResident: true });
    await press(house, sale);
    const unknown = await waitForPayment(house, sale.id);
    assert.equal(unknown.state, 'unknown');
    await waitForTerminal(house, 'disconnected');
    const refused = await post(house, '/api/payments', saleOf({ anotherResident: true })).expect(409);
    assert.match((refused.body as { error: { message: string } }).error.message, /送っていません/);

    await handleCable(house, 'plug_cable');
    const found = await waitForPayment(
      house,
      sale.id,
      (payment) => payment.state !== 'unknown' && payment.state !== 'armed',
    );
    assert.equal(found.state, state);
    assert.equal(found.late, state === 'approved');
    assert.equal((await taken()) - before, state === 'approved' ? 400 : 0);
    await waitForTerminal(house, 'ready');
  });
}

test('the same basket while its like is unknown needs the word that it is another resident', async () => {
  await planResidents(house, [{ do: { act: 'present', brand: 'visa' }, pullCableAt: 'approved' }]);
  const first = saleOf({ lines: [{ code: 'CIT-JUR', quantity: 2 }], totalYen: 700 });
  await press(house, first);
  await waitForPayment(house, first.id, ({ state }) => state === 'unknown');
  const again = saleOf({ lines: [{ code: 'CIT-JUR', quantity: 2 }], totalYen: 700 });
  const refused = await post(house, '/api/payments', again).expect(409);
  assert.equal((refused.body as { error: { code: string } }).error.code, 'same_sale_unknown');
  await handleCable(house, 'plug_cable');
  await waitForPayment(house, first.id, ({ state }) => state === 'not_charged');
  await waitForTerminal(house, 'ready');
});

test('the slip says what was paid, that it is a trial, and links to the survey, which answers once', async () => {
  await planResidents(house, [{ do: { act: 'present', brand: 'nanaco' } }]);
  const { id } = await press(house, saleOf({ method: 'emoney', brand: 'nanaco' }));
  const { surveyUrl } = await waitForPayment(house, id);
  const slip = await get(house, `/api/payments/${id}/slip`).expect(200).expect('Content-Type', /html/);
  for (const text of [
    '利用明細',
    '住民票の写し',
    '400円',
    'nanaco',
    '試用・実際の支払いではありません',
    '領収書ではありません',
  ]) {
    assert.ok(slip.text.includes(text), text);
  }
  assert.ok(surveyUrl !== null && slip.text.includes(surveyUrl));
  const { pathname } = new URL(surveyUrl);
  await request(house.survey)
    .get(pathname)
    .expect(200, /アンケート/);
  const answer = 'score=5&comment=' + encodeURIComponent('親切でした');
  await request(house.survey).post(pathname).send(answer).expect(200);
  await request(house.survey)
    .post(pathname)
    .send('score=1&comment=')
    .expect(200, /回答済み/);
  const result = await get(house, '/api/office/survey', house.office).expect(200);
  assert.deepEqual(
    [(result.body as { count: number }).count, (result.body as { mean: number }).mean],
    [1, 5],
  );
});

test('after closing, the office holds every payment and finds the day equal to the yen', async () => {
  const closing = await post(house, '/api/closing').expect(200);
  const { totalYen, count, businessDate, unknown } = closing.body as {
    totalYen: number;
    count: number;
    businessDate: string;
    unknown: number;
  };
  assert.equal(unknown, 0);
  assert.equal(totalYen, await taken());
  await waitForRecord(house, 'synced');

  await request(house.office)
    .post('/api/office/reconcile')
    .set('Authorization', `Bearer ${house.apiToken}`)
    .expect(200);
  const { body } = (await get(house, '/api/office/reconciliations', house.office).expect(200)) as {
    body: unknown;
  };
  const [day] = body as ReconciliationView[];
  assert.equal(day?.status, 'matched', day?.sentence);
  assert.equal(day.businessDate, businessDate);
  assert.deepEqual(day.ours, { count, amountYen: totalYen });
  assert.match(day.sentence, /端末と1円まで一致/);

  const listed = await get(house, '/api/office/payments', house.office).expect(200);
  const approved = (listed.body as OfficePayment[]).filter(({ state }) => state === 'approved');
  assert.equal(
    approved.reduce((sum, { amountYen }) => sum + amountYen, 0),
    totalYen,
  );
});
