/** A disk that refuses under a running counter, and a journal that can't be opened: what clerk and program are told. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import Database from 'better-sqlite3';
import type { BrowserContext } from 'playwright-core';
import request from 'supertest';
import type { PaymentView } from '../../src/payments/view.ts';
import { look, openBrowser, openPage } from '../support/browser.ts';
import { createCleanup } from '../support/cleanup.ts';
import {
  get,
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

const cleanup = createCleanup();
let browser: BrowserContext;
before(async () => {
  browser = await openBrowser(cleanup);
});

/** No file of the service may be written any more, as on a disk without space; or again. */
function setDisk({ process: { pid } }: House, state: 'full' | 'free'): void {
  execFileSync('prlimit', [
    '--pid',
    String(pid),
    `--fsize=${state === 'full' ? '1' : 'unlimited'}:unlimited`,
  ]);
}

interface Refusal {
  error: { code: string; message: string };
}

test('a full disk: a new sale is refused in plain words, nothing is lost, and it goes on when there is space', async (t) => {
  const house = await openHouse(t);
  await planResidents(house, [{ do: { act: 'present', brand: 'visa' } }], true);
  const first = await press(house, saleOf());
  await waitForPayment(house, first.id);

  const { page, faults } = await openPage(browser, house.counter);
  await page.getByRole('tab', { name: '市民' }).click();
  setDisk(house, 'full');
  const refused = await post(house, '/api/payments', saleOf()).expect(503);
  const { error } = refused.body as Refusal;
  assert.equal(error.code, 'journal_unwritable');
  assert.match(
    error.message,
    /この操作は記録されていません。新しい会計は端末に送っていません。ディスクの空き/,
  );
  await page.locator('button.fee', { hasText: '住民票の写し' }).first().click();
  await page.getByRole('radio', { name: 'クレジット' }).click({ force: true });
  await page.getByRole('button', { name: /を支払う/ }).click();
  await page.getByText(/記録を読み書きできません。この操作は記録されていません/).waitFor();
  assert.deepEqual(faults, [
    'console: Failed to load resource: the server responded with a status of 503 (Service Unavailable)',
  ]);
  await post(house, '/api/closing').expect(503);
  const read = await get(house, `/api/payments/${first.id}`).expect(200);
  assert.equal((read.body as PaymentView).state, 'approved');
  assert.equal((await readBook(house)).length, 1, 'nothing was sent');

  setDisk(house, 'free');
  const second = await press(house, saleOf());
  assert.equal((await waitForPayment(house, second.id)).state, 'approved');
  assert.equal(await house.stop(), 0);
});

test('a disk that fills up while a resident pays: the terminal reverses, the service ends, the next start asks', async (t) => {
  const folder = makeFolder(t);
  const house = await startHouse(t, folder);
  await waitForTerminal(house, 'ready');
  await planResidents(house, [{ do: { act: 'present', brand: 'jcb' } }]);
  const before = await press(house, saleOf());
  await waitForPayment(house, before.id);
  await waitForTerminal(house, 'ready');
  // Long enough for the disk to fill up while the resident looks for the card.
  await planResidents(house, [{ do: { act: 'present', brand: 'visa' }, afterMs: 2_000 }]);
  const { id } = await press(house, saleOf());
  setDisk(house, 'full');
  const ended = once(house.process, 'exit');
  assert.deepEqual(await ended, [1, null]);

  const again = await startHouse(t, folder);
  const found = await waitForPayment(again, id, ({ state }) => state !== 'armed' && state !== 'unknown');
  assert.equal(found.state, 'not_charged');
  const taken = (await readBook(again)).filter(({ state }) => state === 'stored');
  assert.deepEqual(
    taken.map(({ brand }) => brand),
    ['jcb'],
  );
});

/** As somebody could who has the file: past the triggers, which only keep the service from it. */
function editEvent(path: string): void {
  const db = new Database(path);
  db.exec('DROP TRIGGER events_keep; DROP TRIGGER events_stay');
  db.exec(`UPDATE events SET payload = '{"book":"live"}' WHERE sequence = 1`);
  db.close();
}

/** No sale is taken, and whoever asks is told why. */
async function assertClosed(house: House, why: RegExp): Promise<void> {
  const refused = await post(house, '/api/payments', saleOf()).expect(503);
  assert.equal((refused.body as Refusal).error.code, 'journal_unusable');
  const { body } = (await request(house.counter).get('/readyz').expect(503)) as { body: unknown };
  assert.match((body as { reason: string }).reason, why);
}

test('an edited event, a garbled journal: the counter takes nothing, and its screen says why and what to do', async (t) => {
  const folder = makeFolder(t);
  const house = await startHouse(t, folder);
  await waitForTerminal(house, 'ready');
  await house.stop();
  const path = join(folder, 'journal.sqlite');
  const bytes = readFileSync(path);
  editEvent(path);
  const edited = await startHouse(t, folder);
  await assertClosed(edited, /1番目の記録が、前の記録とつながりません。書き換えられたか、壊れています/);
  await edited.stop();

  bytes.fill(0xa5, 4096, 8192);
  writeFileSync(path, bytes);

  const closed = await startHouse(t, folder);
  await assertClosed(closed, /会計は始めていません。ファイルは変えずに残し/);
  await request(closed.office).get('/readyz').expect(200);
  const { page } = await openPage(browser, closed.counter, { width: 1280, height: 800 });
  await page.getByRole('heading', { name: '会計を始めていません' }).waitFor();
  await page.getByText(/この窓口の記録 .*journal.sqlite を読み書きできません/).waitFor();
  await look(page, 'the counter that is closed');
  assert.deepEqual(readFileSync(path), bytes, 'it was not changed');
});
