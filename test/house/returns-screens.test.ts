/** Giving back in a real browser: by keyboard, with the terminal, and what the screens say of it afterwards. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { expectNoViolations, openBrowser, openPage } from '../support/browser.ts';
import { createCleanup } from '../support/cleanup.ts';
import { handleCable, waitForPayment, waitForRecord, waitForTerminal } from '../support/clerk.ts';
import { makeFolder } from '../support/folder.ts';
import { startHouse, type House } from '../support/house.ts';
import { book, plan, sell } from '../support/returns.ts';
import { SAMPLE_PIN } from '../../src/staff/sample.ts';

const cleanup = createCleanup();
let house: House;

before(async () => {
  house = await startHouse(cleanup, makeFolder(cleanup));
  await waitForTerminal(house, 'ready');
});

async function refuseFaults(page: Page): Promise<void> {
  await expectNoViolations(page, 'the dialog');
}

const shot = async (page: Page, name: string): Promise<void> => {
  const folder = process.env['SCREENSHOTS'];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png` });
};

test('a sale is voided by keyboard; list and slip say so, and the terminal has it in its book', async (t) => {
  const sale = await sell(house);
  const { page, faults } = await openPage(await openBrowser(t), house.counter);
  await page.getByRole('searchbox').fill(String(sale.number));
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  const way = dialog.getByRole('button', { name: '端末で取り消す', exact: true });
  await way.focus();
  await page.keyboard.press('Enter');
  const act = dialog.getByRole('button', { name: '400円を端末で取り消す' });
  assert.ok(await act.isDisabled(), 'a reason is asked for');
  await refuseFaults(page);
  await shot(page, 'void');
  await dialog.getByRole('button', { name: '項目・数量の間違い' }).focus();
  await page.keyboard.press('Enter');
  await act.focus();
  await page.keyboard.press('Enter');
  await dialog.getByText('取消済', { exact: true }).waitFor();
  await dialog.getByText('端末で 400円 を返しました。受け取る代金は残りません。').waitFor();
  await dialog.getByText('端末で取り消す：全額が返されています。').waitFor();
  await refuseFaults(page);
  await shot(page, 'voided');
  await page.keyboard.press('Escape');
  await page.getByRole('searchbox').fill('');
  await page.getByText('−400円').first().waitFor();
  await shot(page, 'today');
  assert.equal((await book(house)).at(-1)?.kind, 'void');
  assert.deepEqual(faults, []);
});

test('above the amount a second person types number and PIN; alone nothing is sent', async (t) => {
  const sale = await sell(house, 'visa', [{ code: 'CIT-JUM', quantity: 13 }]);
  const { page, faults } = await openPage(await openBrowser(t), house.counter);
  await page.getByRole('button', { name: /住民票の写し 13通/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '端末で取り消す', exact: true }).click();
  await dialog.getByRole('button', { name: 'その他' }).click();
  const act = dialog.getByRole('button', { name: '5,200円を端末で取り消す' });
  assert.ok(await act.isDisabled(), 'other wants words');
  await dialog.getByLabel(/内容・連絡したこと/).fill('枚数の聞き違い');
  await act.click();
  const second = page.getByRole('alertdialog');
  await second.getByLabel('職員番号').fill('1002');
  await second.getByLabel('暗証番号').fill(SAMPLE_PIN);
  await refuseFaults(page);
  await shot(page, 'second-person');
  await second.getByRole('button', { name: '確認しました' }).click();
  await waitForPayment(house, sale.id, ({ returned }) => returned.amountYen === 5_200);
  await dialog.getByText('取消済', { exact: true }).waitFor();
  assert.deepEqual(faults, []);
});

test('the cable comes out in the middle of a void: the clerk is told to give nothing back, then what became of it', async (t) => {
  const sale = await sell(house);
  await plan(house, [{ fault: 'pull_cable', at: 'stored', command: '0630' }]);
  const { page } = await openPage(await openBrowser(t), house.counter);
  await page.getByRole('searchbox').fill(String(sale.number));
  await page.getByRole('button', { name: /住民票の写し 1通/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '端末で取り消す', exact: true }).click();
  await dialog.getByRole('button', { name: '項目・数量の間違い' }).click();
  await dialog.getByRole('button', { name: '400円を端末で取り消す' }).click();
  await dialog.getByText('取消の結果がまだ分かりません').waitFor();
  await dialog.getByText(/もう一度取消をせず、現金でも返さないでください/).waitFor();
  await refuseFaults(page);
  await shot(page, 'void-unknown');
  await handleCable(house, 'plug_cable');
  await dialog.getByText('取消済', { exact: true }).waitFor();
  assert.equal((await book(house)).filter(({ kind }) => kind === 'void').length, 3);
});

test('accounting sees what is owed outside the terminal and notes that it was paid', async (t) => {
  const sale = await sell(house, 'nanaco');
  const { page } = await openPage(await openBrowser(t), house.counter);
  await page.getByRole('searchbox').fill(String(sale.number));
  await page.getByRole('button', { name: /住民票の写し 1通/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('この種類は、端末では取り消せません。').first().waitFor();
  await dialog.getByRole('button', { name: '会計課から返金する' }).click();
  await dialog.getByRole('button', { name: '交付できなかった' }).click();
  await shot(page, 'outside');
  await dialog.getByRole('button', { name: '400円の返金を会計課に頼む' }).click();
  await dialog.getByText('会計課から返金', { exact: true }).waitFor();
  await waitForRecord(house, 'synced');

  await page.goto(house.office);
  await page.getByRole('tab', { name: '返金' }).click();
  await page.getByText('まだ払っていないもの 1件').waitFor();
  await refuseFaults(page);
  await shot(page, 'office-outside');
  await page.getByRole('button', { name: '支払いを記録する' }).click();
  await page.getByRole('button', { name: '払ったことを記録する' }).click();
  await page.getByText('まだ払っていないもの 0件').waitFor();
  await page.getByRole('tab', { name: '支払い' }).click();
  await page.getByLabel(/探す/).fill(String(sale.number));
  await page.getByText('が見つかった支払い').waitFor();
  await refuseFaults(page);
  await shot(page, 'office-search');
});
