/** Charge tickets and stickers at the real screens: scanned by keyboard and by serial line, and what is sold only once. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import type { PaymentView } from '../../src/payments/view.ts';
import type { TicketLine } from '../../src/tickets/format.ts';
import { look, openBrowser, openPage } from '../support/browser.ts';
import { get, planResidents, waitForRecord } from '../support/clerk.ts';
import { createCleanup } from '../support/cleanup.ts';
import { openHouse, type House } from '../support/house.ts';
import { tryUntil } from '../support/patience.ts';
import { signTrialTicket } from '../support/tickets.ts';
import { plugPty } from '../terminal/pty.ts';

const cleanup = createCleanup();
const scanner = plugPty();
let house: House;
let browser: BrowserContext;
let page: Page;
let faults: string[];

before(async () => {
  house = await openHouse(cleanup, { SCANNER: `serial:${scanner.path}` });
  cleanup.after(() => scanner.unplug());
  browser = await openBrowser(cleanup);
  ({ page, faults } = await openPage(browser, house.counter, { width: 1280, height: 800 }));
});

const ticketOf = (reference: string, lines: TicketLine[], window = 'resident', change: object = {}): string =>
  signTrialTicket(house.dataDir, { reference, window, counter: null, until: '2099-12-31', lines, ...change });

/** As a scanner that is a keyboard: every key at once, with Enter behind them, wherever the focus is. */
async function typeLikeScanner(text: string): Promise<void> {
  const strokes = [...text.matchAll(/./g)].map(([key]) => {
    const code = { '.': 'Period', '-': 'Minus' }[key] ?? (/\d/.test(key) ? `Digit${key}` : `Key${key}`);
    return { key, code, bubbles: true, cancelable: true };
  });
  strokes.push({ key: 'Enter', code: 'Enter', bubbles: true, cancelable: true });
  // Each has the time at which it was struck, as a real key has, however slowly this machine passes it on.
  await page.evaluate(`{
    const from = performance.now();
    ${JSON.stringify(strokes)}.forEach((stroke, index) => {
      const event = new KeyboardEvent('keydown', stroke);
      Object.defineProperty(event, 'timeStamp', { value: from + index * 2 });
      (document.activeElement ?? document.body).dispatchEvent(event);
    });
  }`);
}

const payments = async (): Promise<PaymentView[]> =>
  (await get(house, '/api/payments').expect(200)).body as PaymentView[];
const total = (amount: string): Promise<void> => page.locator('.total strong', { hasText: amount }).waitFor();
const cash = (): Promise<void> => page.getByRole('button', { name: /現金で受け取った/ }).click();
const dialog = () => page.getByRole('dialog');

const OFFICIAL = '公用　国・地方公共団体の公用で特に公益上必要なもの';
const TWO = [{ code: 'CIT-JUM', quantity: 2 }];

test('a scanner that types fills the basket; none of its keys, and not its Enter, pays anything', async () => {
  // Everything is chosen: an Enter of the clerk's would pay.
  await page.getByRole('tab', { name: '市民' }).click();
  await page.locator('button.fee', { hasText: '印鑑登録証明書' }).click();
  await page.getByRole('radio', { name: 'クレジット' }).click({ force: true });
  await typeLikeScanner(ticketOf('R-1', TWO));
  await page.getByText('会計票 R-1').waitFor();
  // The ticket's lines first, and what was rung up before stays behind them.
  await total('1,200円');
  await look(page, 'ticket');
  assert.deepEqual(await payments(), []);
  await typeLikeScanner('12345678');
  await total('1,200円');
  assert.deepEqual(await payments(), []);
});

test('it is closed with the sale, and a second reading says which sale it was', async () => {
  await cash();
  await page.getByText('現金 1,200円を記録しました。').waitFor();
  await page.getByText('会計票 R-1').waitFor({ state: 'detached' });
  scanner.master.write(`${ticketOf('R-1', TWO)}\r`);
  await page.getByText(/この会計票は、すでに会計が済んでいます。.*伝票 \d+/).waitFor();
  await look(page, 'ticket-used');
});

test('what is not to be taken is told as it is scanned: expired, another counter’s, altered, of a desk that nobody knows', async () => {
  const good = ticketOf('X-3', TWO);
  for (const [text, told] of [
    [ticketOf('X-1', TWO, 'resident', { until: '2020-01-01' }), /期限/],
    [ticketOf('X-2', TWO, 'resident', { counter: '09' }), /ほかのカウンター|別のカウンター/],
    [good.replace(/.(?=.{40}$)/, (letter) => (letter === 'A' ? 'B' : 'A')), /署名|確かめられません|書き換え/],
    [ticketOf('X-4', [{ code: 'NO-SUCH', quantity: 1 }]), /項目|料金表/],
  ] as const) {
    scanner.master.write(`${text}\r`);
    await page.locator('.notice', { hasText: told }).waitFor();
    await total('0円');
  }
  await look(page, 'ticket-refused');
});

test('it is paid by card like any sale, and then it is used', async () => {
  await planResidents(house, [{ do: { act: 'present', brand: 'visa' } }]);
  scanner.master.write(`${ticketOf('R-5', TWO)}\r`);
  await page.getByText('会計票 R-5').waitFor();
  await page.getByRole('radio', { name: 'クレジット' }).click({ force: true });
  await page.getByRole('button', { name: /800円を支払う/ }).click();
  await page.locator('.sale[data-step=paid]').waitFor();
  // The next one is read while the result of the last stands there; one that has just appeared keeps the scan off too.
  await tryUntil(page.getByText(/この会計票は、すでに会計が済んでいます。/), () => {
    scanner.master.write(`${ticketOf('R-5', TWO)}\r`);
    return Promise.resolve();
  });
});

test('a ticket that leaves something open asks for it; a sticker that is scanned goes into the entry', async () => {
  const pass = [{ code: 'BIK-YS', quantity: 1, inputs: { class: 'resident' } }];
  scanner.master.write(`${ticketOf('R-2', pass, 'bicycle')}\r\n`);
  await dialog().getByText('「シール番号」を入れてください').waitFor();
  await look(page, 'ticket-entry');
  await page.keyboard.press('Escape');
  await page.getByText('先に「入力する」で入れてください').first().waitFor();
  await look(page, 'ticket-missing');
  await page.getByRole('button', { name: /^入力する / }).click();
  scanner.master.write('A-0012\r');
  await dialog().locator('input[value="A-0012"]').waitFor();
  await dialog().getByRole('button', { name: '変更する' }).click();
  await page.getByText('A-0012').waitFor();
  await cash();
  await page.getByText(/現金 .*円を記録しました。/).waitFor();
});

test('the same sticker is not sold again in its year of use', async () => {
  await page.getByRole('tab', { name: '駐輪場' }).click();
  await page.locator('button.fee', { hasText: '定期 自転車 一般' }).click();
  await dialog().getByText('市外').click();
  await dialog().getByLabel('シール番号').fill('a-0012');
  await dialog().getByRole('button', { name: '会計に入れる' }).click();
  await cash();
  await page.getByText(/このシール番号は、同じ利用年度にすでに販売されています/).waitFor();
  await look(page, 'sticker-sold');
  await page.keyboard.press('Escape');
});

test('a one-time ticket is two touches, and a lost sticker is replaced for nothing, once', async () => {
  await page.locator('button.fee', { hasText: '一時利用 自転車' }).click();
  await cash();
  await page.getByText('現金 100円を記録しました。').waitFor();
  // Its number, where it has one, is scanned behind it.
  await page.locator('button.fee', { hasText: '一時利用 自転車' }).click();
  await total('100円');
  scanner.master.write('T-0501\r');
  await page.getByText('1回・T-0501').waitFor();
  await look(page, 'one-time-scanned');
  await cash();
  await page.getByText('1回・T-0501').waitFor({ state: 'detached' });
  for (const [next, isTaken] of [
    ['A-0099', true],
    ['A-0100', false],
  ] as const) {
    await page.locator('button.fee', { hasText: '再交付' }).click();
    await dialog().getByText('紛失').click();
    await dialog().getByLabel('前のシール番号').fill('A-0012');
    await dialog().getByLabel('新しいシール番号').fill(next);
    if (isTaken) await look(page, 'replacement');
    await dialog().getByRole('button', { name: '会計に入れる' }).click();
    await page.getByRole('button', { name: /お渡しを記録/ }).click();
    if (isTaken) await page.getByText(/0円.*記録しました/).waitFor();
    else await page.getByText(/すでに再交付されています/).waitFor();
  }
  await page.keyboard.press('Escape');
});

test('an old sticker that is scanned with no entry open says who has it now, with every sale of it', async () => {
  scanner.master.write('A-0012\r');
  await dialog()
    .getByText(/再交付済みです。いまの番号は A-0099 です。/)
    .waitFor();
  assert.equal(await dialog().getByRole('row').count(), 3);
  await look(page, 'sticker-search');
  // Another one, while the answer is on the screen.
  scanner.master.write('A-0099\r');
  await dialog()
    .getByText(/使われています（.*カウンター 01/)
    .waitFor();
  await dialog()
    .getByRole('button', { name: /再交付（A-0012 の代わり）/ })
    .click();
  await dialog().getByText('0円の記録').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('searchbox').fill('a-0012');
  await page.getByRole('button', { name: /シール A-0012 を/ }).click();
  await dialog()
    .getByText(/再交付済みです/)
    .waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('searchbox').fill('');
});

test('a ticket for a public office is exempt line by line at the screen, and handed over for 0 yen', async () => {
  scanner.master.write(`${ticketOf('R-6', TWO)}\r`);
  await page.getByText('会計票 R-6', { exact: true }).waitFor();
  await page.getByRole('button', { name: /変更・減免/ }).click();
  await dialog().getByLabel('料金', { exact: true }).selectOption({ label: OFFICIAL });
  await dialog().getByRole('button', { name: '変更する' }).click();
  await total('0円');
  await look(page, 'ticket-exempt');
  await page.getByRole('button', { name: /お渡しを記録/ }).click();
  await page.getByText('会計票 R-6', { exact: true }).waitFor({ state: 'detached' });
});

test('typed by hand, and cancelled with a reason; the office sees what became of each', async () => {
  await page.getByRole('tab', { name: '市民' }).click();
  await page.getByRole('button', { name: '会計票を読む' }).click();
  await dialog()
    .getByLabel(/コードの文字/)
    .fill('R-3');
  await dialog().getByRole('button', { name: '読み取る' }).click();
  await dialog()
    .getByText(/受付番号だけでは、項目が分かりません/)
    .waitFor();
  await look(page, 'ticket-typed');
  await dialog()
    .getByLabel(/コードの文字/)
    .fill(ticketOf('R-3', TWO).toLowerCase());
  await dialog().getByRole('button', { name: '読み取る' }).click();
  await page.getByText('会計票 R-3', { exact: true }).waitFor();
  await page.getByRole('button', { name: '票を取り消す' }).click();
  await dialog().getByText('会計票が二重に作られた').click();
  await look(page, 'ticket-cancel');
  await dialog().getByRole('button', { name: '取り消す' }).click();
  await page.getByText('会計票 R-3', { exact: true }).waitFor({ state: 'detached' });
  await waitForRecord(house, 'synced');
  await lookAtOffice();
  assert.deepEqual(
    faults.filter((fault) => !/status of 4(09|22)/.test(fault)),
    [],
  );
});

async function lookAtOffice(): Promise<void> {
  const office = await openPage(browser, house.office, { width: 1024, height: 768 });
  await office.page.getByRole('tab', { name: '会計票' }).click();
  await office.page.getByRole('row', { name: /R-3.*取り消し.*二重/ }).waitFor();
  await office.page.getByRole('row', { name: /R-1.*現金/ }).waitFor();
  await office.page.getByRole('row', { name: /R-6.*0円/ }).waitFor();
  await look(office.page, 'office-tickets');
  await office.page.getByRole('tab', { name: '支払い' }).click();
  await office.page.getByLabel(/^探す/).fill('a-0012');
  await office.page.getByRole('button', { name: 'シールを調べる' }).click();
  await office.page.getByText(/再交付済みです。いまの番号は A-0099 です。/).waitFor();
  await look(office.page, 'office-sticker');
  assert.deepEqual(office.faults, []);
}
