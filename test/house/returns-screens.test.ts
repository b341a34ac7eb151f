/** Giving back in a real browser: by keyboard, with the terminal, and what the screens say of it afterwards. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { expectNoViolations, openBrowser, openPage, picture } from '../support/browser.ts';
import { createCleanup, type Cleanup } from '../support/cleanup.ts';
import { handleCable, post, waitForPayment, waitForRecord } from '../support/clerk.ts';
import { openHouse, type House } from '../support/house.ts';
import { book, plan, sell } from '../support/returns.ts';
import { businessDateOf, daysAfter } from '../../src/business-date.ts';
import { SAMPLE_PIN } from '../../src/staff/sample.ts';

const cleanup = createCleanup();
let house: House;
let browser: BrowserContext;

before(async () => {
  house = await openHouse(cleanup);
  browser = await openBrowser(cleanup);
});

async function refuseFaults(page: Page): Promise<void> {
  await expectNoViolations(page, 'the dialog');
}

const openTab = async (t: Cleanup, size?: { width: number; height: number }) => {
  const opened = await openPage(browser, house.counter, size);
  t.after(() => opened.page.close());
  return opened;
};

test('a sale is voided by keyboard; list and slip say so, and the terminal has it in its book', async (t) => {
  const sale = await sell(house);
  const { page, faults } = await openTab(t);
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
  await picture(page, 'void');
  await dialog.getByRole('button', { name: '項目・数量の間違い' }).focus();
  await page.keyboard.press('Enter');
  await act.focus();
  await page.keyboard.press('Enter');
  await dialog.getByText('取消済', { exact: true }).waitFor();
  await dialog.getByText('端末で 400円 を返しました。受け取る代金は残りません。').waitFor();
  await dialog.getByText('端末で取り消す：全額が返されています。').waitFor();
  await refuseFaults(page);
  await picture(page, 'voided');
  await page.keyboard.press('Escape');
  await page.getByRole('searchbox').fill('');
  await page.getByText('−400円').first().waitFor();
  await picture(page, 'today');
  assert.equal((await book(house)).at(-1)?.kind, 'void');
  assert.deepEqual(faults, []);
});

test('above the amount a second person types number and PIN; alone nothing is sent', async (t) => {
  const sale = await sell(house, 'visa', [{ code: 'CIT-JUM', quantity: 13 }]);
  const { page, faults } = await openTab(t);
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
  await picture(page, 'second-person');
  await second.getByRole('button', { name: '確認しました' }).click();
  await waitForPayment(house, sale.id, ({ returned }) => returned.amountYen === 5_200);
  await dialog.getByText('取消済', { exact: true }).waitFor();
  assert.deepEqual(faults, []);
});

test('the cable comes out in the middle of a void: the clerk is told to give nothing back, then what became of it', async (t) => {
  const sale = await sell(house);
  await plan(house, [{ fault: 'pull_cable', at: 'stored', command: '0630' }]);
  const { page } = await openTab(t);
  await page.getByRole('searchbox').fill(String(sale.number));
  await page.getByRole('button', { name: /住民票の写し 1通/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '端末で取り消す', exact: true }).click();
  await dialog.getByRole('button', { name: '項目・数量の間違い' }).click();
  await dialog.getByRole('button', { name: '400円を端末で取り消す' }).click();
  await dialog.getByText('取消の結果がまだ分かりません').waitFor();
  await dialog.getByText(/もう一度取消をせず、現金でも返さないでください/).waitFor();
  await refuseFaults(page);
  await picture(page, 'void-unknown');
  await handleCable(house, 'plug_cable');
  await dialog.getByText('取消済', { exact: true }).waitFor();
  assert.equal((await book(house)).filter(({ kind }) => kind === 'void').length, 3);
});

test('one of two copies is refunded by touch: the resident shows the card again, and the row says what is left', async (t) => {
  const sale = await sell(house, 'visa', [{ code: 'CIT-JUM', quantity: 2 }]);
  const { page, faults } = await openTab(t);
  await page.getByRole('searchbox').fill(String(sale.number));
  await page.getByRole('button', { name: /住民票の写し 2通/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '端末で返金する', exact: true }).click();
  await dialog.getByRole('button', { name: '住民票の写しを1減らす' }).click();
  await dialog.getByRole('button', { name: 'お客様の申し出' }).click();
  await refuseFaults(page);
  await picture(page, 'refund');
  await dialog.getByRole('button', { name: '400円を端末で返金する' }).click();
  // The dialog has made way for the terminal.
  await dialog.waitFor({ state: 'detached' });
  const card = page.frameLocator('iframe').getByRole('button', { name: 'Visa', exact: true });
  await card.and(page.frameLocator('iframe').locator(':enabled')).click();
  await waitForPayment(house, sale.id, ({ returned }) => returned.amountYen === 400);
  await page.getByText('一部返金済').waitFor();
  await page.getByRole('button', { name: /住民票の写し 2通/ }).click();
  await dialog.getByText('端末で 400円 を返しました。残りは 400円 です。').waitFor();
  await refuseFaults(page);
  assert.deepEqual(faults, []);
});

test('items are corrected by keyboard and a second person, and the dialog says what was corrected', async (t) => {
  const sale = await sell(house);
  const { page, faults } = await openTab(t, { width: 1024, height: 768 });
  await page.getByRole('searchbox').fill(String(sale.number));
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  const press = async (name: string | RegExp): Promise<void> => {
    await dialog.getByRole('button', { name }).focus();
    await page.keyboard.press('Enter');
  };
  await press('科目・品目を訂正する');
  await press('住民票の写しを1減らす');
  const items = dialog.getByLabel('足す項目');
  await items.locator('option', { hasText: '印鑑登録証明書' }).waitFor({ state: 'attached' });
  const names = await items.locator('option').allTextContents();
  await items.focus();
  const place = names.findIndex((name) => name.includes('印鑑登録証明書'));
  for (let step = 0; step < place; step += 1) await page.keyboard.press('ArrowDown');
  await press('足す');
  await dialog.getByText('支払いと同じ合計です').waitFor();
  const act = dialog.getByRole('button', { name: 'この内容に訂正する' });
  assert.ok(await act.isDisabled(), 'a reason is asked for');
  await dialog.getByLabel(/訂正の理由/).focus();
  await page.keyboard.type('印鑑登録証明書だった');
  await refuseFaults(page);
  await picture(page, 'correction');
  await act.focus();
  await page.keyboard.press('Enter');
  const second = page.getByRole('alertdialog');
  await second.getByLabel('職員番号').fill('1002');
  await second.getByLabel('暗証番号').fill(SAMPLE_PIN);
  await page.keyboard.press('Enter');
  await dialog.getByText('住民票の写し 1通 → 印鑑登録証明書 1通').waitFor();
  await dialog.getByText(/確認 出納 太郎/).waitFor();
  await refuseFaults(page);
  await picture(page, 'corrected');
  assert.deepEqual(faults, []);
});

test('a slip of a time without a link is entered by touch, and then its 取消 from the payment', async (t) => {
  const { page, faults } = await openTab(t, { width: 1024, height: 768 });
  await page.getByRole('button', { name: 'メニュー' }).click();
  await page.getByRole('menuitem', { name: /後からの記録/ }).click();
  const dialog = page.getByRole('dialog');
  const act = dialog.getByRole('button', { name: 'この伝票を記録する' });
  await dialog.getByLabel('伝票番号').fill('9001');
  await dialog.getByLabel('伝票の時刻', { exact: true }).fill('00:00');
  await dialog.getByLabel('支払いの種類').selectOption({ label: 'JCB' });
  await dialog.getByLabel('伝票の金額（円）').fill('800');
  await dialog.getByLabel('窓口').selectOption({ label: '市民' });
  await dialog.getByLabel('足す項目').selectOption('CIT-JUM');
  await dialog.getByRole('button', { name: '足す', exact: true }).click();
  await dialog.getByText('伝票は 800円 です').waitFor();
  assert.ok(await act.isDisabled(), 'the items come to less than the slip says');
  await dialog.getByRole('button', { name: '住民票の写しを1増やす' }).click();
  await dialog.getByText('伝票の金額と同じ合計です').waitFor();
  await refuseFaults(page);
  await picture(page, 'slip-entry');
  await act.click();
  await dialog.getByText('端末の伝票 9001 800円 を記録しました').waitFor();
  await refuseFaults(page);
  await picture(page, 'slip-entered');
  await dialog.getByRole('button', { name: '閉じる' }).click();

  await page.getByRole('searchbox').fill('9001');
  await page.getByRole('button', { name: /住民票の写し 2通/ }).click();
  await dialog.getByText('端末の伝票から手入力').waitFor();
  await dialog.getByRole('button', { name: '端末での取消を入力する' }).click();
  await dialog.getByLabel('取消の伝票番号').fill('9002');
  await dialog.getByLabel('伝票の時刻', { exact: true }).fill('00:01');
  await dialog.getByRole('button', { name: '二重の支払い' }).click();
  await refuseFaults(page);
  await picture(page, 'void-entry');
  await dialog.getByRole('button', { name: '800円の取消を記録する' }).click();
  await dialog.getByText('取消済', { exact: true }).waitFor();
  assert.deepEqual(faults, []);
});

test('a payment of the day before is found by time and amount, and the row that is touched is the one that opens', async (t) => {
  const day = daysAfter(businessDateOf(new Date()), -1);
  for (const [slipNumber, quantity, time] of [
    ['9101', 1, '09:10'],
    ['9102', 2, '09:20'],
  ] as const) {
    const entry = {
      ...{ id: randomUUID(), terminal: '1', window: 'resident', method: 'credit', brand: 'jcb', slipNumber },
      ...{ lines: [{ code: 'CIT-JUM', quantity }], totalYen: 400 * quantity },
      takenAt: new Date(`${day}T${time}:00+09:00`).toISOString(),
    };
    await post(house, '/api/entries', entry).expect(201);
  }
  const { page, faults } = await openTab(t, { width: 1024, height: 768 });
  const dialog = page.getByRole('dialog');
  const openDay = async (): Promise<void> => {
    await page.getByRole('button', { name: 'メニュー' }).click();
    await page.getByRole('menuitem', { name: /前の日の支払い/ }).focus();
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: /住民票の写し 2通/ }).waitFor();
  };
  await openDay();
  await refuseFaults(page);
  await picture(page, 'earlier');
  // Anywhere on the row: what lies there is the row's own button.
  await dialog.getByText('9:20').click({ force: true });
  await dialog.getByText('9102', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await openDay();
  await dialog.getByRole('searchbox').focus();
  await page.keyboard.type('9:10 400');
  await dialog.getByRole('button', { name: /住民票の写し 2通/ }).waitFor({ state: 'detached' });
  // Past the field's own button, if it has one.
  const focused = () => page.evaluate<string>("document.activeElement?.textContent ?? ''");
  while (!(await focused()).startsWith('住民票の写し 1通')) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await dialog.getByText('9101', { exact: true }).waitFor();
  assert.deepEqual(faults, []);
});

test('accounting sees what is owed outside the terminal and notes that it was paid', async (t) => {
  const sale = await sell(house, 'nanaco');
  const { page } = await openTab(t);
  await page.getByRole('searchbox').fill(String(sale.number));
  await page.getByRole('button', { name: /住民票の写し 1通/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('この種類は、端末では取り消せません。').first().waitFor();
  await dialog.getByRole('button', { name: '会計課から返金する' }).click();
  await dialog.getByRole('button', { name: '交付できなかった' }).click();
  await picture(page, 'outside');
  await dialog.getByRole('button', { name: '400円の返金を会計課に頼む' }).click();
  await dialog.getByText('会計課から返金', { exact: true }).waitFor();
  await waitForRecord(house, 'synced');

  // Taken back by two people, it is promised once more.
  await dialog.getByRole('button', { name: '取り下げる' }).click();
  await dialog.getByLabel(/取り下げる理由/).fill('お客様が交付を待つことにした');
  await refuseFaults(page);
  await picture(page, 'withdraw');
  await dialog.getByRole('button', { name: '400円の返金を取り下げる' }).click();
  const second = page.getByRole('alertdialog');
  await second.getByLabel('職員番号').fill('1002');
  await second.getByLabel('暗証番号').fill(SAMPLE_PIN);
  await second.getByRole('button', { name: '確認しました' }).click();
  await dialog.getByText(/取り下げ .*確認 出納 太郎/).waitFor();
  await refuseFaults(page);
  await picture(page, 'withdrawn');
  await dialog.getByRole('button', { name: '会計課から返金する' }).click();
  await dialog.getByRole('button', { name: '交付できなかった' }).click();
  await dialog.getByRole('button', { name: '400円の返金を会計課に頼む' }).click();
  await dialog.getByText('会計課から 400円 を返します').waitFor();
  await waitForRecord(house, 'synced');

  await page.goto(house.office);
  await page.getByRole('tab', { name: '返金' }).click();
  await page.getByText('まだ払っていないもの 1件').waitFor();
  await refuseFaults(page);
  await picture(page, 'office-outside');
  await page.getByRole('button', { name: '支払いを記録する' }).click();
  await page.getByRole('button', { name: '払ったことを記録する' }).click();
  await page.getByText('まだ払っていないもの 0件').waitFor();
  await page.getByRole('tab', { name: '支払い' }).click();
  await page.getByLabel(/探す/).fill(String(sale.number));
  await page.getByText('が見つかった支払い').waitFor();
  await refuseFaults(page);
  await picture(page, 'office-search');
});
