import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openReference } from '../../src/counter-reference.ts';
import { createCountedSales } from '../../src/counted/counted.ts';
import type { FeeItem } from '../../src/fees/catalogue.ts';
import { readItems, writeItems } from '../../src/fees/fee-table.ts';
import { readCatalogue, readEntries } from '../../src/fees/fees.ts';
import { changeItem, changeSettings, importEntries, readHistory } from '../../src/fees/maintenance.ts';
import { NOBODY, priceItem, priceLines } from '../../src/fees/pricing.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { NOTHING_ONCE } from '../support/once.ts';
import { makeFolder } from '../support/folder.ts';
import { silentLog } from '../support/log.ts';
import { HANAKO } from '../support/person.ts';
import { MUNICIPALITY, openTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { TODAY } from './items.ts';

const PEOPLE = { by: { number: '1003', name: '会計 さくら' }, second: { number: '1002', name: '出納 太郎' } };
const NEXT_YEAR = { from: '2027-04-01', prices: [{ class: null, priceYen: 450 }], reason: '条例改正' };

async function versionOf(db: TestDatabase['db'], code: string): Promise<number> {
  const entry = (await readEntries(db, MUNICIPALITY, 'item')).find((each) => each.code === code);
  assert.ok(entry !== undefined);
  return entry.version;
}

async function itemOf(db: TestDatabase['db'], code: string): Promise<FeeItem> {
  const item = (await readCatalogue(db, MUNICIPALITY)).items.find((each) => each.code === code);
  assert.ok(item !== undefined);
  return item;
}

const revise = (db: TestDatabase['db'], change: object = {}): Promise<void> =>
  changeItem(
    db,
    MUNICIPALITY,
    { code: 'CIT-JUM', base: 1, reason: '条例改正', today: '2026-11-24', revision: NEXT_YEAR, ...change },
    PEOPLE,
  );

test('a revision for 1 April leaves today’s price, and holds from midnight on that day', async (t) => {
  const { db } = await openTestDatabase(t);
  await revise(db);
  const item = await itemOf(db, 'CIT-JUM');
  const on = (day: string): (number | boolean | null)[] => {
    const { priceYen, confirmed } = priceItem(item, { ...TODAY, on: day });
    return [priceYen, confirmed];
  };
  assert.deepEqual(
    [on('2026-11-24'), on('2027-03-31'), on('2027-04-01')],
    [
      [400, false],
      [400, false],
      [450, true],
    ],
  );
});

/** A counter with its own clock, that has pulled once and then loses PostgreSQL for good. */
async function openOfflineCounter(t: TestContext, db: TestDatabase['db']) {
  let now = new Date('2027-03-31T14:59:59.000Z');
  const identity = { municipality: MUNICIPALITY, counter: '01', book: 'trial' as const };
  const path = join(makeFolder(t), 'journal.sqlite');
  const first = openJournal(path, identity, () => now);
  (await openReference(first, db, silentLog(), () => undefined)).stop();
  first.close();
  await db.destroy();
  const journal = openJournal(path, identity, () => now);
  t.after(() => journal.close());
  const reference = await openReference(journal, db, silentLog(), () => undefined);
  reference.stop();
  const counted = createCountedSales({
    journal,
    catalogue: reference.catalogue,
    now: () => now,
    refuseNow: () => undefined,
    approversFor: () => NOBODY,
    once: NOTHING_ONCE,
    beforeSale: () => undefined,
    onCounted: () => undefined,
  });
  let sales = 0;
  return {
    at: (instant: string) => {
      now = new Date(instant);
    },
    sell: (totalYen: number) => {
      sales += 1;
      const id = `00000000-0000-4000-8000-00000000000${sales}`;
      const lines = [{ code: 'CIT-JUM', quantity: 1 }];
      return counted.count({ id, window: 'resident', lines, totalYen, tender: 'cash' }, HANAKO);
    },
  };
}

test('a counter that is offline sells at the new price from midnight in Tokyo, by itself', async (t) => {
  const { db, openAnother } = await openTestDatabase(t);
  await revise(db);
  const counter = await openOfflineCounter(t, openAnother());
  assert.equal(counter.sell(400).lines[0]?.pricedOn, '2027-03-31');
  counter.at('2027-03-31T15:00:00.000Z');
  assert.throws(() => counter.sell(400), { code: 'price_changed', details: { totalYen: 450 } });
  const sale = counter.sell(450);
  assert.deepEqual([sale.businessDate, sale.lines[0]?.unitPriceYen], ['2027-04-01', 450]);
});

test('every change is a version with who, who confirmed, when and why; nothing is edited', async (t) => {
  const { db } = await openTestDatabase(t);
  await revise(db);
  await changeItem(
    db,
    MUNICIPALITY,
    { code: 'CIT-JUM', base: 2, reason: '料金の確認', today: '2026-11-24', revision: 'confirm' },
    PEOPLE,
  );
  const history = await readHistory(db, MUNICIPALITY, 'CIT-JUM');
  assert.deepEqual(
    history.map(({ version, changedBy, confirmedBy, reason }) => [version, changedBy, confirmedBy, reason]),
    [
      [3, '会計 さくら', '出納 太郎', '料金の確認'],
      [2, '会計 さくら', '出納 太郎', '条例改正'],
      [1, 'sample', null, 'sample'],
    ],
  );
  assert.deepEqual(
    history[2]?.definition.prices.map(({ priceYen }) => priceYen),
    [300, 400],
  );
  assert.equal(priceItem(await itemOf(db, 'CIT-JUM'), TODAY).confirmed, true);
});

test('a revision that is made twice replaces the one that was to hold from the same day', async (t) => {
  const { db } = await openTestDatabase(t);
  await revise(db);
  await revise(db, { base: 2, revision: { ...NEXT_YEAR, prices: [{ class: null, priceYen: 500 }] } });
  const { prices } = await itemOf(db, 'CIT-JUM');
  assert.deepEqual(
    prices.map(({ from, priceYen }) => [from, priceYen]),
    [
      [null, 300],
      ['2025-04-01', 400],
      ['2027-04-01', 500],
    ],
  );
});

test('refused: a day that has passed, a class that the item has not, an item that nobody knows', async (t) => {
  const { db } = await openTestDatabase(t);
  await assert.rejects(revise(db, { today: '2027-04-02' }), { code: 'revision_in_past' });
  const other = { ...NEXT_YEAR, prices: [{ class: 'adult', priceYen: 1 }] };
  await assert.rejects(revise(db, { revision: other }), { code: 'bad_request' });
  await assert.rejects(revise(db, { code: 'NOBODY' }), { code: 'not_found' });
  assert.equal(await versionOf(db, 'CIT-JUM'), 1);
});

test('two people who change the same item at once: one of them is told', async (t) => {
  const { db, openAnother } = await openTestDatabase(t);
  const both = await Promise.allSettled([revise(db), revise(openAnother())]);
  assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  const refused = both.find((each) => each.status === 'rejected');
  assert.equal((refused?.reason as { code: string }).code, 'entry_changed');
  assert.equal(await versionOf(db, 'CIT-JUM'), 2);
});

test('an exported table that is imported again changes nothing; one changed price is one version', async (t) => {
  const { db } = await openTestDatabase(t);
  const text = writeItems((await readCatalogue(db, MUNICIPALITY)).items);
  const take = async (file: string): Promise<string[]> => {
    const table = readItems(file);
    assert.ok('entries' in table);
    return importEntries(db, MUNICIPALITY, 'item', table.entries, PEOPLE);
  };
  assert.deepEqual(await take(text), []);
  assert.deepEqual(await take(text.replace(',1300,', ',1500,')), ['TAX-JUT']);
  const catalogue = await readCatalogue(db, MUNICIPALITY);
  assert.equal(writeItems(catalogue.items), text.replace(',1300,', ',1500,'));
});

test('the city settles whose day counts, and the numbers on its invoices; the next sale has them', async (t) => {
  const { db } = await openTestDatabase(t);
  const settings = { priceBasis: 'acceptance', registrationNumbers: { general: 'T1000020122327' } } as const;
  await changeSettings(db, MUNICIPALITY, { base: 0, settings: { ...settings } }, PEOPLE);
  const again = changeSettings(db, MUNICIPALITY, { base: 0, settings: { ...settings } }, PEOPLE);
  await assert.rejects(again, { code: 'entry_changed' });
  const catalogue = await readCatalogue(db, MUNICIPALITY);
  const bicycle = priceLines(catalogue, 'bicycle', '2026-11-24', [{ code: 'BIK-1B', quantity: 1 }], NOBODY);
  assert.ok(!('fault' in bicycle));
  assert.equal(bicycle.lines[0]?.registrationNumber, 'T1000020122327');
});
