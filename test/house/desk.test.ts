/** The unknown desk in a real browser: e-money that left too soon, its balance, its late answer, and what is decided. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import request from 'supertest';
import { openBrowser, openPage } from '../support/browser.ts';
import { get, planResidents, press, saleOf, waitForPayment, waitForTerminal } from '../support/clerk.ts';
import { makeFolder } from '../support/folder.ts';
import { startHouse } from '../support/house.ts';
import type { PaymentView } from '../../src/payments/view.ts';

test('a lost WAON payment: told by its brand, balance read, found paid the next time, and decided by a person', async (t) => {
  const house = await startHouse(t, makeFolder(t));
  await waitForTerminal(house, 'ready');
  await planResidents(house, [{ do: { act: 'leave_early', brand: 'waon' } }]);
  const { id } = await press(house, saleOf({ method: 'emoney', brand: 'waon' }));
  const asked = ({ state, queries }: PaymentView): boolean => state === 'unknown' && queries > 0;
  await waitForPayment(house, id, asked);

  const { page, faults } = await openPage(await openBrowser(t), house.counter);
  await page.getByText('結果の分からない支払いが 1件').waitFor();
  await page.getByRole('button', { name: /住民票の写し 1通/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('もう一度支払いをしないでください').first().waitFor();
  await dialog
    .getByText(/端末の取引記録を確かめました：分からなかった/)
    .first()
    .waitFor();
  const { violations } = await new AxeBuilder({ page }).exclude('iframe').analyze();
  assert.deepEqual(
    violations.map(({ id: rule }) => rule),
    [],
  );

  await planResidents(house, [{ do: { act: 'present', brand: 'waon' } }]);
  await dialog.getByRole('button', { name: /残高を確かめる/ }).click();
  await dialog.getByText(/いまの残高は .*取引前残高/).waitFor();

  await request(house.virtualTerminal)
    .post('/resident')
    .send({ act: 'touch_again', charged: true })
    .expect(200);
  await dialog.getByRole('button', { name: 'いま端末に問い合わせる' }).click();
  await dialog.getByText('あとから支払いが分かりました').waitFor();
  await page.getByText('あとから支払いが分かったものが 1件').waitFor();
  await dialog.getByRole('button', { name: '会計課から返金する', exact: true }).click();
  const settle = dialog.getByRole('button', { name: '「会計課から返金する」に決める' });
  assert.ok(await settle.isDisabled(), 'a reason is asked for');
  await dialog.getByLabel('理由・連絡したこと').fill('お客様に電話した');
  await settle.click();
  await dialog.getByText('決めたこと：会計課から返金する').waitFor();
  await dialog.getByText(/お客様に電話した/).waitFor();
  assert.deepEqual(faults, []);

  const { body } = (await get(house, `/api/payments/${id}`).expect(200)) as { body: PaymentView };
  assert.deepEqual([body.state, body.late, body.decision], ['approved', true, 'refund_outside']);
});
