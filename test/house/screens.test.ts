/** A clerk and a resident at the real screens, in a real browser: ring up, pay, decline, pull the cable, restart. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { BrowserContext, FrameLocator, Page } from 'playwright-core';
import type { PaymentView } from '../../src/payments/view.ts';
import { expectNoViolations, openBrowser, openPage } from '../support/browser.ts';
import { createCleanup } from '../support/cleanup.ts';
import {
  get,
  handleCable,
  planResidents,
  readBook,
  waitForRecord,
  waitForTerminal,
} from '../support/clerk.ts';
import * as walks from '../support/keyboard-walks.ts';
import { openHouse, type House } from '../support/house.ts';
import { pressUntil, tryUntil } from '../support/patience.ts';

const cleanup = createCleanup();
let house: House;
let browser: BrowserContext;
let page: Page;
let faults: string[];

before(async () => {
  house = await openHouse(cleanup);
  browser = await openBrowser(cleanup);
  await browser.addInitScript(NOTE_PLAYERS);
  ({ page, faults } = await openPage(browser, house.counter));
});

/** Whatever the page makes sounds with. */
const NOTE_PLAYERS = `window.players = [];
  window.AudioContext = class extends AudioContext {
    constructor() {
      super();
      players.push(this);
    }
  };`;
const WHEN_SILENT = `new Promise((resolve, reject) => {
    const [player] = players;
    const look = () => player.state === 'suspended' && resolve();
    setTimeout(() => reject(new Error(player.state)), 10_000);
    player.onstatechange = look;
    look();
  })`;

const terminal = (): FrameLocator => page.frameLocator('iframe');
const heading = (name: string | RegExp): Promise<void> =>
  page.getByRole('heading', { name }).waitFor({ timeout: 15_000 });

/** This machine has the letters; one that has not asks the service for ours, as this does. */
const LOAD_LETTERS = `Promise.all(
  ['400', '700'].map(async (weight) => {
    const faces = await document.fonts.load(weight + " 17px 'BIZ UDPGothic'", '窓');
    return faces.map(({ status }) => weight + ' ' + status).join();
  }),
)`;

/** The next resident. */
const next = (key: 'Enter' | 'Escape' = 'Enter'): Promise<void> =>
  tryUntil(page.getByText('料金を選んでください'), () => page.keyboard.press(key));

/** Three touches: a fee, a way to pay, pay. */
async function ringUp(fee: string, method: string, brand?: string): Promise<void> {
  await page.getByRole('tab', { name: '市民' }).click();
  await page.locator('button.fee', { hasText: fee }).first().click();
  await page.getByRole('radio', { name: method }).click({ force: true });
  if (brand !== undefined) await page.getByRole('radio', { name: brand }).click({ force: true });
  await page.getByRole('button', { name: /を支払う/ }).click();
}

test('a stranger’s first sale: three hints, a fee, a way to pay, a card, and it is paid', async () => {
  await page.getByText('はじめての会計').waitFor();
  await expectNoViolations(page, 'empty first day');
  assert.deepEqual(await page.evaluate(LOAD_LETTERS), ['400 loaded', '700 loaded'], 'for a PC without them');
  await ringUp('住民票の写し', 'クレジット');
  await terminal().getByRole('button', { name: 'Visa', exact: true }).click();
  await heading('支払いました');
  await expectNoViolations(page, 'approved');
  assert.deepEqual(
    (await readBook(house)).map(({ amount, state }) => [amount, state]),
    [[400, 'stored']],
  );
  await next();
  await page.getByText('はじめての会計').waitFor({ state: 'detached' });
  await page.getByText(/1件\s*400円/).waitFor();
});

test('when the sound of a result has ended, no silence is played', async () => {
  await page.evaluate(WHEN_SILENT);
  assert.equal(await page.evaluate('players.length'), 1);
});

for (const [method, brand, card] of [
  ['デビット', undefined, 'J-Debit'],
  ['電子マネー', '交通系IC', '交通系IC'],
  ['QRコード', undefined, 'PayPay'],
] as const) {
  test(`${method} is paid with ${card}`, async () => {
    await ringUp('印鑑登録証明書', method, brand);
    await terminal().getByRole('button', { name: card, exact: true }).first().click();
    await heading('支払いました');
    await page.getByText(new RegExp(`${card}　400円`)).waitFor();
    await next();
  });
}

test('a declined card leaves the basket, says that nothing was taken, and another way pays it', async () => {
  await ringUp('届出受理証明書', 'クレジット');
  await terminal().getByRole('button', { name: '承認されない' }).click();
  await heading('カードは使えませんでした');
  await page
    .getByText(/引かれていません|行われていません/)
    .first()
    .waitFor();
  await expectNoViolations(page, 'declined');
  await pressUntil(page.getByRole('button', { name: /別の方法で支払う/ }));
  await page.getByRole('radio', { name: 'QRコード' }).click({ force: true });
  await page.getByRole('button', { name: /350円を支払う/ }).click();
  await terminal().getByRole('button', { name: 'PayPay', exact: true }).click();
  await heading('支払いました');
  await next();
});

test('the cable is pulled in the middle: the clerk is told not to charge again, until the terminal has answered', async () => {
  await ringUp('戸籍全部・個人事項証明書', 'クレジット');
  await terminal().getByRole('button', { name: 'ケーブルを抜く' }).click();
  await heading(/結果/);
  await page.getByText('もう一度支払いをしないでください。').first().waitFor();
  assert.equal(await page.getByText('できました').count(), 0, 'nobody has managed anything');
  await page.getByText('お客様への案内').waitFor();
  await expectNoViolations(page, 'unknown');
  await handleCable(house, 'plug_cable');
  await heading('支払われていませんでした');
  await expectNoViolations(page, 'not charged');
  await next('Escape');
});

test('while nobody knows and no terminal answers, the next resident is served in cash', async () => {
  await waitForTerminal(house, 'ready');
  await ringUp('届出受理証明書', 'クレジット');
  await terminal().getByRole('button', { name: 'ケーブルを抜く' }).click();
  await heading(/結果/);
  await page.getByRole('button', { name: 'この支払いを確かめる' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'いま端末に問い合わせる' }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  const cash = page.getByRole('button', { name: '次のお客様を現金で会計する' });
  await cash.waitFor();
  await pressUntil(cash);
  await page.getByRole('button', { name: /除籍/ }).click();
  await page.getByRole('button', { name: /現金で受け取った/ }).click();
  await page.getByText('現金 750円を記録しました').first().waitFor();
  await page.getByText('結果の分からない支払いが 1件').waitFor();
  await expectNoViolations(page, 'cash beside what is unknown');
  await handleCable(house, 'plug_cable');
  await page.getByText('結果の分からない支払いが 1件').waitFor({ state: 'detached' });
});

test('a page that is loaded again in the middle of a payment shows that payment', async () => {
  await waitForTerminal(house, 'ready');
  await ringUp('住民票の写し', 'クレジット');
  await page.getByRole('button', { name: /取り消しを頼む/ }).waitFor();
  await expectNoViolations(page, 'paying');
  await page.reload();
  await terminal().getByRole('button', { name: 'JCB', exact: true }).click();
  await heading('支払いました');
  await next();
});

test('the whole sale goes by keyboard', async () => {
  await planResidents(house, [{ do: { act: 'present', brand: 'visa' } }]);
  await page.keyboard.press('1');
  await page.keyboard.press('q');
  // Keys that come as fast as a scanner's are held back for a moment: they are in the basket before a dialog covers it.
  await page.getByRole('button', { name: /を支払う/ }).waitFor();
  // Under a dialog whose focus is gone, Enter pays nothing and Escape takes nothing out of the basket.
  await page.locator('.row-button').first().click();
  await page.getByRole('dialog').waitFor();
  await page.evaluate('document.activeElement?.blur()');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: /を支払う/ }).waitFor();
  await page.keyboard.press('Enter');
  await heading('支払いました');
  await next();
});

test('the slip opens with the font of its own and a way to the survey', async () => {
  const { body } = (await get(house, '/api/payments')) as { body: PaymentView[] };
  const paid = body.find(({ state }) => state === 'approved');
  assert.ok(paid?.surveyUrl != null);
  const slip = await openPage(browser, `${house.counter}/api/payments/${paid.id}/slip`, {
    width: 420,
    height: 900,
  });
  await slip.page.getByText('これは領収書ではありません').waitFor();
  assert.deepEqual(slip.faults, []);
  await expectNoViolations(slip.page, 'slip');
  // On a roll of 58 mm, which leaves 46 mm between its margins, every amount is there.
  await slip.page.setViewportSize({ width: 174, height: 800 });
  await slip.page.emulateMedia({ media: 'print' });
  const cut = await slip.page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
  assert.ok(cut <= 0, `${String(cut)} px stand over the edge of the paper`);
  const survey = await openPage(browser, paid.surveyUrl, { width: 390, height: 844 });
  await expectNoViolations(survey.page, 'survey');
  const send = survey.page.getByRole('button', { name: /送る/ });
  await send.click();
  await survey.page.getByText('5から1のどれか1つを選んでください。').waitFor();
  await expectNoViolations(survey.page, 'survey without an answer');
  await survey.page.getByLabel(/とてもよい/).check();
  await survey.page.getByLabel(/ひとこと/).fill('親切でした');
  await send.click();
  for (const [address, told, name] of [
    ['', /ありがとうございました/, 'survey answered'],
    [paid.surveyUrl, /回答済みです/, 'survey answered before'],
    [`${paid.surveyUrl}x`, /見つかりません/, 'survey of nobody'],
  ] as const) {
    if (address !== '') await survey.page.goto(address);
    await survey.page.getByText(told).first().waitFor();
    await expectNoViolations(survey.page, name);
  }
  const help = await openPage(browser, `${house.counter}/help.html`, { width: 1024, height: 768 });
  await expectNoViolations(help.page, 'how it works');
  assert.deepEqual(help.faults, []);
  for (const opened of [slip, survey, help]) await opened.page.close();
});

test('what the menu opens', async () => {
  const menu = page.getByRole('button', { name: 'メニュー' });
  await menu.click();
  await expectNoViolations(page, 'menu');
  await page.keyboard.press('Escape');
  for (const [entry, name] of [
    ['前の日の支払い（取り消し・返金・訂正）', 'earlier payments'],
    ['この画面の名前', 'name of the screen'],
    ['シールを調べる', 'stickers'],
  ] as const) {
    await menu.click();
    await page.getByRole('menuitem', { name: entry }).click();
    await page.getByRole('dialog').waitFor();
    await expectNoViolations(page, name);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
});

for (const [role, walk, brand] of [
  ['cashier', walks.cashier, 'transit_ic'],
  ['daycare', walks.daycare, 'visa'],
  ['bicycle', walks.bicycle, 'jdebit'],
  ['出納員', walks.treasurer, 'visa'],
] as const) {
  test(`by keyboard alone: ${role}`, async () => {
    await planResidents(house, [{ do: { act: 'present', brand } }]);
    await walk(page);
    // The ticket of which nothing but its number was typed.
    assert.deepEqual(
      faults.splice(0).filter((fault) => !fault.includes('status of 422')),
      [],
    );
  });
}

test('by keyboard alone: 点検 and closing, and in the office accounting finds the day equal to the yen', async () => {
  await walks.closing(page);
  await page.getByText(/^\d+:[0-9a-f]{16}:\d+:\d+$/).waitFor();
  await expectNoViolations(page, 'closing');
  await waitForRecord(house, 'synced');
  const office = await openPage(browser, house.office, { width: 1280, height: 800 });
  await walks.accounting(office.page);
  await expectNoViolations(office.page, 'what residents say');
  await walks.administrator(office.page);
  // Signed out in between.
  assert.deepEqual(
    office.faults.filter((fault) => !fault.includes('status of 401')),
    [],
  );
});

test('no page has thrown, complained, or asked anything of another machine', () => {
  assert.deepEqual(faults, []);
});

test('when the service is gone both screens say so, and what it means for the money', async () => {
  const { page: opening } = await openPage(browser, 'about:blank');
  await opening.route('**/api/**', (route) => route.abort());
  await opening.goto(house.counter);
  await opening.getByText(/サービスとつながりません。支払いの記録は失われません/).waitFor();
  await expectNoViolations(opening, 'no service at the start');
  await house.stop();
  await page.getByText(/サービスとつながっていません。支払いの記録は変わりません/).waitFor();
  await expectNoViolations(page, 'no service');
});
