/** Two tablets at one terminal, over the LAN's TLS: paired at the counter's screen, in turn, and cut off. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { SAMPLE_PIN } from '../../src/staff/sample.ts';
import { expectNoViolations, openBrowser, openPage, signInAs } from '../support/browser.ts';
import { actAsResident, planResidents } from '../support/clerk.ts';
import { firstOfFreePorts } from '../support/house-process.ts';
import { openHouse } from '../support/house.ts';
import { pressUntil } from '../support/patience.ts';
import { plan } from '../support/returns.ts';

/** No violation, and with SCREENSHOTS=folder a picture of it, also as a small phone shows it. */
async function look(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (folder !== undefined) {
    await page.screenshot({ path: `${folder}/${name}.png` });
    const size = page.viewportSize();
    await page.setViewportSize({ width: 400, height: 860 });
    await page.screenshot({ path: `${folder}/${name}-400.png`, fullPage: true });
    if (size !== null) await page.setViewportSize(size);
  }
  await expectNoViolations(page, name);
}

async function signInAsTeacher(tablet: Page): Promise<void> {
  await tablet.getByLabel('職員番号').fill('1005');
  await tablet.getByLabel('暗証番号').fill(SAMPLE_PIN);
  await tablet.getByRole('button', { name: 'サインイン', exact: true }).click();
  await tablet.getByRole('button', { name: '子どもを加える' }).waitFor();
}

async function charge(tablet: Page, label: string): Promise<void> {
  await tablet.getByRole('button', { name: '子どもを加える' }).click();
  const dialog = tablet.getByRole('dialog');
  await dialog.getByLabel('番号か呼び名').fill(label);
  await dialog.getByText('1日', { exact: true }).click();
  await dialog.getByLabel('お預かりの時刻', { exact: true }).fill('0001');
  await dialog.getByLabel('お迎えの時刻', { exact: true }).fill('1000');
  await tablet.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await tablet.getByRole('button', { name: `${label} 会計へ` }).click();
  await tablet.locator('.total strong', { hasText: /[1-9]/ }).waitFor();
  await tablet.keyboard.press('q');
}

test('two tablets are paired, take turns at the terminal, and one is cut off at once', async (t) => {
  const port = await firstOfFreePorts(1);
  const house = await openHouse(t, { COUNTER_LAN: `127.0.0.1:${String(port)}` });
  // Everything is by TLS; that the certificate is trusted is judged by OpenSSL in tls.test.ts.
  const browser = await openBrowser(t, { ignoreHTTPSErrors: true });
  const { page: counter } = await openPage(browser, house.counter, { width: 1024, height: 768 });
  await counter.getByRole('button', { name: 'メニュー' }).click();
  await counter.getByRole('menuitem', { name: 'タブレットをつなぐ' }).click();
  await counter.getByText('タブレットをつなぐのは、出納員と管理者です。').waitFor();
  await look(counter, 'tablets-not-for-a-cashier');
  await signInAs(counter, house.counter, '1002');
  await counter.getByRole('button', { name: 'メニュー' }).click();
  await counter.getByRole('menuitem', { name: 'タブレットをつなぐ' }).click();
  await counter.getByText('まだありません。').last().waitFor();
  await look(counter, 'tablets-none');

  const pair = async (name: string, base: string, size: { width: number; height: number }): Promise<Page> => {
    await counter.getByLabel(/つなぐタブレットの名前/).fill(name);
    await counter.keyboard.press('Enter');
    const code = await counter.locator('.tablets-letters').innerText();
    await look(counter, `tablets-code-${base}`);
    const address = `https://${base}:${String(port)}/?code=`;
    const { page } = await openPage(browser, `${address}ABCDEFGH`, size);
    await page.getByRole('button', { name: 'つなぐ' }).click();
    await page.getByText(/つなぐための番号が違うか/).waitFor();
    for (const steps of await page.locator('summary').all()) await steps.press('Enter');
    await look(page, `pairing-refused-${base}`);
    await page.goto(address + code.replace(' ', ''));
    await look(page, `pairing-${base}`);
    await page.getByRole('button', { name: 'つなぐ' }).click();
    await page.getByLabel('職員番号').waitFor();
    await counter.getByText(`${name}がつながりました。`).waitFor();
    await look(page, `tablet-sign-in-${base}`);
    await signInAsTeacher(page);
    return page;
  };
  // A jar of cookies has one device for each host.
  const one = await pair('ひよこ組', '127.0.0.1', { width: 820, height: 1180 });
  const other = await pair('りす組', 'localhost', { width: 1024, height: 768 });
  await look(counter, 'tablets-paired');

  await charge(one, '12');
  await look(one, 'tablet-charged');
  await charge(other, '13');
  await planResidents(house, []);
  await one.getByRole('button', { name: /円を支払う/ }).click();
  await other.getByText(/端末は 保育 みどり（ひよこ組）/).waitFor();
  await other.getByRole('button', { name: '順番を待つ' }).click();
  await other.getByText('順番を待っています（1番目）').waitFor();
  await look(other, 'tablet-waiting');
  await actAsResident(house, { act: 'present', brand: 'visa' });
  await one.getByRole('heading', { name: '支払いました' }).waitFor();
  await look(one, 'tablet-paid');
  await other.getByText('順番が来ました').waitFor();
  await look(other, 'tablet-turn');

  await counter.getByRole('button', { name: /^つながりを切る ?（りす組）$/ }).click();
  await counter.getByRole('button', { name: 'りす組を切る' }).click();
  await other.getByRole('heading', { name: 'タブレットを窓口につなぐ' }).waitFor();
  await counter.getByText('りす組', { exact: true }).waitFor({ state: 'detached' });
  await pressUntil(one.getByRole('button', { name: /次の会計/ }));
  await one.getByRole('button', { name: 'メニュー' }).click();
  assert.equal(await one.getByRole('menuitem', { name: '締め' }).count(), 0);
  await look(one, 'tablet-menu');
  await one.keyboard.press('Escape');

  // What is unknown: a tablet says what to tell the parents and asks the terminal; what it may not do it does not offer.
  await charge(one, '14');
  await planResidents(house, [{ do: { act: 'present', brand: 'visa' } }]);
  await plan(house, [{ fault: 'pull_cable', at: 'stored', command: '0601' }]);
  await one.getByRole('button', { name: /円を支払う/ }).click();
  await one.getByText('結果の分からない支払いが 1件').waitFor();
  await one
    .getByRole('row', { name: /一時保育/ })
    .first()
    .getByRole('button')
    .click();
  const dialog = one.getByRole('dialog');
  await dialog.getByRole('button', { name: 'いま端末に問い合わせる' }).waitFor();
  await dialog.getByText(/二人での決定は、カウンターの画面で行います/).waitFor();
  assert.equal(await dialog.getByRole('button', { name: /端末を先に使う|残高|支払われて/ }).count(), 0);
  await look(one, 'tablet-unknown');
});
