/** The service is killed again and again in the middle of sales: in the end both books agree to the yen. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { ReconciliationView } from '../../src/reconcile/view.ts';
import {
  get,
  planResidents,
  post,
  press,
  readBook,
  saleOf,
  waitForPayment,
  waitForRecord,
  waitForTerminal,
} from '../support/clerk.ts';
import { makeFolder } from '../support/folder.ts';
import { startHouse, type House } from '../support/house.ts';
import { openTestDatabase } from '../support/postgres.ts';

const KILLS = 16;
/** A sale at the virtual terminal takes about this long: the kills fall before, within and after it. */
const LONGEST_SALE_MS = 1_600;

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

test(`${KILLS} kills in the middle of sales: nothing lost, nothing taken twice, nothing left open`, async (t) => {
  const random = seeded(20261123);
  const { url } = await openTestDatabase(t);
  const folder = makeFolder(t);
  const open = async (): Promise<House> => {
    const house = await startHouse(t, folder, { DATABASE_URL: url });
    await waitForTerminal(house, 'ready');
    return house;
  };
  let house = await open();
  await planResidents(house, [{ do: { act: 'present', brand: 'visa' }, afterMs: 100 }], true);
  let approvedYen = 0;
  const states = new Map<string, number>();

  for (let kill = 0; kill < KILLS; kill += 1) {
    const sale = saleOf({ anotherResident: true });
    await press(house, sale);
    await delay(random() * LONGEST_SALE_MS);
    await house.kill();
    house = await open();
    const { state } = await waitForPayment(
      house,
      sale.id,
      (payment) => payment.state !== 'armed' && payment.state !== 'unknown',
    );
    states.set(state, (states.get(state) ?? 0) + 1);
    if (state === 'approved') approvedYen += sale.totalYen;
    const stored = (await readBook(house)).filter((entry) => entry.state === 'stored');
    assert.equal(
      stored.reduce((sum, { amount }) => sum + amount, 0),
      approvedYen,
      `after kill ${kill + 1} (${state})`,
    );
  }
  t.diagnostic(JSON.stringify(Object.fromEntries(states)));
  assert.ok(states.size > 1, 'the kills fell at different moments');

  await post(house, '/api/closing').expect(200);
  await waitForRecord(house, 'synced');
  await post({ ...house, counter: house.office }, '/api/office/reconcile').expect(200);
  const { body } = (await get(house, '/api/office/reconciliations', house.office)) as {
    body: ReconciliationView[];
  };
  assert.equal(body[0]?.status, 'matched', body[0]?.sentence);
});
