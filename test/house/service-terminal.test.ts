/** A terminal behind a provider's service, in the whole house: sold on, declined, cut off, killed and started again. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import request from 'supertest';
import type { Driver } from '../../src/terminal/driver.ts';
import { drivers } from '../../drivers/index.ts';
import {
  handleCable,
  planResidents,
  post,
  press,
  readBook,
  saleOf,
  waitForPayment,
  waitForTerminal,
} from '../support/clerk.ts';
import { makeFolder } from '../support/folder.ts';
import { openHouse, startHouse, type House } from '../support/house.ts';

const service = drivers.find(({ reach }: Driver) => reach === 'service') ?? assert.fail();
const HASTY = { pollMs: 50, longestPollMs: 100, silenceMs: 300, stopAgainMs: 200 };
const environment = {
  TERMINAL: `${service.model}@virtual`,
  TERMINAL_OPTIONS: JSON.stringify({ timing: HASTY }),
};
const card = { do: { act: 'present', brand: 'visa' } };

const planFaults = (house: House, faults: object[]) =>
  request(house.virtualTerminal).post('/faults').send({ faults }).expect(200);

const takenYen = async (house: House): Promise<number[]> =>
  ((await readBook(house)) as unknown as { amountYen: number }[]).map(({ amountYen }) => amountYen);

test('sells, declines and closes the day, and what the service knows us by is nowhere afterwards', async (t) => {
  const house = await openHouse(t, environment);
  await planResidents(house, [card, { do: { act: 'insufficient' } }]);
  const paid = await waitForPayment(house, (await press(house, saleOf())).id);
  assert.deepEqual([paid.state, paid.brand], ['approved', 'visa']);
  assert.equal((await waitForPayment(house, (await press(house, saleOf())).id)).state, 'declined');
  assert.deepEqual(await takenYen(house), [400]);
  const closing = await post(house, '/api/closing').expect(200);
  const { totals } = closing.body as { totals: { totals: { totalYen: number; since?: string } }[] };
  assert.equal(totals[0]?.totals.totalYen, 400);
  assert.equal(await house.stop(), 0);
  // What the service knows us by is nowhere in what is kept or printed.
  const secret = service.virtual?.secret ?? assert.fail();
  const kept = readdirSync(house.dataDir, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(\.log|\.sqlite|\.db|-wal|\.jsonl?)$/.test(name) && !name.startsWith('postgres'))
    .map((name) => readFileSync(join(house.dataDir, name), 'latin1'));
  assert.ok(kept.length > 1);
  for (const text of [...kept, house.output()]) assert.ok(!text.includes(secret));
});

test('a network that goes while a card is paid: unknown, the terminal is held, and it is found late', async (t) => {
  const house = await openHouse(t, environment);
  await planResidents(house, [{ ...card, cutAt: 'card_shown' }]);
  const { id } = await press(house, saleOf());
  assert.equal((await waitForPayment(house, id)).state, 'unknown');
  await handleCable(house, 'plug_cable');
  const found = await waitForPayment(house, id, ({ state }) => state !== 'unknown' && state !== 'armed');
  assert.deepEqual([found.state, found.late], ['approved', true]);
  assert.deepEqual(await takenYen(house), [400]);
});

test('a success behind a failed reader is a payment, and one that nobody made is none', async (t) => {
  const house = await openHouse(t, environment);
  await planResidents(house, [card], true);
  await planFaults(house, [{ fault: 'connection_error' }]);
  assert.equal((await waitForPayment(house, (await press(house, saleOf())).id)).state, 'approved');
  await planFaults(house, [{ fault: 'offline' }]);
  assert.equal((await waitForPayment(house, (await press(house, saleOf())).id)).state, 'declined');
  assert.deepEqual(await takenYen(house), [400]);
});

for (const [when, steps, state] of [
  ['while a card is awaited', [{ do: { act: 'walk_away' } }], 'not_charged'],
  ['once it is paid', [{ ...card, cutAt: 'approved' }], 'approved'],
] as const) {
  test(`killed ${when}: the next start finds "${state}", and nothing is taken twice`, async (t) => {
    const dataDir = makeFolder(t);
    const first = await startHouse(t, dataDir, environment);
    await waitForTerminal(first, 'ready');
    await planResidents(first, [...steps]);
    const { id } = await press(first, saleOf());
    if (state === 'approved') await waitForPayment(first, id);
    await first.kill();
    const house = await startHouse(t, dataDir, environment);
    await handleCable(house, 'plug_cable');
    const found = await waitForPayment(house, id, (payment) => payment.state === state);
    assert.equal(found.id, id);
    await waitForTerminal(house, 'ready');
    await planResidents(house, [card]);
    const next = await press(house, saleOf({ anotherResident: true }));
    assert.equal((await waitForPayment(house, next.id)).state, 'approved');
    assert.deepEqual(await takenYen(house), state === 'approved' ? [400, 400] : [400]);
  });
}
