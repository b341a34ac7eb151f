/**
 * A journal that does not fit what the city holds: an old copy that was put back, one that went on recording, one that was
 * edited. Each is noticed, stopped and explained on the screen, and nothing is overwritten. And a start without PostgreSQL.
 */
import assert from 'node:assert/strict';
import { copyFileSync, cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { before, test, type TestContext } from 'node:test';
import type { Kysely } from 'kysely';
import type { BrowserContext } from 'playwright-core';
import request from 'supertest';
import type { Database } from '../../src/db/schema.ts';
import { expectNoViolations, look, openBrowser, openPage, picture } from '../support/browser.ts';
import { createCleanup } from '../support/cleanup.ts';
import {
  planResidents,
  post,
  press,
  saleOf,
  waitForPayment,
  waitForRecord,
  waitForTerminal,
} from '../support/clerk.ts';
import { makeFolder } from '../support/folder.ts';
import { openGate, type Gate } from '../support/gate.ts';
import { startHouse, type House } from '../support/house.ts';
import { openTestDatabase } from '../support/postgres.ts';
import { signTrialTicket } from '../support/tickets.ts';

const cleanup = createCleanup();
let browser: BrowserContext;
let counter: Counter;
before(async () => {
  browser = await openBrowser(cleanup);
  counter = await putOldCopyBack();
});

const JOURNAL = ['journal.sqlite', 'journal.sqlite-wal'] as const;

async function sell(house: House): Promise<void> {
  const { id } = await press(house, saleOf());
  assert.equal((await waitForPayment(house, id)).state, 'approved');
}

interface Counter {
  db: Kysely<Database>;
  folder: string;
  gate: Gate;
}

/** A counter that sold twice; between the two its journal was copied, and after them the copy was put back. */
async function putOldCopyBack(): Promise<Counter> {
  const { db, url } = await openTestDatabase(cleanup);
  const [folder, copy] = [makeFolder(cleanup), makeFolder(cleanup)];
  const gate = await openGate(cleanup, url);
  for (const isCopied of [true, false]) {
    const house = await startHouse(cleanup, folder, { DATABASE_URL: gate.url });
    await waitForTerminal(house, 'ready');
    await planResidents(house, [{ do: { act: 'present', brand: 'visa' } }]);
    await sell(house);
    await waitForRecord(house, 'synced');
    assert.equal(await house.stop(), 0);
    if (isCopied) copyFileSync(join(folder, JOURNAL[0]), join(copy, JOURNAL[0]));
  }
  rmSync(join(folder, JOURNAL[1]), { force: true });
  copyFileSync(join(copy, JOURNAL[0]), join(folder, JOURNAL[0]));
  return { db, folder, gate };
}

/** That counter as it was then. Nothing of what the city holds is changed by a test, or it fails. */
function thatCounter(t: TestContext): Counter {
  const folder = makeFolder(t);
  cpSync(counter.folder, folder, { recursive: true });
  return { ...counter, folder };
}

const rows = (db: Kysely<Database>): Promise<unknown[]> =>
  Promise.all([
    db.selectFrom('events').selectAll().orderBy('sequence').execute(),
    db.selectFrom('journals').selectAll().execute(),
    db.selectFrom('payments').selectAll().orderBy('sequence').execute(),
  ]);

/** What clerk and program are told. */
async function assertStopped(house: House, why: RegExp, name: string): Promise<void> {
  const refused = await post(house, '/api/payments', saleOf()).expect(409);
  assert.equal((refused.body as { error: { code: string } }).error.code, 'record_stopped');
  const { body } = (await request(house.counter).get('/readyz').expect(503)) as { body: unknown };
  assert.match((body as { record: { detail: string } }).record.detail, why);
  const { page } = await openPage(browser, house.counter, { width: 1280, height: 800 });
  await page.getByText('会計を止めています。新しい支払いは端末に送りません。').waitFor();
  await page.getByText(why).first().waitFor();
  assert.equal(
    await page.getByRole('region', { name: 'はじめての会計' }).count(),
    0,
    'nobody is invited to sell',
  );
  await look(page, name);
  await page.close();
}

test('an old copy of the journal is put back: stopped before its first sale, explained, and nothing is overwritten', async (t) => {
  const { db, folder, gate } = thatCounter(t);
  const before = await rows(db);
  const house = await startHouse(t, folder, { DATABASE_URL: gate.url });
  await waitForTerminal(house, 'ready');
  await assertStopped(house, /番で終わっています。古い控えから戻したためと思われます/, 'old-copy');
  await house.stop();
  assert.deepEqual(await rows(db), before);
});

test('an old copy that took sales while PostgreSQL was away is stopped when it is back; a restart changes nothing about it', async (t) => {
  const { db, folder, gate } = thatCounter(t);
  const before = await rows(db);
  gate.shut();
  t.after(() => {
    gate.open();
  });
  const house = await startHouse(t, folder, { DATABASE_URL: gate.url });
  await waitForTerminal(house, 'ready');
  await planResidents(house, [{ do: { act: 'present', brand: 'jcb' } }], true);
  await sell(house);
  await sell(house);
  gate.open();
  await waitForRecord(house, 'stopped');
  await assertStopped(house, /番は、市の記録の .*番と違います/, 'went-on');
  gate.shut();
  await house.stop();
  const again = await startHouse(t, folder, { DATABASE_URL: gate.url });
  await waitForTerminal(again, 'ready');
  await assertStopped(again, /番は、市の記録の .*番と違います/, 'went-on-restarted');
  await again.stop();
  assert.deepEqual(await rows(db), before);
});

test('started without PostgreSQL the counter works on and says so; what it recorded arrives once', async (t) => {
  const { db, url } = await openTestDatabase(t);
  const folder = makeFolder(t);
  const gate = await openGate(t, url);
  const first = await startHouse(t, folder, { DATABASE_URL: gate.url });
  await waitForTerminal(first, 'ready');
  await waitForRecord(first, 'synced');
  await first.stop();

  gate.shut();
  const house = await startHouse(t, folder, { DATABASE_URL: gate.url });
  await waitForTerminal(house, 'ready');
  await planResidents(house, [{ do: { act: 'present', brand: 'visa' } }]);
  const { page } = await openPage(browser, house.counter, { width: 1024, height: 768 });
  await page.getByText(/記録 切断 \d+:\d\dから/).waitFor();
  await page.getByText('市の記録に未送信があります（窓口の会計は続けられます）').waitFor();
  // Nobody can ask the other counters: the resident's word is needed.
  await page.getByRole('button', { name: '会計票を読む' }).click();
  const until = '2099-12-31';
  const lines = [{ code: 'CIT-JUM', quantity: 1 }];
  const ticket = signTrialTicket(folder, {
    reference: 'R-1',
    window: 'resident',
    counter: null,
    until,
    lines,
  });
  await page.getByLabel(/コードの文字/).fill(ticket);
  await page.getByRole('button', { name: '読み取る' }).click();
  await page.getByText(/ほかのカウンターで支払い済みか分かりません/).waitFor();
  await expectNoViolations(page, 'ticket-doubtful');
  await sell(house);
  await page.getByRole('button', { name: 'はずす' }).click();
  await picture(page, 'without-postgres');
  gate.open();
  await waitForRecord(house, 'synced');
  await page.getByText('記録 同期済み').waitFor();
  await page.close();
  const events = await db.selectFrom('events').select('sequence').orderBy('sequence').execute();
  assert.deepEqual(
    events.map(({ sequence }) => sequence),
    events.map((_, index) => index + 1),
  );
  const [payment] = await db.selectFrom('payments').select('state').execute();
  assert.equal(payment?.state, 'approved');
  assert.ok(readFileSync(join(folder, 'madoguchi.log'), 'utf8').includes('could not be pulled'));
});
