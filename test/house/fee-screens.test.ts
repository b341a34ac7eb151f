/** The fees at the real screens: what needs an entry, cash by one touch, what is not charged, and the office's table. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { SAMPLE_PIN } from '../../src/staff/sample.ts';
import { expectNoViolations, openBrowser, openPage } from '../support/browser.ts';
import { createCleanup } from '../support/cleanup.ts';
import { readBook, waitForTerminal } from '../support/clerk.ts';
import { addToBasket, confirmAsSecond, openTable } from '../support/fee-office.ts';
import { makeFolder } from '../support/folder.ts';
import { startHouse, type House } from '../support/house.ts';

const cleanup = createCleanup();
let house: House;
let browser: Browser;
let page: Page;
let faults: string[];

before(async () => {
  house = await startHouse(cleanup, makeFolder(cleanup));
  browser = await openBrowser(cleanup);
  await waitForTerminal(house, 'ready');
  ({ page, faults } = await openPage(browser, house.counter, { width: 1280, height: 800 }));
});

/** No violation, and with SCREENSHOTS=folder a picture of it for a person to look at. */
async function look(name: string, of: Page = page): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (folder !== undefined) await of.screenshot({ path: `${folder}/${name}.png` });
  await expectNoViolations(of, name);
}

const openWindow = (name: string): Promise<void> => page.getByRole('tab', { name }).click();
const fee = (name: string): Promise<void> => page.locator('button.fee', { hasText: name }).first().click();
const dialogIn = (of: Page) => of.getByRole('dialog');
const dialog = () => dialogIn(page);
const total = async (): Promise<string> => (await page.locator('.total strong').textContent()) ?? '';

test('a certificate is still one touch: no entry opens, the total is there', async () => {
  await openWindow('市民');
  await fee('住民票の写し');
  assert.equal(await total(), '400円');
  assert.equal(await dialog().count(), 0);
  await look('certificate');
});

test('cash is one touch: recorded, said, listed as 現金, and not in the cashless sum', async () => {
  await page.getByRole('button', { name: /現金で受け取った/ }).click();
  await page.getByText('現金 400円を記録しました。').waitFor();
  await page.getByText('ほかに現金 1件 400円').waitFor();
  await page.getByRole('heading', { name: /今日の支払い\s*0件\s*0円/ }).waitFor();
  assert.deepEqual(await readBook(house), []);
  await look('cash');
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
  await look('cash-interrupted');
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
  await look('entry-open');
  await dialog().getByLabel('お迎えの時刻', { exact: true }).fill('18:31');
  await dialog().getByText('100円 ×2').waitFor();
  await look('entry');
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
  await dialog().getByLabel('ステッカー番号').fill('A-0012');
  await look('pass-entry');
  await dialog().getByRole('button', { name: '会計に入れる' }).click();
  const first = await total();
  await page.getByRole('button', { name: /^変更・減免/ }).click();
  await dialog().getByText('市内').click();
  await dialog().getByRole('button', { name: '変更する' }).click();
  await dialog().waitFor({ state: 'detached' });
  assert.notEqual(await total(), first);
  await page.getByText(/市内・.*・A-0012/).waitFor();
  await look('pass-line');
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
  await look('approval');
  await second.getByRole('button', { name: '確認しました' }).click();
  await page.getByText(/減免など：そのほか市長/).waitFor();
  await look('exempt');
  await page.getByRole('button', { name: /お渡しを記録/ }).click();
  await page.getByText('0円のお渡しを記録しました。').waitFor();
  await page
    .getByRole('row', { name: /0円 記録済/ })
    .getByRole('button')
    .click();
  await dialog()
    .getByText(/承認 出納 太郎/)
    .waitFor();
  await look('counted');
  await page.keyboard.press('Escape');
});

test('an item for cash only says so, and the terminal is not asked', async () => {
  await fee('マイナンバーカード再交付');
  await page.getByRole('radio', { name: 'クレジット' }).click({ force: true });
  await page.getByText('現金のみの項目があります').waitFor();
  await page.setViewportSize({ width: 1024, height: 768 });
  await look('cash-only');
  await page.keyboard.press('Escape');
  assert.deepEqual(await readBook(house), []);
  assert.deepEqual(faults, []);
});

describe('the office’s tables', () => {
  let office: Page;
  let told: string[];

  before(async () => {
    ({ page: office, faults: told } = await openPage(browser, house.office, { width: 1280, height: 800 }));
    await office.getByRole('tab', { name: '料金表' }).click();
    await office.getByRole('row', { name: /住民票の写し/ }).waitFor();
    office.setDefaultTimeout(5000);
  });

  const table = (name: string): Promise<void> => openTable(office, name);
  const confirm = (shows: RegExp): Promise<void> => confirmAsSecond(office, shows);
  const dialogNamed = (name: string) => office.getByRole('alertdialog', { name });
  const row = (name: RegExp) => office.getByRole('row', { name });

  test('the city’s 300 → 400 yen on 1 April: a whole basket, by the table in force on either day', async () => {
    await look('office-fees', office);
    await table('試しの計算');
    await office.getByLabel('窓口', { exact: true }).selectOption('resident');
    await addToBasket(office, '住民票の写し', '2');
    await addToBasket(office, '印鑑登録証明書', '1');
    await addToBasket(office, '戸籍全部・個人事項証明書', '1');
    await addToBasket(office, '住民票記載事項証明書', '1', 'pension');
    await office.getByLabel('会計する日').fill('2025-03-31');
    await office.getByText('2025年3月31日(月)に、この会計は 1,350円です。').waitFor();
    await office.getByLabel('会計する日').fill('2025-04-01');
    await office.getByText('2025年4月1日(火)に、この会計は 1,650円です。').waitFor();
    await row(/非課税（行政手数料）.*1,650円/).waitFor();
    await row(/住民票記載事項証明書.*公的年金.*0円（本来 400円）/).waitFor();
  });

  test('a draft stands beside the table in force, and is published by two people at once', async () => {
    await table('料金');
    for (const item of ['住民票の写し', '印鑑登録証明書']) {
      await office.getByRole('button', { name: `改定 ${item}` }).click();
      const asked = dialogIn(office);
      // The next of a draft has its day and reason already.
      if (item === '住民票の写し') await asked.getByLabel('この日の0時から').fill('2099-04-01');
      if (item === '住民票の写し') await asked.getByLabel(/理由/).fill('条例改正');
      await asked.getByLabel(/新しい料金/).fill('450');
      await asked.getByRole('button', { name: '下書きに入れる' }).click();
    }
    await office.getByRole('region', { name: '下書き' }).getByText('2099-04-01から').first().waitFor();
    await table('試しの計算');
    await office.getByLabel('窓口', { exact: true }).selectOption('resident');
    await addToBasket(office, '住民票の写し', '2');
    await addToBasket(office, '印鑑登録証明書', '1');
    await office.getByLabel('会計する日').fill('2099-03-31');
    await office.getByText(/この会計は 1,200円です。下書きでは 1,200円（0円）です。/).waitFor();
    await office.getByLabel('会計する日').fill('2099-04-01');
    await office.getByText(/この会計は 1,200円です。下書きでは 1,350円（\+150円）です。/).waitFor();
    await look('office-preview-draft', office);
    await table('料金');
    await office.getByRole('button', { name: /公開する/ }).click();
    await confirm(/450円（確認済み、条例改正）/);
    await row(/住民票の写し.*2099年4月1日.*450円/).waitFor();
    await office.getByRole('button', { name: '履歴 住民票の写し' }).click();
    await office.getByText('会計 さくら（確認 出納 太郎）　理由：条例改正').waitFor();
    await look('office-history', office);
    await dialogIn(office).getByRole('button', { name: '閉じる' }).last().click();
  });

  test('unconfirmed prices of a window are confirmed together, by two people', async () => {
    await office.getByLabel('窓口', { exact: true }).selectOption('tax');
    await row(/住民票の写し/).waitFor({ state: 'detached' });
    await office.getByRole('button', { name: '未確認の 6件をまとめて確認' }).click();
    await dialogNamed('別の人の確認')
      .getByText(/納税証明書　300円.*千葉市/)
      .waitFor();
    await look('office-confirm', office);
    await confirm(/料金 6件が正しい/);
    await row(/^納税証明書.*確認済み/).waitFor();
    await office.getByRole('button', { name: /まとめて確認/ }).waitFor({ state: 'detached' });
    await office.getByLabel('窓口', { exact: true }).selectOption('');
  });

  test('a file with faults changes nothing and says line, column and cure; a good one is previewed and taken', async () => {
    const [download] = await Promise.all([
      office.waitForEvent('download'),
      office.getByRole('link', { name: 'CSVに書き出す' }).click(),
    ]);
    const text = await readFile(await download.path(), 'utf8');
    const choose = (content: string): Promise<void> =>
      office
        .locator('input[type=file]')
        .setInputFiles({ name: 'fees.csv', mimeType: 'text/csv', buffer: Buffer.from(content) });
    await choose(text.replace(',2200,', ',22oo,').replace('daycare,NUR-IT2', 'passport,NUR-IT2'));
    await row(/行目 price_yen 料金は0から/).waitFor();
    await choose(text);
    await office.getByText('今の料金表と同じです').waitFor();
    await choose(text.replace('daycare,NUR-IT2', 'passport,NUR-IT2'));
    await row(/行目 window 「passport」/).waitFor();
    await choose(text.replace(',2200,', ',2400,'));
    await office.getByText('公開するとすぐに変わります').waitFor();
    await office.getByLabel(/^理由/).fill('規則改正');
    await look('office-import-ready', office);
    await office.getByRole('button', { name: '別の人の確認へ' }).click();
    await confirm(/2,400円/);
    await row(/一時保育 3歳未満 1日.*2,400円/).waitFor();
    // Two refused files, as the browser's console notes them.
    assert.equal(told.splice(0).filter((fault) => fault.includes('422')).length, 2);
  });

  test('a brand is switched off at one window from a day on; the table and its history say so', async () => {
    await table('ブランド');
    await office.getByRole('button', { name: '変更 PayPay' }).click();
    const asked = dialogNamed('PayPayの変更');
    const tax = asked.getByRole('group', { name: '税' });
    await tax.getByLabel('税', { exact: true }).selectOption('period');
    await tax.getByLabel('この日まで').fill('2027-03-31');
    await asked.getByLabel('理由').fill('契約の変更');
    await look('office-brand', office);
    await asked.getByRole('button', { name: '別の人の確認へ' }).click();
    await confirm(/tax　2027-03-31まで/);
    await row(/PayPay.*税.2027-03-31まで.*市民.いつでも/).waitFor();
    await office.getByRole('button', { name: '履歴 PayPay' }).click();
    await office.getByText(/理由：契約の変更/).waitFor();
    await dialogIn(office).getByRole('button', { name: '閉じる' }).last().click();
  });

  test('a ground is added, and a window gets its last day', async () => {
    await table('減免の理由');
    await office.getByRole('button', { name: '理由を加える' }).click();
    const ground = dialogNamed('理由を加える');
    await ground.getByLabel('コード').fill('disaster');
    await ground.getByLabel('名前', { exact: true }).fill('災害で被害を受けた人');
    await ground.getByLabel('英語の名前').fill('Affected by a disaster');
    await ground.getByLabel('根拠').fill('規則第5条');
    await ground.getByLabel('承認する人').selectOption('second_person');
    await ground.getByLabel('理由', { exact: true }).fill('規則の改正');
    await ground.getByRole('button', { name: '別の人の確認へ' }).click();
    await confirm(/災害で被害を受けた人/);
    await row(/災害で被害を受けた人.*規則第5条.*別の人/).waitFor();
    await look('office-grounds', office);
    await table('窓口');
    await office.getByRole('button', { name: '変更 税' }).click();
    const window = dialogNamed('税の変更');
    await window.getByLabel('使い終わる日').fill('2098-03-31');
    await window.getByLabel('理由', { exact: true }).fill('組織の改編');
    await window.getByRole('button', { name: '別の人の確認へ' }).click();
    await confirm(/2098-03-31まで/);
    await row(/税.*2098-03-31まで.*使えます/).waitFor();
  });

  test('each account has its number, checked to the digit; and whose day’s price counts', async () => {
    await table('会計と決まり');
    await office.getByRole('button', { name: '会計を加える' }).click();
    await office.getByLabel('コード 2行目').fill('bicycle');
    await office.getByLabel('会計の名前 2行目').fill('駐車場事業特別会計');
    await office.getByLabel('登録番号 2行目').fill('T7800020000422');
    await office.getByLabel('どの日の料金か').selectOption('acceptance');
    await office.getByLabel('理由').fill('登録の通知');
    await office.getByRole('button', { name: '別の人の確認へ' }).click();
    await office.getByText(/駐車場事業特別会計：登録番号の検査用の数字/).waitFor();
    await look('office-settings', office);
    await office.getByLabel('登録番号 2行目').fill('T6800020000422');
    await office.getByRole('button', { name: '別の人の確認へ' }).click();
    await confirm(/T6800020000422/);
    await office.getByLabel('理由').waitFor();
    assert.equal(await office.getByLabel('登録番号 2行目').inputValue(), 'T6800020000422');
    await office.getByRole('button', { name: '履歴', exact: true }).click();
    await office.getByText(/理由：登録の通知/).waitFor();
    await dialogIn(office).getByRole('button', { name: '閉じる' }).last().click();
    assert.deepEqual(told, []);
  });

  test('cash is beside the payments of the day and in none of their totals; the share says of how many', async () => {
    await office.getByRole('tab', { name: '支払い' }).click();
    await office.getByText(/ほかに現金 3件 1,000円・0円 1件/).waitFor();
    await office.getByText('この日の支払いは、市の記録にまだありません。').waitFor();
    await look('office-payments', office);
    await office.getByRole('tab', { name: '比率' }).click();
    await office.getByText(/^3件のうち 0件がキャッシュレス。件数で 0.0%/).waitFor();
    await row(/^保育 0件 0円 1件 200円 1件 200円 0件 0.0%/).waitFor();
    await office.setViewportSize({ width: 1024, height: 768 });
    await look('office-share', office);
    assert.deepEqual(told, []);
  });
});
