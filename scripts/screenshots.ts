/** `npm run screenshots`: the pictures that the README and the help page show, taken of the real program. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { openBrowser, openPage } from '../test/support/browser.ts';
import {
  handleCable,
  planResidents,
  post,
  press,
  saleOf,
  waitForPayment,
  waitForRecord,
  waitForTerminal,
} from '../test/support/clerk.ts';
import { startHouseProcess, type House } from '../test/support/house-process.ts';

const HELP = fileURLToPath(new URL('../src/web/help/', import.meta.url));
const undos: (() => unknown)[] = [];
const cleanup = { after: (undo: () => unknown) => void undos.push(undo) };

/** A morning's sales before the pictures are taken: brand, window, fee, price. */
const MORNING = [
  ['visa', 'credit', 'tax', 'TAX-KAZ', 400],
  ['transit_ic', 'emoney', 'resident', 'CIT-JUM', 400],
  ['paypay', 'qr', 'resident', 'CIT-KOS', 450],
  ['waon', 'emoney', 'bicycle', 'BIK-1B', 100],
  ['jdebit', 'debit', 'daycare', 'NUR-IT1', 2200],
  ['mastercard', 'credit', 'resident', 'CIT-INK', 400],
] as const;

async function sellMorning(house: House): Promise<void> {
  for (const [brand, method, window, code, totalYen] of MORNING) {
    await planResidents(house, [{ do: { act: 'present', brand } }]);
    const sale = saleOf({
      window,
      lines: [{ code, quantity: 1 }],
      totalYen,
      method,
      ...(method === 'emoney' ? { brand } : {}),
    });
    await press(house, sale);
    await waitForPayment(house, sale.id);
    await waitForTerminal(house, 'ready');
  }
}

async function ringUp(page: Page): Promise<void> {
  await page.getByRole('tab', { name: '市民' }).click();
  await page.locator('button.fee', { hasText: '住民票の写し' }).click();
  await page.locator('button.fee', { hasText: '住民票の写し' }).click();
  await page.locator('button.fee', { hasText: '印鑑登録証明書' }).click();
  await page.getByRole('radio', { name: '電子マネー' }).click({ force: true });
  await page.getByRole('radio', { name: '交通系IC' }).click({ force: true });
}

const take = (page: Page, name: string): Promise<Buffer> =>
  page.screenshot({ path: join(HELP, `${name}.png`), animations: 'disabled' });

async function takeCounter(house: House, page: Page): Promise<void> {
  const terminal = page.frameLocator('iframe');
  const step = (name: string): Promise<void> => page.locator(`.sale[data-step=${name}]`).waitFor();
  await ringUp(page);
  await take(page, 'counter');
  await page.getByRole('button', { name: /を支払う/ }).click();
  await page.getByText('お客様').first().waitFor();
  await terminal
    .getByRole('button', { name: '交通系IC', exact: true })
    .and(terminal.locator(':enabled'))
    .waitFor();
  await take(page, 'paying');
  await terminal.getByRole('button', { name: '交通系IC', exact: true }).click();
  await step('paid');
  await take(page, 'approved');
  await page.getByRole('button', { name: /^次の会計/ }).click({ delay: 700 });
  await step('ringing');

  await ringUp(page);
  await page.getByRole('button', { name: /を支払う/ }).click();
  await terminal.getByRole('button', { name: 'ケーブルを抜く' }).click();
  await step('unknown');
  await take(page, 'unknown');
  await handleCable(house, 'plug_cable');
  await step('not_paid');
  await take(page, 'not-paid');
}

async function takeOffice(house: House, page: Page): Promise<void> {
  await post(house, '/api/closing').expect(200);
  await waitForRecord(house, 'synced');
  await page.goto(house.office);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole('button', { name: '今すぐ突合する' }).click();
  await page
    .getByText(/端末と1円まで一致/)
    .first()
    .waitFor();
  await take(page, 'office');
}

const dataDir = mkdtempSync(join(tmpdir(), 'madoguchi-screens-'));
mkdirSync(HELP, { recursive: true });
try {
  const house = await startHouseProcess(cleanup, dataDir);
  const browser = await openBrowser(cleanup);
  await waitForTerminal(house, 'ready');
  await sellMorning(house);
  const { page } = await openPage(browser, house.counter, { width: 1600, height: 900 });
  await takeCounter(house, page);
  await takeOffice(house, page);
  console.log(HELP);
} finally {
  for (const undo of undos.reverse()) await undo();
  rmSync(dataDir, { recursive: true, force: true });
}
