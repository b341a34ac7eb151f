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
  const waits = await page.locator('#sign').getAttribute('d');
  await nanaco.focus();
  await page.keyboard.press('Enter');
  assert.equal((await sold).answers[0]?.brand, 'nanaco');
  await page.getByText('お支払いが済みました').waitFor();
  assert.equal(await page.locator('#taken-amount').textContent(), '1,200円');
  assert.match((await page.locator('#entries').textContent()) ?? '', /nanaco.*1,200円.*成立/);
  // Drawn: on a machine that has none of these letters they were empty boxes.
  assert.doesNotMatch(await page.locator('body').innerText(), /[✓✕↩▶]/);
  assert.notEqual(await page.locator('#sign').getAttribute('d'), waits);

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

test('a purse that is chosen gets emptier with each payment, tells what is left, and runs short', async (t) => {
  const counter = await openCounter(t, 'tcp:0');
  const { page, faults } = await openPage(await openBrowser(t), counter.virtual.http, {
    width: 360,
    height: 900,
  });
  const purse = page.getByLabel('電子マネーの残高');
  await purse.selectOption({ label: '1,000円' });
  await untilState(counter.virtual, ({ purseYen }) => purseYen === 1_000);

  const waon = page.getByRole('button', { name: 'WAON', exact: true });
  const first = counter.sell(400);
  await waon.click();
  assert.equal((await first).answers[0]?.verdict, 'approved');
  await purse.getByRole('option', { name: '残り 600円', selected: true }).waitFor({ state: 'attached' });
  const second = counter.sell(700);
  await waon.click();
  assert.deepEqual(
    [(await second).answers[0]?.verdict, (await second).answers[0]?.resultCode],
    ['declined', '33'],
  );
  await page.getByText('残高が足りません').waitFor();
  await expectNoViolations(page, 'a purse that ran short');

  await purse.selectOption({ label: '毎回、上限まで' });
  await untilState(counter.virtual, ({ purseYen }) => purseYen === null);
  const third = counter.sell(700);
  await waon.click();
  assert.equal((await third).answers[0]?.verdict, 'approved');
  assert.deepEqual(
    counter.virtual.book().map(({ balance }) => balance),
    [600, 49_300],
  );
  assert.deepEqual(faults, []);
});
