/** Whose a sticker is after its sale was corrected, given back in part, or promised back and that withdrawn. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import type { Kysely } from 'kysely';
import { up as noteWhatWasGivenBack } from '../../migrations/0033-stickers-given-back-before.ts';
import type { PaymentView } from '../../src/payments/view.ts';
import { SAMPLE_PIN } from '../../src/staff/sample.ts';
import { createCleanup } from '../support/cleanup.ts';
import { planResidents, post, press, saleOf, waitForPayment, waitForRecord } from '../support/clerk.ts';
import { openHouse, type HouseWithDatabase } from '../support/house.ts';
import { codeOf, giveBack, wish } from '../support/returns.ts';

const cleanup = createCleanup();
let house: HouseWithDatabase;

before(async () => {
  house = await openHouse(cleanup);
});

const SECOND = { number: '1003', pin: SAMPLE_PIN };
const WITHDRAWAL = { note: 'お客様が印鑑登録証明書に替えた', second: SECOND };

test('a sticker that is corrected frees the number that was typed, and holds the one that is on the wheel', async () => {
  const sticker = (number: string) => [{ code: 'BIK-1B', quantity: 1, inputs: { sticker: number } }];
  const cash = (number: string) => ({
    ...{ id: randomUUID(), window: 'bicycle', lines: sticker(number), totalYen: 100, tender: 'cash' },
  });
  const entry = {
    ...{ id: randomUUID(), terminal: '1', window: 'bicycle', method: 'credit', lines: sticker('B-12') },
    ...{ totalYen: 100, slipNumber: '8112', takenAt: new Date(Date.now() - 60_000).toISOString() },
  };
  const sale = (await post(house, '/api/entries', entry).expect(201)).body as PaymentView;
  await post(house, '/api/counted', cash('B-13')).expect(201);
  const correct = (number: string) =>
    post(house, `/api/payments/${sale.id}/correct`, {
      ...{ id: randomUUID(), lines: sticker(number), totalYen: 100, note: '番号の読み違い', second: SECOND },
    });
  const taken = await correct('B-13').expect(409);
  assert.equal(codeOf(taken), 'sticker_sold');
  await correct('B-21').expect(200);
  assert.equal(codeOf(await post(house, '/api/counted', cash('B-21')).expect(409)), 'sticker_sold');
  await post(house, '/api/counted', cash('B-12')).expect(201);
  await waitForRecord(house, 'synced');
  const claims = await house.db.selectFrom('once_claims').select(['key', 'operation_id']).execute();
  const holderOf = (number: string): string | undefined =>
    claims.find(({ key }) => key.endsWith(`:${number}`))?.operation_id;
  assert.equal(holderOf('B-21'), sale.id);
  assert.notEqual(holderOf('B-12'), sale.id);
});

test('each sticker of a sale is free again with its own line, and held again with a promise that is taken back', async () => {
  const line = (number: string) => ({ code: 'BIK-1B', quantity: 1, inputs: { sticker: number } });
  const lines = ['C-1', 'C-2', 'C-3'].map(line);
  const cash = (number: string) =>
    post(house, '/api/counted', {
      ...{ id: randomUUID(), window: 'bicycle', lines: [line(number)], totalYen: 100, tender: 'cash' },
    });
  await planResidents(house, [
    { do: { act: 'present', brand: 'visa' } },
    { do: { act: 'present', brand: 'visa' } },
  ]);
  const { id } = await press(
    house,
    saleOf({ window: 'bicycle', lines, totalYen: 300, anotherResident: true }),
  );
  const sale = await waitForPayment(house, id);
  const part = (position: number) => ({ ...wish(100), lines: [{ position, quantity: 1 }] });
  const { id: refundId } = await giveBack(house, sale, 'refund', part(1));
  assert.equal((await waitForPayment(house, refundId)).state, 'approved');
  await cash('C-1').expect(201);
  const promise = part(2);
  await post(house, `/api/payments/${id}/outside`, promise).expect(200);
  await cash('C-2').expect(201);
  assert.equal(codeOf(await cash('C-3').expect(409)), 'sticker_sold', 'its line is still paid');

  await waitForRecord(house, 'synced');
  const uses = await house.db
    .selectFrom('once_uses')
    .select(['key', 'given_back'])
    .where('operation_id', '=', id)
    .orderBy('key')
    .execute();
  assert.deepEqual(
    uses.map(({ given_back }) => given_back),
    [true, true, false],
  );
  // Of a database in which nobody had noted that yet, the migration says the same.
  const givenBack = () =>
    house.db.selectFrom('once_uses').selectAll().where('given_back', '=', true).orderBy('key').execute();
  const noted = await givenBack();
  await house.db.updateTable('once_uses').set({ given_back: false }).execute();
  await noteWhatWasGivenBack(house.db as Kysely<unknown>);
  assert.deepEqual(await givenBack(), noted);
  assert.deepEqual(
    await house.db.selectFrom('once_doubles').select('key').execute(),
    [],
    'nothing was sold twice',
  );
  const taken = await post(house, `/api/payments/${id}/outside/${promise.id}/withdraw`, WITHDRAWAL).expect(
    409,
  );
  assert.equal(codeOf(taken), 'sticker_resold');

  const last = part(3);
  await post(house, `/api/payments/${id}/outside`, last).expect(200);
  await waitForRecord(house, 'synced');
  await post(house, `/api/payments/${id}/outside/${last.id}/withdraw`, WITHDRAWAL).expect(200);
  assert.equal(codeOf(await cash('C-3').expect(409)), 'sticker_sold', 'the promise is withdrawn');
  await waitForRecord(house, 'synced');
  const [kept] = await house.db
    .selectFrom('once_uses')
    .select('given_back')
    .where('key', 'like', '%:C-3')
    .execute();
  assert.equal(kept?.given_back, false);
});
