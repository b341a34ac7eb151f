/** The fees at the real screens: what needs an entry, cash by one touch, and what is not charged. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { SAMPLE_PIN } from '../../src/staff/sample.ts';
import { expectNoViolations, look, openBrowser, openPage } from '../support/browser.ts';
import { createCleanup } from '../support/cleanup.ts';
import { handleCable, planResidents, readBook, waitForTerminal } from '../support/clerk.ts';
import { plan } from '../support/returns.ts';
import {
  lookAround,
  openPayment,
  sellByKeyboard,
  sellCertificate,
  sellWithoutCable,
} from '../support/screen-walk.ts';
import { overTheEdge, readSteadiness, watchSteadiness } from '../support/steadiness.ts';
import { openHouse, type House } from '../support/house.ts';

const cleanup = createCleanup();
let house: House;
let browser: BrowserContext;
let page: Page;
let faults: string[];

before(async () => {
  house = await openHouse(cleanup);
  browser = await openBrowser(cleanup);
  ({ page, faults } = await openPage(browser, house.counter, { width: 1280, height: 800 }));
});

const openWindow = (name: string): Promise<void> => page.getByRole('tab', { name }).click();
const fee = (name: string): Promise<void> => page.locator('button.fee', { hasText: name }).first().click();
const dialog = () => page.getByRole('dialog');
const total = async (): Promise<string> => (await page.locator('.total strong').textContent()) ?? '';

test('a certificate is still one touch: no entry opens, the total is there', async () => {
  await openWindow('市民');
  await fee('住民票の写し');
  assert.equal(await total(), '400円');
  assert.equal(await dialog().count(), 0);
  await look(page, 'certificate');
});

test('cash is one touch: recorded, said, listed as 現金, and not in the cashless sum', async () => {
  await page.getByRole('button', { name: /現金で受け取った/ }).click();
  await page.getByText('現金 400円を記録しました。').waitFor();
  await page.getByText('ほかに現金 1件 400円').waitFor();
  await page.getByRole('heading', { name: /今日の支払い\s*0件\s*0円/ }).waitFor();
  assert.deepEqual(await readBook(house), []);
  await look(page, 'cash');
});

test('a touch by mistake is taken back at once', async () => {
  await page.getByRole('button', { name: '押し間違い' }).click();
  await page.getByText(/記録を取り消しました/).waitFor();
  await page.getByText('ほかに現金').waitFor({ state: 'detached' });
  await page.getByRole('row', { name: /現金 取消済/ }).waitFor();
});

test('cash that was pressed before a reload is one record: asked about if it arrived, pressed again if it did not', async () => {
  const cash = (): Promise<void> => page.getByRole('button', { name: /現金で受け取った/ }).click();
  const path = '**/api/counted';
  await openWindow('市民');
  await fee('印鑑登録証明書');
  await page.route(path, (route) => route.abort());
  await cash();
  await page.getByText(/答えがありません/).waitFor();
  await page.unroute(path);
  await page.reload();
  await page.getByText(/開き直す前に押した記録は、まだ届いていません/).waitFor();
  assert.equal(await total(), '400円');
  await look(page, 'cash-interrupted');
  await cash();
  await page.getByText('現金 400円を記録しました。').waitFor();
  await page.getByText('ほかに現金 1件 400円').waitFor();

  // Now only the answer is lost: the record is there, and the screen says so without a second press.
  await fee('印鑑登録証明書');
  await page.route(path, async (route) => {
    await route.fetch();
    await route.abort();
  });
  await cash();
  await page.getByText('ほかに現金 2件 800円').waitFor();
  await page.getByText('現金 400円を記録しました。').waitFor();
  await page.unroute(path);
  await page.reload();
  await page.getByText('ほかに現金 2件 800円').waitFor();
  assert.equal(await total(), '0円');
  // The cut line and the question about what it had not brought.
  assert.ok(
    faults.every((fault) => /ERR_FAILED|404/.test(fault)),
    faults.join(),
  );
  faults.length = 0;
});

test('by keyboard alone: a fee that has to know something opens its entry, which Enter takes', async () => {
  await openWindow('保育');
  await page.keyboard.press('7');
  await dialog().getByText('「お迎えの時刻」を入れてください').waitFor();
  await look(page, 'entry-open');
  await dialog().getByLabel('お迎えの時刻', { exact: true }).fill('18:31');
  await dialog().getByText('100円 ×2').waitFor();
  await look(page, 'entry');
  await page.keyboard.press('Enter');
  await dialog().waitFor({ state: 'detached' });
  assert.equal(await total(), '200円');
  await page.getByText(/18:31/).waitFor();
  await page.keyboard.press('t');
  await page.getByText('現金 200円を記録しました。').waitFor();
});

test('a pass asks for class, month and sticker; its line can be changed', async () => {
  await openWindow('駐輪場');
  await fee('定期 自転車 一般');
  await dialog().getByText('市外').click();
  await dialog().getByLabel('シール番号').fill('A-0012');
  await look(page, 'pass-entry');
  await dialog().getByRole('button', { name: '会計に入れる' }).click();
  const first = await total();
  await page.getByRole('button', { name: /^変更・減免/ }).click();
  await dialog().getByText('市内').click();
  await dialog().getByRole('button', { name: '変更する' }).click();
  await dialog().waitFor({ state: 'detached' });
  assert.notEqual(await total(), first);
  await page.getByText(/市内・.*・A-0012/).waitFor();
  await look(page, 'pass-line');
  await page.keyboard.press('Escape');
});

test('what is not charged is recorded with its ground; the mayor’s needs a second person', async () => {
  await openWindow('市民');
  await fee('住民票の写し');
  await page.getByRole('button', { name: /^変更・減免/ }).click();
  await dialog()
    .getByLabel('料金')
    .selectOption({ label: '減免　そのほか市長が必要と認めるもの（別の人の承認）' });
  await dialog().getByText('0円', { exact: true }).waitFor();
  await dialog().getByRole('button', { name: '変更する' }).click();
  const second = page.getByRole('alertdialog');
  await second.getByLabel('職員番号').fill('1002');
  await second.getByLabel('暗証番号').fill(SAMPLE_PIN);
  await look(page, 'approval');
  await second.getByRole('button', { name: '確認しました' }).click();
  await page.getByText(/減免など：そのほか市長/).waitFor();
  await look(page, 'exempt');
  await page.getByRole('button', { name: /お渡しを記録/ }).click();
  await page.getByText('0円のお渡しを記録しました。').waitFor();
  await page
    .getByRole('row', { name: /0円 記録済/ })
    .getByRole('button')
    .click();
  await dialog()
    .getByText(/承認 出納 太郎/)
    .waitFor();
  await look(page, 'counted');
  await page.keyboard.press('Escape');
});

test('an item for cash only says so, and the terminal is not asked', async () => {
  await fee('マイナンバーカード再交付');
  await page.getByRole('radio', { name: 'クレジット' }).click({ force: true });
  await page.getByText('現金のみの項目があります').waitFor();
  await page.setViewportSize({ width: 1024, height: 768 });
  await look(page, 'cash-only');
  await page.keyboard.press('Escape');
  assert.deepEqual(await readBook(house), []);
  assert.deepEqual(faults, []);
});

test('nothing moves from its place under a clerk’s finger, and no dialog jumps while it comes', async (t) => {
  const { page: still, faults } = await openPage(browser, house.counter, { width: 1280, height: 800 });
  t.after(() => still.close());
  await waitForTerminal(house, 'ready');
  await planResidents(house, [{ do: { act: 'present', brand: 'visa' } }], true);
  await watchSteadiness(still);
  await still.getByRole('tab', { name: '市民' }).waitFor();
  const jumps: [step: string, moved: string[]][] = [];
  const look = async (step: string): Promise<void> => {
    const { shifts } = await readSteadiness(still);
    if (shifts.length > 0) jumps.push([step, shifts.flatMap(({ moved }) => moved)]);
  };
  for (const walk of [sellCertificate, sellByKeyboard, lookAround]) await walk(still, look);
  await plan(house, [{ fault: 'pull_cable', at: 'stored', command: '0601' }]);
  await sellWithoutCable(still, () => handleCable(house, 'plug_cable'), look);
  assert.deepEqual(jumps, []);
  assert.deepEqual(faults, []);
});

test('magnified to 320 pixels the counter is one column, and nothing stands over the edge', async (t) => {
  const { page: narrow, faults } = await openPage(browser, house.counter, { width: 320, height: 568 });
  t.after(() => narrow.close());
  for (const tab of ['税', '市民', '保育', '駐輪場']) {
    await narrow.getByRole('tab', { name: tab }).click();
    await narrow.locator('.sale', { hasText: `会計　${tab}` }).waitFor();
    assert.deepEqual(await overTheEdge(narrow), [], tab);
  }
  await narrow.locator('button.fee', { hasText: '定期' }).first().click();
  await narrow.getByRole('dialog').waitFor();
  assert.deepEqual(await overTheEdge(narrow), [], 'a pass');
  await narrow.keyboard.press('Escape');
  await openPayment(narrow);
  assert.deepEqual(await overTheEdge(narrow), [], 'a payment');
  await expectNoViolations(narrow, 'one column');
  assert.deepEqual(faults, []);
});
