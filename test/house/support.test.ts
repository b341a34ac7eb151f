/** When something is out of order: what the counter tells, and a terminal that is lost, found and replaced. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import request from 'supertest';
import type { Closing } from '../../src/closing/closing.ts';
import type { PaymentView } from '../../src/payments/view.ts';
import { signIn } from '../support/apps.ts';
import { expectNoViolations, openBrowser, openPage, picture } from '../support/browser.ts';
import {
  get,
  handleCable,
  planResidents,
  post,
  press,
  saleOf,
  waitForPayment,
  waitForTerminal,
} from '../support/clerk.ts';
import { tryUntil } from '../support/patience.ts';
import { openHouse, type House } from '../support/house.ts';

test('help is in the menu by keyboard: what works, whom to call, and a notice to show', async (t) => {
  const house = await openHouse(t, {
    HELPDESK: '情報政策課 内線 1234; 決済会社 0120-000-000',
  });
  const { page, faults } = await openPage(await openBrowser(t), house.counter, { width: 1280, height: 800 });
  await page.getByRole('button', { name: 'メニュー' }).focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: '困ったとき・連絡先' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  for (const told of ['情報政策課 内線 1234', '決済会社 0120-000-000', '記録の番号', 'お受けできます']) {
    await page.getByText(told).first().waitFor();
  }
  // A cashier reads who may set a terminal aside, and has no button for it.
  await page.getByText('出納員か管理者に代わると').waitFor();
  await expectNoViolations(page, 'help');
  await handleCable(house, 'pull_cable');
  await page.getByText('端末とつながっていません').first().waitFor();
  await page.getByRole('button', { name: '「現金のみ」のお知らせを出す' }).click();
  await page.getByLabel(/書き添えること/).fill('ATMは1階にあります');
  for (const told of ['現金のみ', 'Cash only', 'ATMは1階にあります']) {
    await page.getByText(told, { exact: true }).first().waitFor();
  }
  await expectNoViolations(page, 'cash notice');
  await page.keyboard.press('Escape');
  await page.getByText('Cash only').waitFor({ state: 'detached' });
  assert.deepEqual(faults, []);
});

test('a lost terminal is set aside with its unknown payment; the day is closed without it; the new one begins anew', async (t) => {
  const house = await openHouse(t);
  const treasurer = await signIn(house.counter, '1002', '123456');
  const cashier = await signIn(house.counter, '1001', '123456');
  const act = (path: string, cookie: string, body: object = {}): request.Test =>
    request(house.counter).post(`/api/terminals/1/${path}`).set('Cookie', cookie).send(body);

  // The cable is cut while the resident pays: nobody can say whether money moved.
  const { id } = await press(house, saleOf());
  await handleCable(house, 'pull_cable');
  await waitForPayment(house, id, ({ state }) => state === 'unknown');
  await act('lost', cashier, { note: '盗まれた' }).expect(403);
  await act('replaced', treasurer).expect(409);
  // By the 出納員, at the screen.
  const { page, faults } = await openPage(await openBrowser(t), house.counter, { width: 1024, height: 768 });
  await page.context().addCookies([browserCookie(house, treasurer)]);
  await page.goto(`${house.counter}/index.html`);
  const help = async (): Promise<void> => {
    await page.getByRole('button', { name: 'メニュー' }).click();
    await page.getByRole('menuitem', { name: '困ったとき・連絡先' }).click();
  };
  const setAside = page.getByRole('button', { name: /を外す$/ });
  const found = page.getByRole('button', { name: /が戻った/ });
  const replaced = page.getByRole('button', { name: '新しい端末に取り替えた' });
  await help();
  await page.getByLabel(/を外す理由/).fill('見当たらない');
  await setAside.click();
  await found.click();
  await page.getByLabel(/を外す理由/).fill('盗まれた');
  await picture(page, 'terminal-to-set-aside');
  await setAside.click();
  await waitForTerminal(house, 'lost');
  await replaced.scrollIntoViewIfNeeded();
  await expectNoViolations(page, 'a terminal that is set aside');
  await picture(page, 'terminal-lost');
  const kept = (await get(house, `/api/payments/${id}`)).body as PaymentView;
  assert.deepEqual([kept.state, kept.holdsTerminal], ['unknown', false]);

  // It is not spoken to, whatever hangs on the line.
  await handleCable(house, 'plug_cable');
  assert.equal((await post(house, '/api/payments', saleOf({ anotherResident: true }))).status, 409);
  const closing = (await post(house, '/api/closing').expect(200)).body as Closing;
  assert.deepEqual([closing.lost, closing.totals, closing.unknown], [['1'], [], 1]);

  // The new device: its own period, and no question about what the old one took.
  // Until it is connected, the screen says that it is not there.
  await tryUntil(setAside, () => replaced.click({ timeout: 1_000 }));
  await waitForTerminal(house, 'ready');
  assert.deepEqual(
    faults.filter((fault) => !fault.includes('409')),
    [],
  );
  await planResidents(house, [{ do: { act: 'present', brand: 'visa' } }]);
  const next = await press(house, saleOf({ anotherResident: true }));
  await waitForPayment(house, next.id, ({ state }) => state === 'approved');
  const still = (await get(house, `/api/payments/${id}`)).body as PaymentView;
  assert.deepEqual([still.state, still.queries], ['unknown', 0]);
});

/** The log-in that a request has been given, as a browser keeps it. */
function browserCookie({ counter }: House, header: string): { name: string; value: string; url: string } {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(header) ?? [];
  return { name, value, url: counter };
}
