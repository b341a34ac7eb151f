import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openReference } from '../../src/counter-reference.ts';
import { createCountedSales } from '../../src/counted/counted.ts';
import type { FeeItem } from '../../src/fees/catalogue.ts';
import { readItems, writeItems } from '../../src/fees/fee-table.ts';
import { readCatalogue, readEntries } from '../../src/fees/fees.ts';
import {
  changeEntry,
  changeSettings,
  confirmItems,
  importEntries,
  readHistory,
  reviseItems,
} from '../../src/fees/maintenance.ts';
import { checkBasket } from '../../src/fees/basket.ts';
import { NOBODY, priceItem, priceLines } from '../../src/fees/pricing.ts';
import type { AppError } from '../../src/errors.ts';
import type { DraftRevision } from '../../src/fees/revision.ts';
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

const revise = (
  db: TestDatabase['db'],
  { today = '2026-11-24', ...change }: Partial<DraftRevision> & { today?: string } = {},
): Promise<void> =>
  reviseItems(
    db,
    MUNICIPALITY,
    [{ code: 'CIT-JUM', base: 1, revision: NEXT_YEAR, ...change }],
    today,
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
  await confirmItems(db, MUNICIPALITY, [{ code: 'CIT-JUM', base: 2 }], PEOPLE);
  const history = await readHistory(db, MUNICIPALITY, 'item', 'CIT-JUM');
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

test('refused: a day that has passed, a class that the item has not, an item that nobody knows, no other price', async (t) => {
  const { db } = await openTestDatabase(t);
  await assert.rejects(revise(db, { today: '2027-04-02' }), { code: 'revision_in_past' });
  const other = { ...NEXT_YEAR, prices: [{ class: 'adult', priceYen: 1 }] };
  await assert.rejects(revise(db, { revision: other }), { code: 'bad_request' });
  await assert.rejects(revise(db, { code: 'NOBODY', base: 0 }), { code: 'not_found' });
  const same = { ...NEXT_YEAR, prices: [{ class: null, priceYen: 400 }] };
  await assert.rejects(revise(db, { revision: same }), { code: 'no_price_changes' });
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

async function takeItems(db: TestDatabase['db'], file: string): Promise<string[]> {
  const table = readItems(
    file,
    new Set((await readCatalogue(db, MUNICIPALITY)).windows.map(({ code }) => code)),
  );
  assert.ok('entries' in table);
  const taken = { ...table, kind: 'item', reason: '条例改正', today: '2026-11-24' } as const;
  return importEntries(db, MUNICIPALITY, taken, PEOPLE);
}

test('an exported table that is imported again changes nothing; one changed price is one version', async (t) => {
  const { db } = await openTestDatabase(t);
  const text = writeItems((await readCatalogue(db, MUNICIPALITY)).items);
  const take = (file: string): Promise<string[]> => takeItems(db, file);
  assert.deepEqual(await take(text), []);
  assert.deepEqual(await take(text.replace(',1300,', ',1500,')), ['TAX-JUT']);
  const catalogue = await readCatalogue(db, MUNICIPALITY);
  assert.equal(writeItems(catalogue.items), text.replace(',1300,', ',1500,'));
});

test('the city settles whose day counts, and the numbers on its invoices; the next sale has them', async (t) => {
  const { db } = await openTestDatabase(t);
  const settings = { priceBasis: 'acceptance', registrationNumbers: { general: 'T1000020122327' } } as const;
  await changeSettings(db, MUNICIPALITY, { base: 0, settings, reason: '登録の通知' }, PEOPLE);
  const again = changeSettings(db, MUNICIPALITY, { base: 0, settings, reason: '登録の通知' }, PEOPLE);
  await assert.rejects(again, { code: 'entry_changed' });
  const catalogue = await readCatalogue(db, MUNICIPALITY);
  const bicycle = priceLines(catalogue, 'bicycle', '2026-11-24', [{ code: 'BIK-1B', quantity: 1 }], NOBODY);
  assert.ok(!('fault' in bicycle));
  assert.equal(bicycle.lines[0]?.registrationNumber, 'T1000020122327');
});

test('what was charged on a day that has passed stays: a file that says otherwise is told its line', async (t) => {
  const { db } = await openTestDatabase(t);
  const text = writeItems((await readCatalogue(db, MUNICIPALITY)).items);
  const line = text.split('\r\n').findIndex((row) => row.includes('CIT-KOS')) + 1;
  // 450 yen is the nationwide standard, and has always held.
  await assert.rejects(takeItems(db, text.replace(',450,', ',500,')), (error: AppError) => {
    const [fault] = error.details['faults'] as { line: number; column: string; message: string }[];
    assert.deepEqual([error.code, fault?.line, fault?.column], ['table_faulty', line, 'price_yen']);
    assert.match(fault?.message ?? '', /valid_from/);
    return true;
  });
  assert.equal(await versionOf(db, 'CIT-KOS'), 1);
  const row = text.split('\r\n')[line - 1] ?? '';
  const until = row.replace(/,yes,,,/, ',yes,,2027-03-31,');
  const from = row.replace(',450,', ',500,').replace(/,yes,,,/, ',yes,2027-04-01,,');
  assert.deepEqual(await takeItems(db, text.replace(row, `${until}\r\n${from}`)), ['CIT-KOS']);
});

test('several revisions are published together, or none of them', async (t) => {
  const { db } = await openTestDatabase(t);
  const drafts = ['CIT-JUM', 'CIT-INK'].map((code) => ({ code, base: 1, revision: NEXT_YEAR }));
  const broken = [...drafts, { code: 'CIT-JUK', base: 7, revision: NEXT_YEAR }];
  await assert.rejects(reviseItems(db, MUNICIPALITY, broken, '2026-11-24', PEOPLE), {
    code: 'entry_changed',
  });
  assert.equal(await versionOf(db, 'CIT-JUM'), 1);
  const later = {
    ...{ code: 'CIT-JUM', base: 1 },
    revision: { ...NEXT_YEAR, from: '2028-04-01', prices: [{ class: null, priceYen: 400 }] },
  };
  // The price of today: a change only beside the one that is to hold before it.
  await reviseItems(db, MUNICIPALITY, [later, ...drafts], '2026-11-24', PEOPLE);
  assert.deepEqual([await versionOf(db, 'CIT-JUM'), await versionOf(db, 'CIT-INK')], [3, 2]);
  const { prices } = await itemOf(db, 'CIT-JUM');
  assert.deepEqual(
    prices.map(({ from }) => from),
    [null, '2025-04-01', '2027-04-01', '2028-04-01'],
  );
});

test('a ground and a window end with their last day; two who change one at once: one is told', async (t) => {
  const { db } = await openTestDatabase(t);
  const { grounds, windows } = await readCatalogue(db, MUNICIPALITY);
  const pension = grounds.find(({ code }) => code === 'pension');
  const tax = windows.find(({ code }) => code === 'tax');
  assert.ok(pension !== undefined && tax !== undefined);
  const change = { base: 1, reason: '条例改正' };
  const ended = { ...pension, until: '2027-03-31' };
  await changeEntry(db, MUNICIPALITY, 'ground', { ...change, definition: ended }, PEOPLE);
  const again = changeEntry(db, MUNICIPALITY, 'ground', { ...change, definition: pension }, PEOPLE);
  await assert.rejects(again, { code: 'entry_changed' });
  await changeEntry(
    db,
    MUNICIPALITY,
    'window',
    { ...change, definition: { ...tax, from: '2027-04-01' } },
    PEOPLE,
  );
  const catalogue = await readCatalogue(db, MUNICIPALITY);
  const exempt = [{ code: 'CIT-JUK', quantity: 1, exemption: { ground: 'pension' } }];
  const priceOn = (day: string) => priceLines(catalogue, 'resident', day, exempt, NOBODY);
  assert.ok('lines' in priceOn('2027-03-31'));
  assert.deepEqual(priceOn('2027-04-01'), {
    fault: 'unknown_ground',
    code: 'CIT-JUK',
    nameJa: '住民票記載事項証明書',
  });
  const basket = { window: 'tax', lines: [{ code: 'TAX-HYO', quantity: 1 }], totalYen: 300 };
  const check = (day: string) => checkBasket(basket, catalogue, 'trial', day, NOBODY);
  assert.throws(() => check('2027-03-31'), { code: 'window_closed' });
  assert.equal(check('2027-04-01').totalYen, 300);
});
