/** A clerk's ways through the counter's screen, touch by touch; after each the caller looks at what the screen did. */
import type { Page } from 'playwright-core';
import { pressUntil } from './patience.ts';

/** Told after each step, with what the clerk has just done. */
export type AfterStep = (step: string) => Promise<void>;

const fee = (page: Page, name: string): Promise<void> =>
  page.locator('button.fee', { hasText: name }).first().click();
const step = (page: Page, name: string): Promise<void> => page.locator(`.sale[data-step=${name}]`).waitFor();

async function nextResident(page: Page): Promise<void> {
  await pressUntil(page.getByRole('button', { name: /^次の会計/ }));
  await step(page, 'ringing');
}

/** Three touches and a card: a certificate. The resident at the virtual terminal does by plan. */
export async function sellCertificate(page: Page, after: AfterStep): Promise<void> {
  await page.getByRole('tab', { name: '市民' }).click();
  await after('a window is chosen');
  await fee(page, '印鑑登録証明書');
  await after('a fee is touched');
  await page.getByRole('radio', { name: 'クレジット' }).click({ force: true });
  await after('a method is touched');
  await page.getByRole('button', { name: /を支払う/ }).click();
  await step(page, 'paid');
  await after('it is paid');
  await nextResident(page);
  await after('the next resident');
}

/** The same by keyboard. */
export async function sellByKeyboard(page: Page, after: AfterStep): Promise<void> {
  for (const key of ['1', 'q']) {
    await page.keyboard.press(key);
    await after(`key ${key}`);
  }
  await page.keyboard.press('Enter');
  await step(page, 'paid');
  await after('key Enter, and it is paid');
  await nextResident(page);
}

/** The cable comes out once the terminal has stored the payment (planned by the caller), and goes in again. */
export async function sellWithoutCable(
  page: Page,
  plug: () => Promise<void>,
  after: AfterStep,
): Promise<void> {
  await page.keyboard.press('1');
  await page.keyboard.press('q');
  await page.getByRole('button', { name: /を支払う/ }).waitFor();
  await page.keyboard.press('Enter');
  await step(page, 'unknown');
  await page.locator('.today-open').waitFor();
  await after('nobody knows');
  await page.locator('.today-scroll tr[data-kind=ask] button.row-button').click();
  await page.getByRole('button', { name: 'いま端末に問い合わせる' }).waitFor();
  await after('what is unknown is opened');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await plug();
  await step(page, 'paid');
  await after('the terminal has told');
  await nextResident(page);
}

/** One that was paid by card, from the list of today. */
export async function openPayment(page: Page): Promise<void> {
  await page.locator('.today tr', { hasText: 'Visa' }).first().locator('button.row-button').click();
  await page.getByRole('button', { name: '会計課から返金する' }).waitFor();
}

/** Cash, an item that has to know something, a payment of today, the menu's dialogs. */
export async function lookAround(page: Page, after: AfterStep): Promise<void> {
  await fee(page, '住民票の写し');
  await page.getByRole('button', { name: /現金で受け取った/ }).click();
  await page
    .getByText(/を記録しました/)
    .first()
    .waitFor();
  await after('cash is counted');
  await page.getByRole('tab', { name: '駐輪場' }).click();
  await fee(page, '定期');
  await page.getByRole('dialog').waitFor();
  await after('a pass is entered');
  await page.keyboard.press('Escape');
  await openPayment(page);
  await after('a payment is opened');
  await page.keyboard.press('Escape');
  for (const name of [/困ったとき/, /^締め/, /シールを調べる/]) {
    await page.getByRole('button', { name: 'メニュー' }).click();
    await page.getByRole('menuitem', { name }).click();
    await page.getByRole('dialog').waitFor();
    await after(`the menu: ${name.source}`);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
}
