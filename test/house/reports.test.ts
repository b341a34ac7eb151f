/** Reports at the office's real screen: a day with everything in it, looked into, and handed out as files. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import exceljs from 'exceljs';
import fc from 'fast-check';
import type { Page } from 'playwright-core';
import { buildScreens } from '../../src/web/build.ts';
import { openApps } from '../support/apps.ts';
import { look, openBrowser, openPage } from '../support/browser.ts';
import { openTestCounter } from '../support/drained.ts';
import { DAYS, PLANNED_SALE, record } from '../reports/random-books.ts';
import { armedSale } from '../support/sale.ts';

const folder = process.env['SCREENSHOTS'];
/** Two counters sell on one ticket. */
const DOUBLED_ON = '2026-05-07';

/** Presses a button that makes a file; its bytes. */
async function download(office: Page, button: string): Promise<{ name: string; bytes: Buffer }> {
  const [file] = await Promise.all([
    office.waitForEvent('download'),
    office.getByRole('button', { name: button }).click(),
  ]);
  const parts: Buffer[] = [];
  for await (const part of (await file.createReadStream()) as AsyncIterable<Buffer>) parts.push(part);
  const bytes = Buffer.concat(parts);
  if (folder !== undefined) await writeFile(`${folder}/${file.suggestedFilename()}`, bytes);
  return { name: file.suggestedFilename(), bytes };
}

test('accounting reads a day, a month and a year, looks into a figure, and takes the files away', async (t) => {
  const apps = await openApps(t, { screensDir: await buildScreens() });
  apps.clock.now = new Date('2026-05-08T08:00:00Z');
  const counter = openTestCounter(t, apps.db, '09');
  for (const sale of fc.sample(PLANNED_SALE, { numRuns: 70, seed: 31 })) record(counter, sale);
  await counter.drain();
  const browser = await openBrowser(t);
  const { page: office, faults } = await openPage(browser, apps.office, { width: 1280, height: 800 });
  await office.getByRole('tab', { name: '帳票' }).click();
  await office.getByRole('heading', { name: '収納金日計表　令和8年5月1日(金)' }).waitFor();
  await office.getByText('まだ締めていません').first().waitFor();
  await office.getByText('該当するものがない欄：').waitFor();
  await look(office, 'reports-day', { fullPage: true });

  const windows = office.getByRole('region', { name: '窓口別' });
  const figure = windows.getByRole('row', { name: /^合計/ }).getByRole('button').last();
  const net = (await figure.textContent()) ?? '';
  await figure.click();
  const dialog = office.getByRole('dialog');
  await dialog.getByText(/件（\d+行）/).waitFor();
  assert.ok((await dialog.getByText(/件（\d+行）/).textContent())?.includes(net), 'the list adds up to it');
  await look(office, 'reports-lines', { fullPage: true });
  await dialog.getByRole('button', { name: '閉じる' }).last().click();

  await office.getByLabel('期間').selectOption('month');
  await office.getByRole('button', { name: '前へ' }).click();
  await office.getByRole('heading', { name: '収納金月計表　令和8年4月' }).waitFor();
  await office.getByRole('img', { name: /日ごとの売上/ }).waitFor();
  await look(office, 'reports-month', { fullPage: true });
  // The address is the report's own: it opens again, and back and forth lead through the reports that were read.
  await office.reload();
  await office.getByRole('heading', { name: '収納金月計表　令和8年4月' }).waitFor();
  await figure.click();
  await dialog.getByText(/件（\d+行）/).waitFor();
  await office.goBack();
  await office.getByRole('heading', { name: '収納金月計表　令和8年5月' }).waitFor();
  assert.equal(await dialog.count(), 0, 'what was looked into is no figure of this month');
  await office.goForward();
  await office.getByRole('heading', { name: '収納金月計表　令和8年4月' }).waitFor();
  await dialog.waitFor({ state: 'detached' });
  await office.getByLabel('期間').selectOption('day');
  await office.getByRole('textbox', { name: '日付' }).fill('2026/05/08');
  await office.getByText('記録があるいちばん近い日：').waitFor();
  await look(office, 'reports-nothing', { fullPage: true });
  await office.getByRole('button', { name: '5月1日(金)' }).click();
  await office.getByRole('heading', { name: '令和8年5月1日(金)' }).waitFor();
  await typeDays(office);

  // What arrives after the report was read is in the list, and the figure that was pressed says so.
  const before = Number((await figure.textContent())?.replace('−', '-').replace(/[^\d-]/g, ''));
  counter.sell({ amountYen: 77_000, businessDate: '2026-05-01' });
  await counter.drain();
  await figure.click();
  await dialog.getByText('表示のあとに、市の記録が変わりました。').waitFor();
  await look(office, 'reports-stale', { fullPage: true });
  await dialog.getByRole('button', { name: '帳票を読み直す' }).click();
  await figure.filter({ hasText: (before + 77_000).toLocaleString('ja-JP') }).waitFor();
  await figure.click();
  await dialog.getByText(/件（\d+行）/).waitFor();
  assert.equal(await dialog.getByText('表示のあとに').count(), 0);
  await dialog.getByRole('button', { name: '閉じる' }).last().click();

  await office.getByLabel('期間').selectOption('year');
  await office.getByRole('heading', { name: '収納金年計表　令和8年度' }).waitFor();
  await expectWholeTables(office);
  // As the browser prints it on A4 with its own margins.
  await office.setViewportSize({ width: 718, height: 1000 });
  await office.emulateMedia({ media: 'print' });
  await expectWholeTables(office);
  assert.equal(await office.getByRole('button', { name: '印刷用（PDF）' }).isVisible(), false);
  await office.emulateMedia({ media: null });
  await office.setViewportSize({ width: 1024, height: 768 });
  await look(office, 'reports-year', { fullPage: true });

  await office.getByLabel('期間').selectOption('day');
  await office.getByRole('textbox', { name: '日付' }).fill(DAYS[1] ?? '');
  await office.getByRole('heading', { name: '令和8年3月31日(火)' }).waitFor();
  const paper = await download(office, '印刷用（PDF）');
  assert.equal(paper.name, '収納金日計表_2026-03-31.pdf');
  assert.equal(paper.bytes.subarray(0, 5).toString('latin1'), '%PDF-');
  const sheet = new exceljs.Workbook();
  const book = await download(office, 'Excel（XLSX）');
  await sheet.xlsx.load(book.bytes as unknown as exceljs.Buffer);
  assert.ok(sheet.getWorksheet('歳入科目別') !== undefined);
  const csv = await download(office, 'CSV（Shift_JIS）');
  const text = new TextDecoder('shift_jis').decode(csv.bytes);
  assert.match(text, /^種別,日付,会計年度/);
  assert.match(text, /明細,2026-03-31,2025,売上,/);
  assert.match(text, /注記.*作成：令和8年5月8日/);

  // Two counters without network sold on the same charge ticket.
  for (const each of ['07', '08']) {
    const other = openTestCounter(t, apps.db, each);
    const { lines, amountYen, window, windowNameJa, catalogueVersion, clerk, requestHash } = armedSale();
    const sale = {
      // A name that the office gave: CP932 has all of its letters but the last.
      lines: lines.map((line) => ({ ...line, nameJa: `${line.nameJa} 髙﨑①～−😀` })),
      amountYen,
      window,
      windowNameJa,
      businessDate: DOUBLED_ON,
      catalogueVersion,
      clerk,
      requestHash,
    };
    other.journal.append('counted', randomUUID(), { ...sale, tender: 'cash', once: ['ticket:R-9'] });
    await other.drain();
  }
  await office.setViewportSize({ width: 1280, height: 800 });
  // Where accounting looks first, it is said, and one touch leads there.
  await office.getByRole('tab', { name: '突合' }).click();
  await office.getByText(/二重の疑い 1件。/).waitFor();
  await look(office, 'morning-doubles', { fullPage: true });
  await office.getByRole('link', { name: '二重の疑い 1件を見る' }).click();
  await office.getByRole('heading', { name: '二重の疑い 1件' }).waitFor();
  await look(office, 'office-doubles', { fullPage: true });
  await office.getByRole('button', { name: '確かめた' }).press('Enter');
  await dialog.getByLabel('確かめたこと・理由').waitFor();
  await look(office, 'office-doubles-decided', { fullPage: true });
  await dialog
    .getByRole('button', { name: /やめる|閉じる/ })
    .first()
    .click();
  await expectTold(office, DOUBLED_ON);
  // The file that was not made.
  assert.deepEqual(faults, [REFUSED]);
});

/** On a common screen no table of the report is cut off, and no name stands letter below letter. */
async function expectWholeTables(office: Page): Promise<void> {
  const cut = await office.evaluate<string[]>(`(() => {
    for (const fold of document.querySelectorAll('details.report-fold')) fold.open = true;
    const tables = [...document.querySelectorAll('.report-scroll')];
    const names = [...document.querySelectorAll('.plot-numbers th[scope=row]')];
    return [
      ...tables.filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.ariaLabel),
      ...names.filter((each) => each.clientHeight > 40).map((each) => each.textContent),
    ];
  })()`);
  assert.deepEqual(cut, []);
}

/** A day that is typed letter by letter is one step of the browser's own, whatever days it was on its way. */
async function typeDays(office: Page): Promise<void> {
  const day = office.getByRole('textbox', { name: '日付' });
  const expectDay = (nameJa: string) => office.getByRole('heading', { name: nameJa }).waitFor();
  await day.clear();
  await day.pressSequentially('2026/4/3');
  await expectDay('収納金日計表　令和8年4月3日(金)');
  await day.press('0');
  await expectDay('収納金日計表　令和8年4月30日(木)');
  await office.goBack();
  await expectDay('収納金日計表　令和8年5月1日(金)');
  // What was entered to the end is a step of its own.
  await day.fill('2026/4/3');
  await day.press('Enter');
  await day.press('0');
  await expectDay('収納金日計表　令和8年4月30日(木)');
  await office.goBack();
  await expectDay('収納金日計表　令和8年4月3日(金)');
  await office.goBack();
  await expectDay('収納金日計表　令和8年5月1日(金)');
}

/** As the browser notes an answer of 409. */
const REFUSED = 'console: Failed to load resource: the server responded with a status of 409 (Conflict)';

/** What Shift_JIS has not is told with its place before any file is made, and replaced only when a person says so. */
async function expectTold(office: Page, day: string): Promise<void> {
  await office.getByRole('tab', { name: '帳票' }).click();
  await office.getByLabel('期間', { exact: true }).selectOption('day');
  await office.getByRole('textbox', { name: '日付' }).fill(day);
  await office.getByRole('button', { name: 'CSV（Shift_JIS）' }).click();
  await office.getByRole('listitem').filter({ hasText: '「😀」（﨑①～−😀' }).waitFor();
  await look(office, 'reports-not-in-shift-jis', { fullPage: true });
  const { bytes } = await download(office, 'これらを〓に置きかえて作る');
  assert.match(new TextDecoder('shift_jis').decode(bytes), / 髙﨑①～－〓/);
  await office.getByText('「😀」').waitFor({ state: 'detached' });
}
