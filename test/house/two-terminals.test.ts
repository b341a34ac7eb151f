/** Two terminals at one counter: each payment goes to the one that takes it, and the clerk sees one counter. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import request from 'supertest';
import type { Offer } from '../../src/terminal/offer.ts';
import {
  get,
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
import { startHouse, type House } from '../support/house.ts';

/** The house as its second terminal's resident meets it. */
const atSecond = (house: House): House => {
  const virtualTerminal = /virtual terminal: (\S+)/g;
  const [, second] = [...house.output().matchAll(virtualTerminal)].map(([, url]) => url);
  return { ...house, virtualTerminal: second ?? assert.fail('one terminal only') };
};

test('cards go to one terminal and e-money to the other; one that is lost leaves the other working', async (t) => {
  const house = await startHouse(t, makeFolder(t), {
    TERMINAL: 'zvt@virtual',
    TERMINAL_METHODS: 'credit,debit',
    TERMINAL_2: 'zvt@virtual',
    TERMINAL_2_METHODS: 'emoney,qr',
  });
  const second = atSecond(house);
  await waitForTerminal(house, 'ready', '1');
  await waitForTerminal(house, 'ready', '2');
  const { offers } = (await get(house, '/api/session').expect(200)).body as { offers: Offer[] };
  assert.deepEqual(
    offers.map(({ brands }) =>
      Object.entries(brands).flatMap(([method, names]) => (names.length > 0 ? [method] : [])),
    ),
    [
      ['credit', 'debit'],
      ['emoney', 'qr'],
    ],
  );

  await planResidents(house, [{ do: { act: 'present', brand: 'visa' } }]);
  const card = await press(house, saleOf());
  assert.equal((await waitForPayment(house, card.id)).state, 'approved');
  assert.equal(card.terminal.id, '1');
  await planResidents(second, [{ do: { act: 'present', brand: 'waon' } }], true);
  const touch = await press(house, saleOf({ method: 'emoney', brand: 'waon' }));
  assert.equal((await waitForPayment(house, touch.id)).state, 'approved');
  assert.equal(touch.terminal.id, '2');
  assert.deepEqual(
    (await readBook(house)).map(({ brand }) => brand),
    ['visa'],
  );
  assert.deepEqual(
    (await readBook(second)).map(({ brand }) => brand),
    ['waon'],
  );

  // While a card is awaited at the first, the second takes another resident's payment.
  const waiting = await press(house, saleOf());
  const meanwhile = await press(house, saleOf({ method: 'emoney', brand: 'waon' }));
  assert.equal((await waitForPayment(house, meanwhile.id)).state, 'approved');
  await handleCable(house, 'pull_cable');
  assert.equal((await waitForPayment(house, waiting.id)).state, 'unknown');
  const refused = await post(
    house,
    '/api/payments',
    saleOf({ lines: [{ code: 'CIT-JUM', quantity: 2 }], totalYen: 800 }),
  );
  assert.equal(refused.status, 409);
  const after = await press(house, saleOf({ method: 'emoney', brand: 'waon', anotherResident: true }));
  assert.equal((await waitForPayment(house, after.id)).state, 'approved');

  await handleCable(house, 'plug_cable');
  const known = await waitForPayment(
    house,
    waiting.id,
    ({ state }) => state !== 'unknown' && state !== 'armed',
  );
  assert.equal(known.state, 'not_charged');
  assert.equal((await readBook(second)).length, 3);
});

test('where both can take a card, the first does, and the second stands in for it', async (t) => {
  const house = await startHouse(t, makeFolder(t), { TERMINAL: 'zvt@virtual', TERMINAL_2: 'zvt@virtual' });
  await waitForTerminal(house, 'ready', '1');
  await waitForTerminal(house, 'ready', '2');
  const { body } = (await get(house, '/api/session').expect(200)) as {
    body: { virtualTerminals: { url: string }[] };
  };
  assert.equal(body.virtualTerminals.length, 2);
  for (const { url } of body.virtualTerminals) {
    const steps = [{ do: { act: 'present', brand: 'visa' } }];
    await request(url).post('/script').send({ steps, repeat: true }).expect(200);
  }
  const first = await press(house, saleOf());
  await waitForPayment(house, first.id);
  await handleCable(house, 'pull_cable');
  await waitForTerminal(house, 'disconnected', '1');
  const second = await press(house, saleOf());
  assert.equal((await waitForPayment(house, second.id)).state, 'approved');
  assert.deepEqual([first.terminal.id, second.terminal.id], ['1', '2']);
});
