import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { migrateTo, migrateToLatest } from '../../src/db/migrate.ts';
import { readCatalogue, readEntries, seedSampleFees, versionOf } from '../../src/fees/fees.ts';
import { readSampleFees } from '../../src/fees/sample.ts';
import type { Catalogue, FeeItem } from '../../src/fees/catalogue.ts';
import { pricedItems, priceItem, type PricingDay } from '../../src/fees/pricing.ts';
import { MUNICIPALITY, openTestDatabase } from '../support/postgres.ts';
import { priceAt, TODAY } from './items.ts';

const on = (day: string): PricingDay => ({ ...TODAY, on: day });

function itemOf(catalogue: Catalogue, code: string): FeeItem {
  const item = catalogue.items.find((each) => each.code === code);
  assert.ok(item !== undefined, code);
  return item;
}

test('the sample table is put in once, also by two services at the same time', async (t) => {
  const { db: shiroi, openAnother } = await openTestDatabase(t);
  const db = openAnother('131130');
  const other = openAnother('131130');
  const put = await Promise.all([db, other, db].map((each) => seedSampleFees(each, '131130')));
  assert.deepEqual(put.toSorted(), [false, false, true]);
  const catalogue = await readCatalogue(db, '131130');
  assert.deepEqual(catalogue, await readCatalogue(shiroi, MUNICIPALITY));
});

test('what an administrator changed stays when the service starts again', async (t) => {
  const { db } = await openTestDatabase(t);
  const [item] = (await readEntries(db, MUNICIPALITY, 'item')).filter(({ code }) => code === 'CIT-JUM');
  assert.ok(item !== undefined);
  await db
    .insertInto('catalogue_entries')
    .values({
      municipality: MUNICIPALITY,
      kind: 'item',
      code: item.code,
      version: item.version + 1,
      position: item.position,
      definition: JSON.stringify({ ...item.definition, prices: [priceAt(450)] }),
      reason: 'test',
      changed_by: '1003',
      changed_by_name: '会計 次郎',
    })
    .execute();
  assert.equal(await seedSampleFees(db, MUNICIPALITY), false);
  const catalogue = await readCatalogue(db, MUNICIPALITY);
  assert.equal(priceItem(itemOf(catalogue, 'CIT-JUM'), TODAY).priceYen, 450);
  assert.deepEqual(
    catalogue.items.map(({ code }) => code),
    readSampleFees().items.map(({ code }) => code),
  );
});

test('a version of an entry is never changed, and no version stands twice', async (t) => {
  const { db, openOwner } = await openTestDatabase(t);
  await assert.rejects(sql`UPDATE catalogue_entries SET reason = 'x'`.execute(db), /permission denied/);
  const owner = openOwner();
  await assert.rejects(sql`UPDATE catalogue_entries SET reason = 'x'`.execute(owner), /append-only/);
  await assert.rejects(sql`DELETE FROM catalogue_entries`.execute(owner), /append-only/);
  const again = sql`INSERT INTO catalogue_entries SELECT * FROM catalogue_entries LIMIT 1`;
  await assert.rejects(again.execute(db), /catalogue_entries_pkey/);
});

test('the certificate costs 300 yen on 31 March 2025 and 400 yen from 1 April, the latter unconfirmed', async (t) => {
  const { db } = await openTestDatabase(t);
  const item = itemOf(await readCatalogue(db, MUNICIPALITY), 'CIT-JUM');
  const [before, after] = [priceItem(item, on('2025-03-31')), priceItem(item, on('2025-04-01'))];
  assert.deepEqual([before.priceYen, before.confirmed], [300, true]);
  assert.deepEqual([after.priceYen, after.confirmed], [400, false]);
  assert.equal(after.source, '広報しろい R6-07-15');
});

test('every window has items, and every item a price today', async (t) => {
  const { db } = await openTestDatabase(t);
  const catalogue = await readCatalogue(db, MUNICIPALITY);
  assert.deepEqual(
    catalogue.windows.map(({ nameJa }) => nameJa),
    ['税', '市民', '保育', '駐輪場'],
  );
  for (const { code } of catalogue.windows) assert.ok(pricedItems(catalogue, code, '2026-11-24').length > 0);
  const unpriced = catalogue.items.filter((item) => priceItem(item, TODAY).priceYen === null);
  assert.deepEqual(unpriced, []);
});

test('a database of before fees were rules keeps its windows, items, prices and brands', async (t) => {
  const { openOwner } = await openTestDatabase(t, 'empty');
  const owner = openOwner();
  await migrateTo(owner, '0004-staff');
  await sql`
    INSERT INTO windows VALUES ('122327', 'resident', '市民', 'Residents', 1);
  `.execute(owner);
  await sql.raw(OLD_FEES).execute(owner);
  await migrateToLatest(owner);
  const catalogue = await readCatalogue(owner, MUNICIPALITY);
  const prices = (code: string, ...days: string[]): (number | null)[] =>
    days.map((day) => priceItem(itemOf(catalogue, code), on(day)).priceYen);
  assert.deepEqual(prices('OLD', '2025-03-31', '2025-04-01', '2027-03-31', '2027-04-01'), [
    300,
    400,
    400,
    null,
  ]);
  assert.deepEqual(prices('PASS', '2026-04-01', '2026-05-01'), [5340, null]);
  assert.deepEqual(
    catalogue.brands.map(({ code, ceilingYen, offers }) => [code, ceilingYen, offers]),
    [['quicpay', 20_000, []]],
  );
});

test('the version is the same for the same content and another after any change', async (t) => {
  const { db } = await openTestDatabase(t);
  const first = await readCatalogue(db, MUNICIPALITY);
  assert.match(first.version, /^[0-9a-f]{12}$/);
  assert.equal((await readCatalogue(db, MUNICIPALITY)).version, first.version);
  assert.equal(versionOf(JSON.parse(JSON.stringify(first)) as Catalogue), first.version);
  const [brand] = await readEntries(db, MUNICIPALITY, 'brand');
  assert.ok(brand !== undefined);
  const definition = JSON.stringify({ ...brand.definition, ceilingYen: 30_000 });
  await sql`
    INSERT INTO catalogue_entries (municipality, kind, code, version, position, definition, reason, changed_by, changed_by_name)
    VALUES (${MUNICIPALITY}, 'brand', ${brand.code}, 2, ${brand.position}, ${definition}, 'test', '1003', '会計 次郎')`.execute(
    db,
  );
  assert.notEqual((await readCatalogue(db, MUNICIPALITY)).version, first.version);
});

const OLD_FEES = `
INSERT INTO fee_items (municipality, code, window_code, name_ja, name_en, unit, unit_rule, tax_category, revenue_account, cashless, position)
VALUES ('122327', 'OLD', 'resident', '住民票の写し', 'Copy', '通', 'per_copy', 'exempt_admin', '総務手数料', true, 1),
  ('122327', 'PASS', 'resident', '定期', 'Pass', '年度', 'per_fiscal_year_prorated', 'standard_10', '土木使用料', true, 2);
INSERT INTO fee_prices (fee_item_id, valid_from, valid_until, price_yen, status, source)
VALUES (1, NULL, '2025-03-31', 300, 'shiroi', 'a'), (1, '2025-04-01', '2027-03-31', 400, 'confirmed', 'b'),
  (2, NULL, NULL, 5340, 'stand_in', 'c');
INSERT INTO fee_start_month_prices VALUES (2, 4, 5340, 'stand_in', 'c');
INSERT INTO brands VALUES ('122327', 'quicpay', 'emoney', 'QUICPay', 'QUICPay', 20000, 'void_only', 60, true, false, 'not_a_sale_pay_again', 1);
`;
