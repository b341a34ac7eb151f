import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCatalogue, seedSampleFees, versionOf } from '../../src/fees/fees.ts';
import { pricedItems, priceItem, type Catalogue, type FeeItem } from '../../src/fees/pricing.ts';
import { MUNICIPALITY, openTestDatabase } from '../support/postgres.ts';

function itemOf(catalogue: Catalogue, code: string): FeeItem {
  const item = catalogue.items.find((each) => each.code === code);
  assert.ok(item !== undefined, code);
  return item;
}

test('the sample table is put in once, also by two services at the same time', async (t) => {
  const { db, openAnother } = await openTestDatabase(t);
  const other = openAnother();
  const put = await Promise.all([db, other, db].map((each) => seedSampleFees(each, '131130')));
  assert.deepEqual(put.toSorted(), [false, false, true]);
  const catalogue = await readCatalogue(db, '131130');
  assert.deepEqual(catalogue, await readCatalogue(db, MUNICIPALITY));
});

test('what an administrator changed stays when the service starts again', async (t) => {
  const { db } = await openTestDatabase(t);
  await db.updateTable('fee_prices').set({ price_yen: 450 }).where('price_yen', '=', 400).execute();
  assert.equal(await seedSampleFees(db, MUNICIPALITY), false);
  const catalogue = await readCatalogue(db, MUNICIPALITY);
  assert.equal(priceItem(itemOf(catalogue, 'CIT-JUM'), '2026-11-24').priceYen, 450);
});

test('the certificate costs 300 yen on 31 March 2025 and 400 yen from 1 April, the latter unconfirmed', async (t) => {
  const { db } = await openTestDatabase(t);
  const item = itemOf(await readCatalogue(db, MUNICIPALITY), 'CIT-JUM');
  const [before, after] = [priceItem(item, '2025-03-31'), priceItem(item, '2025-04-01')];
  assert.deepEqual([before.priceYen, before.confirmed], [300, true]);
  assert.deepEqual([after.priceYen, after.confirmed], [400, false]);
  assert.equal(after.source, '広報しろい R6-07-15');
});

test('every window has items, and every item a price today unless it depends on the month of start', async (t) => {
  const { db } = await openTestDatabase(t);
  const catalogue = await readCatalogue(db, MUNICIPALITY);
  assert.deepEqual(
    catalogue.windows.map(({ nameJa }) => nameJa),
    ['税', '市民', '保育', '駐輪場'],
  );
  for (const { code } of catalogue.windows) assert.ok(pricedItems(catalogue, code, '2026-11-24').length > 0);
  const unpriced = catalogue.items.filter((item) => priceItem(item, '2026-11-24').priceYen === null);
  assert.deepEqual(
    unpriced.map(({ code }) => code),
    ['BIK-YB', 'BIK-YS'],
  );
});

test('a pass has a price only for the months for which one is published', async (t) => {
  const { db } = await openTestDatabase(t);
  const catalogue = await readCatalogue(db, MUNICIPALITY);
  const monthly = (code: string): (number | null)[] =>
    ['04', '09', '10', '03'].map((month) => priceItem(itemOf(catalogue, code), `2026-${month}-01`).priceYen);
  assert.deepEqual(monthly('BIK-YB'), [5340, null, null, 440]);
  assert.deepEqual(monthly('BIK-YS'), [3050, null, null, null]);
  assert.deepEqual(monthly('BIK-YM'), [3500, 3500, 1750, 1750]);
});

test('two prices of an item on one day are refused, whoever writes them', async (t) => {
  const { db } = await openTestDatabase(t);
  const { id } = await db
    .selectFrom('fee_items')
    .select('id')
    .where('code', '=', 'CIT-JUM')
    .executeTakeFirstOrThrow();
  const insert = (valid_from: string | null, valid_until: string | null): Promise<unknown> =>
    db
      .insertInto('fee_prices')
      .values({
        fee_item_id: id,
        valid_from,
        valid_until,
        price_yen: 500,
        status: 'confirmed',
        source: 'test',
      })
      .execute();
  for (const [from, until] of [
    ['2025-03-31', '2025-03-31'],
    ['2025-04-01', null],
    ['2030-01-01', '2030-12-31'],
    [null, null],
  ] as const) {
    await assert.rejects(insert(from, until), /fee_prices_no_overlap/, `${from} to ${until}`);
  }
  await db
    .updateTable('fee_prices')
    .set({ valid_until: '2027-03-31' })
    .where('fee_item_id', '=', id)
    .where('valid_from', '=', '2025-04-01')
    .execute();
  await insert('2027-04-01', null);
  const item = itemOf(await readCatalogue(db, MUNICIPALITY), 'CIT-JUM');
  assert.deepEqual(
    ['2027-03-31', '2027-04-01'].map((day) => priceItem(item, day).priceYen),
    [400, 500],
  );
});

test('the version is the same for the same content and another after any change', async (t) => {
  const { db } = await openTestDatabase(t);
  const first = await readCatalogue(db, MUNICIPALITY);
  assert.match(first.version, /^[0-9a-f]{12}$/);
  assert.equal((await readCatalogue(db, MUNICIPALITY)).version, first.version);
  assert.equal(versionOf(JSON.parse(JSON.stringify(first)) as Catalogue), first.version);
  await db.updateTable('brands').set({ ceiling_yen: 30_000 }).where('code', '=', 'quicpay').execute();
  assert.notEqual((await readCatalogue(db, MUNICIPALITY)).version, first.version);
});
