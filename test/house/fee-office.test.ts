/** The office's tables at the real screens: prices, drafts, brands, grounds, windows, accounts. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { buildScreens } from '../../src/web/build.ts';
import { openApps } from '../support/apps.ts';
import { look, openBrowser, openPage } from '../support/browser.ts';
import { createCleanup } from '../support/cleanup.ts';
import { encodeShiftJis } from '../support/shift-jis.ts';
import { addToBasket, confirmAsSecond, openTable } from '../support/fee-office.ts';

const cleanup = createCleanup();
let office: Page;
let told: string[];

before(async () => {
  const apps = await openApps(cleanup, { screensDir: await buildScreens() });
  const browser = await openBrowser(cleanup);
  ({ page: office, faults: told } = await openPage(browser, apps.office, { width: 1280, height: 800 }));
  await office.getByRole('tab', { name: '料金表' }).click();
  await office.getByRole('row', { name: /住民票の写し/ }).waitFor();
});

const dialog = () => office.getByRole('dialog');
const table = (name: string): Promise<void> => openTable(office, name);
const confirm = (shows: RegExp): Promise<void> => confirmAsSecond(office, shows);
const dialogNamed = (name: string) => office.getByRole('alertdialog', { name });
const row = (name: RegExp) => office.getByRole('row', { name });

test('the city’s 300 → 400 yen on 1 April: a whole basket, by the table in force on either day', async () => {
  await look(office, 'office-fees');
  await table('試しの計算');
  await office.getByLabel('窓口', { exact: true }).selectOption('resident');
  await office.getByRole('button', { name: '項目を加える' }).click();
  await look(office, 'office-preview-line');
  await office.keyboard.press('Escape');
  await addToBasket(office, '住民票の写し', '2');
  await addToBasket(office, '印鑑登録証明書', '1');
  await addToBasket(office, '戸籍全部・個人事項証明書', '1');
  await addToBasket(office, '住民票記載事項証明書', '1', 'pension');
  await office.getByLabel('会計する日').fill('2025-03-31');
  await office.getByText(/^2025年3月31日\(月\)に、この会計は 1,350円です。$/).waitFor();
  await office.getByLabel('会計する日').fill('2025-04-01');
  await office.getByText(/^2025年4月1日\(火\)に、この会計は 1,650円です。$/).waitFor();
  await row(/非課税（行政手数料）.*1,650円/).waitFor();
  await row(/住民票記載事項証明書.*公的年金.*0円（本来 400円）/).waitFor();
});

test('a draft stands beside the table in force, and is published by two people at once', async () => {
  await table('料金');
  for (const item of ['住民票の写し', '印鑑登録証明書']) {
    await office.getByRole('button', { name: `改定 ${item}` }).click();
    const asked = dialog();
    // The next of a draft has its day and reason already.
    if (item === '住民票の写し') await asked.getByLabel('この日の0時から').fill('2099-04-01');
    if (item === '住民票の写し') await asked.getByLabel(/理由/).fill('条例改正');
    const submit = asked.getByRole('button', { name: '下書きに入れる' });
    if (item === '住民票の写し') {
      await submit.click();
      await asked.getByText(/価格の変わる項目はありません/).waitFor();
      await look(office, 'office-revision');
    }
    await asked.getByLabel(/新しい料金/).fill('450');
    await submit.click();
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
  await look(office, 'office-preview-draft');
  await table('料金');
  await office.getByRole('button', { name: /公開する/ }).click();
  await confirm(/450円（確認済み、条例改正）/);
  await row(/住民票の写し.*2099年4月1日.*450円/).waitFor();
  await office.getByRole('button', { name: '履歴 住民票の写し' }).click();
  await office.getByText('会計 さくら（確認 出納 太郎）　理由：条例改正').waitFor();
  await look(office, 'office-history');
  await dialog().getByRole('button', { name: '閉じる' }).last().click();
});

test('unconfirmed prices of a window are confirmed together, by two people', async () => {
  await office.getByLabel('窓口', { exact: true }).selectOption('tax');
  await row(/住民票の写し/).waitFor({ state: 'detached' });
  await office.getByRole('button', { name: '未確認の 6件をまとめて確認' }).click();
  await dialogNamed('別の人の確認')
    .getByText(/納税証明書　300円.*千葉市/)
    .waitFor();
  await look(office, 'office-confirm');
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
  const choose = (content: string, bytes = Buffer.from(content)): Promise<void> =>
    office
      .locator('input[type=file]')
      .setInputFiles({ name: 'fees.csv', mimeType: 'text/csv', buffer: bytes });
  await choose(text.replace(',2200,', ',22oo,').replace('daycare,NUR-IT2', 'passport,NUR-IT2'));
  await row(/行目 price_yen 料金は0から/).waitFor();
  await choose(text);
  await office.getByText('今の料金表と同じです').waitFor();
  // As a spreadsheet on a Japanese PC saves it: the names are the same, and only the price differs.
  const saved = text.slice(1).replace(',2200,', ',2300,');
  await choose(saved, encodeShiftJis(saved));
  await office.getByText('次の 1件が変わります').waitFor();
  await office.getByText(/^2,300円/).waitFor();
  await choose('');
  await row(/1行目 （行全体） 行がありません/).waitFor();
  // What only the file has is tried before it is published: a begun five counts whole.
  const household =
    'resident,CIT-SET,世帯全員の写し,Household,通,per_5_persons,,,,,300,,exempt_admin,general,歳入,yes,,,confirmed,条例';
  await choose(`${text.split('\r\n')[0] ?? ''}\r\n${household}\r\n`);
  await office.getByText('新しく加わります').waitFor();
  await table('試しの計算');
  await office.getByLabel('窓口', { exact: true }).selectOption('resident');
  await office.getByRole('button', { name: '項目を加える' }).click();
  await dialog().getByLabel('項目', { exact: true }).selectOption({ label: '世帯全員の写し' });
  await dialog().getByRole('textbox', { name: '記載する人数' }).fill('6');
  await dialog().getByRole('button', { name: '加える', exact: true }).click();
  await office.getByText(/この会計はできません。CSVの料金表では 600円です。/).waitFor();
  await row(/^世帯全員の写し この日の料金がありません 600円/).waitFor();
  await look(office, 'office-preview-new-item');
  await table('料金');
  await choose(text.replace('daycare,NUR-IT2', 'passport,NUR-IT2'));
  await row(/行目 window 「passport」/).waitFor();
  await choose(text.replace(',2200,', ',2400,'));
  await office.getByText('公開するとすぐに変わります').waitFor();
  await office.getByLabel(/^理由/).fill('規則改正');
  await look(office, 'office-import-ready');
  await office.getByRole('button', { name: '別の人の確認へ' }).click();
  await confirm(/2,400円/);
  await row(/一時保育 3歳未満 1日.*2,400円/).waitFor();
  // Three refused files, as the browser's console notes them.
  assert.equal(told.splice(0).filter((fault) => fault.includes('422')).length, 3);
});

test('a brand is switched off at one window from a day on; the table and its history say so', async () => {
  await table('ブランド');
  await office.getByRole('button', { name: '変更 PayPay' }).click();
  const asked = dialogNamed('PayPayの変更');
  const tax = asked.getByRole('group', { name: '税' });
  await tax.getByLabel('税', { exact: true }).selectOption('periods');
  await tax.getByLabel('この日まで').fill('2027-03-31');
  await asked.getByLabel('理由').fill('契約の変更');
  await look(office, 'office-brand');
  await asked.getByRole('button', { name: '別の人の確認へ' }).click();
  await confirm(/税　2027-03-31まで/);
  await row(/PayPay.*税.2027-03-31まで.*市民.いつでも/).waitFor();
  await office.getByRole('button', { name: '履歴 PayPay' }).click();
  await office.getByText(/理由：契約の変更/).waitFor();
  await dialog().getByRole('button', { name: '閉じる' }).last().click();
});

test('a new brand has its windows, each with periods of its own; a day and a window say what is offered then', async () => {
  await table('ブランド');
  await office.getByRole('button', { name: 'ブランドを加える' }).click();
  const asked = dialogNamed('ブランドを加える');
  await asked.getByLabel('コード').fill('bank_pay');
  await asked.getByLabel('方法').selectOption('qr');
  await asked.getByLabel('名前', { exact: true }).fill('Bank Pay');
  await asked.getByLabel('英語の名前').fill('Bank Pay');
  await asked.getByLabel(/1回の上限額/).fill('30000');
  const resident = asked.getByRole('group', { name: '市民' });
  await resident.locator('select').selectOption('periods');
  await resident.getByLabel('この日から').fill('2099/4/1');
  await resident.getByLabel('この日まで').fill('2099/9/30');
  await resident.getByRole('button', { name: '市民に期間を足す' }).click();
  await resident.getByLabel('この日から').nth(1).fill('2099/9/30');
  await asked.getByLabel('取り消しの決まり').selectOption({ label: '返金は全額だけ' });
  await asked.getByLabel(/取り消せる日数/).fill('90');
  await asked.getByLabel('理由', { exact: true }).fill('新しい契約');
  await asked.getByRole('button', { name: '別の人の確認へ' }).click();
  await asked.getByText('市民の窓口：期間が重なっています').waitFor();
  await resident.getByLabel('この日から').nth(1).fill('2099/12/1');
  await look(office, 'office-new-brand');
  await asked.getByRole('button', { name: '別の人の確認へ' }).click();
  await confirm(/市民　2099-04-01から2099-09-30まで、市民　2099-12-01から/);
  await row(/Bank Pay.*QRコード.*30,000円.*市民.2099-04-01から2099-09-30まで.*使えません/).waitFor();

  const offered = office.getByRole('region', { name: 'この日、この窓口で使えるブランド' });
  const qr = offered.locator('dl > div', { hasText: 'QRコード' });
  for (const [day, window, isThere] of [
    ['2099/9/30', 'resident', true],
    ['2099/10/1', 'resident', false],
    ['2099/12/1', 'resident', true],
    ['2099/12/1', 'tax', false],
  ] as const) {
    await offered.getByLabel('日', { exact: true }).fill(day);
    await offered.getByLabel('窓口').selectOption(window);
    const has = isThere ? { hasText: 'Bank Pay（30,000円まで）' } : { hasNotText: 'Bank Pay' };
    await qr.filter(has).waitFor();
  }
  await look(office, 'office-offered-brands');
  await office.getByRole('button', { name: '履歴 Bank Pay' }).click();
  await office.getByText(/理由：新しい契約/).waitFor();
  await dialog().getByRole('button', { name: '閉じる' }).last().click();
  await office.getByRole('button', { name: '変更 Bank Pay' }).click();
  const known = dialogNamed('Bank Payの変更');
  assert.equal(await known.getByLabel('この日から').count(), 2, 'both periods are there to be changed');
  await known.getByText(/取り消し・返金と、結果不明/).click();
  assert.equal(await known.getByLabel('取り消しの決まり').inputValue(), 'refund_full_only');
  // The terminal of another maker calls it another method.
  await known.getByLabel('方法').selectOption('emoney');
  await known.getByLabel('理由', { exact: true }).fill('端末の入れ替え');
  await look(office, 'office-brand-method');
  await known.getByRole('button', { name: '別の人の確認へ' }).click();
  await confirm(/公開するとすぐに変わります/);
  await row(/Bank Pay.*電子マネー.*30,000円/).waitFor();
  await office.getByRole('button', { name: '履歴 Bank Pay' }).click();
  await dialog().getByRole('row', { name: '方法 QRコード 電子マネー' }).waitFor();
  await dialog().getByRole('button', { name: '閉じる' }).last().click();
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
  await look(office, 'office-grounds');
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
  await look(office, 'office-settings');
  await office.getByLabel('登録番号 2行目').fill('T6800020000422');
  await office.getByRole('button', { name: '別の人の確認へ' }).click();
  await confirm(/T6800020000422/);
  await office.getByLabel('理由').waitFor();
  assert.equal(await office.getByLabel('登録番号 2行目').inputValue(), 'T6800020000422');
  await office.getByRole('button', { name: '履歴', exact: true }).click();
  await office.getByText(/理由：登録の通知/).waitFor();
  await dialog().getByRole('button', { name: '閉じる' }).last().click();
  assert.deepEqual(told, []);
});
