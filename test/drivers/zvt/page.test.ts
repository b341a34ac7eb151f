/** The page to play the resident, in a real browser. On TCP: the browser would inherit a pty of this process. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectNoViolations, openBrowser, openPage } from '../../support/browser.ts';
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
  await expectNoViolations(page, 'the virtual terminal waits for a card');
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

test('a card that is taken away too soon is asked for again, and tells later what became of it', async (t) => {
  const counter = await openCounter(t, 'tcp:0', { residentMs: 60_000 });
  const { page, faults } = await openPage(await openBrowser(t), counter.virtual.http, {
    width: 360,
    height: 900,
  });
  const again = page.getByRole('button', { name: 'もう一度タッチ' });
  const leave = page.getByRole('button', { name: 'WAONを早く離す' });
  assert.ok(!(await again.isVisible()), 'nothing is left pending');

  const sold = counter.sell(800);
  await leave.click();
  await page.getByRole('heading', { name: 'もう一度タッチ' }).waitFor();
  await again.click();
  assert.equal((await sold).answers[0]?.verdict, 'approved');

  const left = counter.sell(900);
  await leave.click();
  await page.getByRole('heading', { name: 'もう一度タッチ' }).waitFor();
  await page.getByRole('button', { name: '中止' }).click();
  assert.equal((await left).answers[0]?.verdict, 'unlisted');
  await page.locator('#entries').getByText('処理未了').waitFor();
  await again.click();
  await page.locator('#entries').getByText('処理未了').waitFor({ state: 'detached' });
  assert.deepEqual(
    counter.virtual.book().map(({ state }) => state),
    ['stored', 'stored'],
  );
  assert.ok(!(await again.isVisible()));
  assert.deepEqual(faults, []);
});
