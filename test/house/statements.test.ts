/** Statements at the office's real screen: a file brought in, a broken one told, a format mended on the real file. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { buildScreens } from '../../src/web/build.ts';
import { openApps } from '../support/apps.ts';
import { expectNoViolations, openBrowser, openPage } from '../support/browser.ts';
import { sampleFile } from '../support/statements.ts';

/** No violation, and with SCREENSHOTS=folder a picture of it for a person to look at. */
async function look(office: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (folder !== undefined) await office.screenshot({ path: `${folder}/${name}.png` });
  await expectNoViolations(office, name);
}

const fileOf = (name: string, buffer: Uint8Array) => ({
  ...{ name, mimeType: 'application/octet-stream', buffer: Buffer.from(buffer) },
});

test('accounting brings statements in, sees what is not right, and declares how a new one is read', async (t) => {
  const apps = await openApps(t, { screensDir: await buildScreens() });
  const browser = await openBrowser(t);
  const { page: office, faults } = await openPage(browser, apps.office, { width: 1280, height: 800 });
  await office.getByRole('tab', { name: '明細' }).click();
  const bringing = office.getByRole('region', { name: '明細の取り込み' });
  const bring = async (format: string, name: string, bytes: Uint8Array): Promise<void> => {
    await bringing.getByLabel('フォーマット').selectOption(format);
    await bringing.getByLabel('ファイル').setInputFiles(fileOf(name, bytes));
    await bringing.getByRole('button', { name: '取り込む' }).click();
  };

  await bring('card-monthly', '11月カード.csv', sampleFile('card-monthly'));
  await bringing.getByText('「11月カード.csv」を取り込みました。明細 4件 1,600円、新しいもの 4件').waitFor();
  await office.getByText(/要対応 \d+件。.*説明できない差 0円。/).waitFor();
  await office.getByRole('row', { name: /窓口の記録にない.*4件/ }).waitFor();
  await look(office, 'statements');
  await bring('card-monthly', 'もう一度.csv', sampleFile('card-monthly'));
  await bringing
    .getByText('「11月カード.csv」としてすでに取り込まれています。何も変えていません。')
    .waitFor();

  const broken = Buffer.from(sampleFile('qr-daily')).toString('utf8').replace('\t750\t', '\t7五0\t');
  await bring('qr-daily', '11月24日QR.tsv', Buffer.from(broken));
  await bringing.getByText('4行目（金額）').waitFor();
  await office.setViewportSize({ width: 1024, height: 768 });
  await look(office, 'statements-refused');

  await office.getByRole('button', { name: '見る 11月カード.csv' }).click();
  const dialog = office.getByRole('dialog');
  await dialog.getByRole('row', { name: /5.*売上.*400円/ }).waitFor();
  await look(office, 'statements-lines');
  await dialog.getByRole('button', { name: '閉じる' }).click();

  await office.setViewportSize({ width: 1280, height: 800 });
  await office.getByRole('button', { name: '開く QRコード決済 日次明細（TSV）' }).click();
  const other = Buffer.from(sampleFile('qr-daily')).toString('utf8').replaceAll('d払い', 'Dbarai');
  await dialog.getByLabel('試すファイル').setInputFiles(fileOf('new.tsv', Buffer.from(other)));
  await dialog.getByText('「Dbarai」は知らないブランドです').waitFor();
  await look(office, 'statements-format-fault');
  const text = dialog.getByRole('textbox');
  await text.fill((await text.inputValue()).replace('"d払い"', '"Dbarai"').replace('"qr-daily"', '"qr-new"'));
  await dialog.getByText('すべて読めました。明細 4件 1,150円').waitFor();
  await look(office, 'statements-format');
  await dialog.getByRole('button', { name: '新しいフォーマットとして残す' }).click();
  await dialog.waitFor({ state: 'detached' });
  await bring('qr-new', 'new.tsv', Buffer.from(other));
  await bringing.getByText('「new.tsv」を取り込みました').waitFor();
  await office.getByRole('row', { name: /コード決済会社\s+QR20261124/ }).waitFor();
  assert.deepEqual(faults, []);
});
