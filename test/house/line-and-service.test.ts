/** E-money and codes at a terminal with a cable, cards at one behind a provider's service: one counter, in a browser. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import request from 'supertest';
import type { PaymentView } from '../../src/payments/view.ts';
import type { ReconciliationView } from '../../src/reconcile/view.ts';
import { expectNoViolations, openBrowser, openPage, signInAs } from '../support/browser.ts';
import {
  atSecondTerminal,
  get,
  handleCable,
  planResidents,
  readBook,
  waitForRecord,
  waitForTerminal,
} from '../support/clerk.ts';
import { makeFolder } from '../support/folder.ts';
import { startHouse, type House } from '../support/house.ts';
import { pressUntil } from '../support/patience.ts';
import { button, heading } from '../support/questions.ts';

const HASTY = { pollMs: 50, longestPollMs: 100, silenceMs: 300, stopAgainMs: 200 };

async function ringUp(page: Page, fee: string, method: string, brand?: string): Promise<void> {
  await pressUntil(button(page, '次の会計'));
  await page.getByRole('tab', { name: '市民' }).click();
  await page.locator('button.fee', { hasText: fee }).first().click();
  await page.getByRole('radio', { name: method }).click({ force: true });
  if (brand !== undefined) await page.getByRole('radio', { name: brand }).click({ force: true });
}

async function pay(page: Page): Promise<void> {
  await button(page, /を支払う/).click();
}

/** A card at the terminal that has the payment; its page comes to the front by itself. */
const touch = (page: Page, brand: string): Promise<void> =>
  page
    .frameLocator('iframe:not([hidden])')
    .locator('button:enabled', { hasText: new RegExp(`^${brand}$`) })
    .click();

async function payments(house: House): Promise<PaymentView[]> {
  const { body } = (await get(house, '/api/payments').expect(200)) as { body: unknown };
  return body as PaymentView[];
}

test('sold with each, the network cut within a card: e-money goes on, the card is found late, both agree', async (t) => {
  const house = await startHouse(t, makeFolder(t), {
    TERMINAL: 'zvt@virtual',
    TERMINAL_METHODS: 'emoney,qr',
    TERMINAL_2: 'stripe@virtual',
    TERMINAL_2_OPTIONS: JSON.stringify({ timing: HASTY }),
  });
  const service = atSecondTerminal(house);
  await waitForTerminal(house, 'ready', '1');
  await waitForTerminal(house, 'ready', '2');
  const { page, faults } = await openPage(await openBrowser(t), house.counter, { width: 1280, height: 800 });

  await ringUp(page, '住民票の写し', 'クレジット');
  await pay(page);
  await touch(page, 'Visa');
  await heading(page, '支払いました');
  await ringUp(page, '戸籍全部', '電子マネー', 'WAON');
  await pay(page);
  await touch(page, 'WAON');
  await heading(page, '支払いました');

  // The network goes while the card lies on the reader: nobody knows, and the reader takes no other card.
  await planResidents(service, [{ do: { act: 'present', brand: 'visa' }, cutAt: 'card_shown' }]);
  await ringUp(page, '住民票の写し', 'クレジット');
  await pay(page);
  await heading(page, /結果がまだ分かりません|結果を端末に確かめています/);
  await page.getByText('もう一度支払いをしないでください。').first().waitFor();
  await expectNoViolations(page, 'a card whose result nobody knows');
  await pressUntil(button(page, '次のお客様を先に会計する'));
  await ringUp(page, '戸籍全部', 'クレジット');
  await page.getByText('いまは電子マネー・QRコードでお受けできます。ほかは現金でお受けください。').waitFor();
  await page.getByRole('radio', { name: '電子マネー' }).click({ force: true });
  await page.getByRole('radio', { name: 'WAON' }).click({ force: true });
  await pay(page);
  await touch(page, 'WAON');
  await heading(page, '支払いました');

  // Without either, cash; and nobody is sent to a cable that a service does not have.
  await handleCable(house, 'pull_cable');
  await waitForTerminal(house, 'disconnected', '1');
  await ringUp(page, '住民票の写し', 'クレジット');
  await page.getByText(/^決済会社.*お急ぎのときは現金でお受けください/).waitFor();
  await handleCable(house, 'plug_cable');

  await handleCable(service, 'plug_cable');
  await page.getByText(/あとから支払いが分かったものが 1件/).waitFor();
  await waitForTerminal(house, 'ready', '1');
  await waitForTerminal(house, 'ready', '2');
  const late = (await payments(house)).find((payment) => payment.late) ?? assert.fail('none was late');
  assert.deepEqual([late.state, late.terminal.id], ['approved', '2']);

  await signInAs(page, house.counter, '1002');
  await button(page, 'メニュー').click();
  await page.getByRole('menuitem', { name: '締め' }).click();
  await button(page, /^締める$/).click();
  await page.getByText('4件 1,700円 を、今日の締めとして残しました。').waitFor();
  await expectNoViolations(page, 'the closing of both');
  assert.deepEqual([(await readBook(house)).length, (await readBook(service)).length], [2, 2]);
  await waitForRecord(house, 'synced');
  const run = request(house.office).post('/api/office/reconcile');
  await run
    .set('Authorization', `Bearer ${house.apiToken}`)
    .send({ businessDate: late.businessDate })
    .expect(200);
  const answer = await get(house, '/api/office/reconciliations', house.office).expect(200);
  const [day] = answer.body as ReconciliationView[];
  assert.equal(day?.differenceYen, 0, day?.sentence);
  assert.deepEqual(day.ours, { count: 4, amountYen: 1700 });
  assert.deepEqual(faults, []);
});
