/** The page to play the resident, in a real browser. On TCP: the browser would inherit a pty of this process. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { openBrowser, openPage } from '../../support/browser.ts';
import { openCounter, untilState } from './counter.ts';

test('a stranger pays at the virtual terminal with one touch, and sees what it really took', async (t) => {
  const counter = await openCounter(t, 'tcp:0');
  const { page, faults } = await openPage(await openBrowser(t), counter.virtual.http, {
    width: 360,
    height: 900,
  });
  const nanaco = page.getByRole('button', { name: 'nanaco' });
  await page.getByText('会計を待っています').waitFor();
  assert.ok(await nanaco.isDisabled(), 'there is nothing to pay yet');

  const sold = counter.sell(1_200);
  await page.getByText('お支払いをどうぞ').waitFor();
  assert.equal(await page.locator('#amount').textContent(), '1,200円');
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  assert.deepEqual(
    violations.map(({ id }) => id),
    [],
  );
  await nanaco.focus();
  await page.keyboard.press('Enter');
  assert.equal((await sold).answers[0]?.brand, 'nanaco');
  await page.getByText('お支払いが済みました').waitFor();
  assert.equal(await page.locator('#taken-amount').textContent(), '1,200円');
  assert.match((await page.locator('#entries').textContent()) ?? '', /nanaco.*1,200円.*成立/);

  await page.getByRole('button', { name: 'ケーブルを抜く' }).click();
  await untilState(counter.virtual, ({ cable }) => cable === 'pulled');
  await page.getByRole('button', { name: 'ケーブルを挿す' }).click();
  await untilState(counter.virtual, ({ cable }) => cable === 'plugged');
  assert.deepEqual(faults, []);
});
