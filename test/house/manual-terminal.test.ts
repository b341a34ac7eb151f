/** A day with a terminal that has no link, at the real screens: the clerk keys in there and tells here what came of it. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import request from 'supertest';
import type { PaymentView } from '../../src/payments/view.ts';
import type { ReconciliationView } from '../../src/reconcile/view.ts';
import { expectNoViolations, openBrowser, openPage, signInAs } from '../support/browser.ts';
import { createCleanup } from '../support/cleanup.ts';
import { get, post, waitForRecord, waitForTerminal } from '../support/clerk.ts';
import { makeFolder } from '../support/folder.ts';
import { startHouse, type House } from '../support/house.ts';
import * as keypad from '../support/keypad.ts';
import { pressUntil, tryUntil } from '../support/patience.ts';
import * as questions from '../support/questions.ts';

const cleanup = createCleanup();
let house: House;
let browser: BrowserContext;
let page: Page;
let faults: string[];

before(async () => {
  house = await startHouse(cleanup, makeFolder(cleanup), { TERMINAL: 'manual@virtual' });
  browser = await openBrowser(cleanup);
  ({ page, faults } = await openPage(browser, house.counter, { width: 1280, height: 800 }));
});

const heading = (name: string | RegExp, at: Page = page): Promise<void> => questions.heading(at, name);
const button = (name: string | RegExp, at: Page = page): Locator => questions.button(at, name);
const choose = (outcome: string, at: Page = page): Promise<void> => questions.choose(at, outcome);
const record = (at: Page = page): Promise<void> => questions.record(at);
const keyIn = (digits: string, key: string): Promise<void> => keypad.keyIn(page, digits, key);
const payWith = (brand: string): Promise<void> => keypad.payWith(page, brand);

async function ringUp(method = 'クレジット'): Promise<void> {
  await page.getByRole('tab', { name: '市民' }).click();
  await page.locator('button.fee', { hasText: '住民票の写し' }).first().click();
  await page.getByRole('radio', { name: method }).click({ force: true });
  await button(/を支払う/).click();
  await heading('端末に金額を打ってください');
}

/** Back to an empty basket, whatever stands there. */
async function next(leave: string): Promise<void> {
  await pressUntil(button(leave));
  await page.getByText('料金を選んでください').waitFor();
}

async function type(label: string, text: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).fill(text);
}

const newest = async (): Promise<PaymentView> => {
  const { body } = (await get(house, '/api/payments').expect(200)) as { body: unknown };
  return (body as PaymentView[])[0] ?? assert.fail('no payment');
};

test('in the morning the terminal’s totals are asked for, before anything is sold', async () => {
  await heading('端末の中間計を入力してください');
  await expectNoViolations(page, 'the opening question');
  await pressUntil(button('あとで答える'));
  await page.getByText('先に端末の質問に答えてください').waitFor();
  await button('答える').click();
  await choose('まだ1件もない');
  await record();
  await waitForTerminal(house, 'ready');
});

test('a sale: the amount large, brand and amount told, the slip’s code read by a scanner that types', async () => {
  await ringUp();
  await page.locator('.question-amount', { hasText: '400円' }).waitFor();
  await expectNoViolations(page, 'a sale’s question');
  await keyIn('400', '支払い');
  await payWith('Visa');
  await choose('承認された');
  await expectNoViolations(page, 'what the slip says');
  await page.getByLabel(/伝票のコードを読み取る/).focus();
  await page.keyboard.type('SLIP00001-0000400\n');
  await page.getByText('読み取りました').first().waitFor();
  // The reader has led to what no barcode tells.
  await page.keyboard.press('Enter');
  await page.getByRole('radio', { name: 'Visa', exact: true, checked: true }).waitFor();
  await page.keyboard.press('Enter');
  await heading('支払いました');
  const { state, brand, terminal: by } = await newest();
  assert.deepEqual([state, brand, by.receiptNumber], ['approved', 'visa', '00001']);
  await next('次の会計');
});

test('all by keyboard, typed twice: a number that differs is not taken', async () => {
  await page.keyboard.press('1');
  await page.keyboard.press('Q');
  await page.keyboard.press('Enter');
  await heading('端末に金額を打ってください');
  await request(house.virtualTerminal)
    .post('/script')
    .send({ steps: [{ act: 'present', brand: 'jcb' }] });
  await request(house.virtualTerminal).post('/key').send({ key: 'sale', amountYen: 400 }).expect(200);
  const entry = page.getByLabel('伝票の金額（円）');
  await tryUntil(entry, () => page.keyboard.press('1'));
  // The scanner's field first; the brands are one stop, with arrows between them.
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.keyboard.type('４００\n');
  await page.keyboard.type('00002\n');
  await page.keyboard.type('00003\n');
  await page.getByText('2回の入力が違います').waitFor();
  assert.equal((await newest()).state, 'armed');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('00002\n');
  await heading('支払いました');
  const sale = await newest();
  assert.equal(sale.brand, 'jcb');
  // Given back while its result stands there: nobody is at the counter any more, so the question comes at once.
  const wish = { id: randomUUID(), totalYen: 400, reason: 'wrong_item', note: '' };
  await post(house, `/api/payments/${sale.id}/void`, wish).expect(202);
  await heading('端末で支払いを取り消してください');
  await choose('取り消せない');
  await record();
  await heading('支払いました');
  // As a 返品: the clerk is told which slip it is of.
  await post(house, `/api/payments/${sale.id}/refund`, { ...wish, id: randomUUID() }).expect(202);
  await heading('端末で返品（返金）をしてください');
  await page.getByText(/もとの伝票は .*伝票番号 00002・400円・JCB です。/).waitFor();
  await choose('返品できない');
  await record();
  await heading('支払いました');
  await next('次の会計');
});

test('a decline takes nothing, and the basket stays for another way to pay', async () => {
  await ringUp();
  await keyIn('400', '支払い');
  await keypad.press(page, '承認されない');
  await choose('使えなかった');
  await record();
  await heading('カードは使えませんでした');
  assert.equal((await newest()).state, 'declined');
  await next('この会計をやめる');
});

test('a wish to stop is a wish: what the terminal did is asked', async () => {
  await ringUp();
  await keyIn('400', '支払い');
  await pressUntil(
    button('この支払いをやめる'),
    page.getByRole('heading', { name: '端末に金額を打ってください' }),
  );
  await heading('端末で支払いを中止してください');
  await keyIn('', '中止');
  await choose('中止した');
  await record();
  await heading('取り消されました');
  await next('この会計をやめる');
});

test('an amount keyed wrong is asked for and cancelled there, and both are on record', async () => {
  await ringUp();
  await keyIn('4000', '支払い');
  await payWith('Visa');
  await choose('承認された');
  await page.getByLabel(/伝票のコードを読み取る/).fill('SLIP00003-0004000');
  await page.keyboard.press('Enter');
  await page.getByRole('radio', { name: 'Visa', exact: true }).click();
  await record();
  await heading(/金額が違います/);
  await page.getByText('会計は 400円、入力された伝票は 4,000円 です。').waitFor();
  await keyIn('3', '取消');
  await choose('取り消した');
  await questions.typeTwice(page, '取消の伝票番号', '00004');
  await record();
  await heading('取り消されました');
  const { id, state } = await newest();
  assert.equal(state, 'cancelled');
  const { body } = (await get(house, `/api/payments/${id}/history`).expect(200)) as { body: unknown };
  const answers = (body as { type: string; payload: { answer: { verdict: string; amountYen: number } } }[])
    .filter(({ type: kind }) => kind === 'answer')
    .map(({ payload: { answer } }) => [answer.verdict, answer.amountYen]);
  assert.deepEqual(answers, [
    ['approved', 4000],
    ['cancelled', 4000],
  ]);
  await next('この会計をやめる');
});

test('a question survives a reload, stands in two tabs, and is answered once', async () => {
  await ringUp();
  await keyIn('400', '支払い');
  await page.reload();
  await heading('端末に金額を打ってください');
  const second = await openPage(browser, house.counter, { width: 1024, height: 768 });
  await heading('端末に金額を打ってください', second.page);
  await choose('わからない', second.page);
  await record(second.page);
  await heading('この支払いが端末に残っていますか');
  await page.getByText('もう一度支払いをしないでください').first().waitFor();
  // That of the 取消 of a wrong amount, which no payment of ours has.
  await page.getByText('1つ前の伝票番号は 00004 です').waitFor();
  await choose('わからない');
  await record();
  await heading('結果がまだ分かりません');
  assert.equal((await newest()).state, 'unknown');
  assert.deepEqual(second.faults, []);
  await second.page.close();
});

test('what was unknown is found later: the clerk asks again and reads the slip', async () => {
  await next('次のお客様を先に会計する');
  await payWith('Mastercard');
  await page.locator('.row-button').first().click();
  await button('いま端末に問い合わせる').click();
  await heading('この支払いが端末に残っていますか');
  await choose('支払いの伝票がある');
  await page.getByLabel(/伝票のコードを読み取る/).fill('SLIP00005-0000400');
  await page.keyboard.press('Enter');
  await page.getByRole('radio', { name: 'Mastercard' }).click();
  await record();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('あとから支払いが分かりました').waitFor();
  await dialog.getByRole('button', { name: 'このまま受け取る' }).click();
  await dialog.getByRole('button', { name: /に決める/ }).click();
  await dialog.getByText(/決めたこと/).waitFor();
  // What was pressed is gone, and the focus with it: Escape is the dialog's all the same.
  await page.evaluate('document.activeElement?.blur()');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  const { state, late } = await newest();
  assert.deepEqual([state, late], ['approved', true]);
});

test('a 取消 is asked about beside its own payment, and the clerk’s word is all that is recorded', async () => {
  const sale = await newest();
  await page.locator('.row-button').first().click();
  const dialog = page.getByRole('dialog', { name: /^伝票/ });
  await dialog.waitFor();
  const wish = { id: randomUUID(), totalYen: 400, reason: 'wrong_item', note: '' };
  await post(house, `/api/payments/${sale.id}/void`, wish).expect(202);
  await heading('端末で支払いを取り消してください');
  await dialog.waitFor({ state: 'detached' });
  await expectNoViolations(page, 'a 取消');
  await choose('わからない');
  await record();
  await heading('この取り消しが端末に残っていますか');
  await keyIn('5', '取消');
  await choose('取消の伝票がある');
  await page.getByLabel(/伝票のコードを読み取る/).fill('SLIP00006-0000400');
  await page.keyboard.press('Enter');
  await record();
  await dialog.getByText('取消済').waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  const { body } = (await get(house, `/api/payments/${sale.id}`).expect(200)) as { body: unknown };
  assert.deepEqual((body as PaymentView).returned, { amountYen: 400, pendingId: null });
});

test('at closing the totals are keyed in, and the reconciliation is equal to the terminal’s own book', async () => {
  await signInAs(page, house.counter, '1002');
  await button('メニュー').click();
  await page.getByRole('menuitem', { name: /締め/ }).click();
  await button('締める').click();
  await heading('端末の中間計を入力してください');
  await keyIn('', '中間計');
  await choose('中間計を入力する');
  await expectNoViolations(page, 'the totals');
  const kinds = ['クレジット', 'デビット', '電子マネー', 'QRコード'];
  for (const kind of kinds) {
    const [count, yen] = kind === 'クレジット' ? ['2', '800'] : ['0', '0'];
    await type(`${kind} 件数（件）`, count);
    await type(`${kind} 金額（円）`, yen);
    await type(`もう一度（円）${kind} 金額`, yen);
  }
  await record();
  await heading('端末で日計をしてください');
  await keyIn('', '日計');
  await choose('日計が終わった');
  await record();
  await page.getByText('3件 1,200円 を、今日の締めとして残しました。').waitFor();
  const taken = (await keypad.bookOf(house)).reduce(
    (sum, { kind, amountYen }) => sum + (kind === 'sale' ? amountYen : -amountYen),
    0,
  );
  assert.equal(taken, 800);
  await waitForRecord(house, 'synced');
  await request(house.office)
    .post('/api/office/reconcile')
    .set('Authorization', `Bearer ${house.apiToken}`)
    .send({ businessDate: (await newest()).businessDate })
    .expect(200);
  const { body } = (await get(house, '/api/office/reconciliations', house.office).expect(200)) as {
    body: unknown;
  };
  const [day] = body as ReconciliationView[];
  assert.equal(day?.status, 'matched', day?.sentence);
  assert.deepEqual(day.ours, { count: 2, amountYen: 800 });
  assert.deepEqual(faults, []);
});
