/** The unknown desk in a real browser: e-money that left too soon, its balance, its late answer, and what is decided. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import request from 'supertest';
import { SAMPLE_PIN } from '../../src/staff/sample.ts';
import { expectNoViolations, look, openBrowser, openPage, picture } from '../support/browser.ts';
import {
  get,
  handleCable,
  planResidents,
  post,
  press,
  saleOf,
  waitForPayment,
  waitForRecord,
  waitForTerminal,
} from '../support/clerk.ts';
import { openHouse, type House } from '../support/house.ts';
import { pressUntil, tryUntil } from '../support/patience.ts';
import { giveBack, plan, sell } from '../support/returns.ts';
import type { Closing } from '../../src/closing/closing.ts';
import type { PaymentView } from '../../src/payments/view.ts';

/** What the alarm at closing counts: unknown, and not done. A terminal that is just being asked about a payment closes no day. */
async function close(house: House): Promise<[unknown: number, undecided: number | undefined]> {
  for (let tries = 0; ; tries += 1) {
    await waitForTerminal(house, 'ready');
    const answer = await post(house, '/api/closing');
    const { unknown, undecided, error } = answer.body as Closing & { error?: { code: string } };
    if (answer.status === 200) return [unknown, undecided];
    // It was asked again between the two lines above.
    assert.deepEqual([answer.status, error?.code, tries < 10], [409, 'terminal_busy', true]);
  }
}

test('a lost WAON payment: told by its brand, balance read, found paid the next time, and decided by a person', async (t) => {
  const house = await openHouse(t);
  await planResidents(house, [{ do: { act: 'leave_early', brand: 'waon' } }]);
  const { id } = await press(house, saleOf({ method: 'emoney', brand: 'waon' }));
  const asked = ({ state, queries }: PaymentView): boolean => state === 'unknown' && queries > 0;
  await waitForPayment(house, id, asked);

  const { page, faults } = await openPage(await openBrowser(t), house.counter);
  await page.getByText('結果の分からない支払いが 1件').waitFor();
  await ringUpAgain(page);
  const repeat = page.getByRole('alertdialog', { name: '別のお客様ですか？' });
  await repeat
    .getByText(/まずカードの残高を確かめてください。.*次にそのカードをかざすまで支払いは確定しません/)
    .waitFor();
  await repeat.getByText(/前の支払い\d+:\d\d　WAON　400円　伝票 0+\d/).waitFor();
  const [refused, ...others] = faults.splice(0);
  assert.match(refused ?? '', /409 \(Conflict\)/, 'nothing was sent to the terminal');
  assert.deepEqual(others, []);
  await look(page, 'another-resident');
  await repeat.getByRole('button', { name: /^同じお客様です/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('もう一度支払いをしないでください').first().waitFor();
  await dialog
    .getByText(/端末の取引記録を確かめました：分からなかった/)
    .first()
    .waitFor();
  await expectNoViolations(page, 'what is unknown');

  await planResidents(house, [{ do: { act: 'present', brand: 'waon' } }]);
  await dialog.getByRole('button', { name: /残高を確かめる/ }).click();
  await dialog.getByText(/いまの残高は .*取引前残高/).waitFor();

  assert.deepEqual(await close(house), [1, 0]);
  await request(house.virtualTerminal)
    .post('/resident')
    .send({ act: 'touch_again', charged: true })
    .expect(200);
  // The service asks by itself, too, and may be the first.
  await tryUntil(dialog.getByText('あとから支払いが分かりました'), () =>
    dialog.getByRole('button', { name: 'いま端末に問い合わせる' }).click({ timeout: 1_000 }),
  );
  await page.getByText('あとから支払いが分かったものが 1件').waitFor();
  // Found on the day that was closed: it counts there, and the closing says that it does not have it yet.
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'メニュー' }).click();
  await page.getByRole('menuitem', { name: '締め', exact: true }).click();
  await dialog.getByText(/の締めのあとに、支払いが 1件 400円 加わりました/).waitFor();
  assert.equal(await dialog.getByText(/結果が分かったとき/).count(), 0, 'it is known; only to be decided');
  await look(page, 'what came after the closing');
  await page.keyboard.press('Escape');
  assert.deepEqual(await close(house), [0, 1], 'the closing names what is still to be done');
  await page.getByRole('button', { name: 'メニュー' }).click();
  await page.getByRole('menuitem', { name: '締め', exact: true }).click();
  await dialog.getByText(/のあとに、今日の件数と金額は変わっていません/).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /住民票の写し 1通/ }).click();
  await dialog.getByRole('button', { name: '会計課から返金する', exact: true }).click();
  await dialog.getByLabel('内容・連絡したこと').fill('お客様に電話した');
  await dialog.getByRole('button', { name: '400円の返金を会計課に頼む' }).click();
  await dialog.getByText('決めたこと：会計課から返金する').waitFor();
  await dialog.getByText(/お客様に電話した/).waitFor();
  assert.deepEqual(faults, []);

  const { body } = (await get(house, `/api/payments/${id}`).expect(200)) as { body: PaymentView };
  assert.deepEqual([body.state, body.late, body.decision], ['approved', true, 'refund_outside']);
  assert.deepEqual(await close(house), [0, 0], 'it is promised: accounting has it in hand');
});

test('what no machine knows is settled by two people with their reason; the office sees it until then', async (t) => {
  const house = await openHouse(t);
  await planResidents(house, [{ do: { act: 'leave_early', brand: 'transit_ic' } }]);
  const { id } = await press(house, saleOf({ method: 'emoney', brand: 'transit_ic' }));
  await waitForPayment(house, id, ({ state, queries }) => state === 'unknown' && queries > 0);
  await waitForRecord(house, 'synced');

  const browser = await openBrowser(t);
  const office = await openPage(browser, house.office, { width: 1280, height: 800 });
  await office.page.getByRole('tab', { name: '支払い' }).click();
  await office.page.getByRole('heading', { name: '確かめる支払い 1件' }).waitFor();
  await look(office.page, 'office-open');
  await office.page.close();

  const { page } = await openPage(browser, house.counter, { width: 1280, height: 800 });
  await page.getByRole('button', { name: /住民票の写し 1通/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/調査の申し出は .* まで/).waitFor();
  await dialog.getByRole('button', { name: '支払われていなかった' }).click();
  await dialog.getByLabel('何を見て確かめたか').fill('カード会社に電話した');
  await look(page, 'settle');
  await dialog.getByRole('button', { name: 'もう一人の確認へ' }).click();
  const second = page.getByRole('alertdialog');
  for (const [number, answer] of [
    ['1001', /別の人が行ってください/],
    ['1005', /確認ができる役割の人ではありません/],
  ] as const) {
    await second.getByLabel('職員番号').fill(number);
    await second.getByLabel('暗証番号').fill(SAMPLE_PIN);
    await second.getByRole('button', { name: '確認しました' }).click();
    await second.getByText(answer).waitFor();
  }
  await second.getByLabel('職員番号').fill('1002');
  await second.getByLabel('暗証番号').fill(SAMPLE_PIN);
  await look(page, 'settle-second');
  await second.getByRole('button', { name: '確認しました' }).click();
  await dialog
    .getByText(/市民 花子（1001）と出納 太郎（1002）が確かめました：支払われていなかった/)
    .waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '確かめました' }).waitFor();
  await look(page, 'a notice that waits');

  const { body } = (await get(house, `/api/payments/${id}`).expect(200)) as { body: PaymentView };
  assert.equal(body.state, 'not_charged');
  const script = { finding: 'approved', reason: 'x', second: { number: '1002', pin: SAMPLE_PIN } };
  await post(house, `/api/payments/${id}/resolve`, script).expect(403);
  await waitForRecord(house, 'synced');
  const open = await get(house, '/api/office/open', house.office).expect(200);
  assert.deepEqual(open.body, { payments: [], notices: [] });
});

test('where no machine knows of a void, two people say whether it was undone, and not whether it was paid', async (t) => {
  const house = await openHouse(t);
  const sale = await sell(house);
  await plan(house, [{ fault: 'pull_cable', at: 'card_shown', command: '0630' }]);
  const { id } = await giveBack(house, sale);
  const lost = await waitForPayment(house, id);
  await waitForTerminal(house, 'disconnected');
  await handleCable(house, 'plug_cable');
  await waitForPayment(house, id, ({ queries }) => queries > 0);
  const { page, faults } = await openPage(await openBrowser(t), house.counter, { width: 1024, height: 768 });
  await page.getByRole('searchbox').fill(String(lost.number));
  await page
    .getByRole('button', { name: /住民票の写し 1通/ })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/端末の取引記録を確かめました：分からなかった/).waitFor();
  assert.equal(await dialog.getByRole('button', { name: /支払われてい/ }).count(), 0);
  await dialog.getByRole('button', { name: '取り消されていなかった' }).click();
  await dialog.getByLabel('何を見て確かめたか').fill('端末の控えに取り消しがない');
  await dialog.getByRole('button', { name: 'もう一人の確認へ' }).click();
  const second = page.getByRole('alertdialog');
  await second.getByText(/は「取り消されていなかった」と決めます/).waitFor();
  await second.getByLabel('職員番号').fill('1002');
  await second.getByLabel('暗証番号').fill(SAMPLE_PIN);
  await look(page, 'void-settled');
  await second.getByRole('button', { name: '確認しました' }).click();
  await dialog
    .getByText(/が確かめました：取り消されていなかった。理由：端末の控えに取り消しがない/)
    .waitFor();
  await dialog.getByText('代金は戻っていません。もとの支払いはそのままです。').waitFor();
  assert.deepEqual(faults, []);
});

/** Runs in the page: how much of what is said about the sale has to be scrolled to. */
const HIDDEN = `(() => {
  const { scrollHeight, clientHeight } = document.querySelector('.state');
  return scrollHeight - clientHeight;
})()`;

/** Runs in the page: two bars above, as a clock that is wrong and a day that nobody has closed put them there. */
const TWO_BARS = `(() => {
  const bar = '<section class="stop-bar" data-kind="ask"><p><b>締めがまだです。</b>出納員に知らせてください。</p><button class="button">締める</button></section>';
  document.querySelector('.bars').insertAdjacentHTML('afterbegin', bar + bar);
})()`;

test('whatever is said while nobody knows stands on the lowest screen at once, in both languages, and on the desk too', async (t) => {
  const house = await openHouse(t);
  const size = { width: 1024, height: 768 };
  const { page, faults } = await openPage(await openBrowser(t), house.counter, size);
  await page.getByRole('region', { name: 'はじめての会計' }).waitFor();
  const isAllSeen = async (what: RegExp): Promise<void> => {
    await page.locator('.state').getByText(what).waitFor();
    assert.equal(await page.evaluate(HIDDEN), 0, what.source);
  };

  // Of the brands' rules the longest; then the longest of a terminal that can't be asked.
  await planResidents(house, [{ do: { act: 'leave_early', brand: 'transit_ic' } }]);
  await ringUp(page, '住民票の写し', '電子マネー', '交通系IC');
  await isAllSeen(/自動で問い合わせ中（/);
  await picture(page, 'unknown-transit-1024');
  await page.evaluate(TWO_BARS);
  await isAllSeen(/自動で問い合わせ中（/);
  await picture(page, 'unknown-two-bars-1024');
  await page.evaluate(`document.querySelectorAll('.stop-bar').forEach((bar) => bar.remove())`);
  await page.getByRole('button', { name: '残高を確かめる' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('「お支払いができたか、まだ確かめられていません。同じカードを').waitFor();
  await dialog.getByText('Please touch the same card again').waitFor();
  await page.keyboard.press('Escape');
  await pressUntil(page.getByRole('button', { name: /^次のお客様を先に/ }));

  await planResidents(house, [{ do: { act: 'present', brand: 'jdebit' }, pullCableAt: 'card_shown' }]);
  await ringUp(page, '印鑑登録証明書', 'デビット');
  await isAllSeen(/つながれば自動で問い合わせます（/);
  await picture(page, 'unknown-debit-1024');
  assert.deepEqual(faults, []);
});

async function ringUp(page: Page, fee: string, method: string, brand?: string): Promise<void> {
  await page.getByRole('tab', { name: '市民' }).click();
  await page
    .getByRole('button', { name: new RegExp(`^${fee}`) })
    .first()
    .click();
  await page.getByRole('radio', { name: method }).click();
  if (brand !== undefined) await page.getByRole('radio', { name: brand }).click();
  await page.getByRole('button', { name: /円を支払う/ }).click();
}

/** The same basket as the payment whose result is unknown. */
async function ringUpAgain(page: Page): Promise<void> {
  // Also where the terminal is being asked about the other one just now: one touch, and the question.
  await ringUp(page, '住民票の写し', '電子マネー', 'WAON');
}
