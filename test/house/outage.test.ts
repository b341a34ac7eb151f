/** A day without PostgreSQL: the counter works on, says so, and what it recorded arrives once when it is back. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import request from 'supertest';
import { businessDateOf, daysAfter } from '../../src/business-date.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { SAMPLE_PIN } from '../../src/staff/sample.ts';
import { expectNoViolations, openBrowser, openPage, pictureInBothSizes } from '../support/browser.ts';
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
import { openGate } from '../support/gate.ts';
import { startHouse, type House } from '../support/house.ts';
import { MUNICIPALITY, openTestDatabase } from '../support/postgres.ts';
import { pressUntil, tryUntil } from '../support/patience.ts';

/** At the terminal's own page, as a cashier does while the PC is down. */
async function sellAtTerminal(
  browser: BrowserContext,
  house: House,
  sale: { yen: string; brand: string },
): Promise<void> {
  const { page } = await openPage(browser, house.virtualTerminal, { width: 700, height: 1000 });
  await page.getByText('窓口を使わない売上', { exact: true }).click();
  await page.getByLabel('金額（円）').fill(sale.yen);
  await page.getByLabel('支払いの種類').selectOption({ label: sale.brand });
  await page.getByRole('button', { name: '端末だけで売る' }).click();
  await page.getByText('売りました。').waitFor();
  await pictureInBothSizes(page, `outage-alone-${sale.yen}`);
  await page.close();
}

/** 後からの記録, from what the terminal's slip says. */
async function enterSlip(
  page: Page,
  slip: { number: string; date: string; time: string; brand: string; yen: string; copies: number },
): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('伝票番号').fill(slip.number);
  const [, month = '', day = ''] = slip.date.split('-');
  await dialog.getByLabel('伝票の日付', { exact: true }).fill(month + day);
  await dialog.getByLabel('伝票の時刻', { exact: true }).fill(slip.time);
  await dialog.getByLabel('支払いの種類').selectOption({ label: slip.brand });
  await dialog.getByLabel('伝票の金額（円）').fill(slip.yen);
  await dialog.getByLabel('窓口').selectOption({ label: '市民' });
  await dialog.getByLabel('足す項目').selectOption('CIT-JUM');
  await dialog.getByRole('button', { name: '足す', exact: true }).click();
  for (let copies = 1; copies < slip.copies; copies += 1)
    await dialog.getByRole('button', { name: '住民票の写しを1増やす' }).click();
  await dialog.getByText('伝票の金額と同じ合計です').waitFor();
  await pictureInBothSizes(page, `outage-slip-${slip.number}`);
  await dialog.getByRole('button', { name: 'この伝票を記録する' }).click();
  await dialog.getByText(`端末の伝票 ${slip.number}`).waitFor();
}

/** Since two days ago this counter knows what its terminal held then: nothing. */
function openDaysAgo(dataDir: string): void {
  const then = new Date(Date.now() - 2 * 86_400_000);
  const identity = { municipality: MUNICIPALITY, counter: '01', book: 'trial' } as const;
  const { municipality, counter, book } = identity;
  writeFileSync(join(dataDir, 'madoguchi.json'), JSON.stringify({ book, municipality, counter }));
  const journal = openJournal(join(dataDir, 'journal.sqlite'), identity, () => then);
  journal.append('journal_opened', null, { book });
  const totals = { terminalId: '99000001', totalYen: 0, rows: [], raw: '' };
  const reading = {
    terminal: '1',
    model: 'zvt',
    businessDate: businessDateOf(then),
    purpose: 'opening',
    totals,
  };
  journal.append('totals', null, reading);
  journal.close();
}

test('the PC, PostgreSQL and the card companies fail in turn: cash and slips go on record, and everything arrives once', async (t) => {
  const { db, url } = await openTestDatabase(t);
  const gate = await openGate(t, url);
  const folder = makeFolder(t);
  openDaysAgo(folder);
  const first = await startHouse(t, folder, { DATABASE_URL: gate.url });
  await waitForTerminal(first, 'ready');
  await planResidents(first, [{ do: { act: 'present', brand: 'visa' } }]);
  const { id } = await press(first, saleOf());
  assert.equal((await waitForPayment(first, id)).state, 'approved');
  await waitForRecord(first, 'synced');
  const browser = await openBrowser(t);

  // The PC dies, and the network with it; the terminal goes on alone.
  await first.kill();
  gate.shut();
  await sellAtTerminal(browser, first, { yen: '800', brand: 'JCB' });
  await sellAtTerminal(browser, first, { yen: '400', brand: 'nanaco' });

  // Back, still without PostgreSQL: signed in from the snapshot, the slips entered under their own days.
  const house = await startHouse(t, folder, { DATABASE_URL: gate.url });
  await waitForTerminal(house, 'ready');
  assert.match(house.output(), /市の記録（PostgreSQL）とつながりません。DATABASE_URL/);
  const { page, faults } = await openPage(browser, house.counter, { width: 1280, height: 800 });
  const dialog = page.getByRole('dialog');
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
  const openMenu = async (item: string | RegExp): Promise<void> => {
    await button('メニュー').click();
    await page.getByRole('menuitem', { name: item, exact: true }).click();
  };
  const cutOff = page.getByText(/記録 切断 \d+:\d\dから/);
  await cutOff.waitFor();
  await button(/^担当/).click();
  await page.getByLabel('職員番号').fill('1002');
  await page.getByLabel('暗証番号').fill(SAMPLE_PIN);
  await button('サインイン').click();
  await button(/^担当 出納/).waitFor();
  await pictureInBothSizes(page, 'outage-signed-in');
  await openMenu(/後からの記録/);
  const today = businessDateOf(new Date());
  const yesterday = daysAfter(today, -1);
  await enterSlip(page, { number: '2', date: today, time: '00:00', brand: 'JCB', yen: '800', copies: 2 });
  await enterSlip(page, {
    number: '3',
    date: yesterday,
    time: '16:50',
    brand: 'nanaco',
    yen: '400',
    copies: 1,
  });
  await pictureInBothSizes(page, 'outage-slips');
  await page.keyboard.press('Escape');
  gate.open();
  await waitForRecord(house, 'synced');
  await page.getByText('記録 同期済み').waitFor();
  await openMenu('締め');
  await button('点検（中間計を読む）').click();
  await dialog.getByText('一致').first().waitFor();
  await dialog.getByText('3件 1,600円').first().waitFor();
  await pictureInBothSizes(page, 'outage-check');
  await page.keyboard.press('Escape');

  // PostgreSQL goes while there is nothing to send: it is told all the same. The card companies are gone with it.
  await waitForRecord(house, 'synced');
  gate.shut();
  await cutOff.waitFor();
  await page.getByText('市の記録とつながっていません（窓口の会計は続けられます）').waitFor();
  const { status } = await get(house, '/api/office/payments', house.office);
  assert.equal(status, 503);
  await request(house.virtualTerminal)
    .post('/faults')
    .send({ faults: [{ fault: 'host_down', command: '0601' }] })
    .expect(200);
  await planResidents(house, [{ do: { act: 'present', brand: 'visa' } }]);
  await page.getByRole('tab', { name: '市民' }).click();
  await page.locator('button.fee', { hasText: '住民票の写し' }).click();
  await page.getByRole('radio', { name: 'クレジット' }).click({ force: true });
  await button(/400円を支払う/).click();
  await page
    .getByText(/カード会社と通信できませんでした。代金は引かれていません。/)
    .first()
    .waitFor();
  await expectNoViolations(page, 'no card company');
  await pictureInBothSizes(page, 'outage-no-card-company');
  await pressUntil(button(/別の方法で支払う/));
  const cash = button(/現金で受け取った/);
  await tryUntil(page.getByText('現金 400円を記録しました。'), () => cash.click({ timeout: 1_000 }));
  await page.getByText(/市の記録に未送信 \d+件/).waitFor();
  await expectNoViolations(page, 'cut off');
  await pictureInBothSizes(page, 'outage-cash');

  gate.open();
  await waitForRecord(house, 'synced');
  await openMenu('締め');
  await button('締める').click();
  await page.getByText(/を、今日の締めとして残しました。/).waitFor();
  await dialog.getByText('一致').first().waitFor();
  await pictureInBothSizes(page, 'outage-closed');
  await waitForRecord(house, 'synced');
  const events = await db.selectFrom('events').select(['sequence', 'type']).orderBy('sequence').execute();
  assert.deepEqual(
    events.map(({ sequence }) => sequence),
    events.map((_, index) => index + 1),
    'no gap, no event twice',
  );
  assert.ok(
    events.some(({ type }) => type === 'receipt_text'),
    'the terminal’s receipts are kept',
  );
  const payments = await db
    .selectFrom('payments')
    .select(['state', 'amount_yen', 'business_date'])
    .orderBy('sequence')
    .execute();
  assert.deepEqual(
    payments.map(({ state, amount_yen, business_date }) => [state, amount_yen, business_date]),
    [
      ['approved', 400, today],
      ['approved', 800, today],
      ['approved', 400, yesterday],
      ['declined', 400, today],
    ],
  );
  assert.deepEqual(
    (await readBook(house)).map(({ state, amount, brand }) => [state, amount, brand]),
    [
      ['stored', 400, 'visa'],
      ['stored', 800, 'jcb'],
      ['stored', 400, 'nanaco'],
    ],
  );
  assert.deepEqual(faults, []);
});

test('a second counter under a known number is set apart and takes no sale; the first goes on', async (t) => {
  const { url } = await openTestDatabase(t);
  const first = await startHouse(t, makeFolder(t), { DATABASE_URL: url });
  await waitForTerminal(first, 'ready');
  await waitForRecord(first, 'synced');
  const folder = makeFolder(t);
  const gate = await openGate(t, url);
  const second = await startHouse(t, folder, { DATABASE_URL: gate.url });
  await waitForTerminal(second, 'ready');
  await waitForRecord(second, 'stopped');
  const refused = await post(second, '/api/payments', saleOf()).expect(409);
  assert.equal((refused.body as { error: { code: string } }).error.code, 'record_stopped');
  await second.stop();
  gate.shut();
  const restarted = await startHouse(t, folder, { DATABASE_URL: gate.url });
  await waitForTerminal(restarted, 'ready');
  const again = await post(restarted, '/api/payments', saleOf()).expect(409);
  assert.equal((again.body as { error: { code: string } }).error.code, 'record_stopped');
  await planResidents(first, [{ do: { act: 'present', brand: 'id' } }]);
  const { id } = await press(first, saleOf({ method: 'emoney', brand: 'id' }));
  assert.equal((await waitForPayment(first, id)).state, 'approved');
  await waitForRecord(first, 'synced');
});
