/** A day without PostgreSQL: the counter works on, says so, and what it recorded arrives once when it is back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  get,
  planResidents,
  post,
  press,
  saleOf,
  waitForPayment,
  waitForRecord,
  waitForTerminal,
} from '../support/clerk.ts';
import { makeFolder } from '../support/folder.ts';
import { openGate } from '../support/gate.ts';
import { startHouse } from '../support/house.ts';
import { openTestDatabase } from '../support/postgres.ts';

test('sales go on without PostgreSQL, the office says so, and everything arrives exactly once', async (t) => {
  const { db, url } = await openTestDatabase(t);
  const gate = await openGate(t, url);
  const house = await startHouse(t, makeFolder(t), { DATABASE_URL: gate.url });
  await waitForTerminal(house, 'ready');
  await waitForRecord(house, 'synced');
  await planResidents(house, [{ do: { act: 'present', brand: 'visa' } }], true);
  const sell = async (): Promise<void> => {
    const { id } = await press(house, saleOf());
    assert.equal((await waitForPayment(house, id)).state, 'approved');
  };
  await sell();
  await waitForRecord(house, 'synced');

  gate.shut();
  await sell();
  await sell();
  await waitForRecord(house, 'offline');
  const fees = await get(house, '/api/fees?window=tax').expect(200);
  assert.ok((fees.body as { items: unknown[] }).items.length > 0, 'the fee table is still there');
  const office = await get(house, '/api/office/payments', house.office).expect(503);
  assert.match((office.body as { error: { message: string } }).error.message, /窓口の会計は続けられます/);
  await post(house, '/api/closing').expect(200);

  gate.open();
  await sell();
  await waitForRecord(house, 'synced');
  const events = await db.selectFrom('events').select(['sequence', 'type']).orderBy('sequence').execute();
  assert.deepEqual(
    events.map(({ sequence }) => sequence),
    events.map((_, index) => index + 1),
    'no gap, no event twice',
  );
  assert.ok(
    events.some(({ type }) => type === 'receipt_text'),
    'the terminal’s receipts are kept',
  );
  const payments = await db.selectFrom('payments').select('state').execute();
  assert.deepEqual(
    payments.map(({ state }) => state),
    ['approved', 'approved', 'approved', 'approved'],
  );
});

test('a second counter under a known number is set apart and takes no sale; the first goes on', async (t) => {
  const { url } = await openTestDatabase(t);
  const first = await startHouse(t, makeFolder(t), { DATABASE_URL: url });
  await waitForTerminal(first, 'ready');
  await waitForRecord(first, 'synced');
  const folder = makeFolder(t);
  const gate = await openGate(t, url);
  const second = await startHouse(t, folder, { DATABASE_URL: gate.url });
  await waitForTerminal(second, 'ready');
  await waitForRecord(second, 'stopped');
  const refused = await post(second, '/api/payments', saleOf()).expect(409);
  assert.equal((refused.body as { error: { code: string } }).error.code, 'record_stopped');
  await second.stop();
  gate.shut();
  const restarted = await startHouse(t, folder, { DATABASE_URL: gate.url });
  await waitForTerminal(restarted, 'ready');
  const again = await post(restarted, '/api/payments', saleOf()).expect(409);
  assert.equal((again.body as { error: { code: string } }).error.code, 'record_stopped');
  await planResidents(first, [{ do: { act: 'present', brand: 'id' } }]);
  const { id } = await press(first, saleOf({ method: 'emoney', brand: 'id' }));
  assert.equal((await waitForPayment(first, id)).state, 'approved');
  await waitForRecord(first, 'synced');
});
