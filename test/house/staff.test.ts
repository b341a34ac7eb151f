/** Everybody who works here, at the real screens: what each role sees, a live installation's first day, and the lock. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import request from 'supertest';
import { buildScreens } from '../../src/web/build.ts';
import { openApps, TOKEN, type Apps } from '../support/apps.ts';
import { expectNoViolations, openBrowser, openPage } from '../support/browser.ts';
import { createCleanup } from '../support/cleanup.ts';
import { handleCable, planResidents } from '../support/clerk.ts';
import { openHouse, type House } from '../support/house.ts';
import { overTheEdge } from '../support/steadiness.ts';

async function signIn(page: Page, number: string, pin: string): Promise<void> {
  await page.getByLabel('職員番号').fill(number);
  await page.getByLabel('暗証番号').fill(pin);
  await page.keyboard.press('Enter');
}

/** A refused log-in and a lock are answered with 401 and 403, which the browser's console notes. */
const withoutRefusals = (faults: readonly string[]): string[] =>
  faults.filter((fault) => !/status of 40[13]/.test(fault));

describe('a trial', () => {
  const cleanup = createCleanup();
  let house: House;
  let browser: BrowserContext;

  before(async () => {
    house = await openHouse(cleanup);
    browser = await openBrowser(cleanup);
  });

  test('each role at the counter: its windows, and whether it takes payments', async () => {
    const { page, faults } = await openPage(browser, house.counter, { width: 1280, height: 800 });
    const all = ['税', '市民', '保育', '駐輪場'];
    let current = '市民 花子';
    for (const [name, windows, button] of [
      ['出納 太郎', all, '料金を選んでください'],
      ['会計 さくら', all, 'この役割では会計できません'],
      ['管理 一郎', all, 'この役割では会計できません'],
      ['保育 みどり', ['保育'], '料金を選んでください'],
      ['駐輪 健', ['駐輪場'], '料金を選んでください'],
      ['市民 花子', all, '料金を選んでください'],
    ] as const) {
      await page.getByRole('button', { name: `担当 ${current}` }).click();
      await page.getByRole('dialog', { name: '担当者の交代' }).waitFor();
      await page.getByRole('button', { name: new RegExp(name) }).click();
      await page.getByRole('button', { name: `担当 ${name}` }).waitFor();
      await page.locator('button.go', { hasText: button }).waitFor();
      assert.deepEqual(await page.getByRole('tab').allTextContents(), windows, name);
      current = name;
    }
    assert.deepEqual(faults, []);
    await page.close();
  });

  test('another clerk by keyboard alone: a wrong PIN is told, Escape goes back, and the sale goes on', async () => {
    const { page, faults } = await openPage(browser, house.counter, { width: 1024, height: 768 });
    await page.getByRole('tab', { name: '市民' }).click();
    await page.locator('button.fee', { hasText: '住民票の写し' }).click();
    await page.getByRole('button', { name: '担当 市民 花子' }).focus();
    // Whoever walks with Tab presses what they stand on.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /保育 みどり/ }).waitFor();
    await expectNoViolations(page, 'another clerk');
    // The digits are the number's, not the fees'.
    await page.keyboard.type('1002');
    await page.keyboard.press('Tab');
    await page.keyboard.type('999999');
    await page.keyboard.press('Enter');
    await page.getByText('職員番号か暗証番号が違います').waitFor();
    await expectNoViolations(page, 'wrong PIN');
    await page.keyboard.press('Escape');
    await page.locator('button.fee', { hasText: '住民票の写し' }).waitFor();
    await page.getByRole('button', { name: '担当 市民 花子' }).click();
    await signIn(page, '1002', '123456');
    await page.getByRole('button', { name: '担当 出納 太郎' }).waitFor();
    await page.locator('button.go', { hasText: '支払い方法を選んでください' }).waitFor();
    assert.deepEqual(withoutRefusals(faults), []);
    await page.close();
  });

  test('each role in the office: its pages, and none for who does not work there', async () => {
    const { page, faults } = await openPage(browser, house.office, { width: 1280, height: 800 });
    let current = '会計 さくら';
    const office = ['突合', '明細', '支払い', '会計票', '料金表', '返金', '帳票', '比率', 'アンケート'];
    for (const [name, tabs] of [
      ['出納 太郎', office],
      ['管理 一郎', [...office, '職員']],
      ['市民 花子', []],
      ['会計 さくら', office],
    ] as const) {
      await page.getByRole('button', { name: current }).click();
      await page.getByRole('menuitem', { name: 'サインアウト' }).click();
      await page.getByRole('button', { name: new RegExp(name) }).click();
      await page.getByRole('button', { name, exact: true }).waitFor();
      for (const tab of tabs) await page.getByRole('tab', { name: tab }).waitFor();
      assert.equal(await page.getByRole('tab').count(), tabs.length, name);
      if (tabs.length === 0) await page.getByText('この画面は、会計課・出納員・管理者のものです').waitFor();
      current = name;
    }
    assert.deepEqual(withoutRefusals(faults), []);
    await page.close();
  });

  test('one changes one’s own PIN, and the old one is worth nothing', async () => {
    const { page } = await openPage(browser, house.office, { width: 1280, height: 800 });
    const change = async (old: string, pin: string, again = pin): Promise<void> => {
      await page.getByLabel('いまの暗証番号').fill(old);
      await page.getByLabel('新しい暗証番号', { exact: true }).fill(pin);
      await page.getByLabel('新しい暗証番号（もう一度）').fill(again);
      await page.keyboard.press('Enter');
    };
    await page.getByRole('button', { name: '会計 さくら' }).click();
    await expectNoViolations(page, 'the office’s menu');
    await page.getByRole('menuitem', { name: '暗証番号を変える' }).click();
    await expectNoViolations(page, 'own PIN');
    await change('123456', '860312', '860313');
    await page.getByText('2回とも同じではありません').waitFor();
    await change('000000', '860312');
    await page.getByText('職員番号か暗証番号が違います').waitFor();
    await change('123456', '234567');
    await page.getByText('同じ文字だけでも').waitFor();
    await change('123456', '860312');
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: '会計 さくら' }).click();
    await page.getByRole('menuitem', { name: 'サインアウト' }).click();
    await signIn(page, '1003', '123456');
    await page.getByText('職員番号か暗証番号が違います').waitFor();
    await signIn(page, '1003', '860312');
    await page.getByRole('button', { name: '会計 さくら' }).waitFor();
    await page.close();
  });
});

test('a live installation’s first day: its administrator, its staff, and the 出納員 who opens the counter', async (t) => {
  const apps = await openApps(t, { book: 'live', screensDir: await buildScreens() });
  const browser = await openBrowser(t);
  const office = await openPage(browser, apps.office, { width: 1280, height: 900 });
  const counter = await openPage(browser, apps.counter, { width: 1280, height: 800 });
  await counter.page.getByText('会計課の画面で管理者を登録し').waitFor();
  await expectNoViolations(counter.page, 'counter without staff');

  const { page } = office;
  await page.getByRole('alertdialog', { name: 'はじめの設定' }).waitFor();
  await expectNoViolations(page, 'set-up');
  await page.setViewportSize({ width: 1024, height: 600 });
  await page.getByLabel('API_TOKEN').fill('some other token');
  await page.getByLabel('職員番号').fill('7001');
  await page.getByLabel('氏名').fill('管理 はじめ');
  await page.getByLabel('暗証番号', { exact: true }).fill('860312');
  await page.getByLabel('暗証番号（もう一度）').fill('860312');
  await page.keyboard.press('Enter');
  await refusedInSight(page, 'API_TOKEN が違います');
  await page.getByLabel('API_TOKEN').fill(TOKEN);
  await page.getByRole('button', { name: '管理者を登録する' }).click();
  await page.getByRole('tab', { name: '職員' }).click();
  await expectNoViolations(page, 'staff');
  for (const [number, name, role] of [
    ['7101', '窓口 みどり', '会計（窓口）'],
    ['7102', '出納 さち', '出納員'],
    ['7109000001', '勅使河原 小百合エリザベス・アンジェリーナ', '保育所'],
  ] as const) {
    await page.getByRole('button', { name: '職員を加える' }).click();
    await page.getByLabel('職員番号').fill(number);
    await page.getByLabel('氏名').fill(name);
    await page.getByText(role, { exact: true }).last().click();
    await page.getByLabel('暗証番号', { exact: true }).fill('246813');
    await page.getByLabel('暗証番号（もう一度）').fill('246813');
    await expectNoViolations(page, 'somebody new');
    await page.getByRole('button', { name: '記録する' }).click();
    await page.getByText(`${number} ${name} を記録しました`).waitFor();
    await page.getByRole('rowheader', { name }).waitFor();
  }
  await page.getByRole('button', { name: '変更 窓口 みどり' }).click();
  await page.getByText('市民', { exact: true }).click();
  await page.getByRole('button', { name: '記録する' }).click();
  await page.getByRole('cell', { name: '市民', exact: true }).waitFor();
  // A long name breaks, a state and the acts do not, and the page keeps to its width.
  await page.setViewportSize({ width: 1024, height: 768 });
  assert.deepEqual(await overTheEdge(page), []);
  for (const tag of await page.locator('.staff-table .tag').all()) {
    assert.ok(((await tag.boundingBox())?.height ?? 99) < 40, 'one line');
  }
  await lockAndRelease(apps, page, '7102', '出納 さち');

  await apps.restartCounter();
  await counter.page.reload();
  await signIn(counter.page, '7101', '246813');
  await counter.page.getByText('今日の窓口はまだ開いていません').waitFor();
  assert.deepEqual(await counter.page.getByRole('tab').allTextContents(), ['市民']);
  await counter.page.locator('button.go', { hasText: '窓口を開く前です' }).waitFor();
  assert.equal(await counter.page.getByRole('button', { name: '窓口を開く', exact: true }).count(), 0);
  await counter.page.getByRole('button', { name: '担当 窓口 みどり' }).click();
  await signIn(counter.page, '7102', '246813');
  await expectNoViolations(counter.page, 'before opening');
  await counter.page.getByRole('button', { name: '窓口を開く', exact: true }).click();
  await counter.page.getByText('今日の窓口はまだ開いていません').waitFor({ state: 'detached' });

  // Behind the last record: no sale before the clock is right, or the 出納員 has confirmed the date.
  apps.clock.now = new Date(apps.clock.now.getTime() - 600_000);
  await counter.page.reload();
  await signIn(counter.page, '7102', '246813');
  await counter.page.getByText('パソコンの時計が合っていないため、新しい支払いを止めています。').waitFor();
  await expectNoViolations(counter.page, 'a clock that is wrong');
  await counter.page.getByRole('button', { name: /^今日は .* です$/ }).click();
  await counter.page.getByText('パソコンの時計が合っていない').waitFor({ state: 'detached' });
  assert.deepEqual(withoutRefusals(office.faults), []);
  assert.deepEqual(withoutRefusals(counter.faults), []);
});

/** What was refused stands in the window, above the button that was pressed and not under it. */
async function refusedInSight(page: Page, words: string): Promise<void> {
  const told = page.getByRole('alert').filter({ hasText: words });
  await told.waitFor();
  const [box, button] = [await told.boundingBox(), await page.locator('.dialog-actions').boundingBox()];
  assert.ok(box !== null && button !== null && box.y > 0, words);
  assert.ok(box.y + box.height <= button.y && button.y + button.height <= 600, words);
}

/** Five wrong PINs lock a number; the administrator sees where, and releases it without a new PIN. */
async function lockAndRelease(apps: Apps, page: Page, number: string, name: string): Promise<void> {
  const tryPin = async (pin: string): Promise<number> =>
    (await request(apps.office).post('/api/session').send({ number, pin })).status;
  for (const pin of ['111', '222', '333', '444', '555']) assert.equal(await tryPin(pin), 403);
  assert.equal(await tryPin('246813'), 403);
  await page.reload();
  await page.getByRole('tab', { name: '職員' }).click();
  await page.getByRole('row', { name: new RegExp(`${name}.*会計課の画面でロック`) }).waitFor();
  await expectNoViolations(page, 'a lock');
  await page.getByRole('button', { name: `ロックを解除 ${name}` }).click();
  await page.getByText(`${number} ${name} のロックを解除しました`).waitFor();
  await page.getByText('会計課の画面でロック').waitFor({ state: 'detached' });
  assert.equal(await tryPin('246813'), 204);
  await page.getByRole('button', { name: `履歴 ${name}` }).click();
  await page.getByRole('dialog').getByText('7001 管理 はじめ　ロックを解除しました').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: '閉じる' }).last().click();
}

test('an idle screen locks in the place of the fees: never while a payment runs, never over an unknown one', async (t) => {
  const house = await openHouse(t, { BOOK: 'training' });
  const browser = await openBrowser(t);
  const { page, faults } = await openPage(browser, 'about:blank', { width: 1280, height: 800 });
  await page.clock.install();
  await page.goto(house.counter);
  await signIn(page, '1001', '123456');
  await page.locator('button.go', { hasText: '料金を選んでください' }).waitFor();

  await page.getByRole('tab', { name: '市民' }).click();
  await page.locator('button.fee', { hasText: '住民票の写し' }).click();
  await page.getByRole('radio', { name: 'クレジット' }).click({ force: true });
  await page.getByRole('button', { name: /400円を支払う/ }).click();
  const cancel = page.getByRole('button', { name: /取り消しを頼む/, disabled: false });
  await cancel.waitFor();
  await page.clock.fastForward('11:00');
  assert.equal(await page.getByRole('dialog', { name: 'サインイン' }).count(), 0);
  assert.equal(await cancel.isEnabled(), true);

  await handleCable(house, 'pull_cable');
  await page.getByText('もう一度支払いをしないでください。').first().waitFor();
  await page.clock.fastForward('11:00');
  await page.getByRole('dialog', { name: 'サインイン' }).waitFor();
  await expectNoViolations(page, 'locked beside an unknown payment');
  const door = await page.getByRole('dialog', { name: 'サインイン' }).boundingBox();
  for (const told of [
    page.getByText('もう一度支払いをしないでください。').first(),
    page.getByText('お客様への案内'),
    page.getByText('結果の分からない支払いが 1件'),
  ]) {
    const box = await told.boundingBox();
    assert.ok(await told.isVisible());
    assert.ok(door !== null && box !== null && !overlap(door, box), 'nothing of it is covered');
  }
  // A reload does not go round the lock, and the unknown payment is still told after signing in.
  await page.reload();
  await page.getByRole('alertdialog', { name: 'サインイン' }).waitFor();
  await signIn(page, '1002', '123456');
  await page.getByText('結果の分からない支払いが 1件').waitFor();
  await planResidents(house, []);
  assert.deepEqual(withoutRefusals(faults), []);
});

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
