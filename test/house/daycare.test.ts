/** A nursery's day at the real screens: several tablets, one terminal, and PostgreSQL away for all of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { businessDateOf, daysAfter } from '../../src/business-date.ts';
import { SAMPLE_PIN } from '../../src/staff/sample.ts';
import { look, openBrowser, openPage } from '../support/browser.ts';
import { actAsResident, planResidents, readBook, waitForRecord, waitForTerminal } from '../support/clerk.ts';
import { makeFolder } from '../support/folder.ts';
import { openGate } from '../support/gate.ts';
import { startHouse } from '../support/house.ts';
import { openTestDatabase } from '../support/postgres.ts';

async function add(page: Page, label: string, care: string): Promise<void> {
  await page.getByRole('button', { name: '子どもを加える' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('番号か呼び名').fill(label);
  await dialog.getByText(care, { exact: true }).click();
  await dialog.getByLabel('お預かりの時刻', { exact: true }).fill('0001');
  await dialog.getByLabel('お迎えの時刻', { exact: true }).fill('1000');
  await look(page, `daycare-dialog-${care}`);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
}

/** The same child on the day before, entered from what is known of today. */
async function addDayBefore(page: Page, label: string): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`^${label} ?の預かりを変える`) }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '別の日を加える' }).click();
  const [, month = '', day = ''] = daysAfter(businessDateOf(new Date()), -1).split('-');
  await dialog.getByLabel('利用日', { exact: true }).fill(month + day);
  await look(page, 'daycare-another-day');
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
}

async function changePickUp(page: Page, label: string, time: string): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`^${label} ?の預かりを変える`) }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('お迎えの時刻', { exact: true }).fill(time);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await page.getByText(/〜 10:05/).waitFor();
}

test('siblings and days are paid in one touch each while another tablet waits its turn, without PostgreSQL, and on paper without a trace', async (t) => {
  const { url } = await openTestDatabase(t);
  const gate = await openGate(t, url);
  const house = await startHouse(t, makeFolder(t), { DATABASE_URL: gate.url });
  await waitForTerminal(house, 'ready');
  await waitForRecord(house, 'synced');
  gate.shut();
  // Known before the first touch: what the bar says of it moves nothing under a finger later.
  await waitForRecord(house, 'offline');
  const browser = await openBrowser(t);
  const { page, faults } = await openPage(browser, house.counter, { width: 820, height: 1180 });
  await page.getByRole('button', { name: /^担当/ }).click();
  await page.getByLabel('職員番号').fill('1005');
  await page.getByLabel('暗証番号').fill(SAMPLE_PIN);
  await page.getByRole('button', { name: 'サインイン', exact: true }).click();
  await page.getByText('まだだれもいません').waitFor();
  await look(page, 'daycare-empty');
  await add(page, '12', '1日');
  await add(page, '13', '半日');
  await addDayBefore(page, '12');
  await changePickUp(page, '13', '1005');

  const tablet = await openPage(browser, house.counter, { width: 1024, height: 768 });
  const other = tablet.page;
  await other.getByRole('button', { name: '13 会計へ' }).waitFor();
  for (const day of [2, 1]) {
    await page
      .getByRole('button', { name: '12 会計へ' })
      .nth(day - 1)
      .click();
    await page
      .getByRole('button', { name: '12を会計から外す' })
      .nth(2 - day)
      .waitFor();
  }
  await page.getByRole('button', { name: '13 会計へ' }).click();
  await page.locator('.total strong', { hasText: '5,500円' }).waitFor();
  await look(page, 'daycare-charged');
  await add(other, '14', '半日');
  await other.getByRole('button', { name: '14 会計へ' }).click();
  await other.keyboard.press('q');

  await planResidents(house, []);
  await page.keyboard.press('q');
  await page.keyboard.press('Enter');
  await other.getByText(/5,500円 の支払いに使っています/).waitFor();
  await other.keyboard.press('Enter');
  await other.getByText('順番を待っています（1番目）').waitFor();
  await look(other, 'daycare-waiting');
  await actAsResident(house, { act: 'present', brand: 'visa' });
  await page.getByRole('heading', { name: '支払いました' }).waitFor();
  await other.getByText('順番が来ました').waitFor();
  await look(other, 'daycare-turn');
  await planResidents(house, [{ do: { act: 'present', brand: 'visa' } }]);
  await other.getByRole('button', { name: /1,100円を支払う/ }).click();
  await other.getByRole('heading', { name: '支払いました' }).waitFor();
  await other.locator('.stay-state', { hasText: '支払済' }).nth(3).waitFor();
  await look(page, 'daycare-paid');
  assert.deepEqual(
    (await readBook(house)).filter(({ state }) => state === 'stored').map(({ amount }) => amount),
    [5500, 1100],
  );

  const [paper] = await Promise.all([
    page.context().waitForEvent('page'),
    page.getByRole('link', { name: /領収証兼提供証明書/ }).click(),
  ]);
  await paper.getByRole('heading', { name: '領収証兼特定子ども・子育て支援提供証明書' }).first().waitFor();
  const sent: string[] = [];
  page.context().on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`));
  await paper.getByLabel('認定子どもの氏名').first().fill('白井 はると');
  await paper.keyboard.press('Enter');
  await look(paper, 'daycare-certificate');
  // As blocks: a grid over several pages is printed with its parts over one another.
  await paper.emulateMedia({ media: 'print' });
  const shapes = await paper.evaluate(
    `[...document.querySelectorAll('main, .certificate')].map((part) => getComputedStyle(part).display)`,
  );
  assert.deepEqual(shapes, ['block', 'block', 'block']);
  await paper.close();
  assert.equal(
    sent.some((text) => decodeURIComponent(text).includes('はると')),
    false,
  );
  await waitForRecord(house, 'offline');
  assert.deepEqual([...faults, ...tablet.faults], []);
});
