/** A day's payments at the office's real screen, with what was paid in cash beside them, and the cashless share. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import request from 'supertest';
import { buildScreens } from '../../src/web/build.ts';
import { drained, openApps, TOKEN } from '../support/apps.ts';
import { look, openBrowser, openPage } from '../support/browser.ts';

test('cash is beside the payments of the day and in none of their totals; the share says of how many', async (t) => {
  const apps = await openApps(t, { screensDir: await buildScreens() });
  const browser = await openBrowser(t);
  const { page: office, faults } = await openPage(browser, apps.office, { width: 1280, height: 800 });
  const sales = [
    { window: 'daycare', lines: [{ code: 'NUR-IT2', quantity: 1 }], totalYen: 1100, tender: 'cash' },
    { window: 'tax', lines: [{ code: 'TAX-KEI', quantity: 1 }], totalYen: 0, tender: 'nothing' },
  ];
  for (const sale of sales) {
    await request(apps.counter)
      .post('/api/counted')
      .set('Authorization', `Bearer ${TOKEN}`)
      .send({ id: randomUUID(), ...sale })
      .expect(201);
  }
  await drained(apps);
  await office.getByRole('tab', { name: '支払い' }).click();
  await office.getByText(/ほかに現金 1件 1,100円・0円 1件/).waitFor();
  await office.getByText('この日の支払いは、市の記録にまだありません。').waitFor();
  await look(office, 'office-payments');
  // The day before has an address of its own: loaded again it is that day, and the way back leads to today's.
  const head = office.locator('.payments-head h2');
  const newest = await head.innerText();
  await office.getByRole('button', { name: /前の日/ }).click();
  await office.waitForURL(/#payments\?on=/);
  const before = await head.innerText();
  assert.notEqual(before, newest);
  await office.reload();
  await office.getByRole('heading', { name: before }).waitFor();
  await office.goBack();
  await office.getByRole('heading', { name: newest }).waitFor();
  await office.getByRole('tab', { name: '比率' }).click();
  await office.getByText(/^1件のうち 0件がキャッシュレス。件数で 0.0%/).waitFor();
  await office.getByRole('row', { name: /^保育 0件 0円 1件 1,100円 1件 1,100円 0件 0.0%/ }).waitFor();
  await office.setViewportSize({ width: 1024, height: 768 });
  await look(office, 'office-share');
  assert.deepEqual(faults, []);
});
