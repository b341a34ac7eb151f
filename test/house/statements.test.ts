/** Statements at the office's real screen: a file brought in, a broken one told, a format mended on the real file. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { buildScreens } from '../../src/web/build.ts';
import { openApps } from '../support/apps.ts';
import { look, openBrowser, openPage, signInAs } from '../support/browser.ts';
import { confirmAsSecond } from '../support/fee-office.ts';
import { sampleFile } from '../support/statements.ts';

const fileOf = (name: string, buffer: Uint8Array) => ({
  ...{ name, mimeType: 'application/octet-stream', buffer: Buffer.from(buffer) },
});

/** Who declares with accounting. */
const ADMINISTRATOR = '1004';

/** Runs in the page: what stands in a field of the form, or is chosen there, and is wider than it. */
const CUT_OFF = `[...document.querySelectorAll('.format-fields :is(input, select)')].flatMap((field) => {
  const style = getComputedStyle(field);
  const ink = document.createElement('canvas').getContext('2d');
  ink.font = style.font;
  const text = field.selectedOptions?.[0]?.text ?? (field.value || field.placeholder);
  const room = field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return ink.measureText(text).width > room ? [field.ariaLabel + ': ' + text] : [];
})`;

/** Runs in the page: what stands over the right edge of the table. */
const OVER_THE_TABLE = `[...document.querySelectorAll('.format-fields td > *')]
  .filter((part) => part.getBoundingClientRect().right > part.closest('table').getBoundingClientRect().right + 1)
  .map(({ textContent }) => textContent)`;

/** Everything that stands in the form can be read. */
async function expectNothingCutOff(office: Page): Promise<void> {
  assert.deepEqual(await office.evaluate<string[]>(CUT_OFF), []);
  assert.deepEqual(await office.evaluate<string[]>(OVER_THE_TABLE), []);
}

/** The office at its page of statements, with the ways that a hand has there. */
function openStatements(office: Page) {
  const bringing = office.getByRole('region', { name: '明細の取り込み' });
  const result = office.getByRole('region', { name: '読み取りの結果' });
  const said = (name: string) => office.getByLabel(name, { exact: true });
  return {
    bringing,
    result,
    said,
    async bring(format: string, name: string, bytes: Uint8Array): Promise<void> {
      await bringing.getByLabel('フォーマット').selectOption(format);
      await bringing.getByLabel('ファイル').setInputFiles(fileOf(name, bytes));
      await bringing.getByRole('button', { name: '取り込む' }).click();
    },
    /** As a hand drags it in from a folder. */
    async drop(format: string, name: string, bytes: Uint8Array): Promise<void> {
      await bringing.getByLabel('フォーマット').selectOption(format);
      // A page's own words: the program beside it has no such thing.
      const dataTransfer = await office.evaluateHandle(`(() => {
        const dragged = new DataTransfer();
        dragged.items.add(new File([new Uint8Array(${JSON.stringify([...bytes])})], ${JSON.stringify(name)}));
        return dragged;
      })()`);
      const field = bringing.locator('.file-field');
      await field.dispatchEvent('dragover', { dataTransfer });
      await bringing.locator('.file-field[data-over="true"]').waitFor();
      await field.dispatchEvent('drop', { dataTransfer });
      await bringing.getByText(name).waitFor();
      await bringing.getByRole('button', { name: '取り込む' }).click();
    },
    async begin(name: string, bytes: Uint8Array): Promise<void> {
      await office.getByRole('button', { name: '新しいフォーマットを作る' }).press('Enter');
      await office.getByLabel('実際のファイル').setInputFiles(fileOf(name, bytes));
      await office.getByRole('region', { name: 'ファイルの形' }).waitFor();
    },
    /** A place of fixed records, typed. */
    async type(label: string, place: string): Promise<void> {
      await said(label).fill(place);
      await said(label).press('Enter');
    },
    /** Names it, has it confirmed, and brings the file in that it was tried on. */
    async keepAndBring(of: { nameJa: string; acquirer?: string; code: string; file: string }): Promise<void> {
      const names = office.getByRole('region', { name: '名前と理由' });
      if (of.acquirer !== undefined) await names.getByLabel('決済会社').selectOption(of.acquirer);
      await names.getByLabel('名前').fill(of.nameJa);
      await names.getByRole('textbox', { name: 'コード' }).fill(of.code);
      await names.getByLabel('理由').fill('契約の開始');
      await names.getByLabel('理由').press('Enter');
      await confirmAsSecond(office, of.nameJa, ADMINISTRATOR);
      await bringing.getByText('フォーマットを残しました').waitFor();
      await bringing.getByRole('button', { name: '取り込む' }).press('Enter');
      await bringing.getByText(`「${of.file}」を取り込みました。`).waitFor();
    },
  };
}

test('accounting declares how each kind of file is read on the file itself, brings it in, and sees what is not right', async (t) => {
  const apps = await openApps(t, { screensDir: await buildScreens() });
  // The day of the last deposit.
  apps.clock.now = new Date('2026-12-28T01:00:00Z');
  const browser = await openBrowser(t);
  const { page: office, faults } = await openPage(browser, apps.office, { width: 1280, height: 800 });
  await office.getByRole('tab', { name: '明細' }).click();
  const { bringing, result, said, ...at } = openStatements(office);
  const dialog = office.getByRole('dialog');

  // A card acquirer's month: everything is guessed but the acquirer and the totals.
  await at.begin('11月カード.csv', sampleFile('card-monthly'));
  await result.getByText('すべて読めました。明細 4件 1,600円').waitFor();
  await look(office, 'format-card');
  await expectNothingCutOff(office);
  // Nobody has said where it names the city: that is told before it is kept.
  await office
    .getByRole('row', { name: /市の番号.*ほかの市や店舗のファイルでも、読めれば取り込みます/ })
    .waitFor();
  await office.getByRole('button', { name: '合計の行と合う 3つを照合に加える' }).press('Enter');
  await result.getByText('すべて読めました').waitFor();
  await at.keepAndBring({ nameJa: 'カード月末', acquirer: 'card', code: 'card-2', file: '11月カード.csv' });
  await bringing.getByText('明細 4件 1,600円、新しいもの 4件').waitFor();
  await office.getByText(/合わないもの \d+件。.*説明できない差 0円。/).waitFor();

  // E-money, fixed places: what no name tells is typed, byte by byte.
  await at.begin('11月電子マネー.dat', sampleFile('emoney-fixed'));
  await office.setViewportSize({ width: 1024, height: 768 });
  await at.type('取引日の列', '2-9');
  await said('取引日の書き方').selectOption('yyyymmdd');
  await at.type('金額の列', '34-43');
  await at.type('手数料（税込み）の列', '44-49');
  await at.type('精算番号の列', '50-61');
  await at.type('種別の列', '32-33');
  for (const [value, kind] of [
    ['10', 'sale'],
    ['21', 'refund'],
  ] as const)
    await said(`種別「${value}」の意味`).selectOption(kind);
  await office.getByLabel('符号はなく、種別で決まる').check();
  await at.type('ブランドの列', '30-31');
  for (const [value, brand] of [
    ['01', 'transit_ic'],
    ['04', 'nanaco'],
  ] as const)
    await said(`ブランド「${value}」の意味`).selectOption(brand);
  await result.getByText('「03」は知らないブランドです').waitFor();
  await look(office, 'format-emoney-fault');
  await said('ブランド「03」の意味').selectOption('waon');
  await result.getByText('すべて読めました。明細 4件 600円').waitFor();
  await look(office, 'format-emoney');
  await at.keepAndBring({
    ...{ nameJa: '電子マネー', acquirer: 'emoney', code: 'emoney-2', file: '11月電子マネー.dat' },
  });

  // A bank's register has one layout everywhere: it is known.
  await office.setViewportSize({ width: 1280, height: 800 });
  await at.begin('12月口座.dat', sampleFile('zengin-account'));
  await result.getByText('すべて読めました。明細 4件').waitFor();
  // Whose account it is stands in the header; that it is the city's, a person says.
  await office.getByRole('row', { name: /市の番号 口座番号 .*0001234567/ }).waitFor();
  await expectNothingCutOff(office);
  await office.getByRole('button', { name: '市の番号として登録する' }).press('Enter');
  await office.getByLabel('市の番号（読点で区切る）').waitFor();
  await look(office, 'format-bank');
  await at.keepAndBring({ nameJa: '口座', code: 'bank-2', file: '12月口座.dat' });

  // A code provider's day that calls a brand by another name than ever, and has one kind that no file had.
  const other = Buffer.from(sampleFile('qr-daily')).toString('utf8').replaceAll('d払い', 'Dバライ');
  await at.begin('11月24日QR.tsv', Buffer.from(other));
  await result.getByText('「Dバライ」は知らないブランドです').waitFor();
  await expectNothingCutOff(office);
  await look(office, 'format-code-fault');
  await said('ブランド「Dバライ」の意味').selectOption('d_barai');
  await said('種別の値を足す').fill('返金失敗');
  await office.getByRole('region', { name: '種別' }).getByRole('button', { name: '値を足す' }).press('Enter');
  await said('種別「返金失敗」の意味').selectOption('refund_failed');
  await result.getByText('すべて読めました。明細 4件 1,150円').waitFor();
  await at.keepAndBring({ nameJa: 'コード日次', acquirer: 'qr', code: 'qr-2', file: '11月24日QR.tsv' });
  await office.getByRole('row', { name: /コード決済会社\s+QR20261124/ }).waitFor();
  // Read by a format without the city's number; the account's was looked at.
  await bringing.getByText('だれのファイルかは確かめていません').waitFor();
  await office.getByRole('row', { name: /11月24日QR.tsv .*だれのものかは未確認/ }).waitFor();
  await office.getByRole('row', { name: /12月口座.dat .*取り込み済み 見る/ }).waitFor();
  await look(office, 'statements');

  // Before anything is brought in by it, too, and not by one that looks for the number.
  await bringing.getByLabel('フォーマット').selectOption('qr-2');
  await bringing.getByLabel('ファイル').setInputFiles(fileOf('次.tsv', sampleFile('qr-daily')));
  const unchecked = bringing.getByText('だれのファイルかは確かめずに取り込みます');
  await unchecked.waitFor();
  await look(office, 'statements-unchecked');
  await bringing.getByLabel('フォーマット').selectOption('bank-2');
  await unchecked.waitFor({ state: 'detached' });

  // The same once more, and one that is broken: nothing changes, and the line is told.
  await at.drop('card-2', 'もう一度.csv', sampleFile('card-monthly'));
  await bringing
    .getByText('「11月カード.csv」としてすでに取り込まれています。何も変えていません。')
    .waitFor();
  // Another city's account is told as that, and changes nothing.
  const account = Buffer.from(sampleFile('zengin-account')).toString('latin1');
  const others = Buffer.from(account.replace('0001234567', '0007654321'), 'latin1');
  await at.bring('bank-2', 'よその口座.dat', others);
  await bringing.getByText('「0007654321」は、市に登録した番号（0001234567）ではありません。').waitFor();
  await look(office, 'statements-foreign');
  await at.bring('qr-2', '壊れた.tsv', Buffer.from(other.replace('\t750\t', '\t7五0\t')));
  await bringing.getByText('4行目（金額）').waitFor();
  await office.setViewportSize({ width: 1024, height: 768 });
  await look(office, 'statements-refused');
  await office.getByRole('button', { name: '見る 11月カード.csv' }).click();
  await dialog.getByRole('row', { name: /5.*売上.*400円/ }).waitFor();
  await dialog.getByText('だれのファイルかは確かめていません').waitFor();
  await look(office, 'statements-lines');
  await dialog.getByRole('button', { name: '閉じる' }).click();

  // Another version of one, and its history.
  await office.setViewportSize({ width: 1280, height: 800 });
  await office.getByRole('button', { name: '変える コード日次' }).press('Enter');
  await said('種別「返金失敗」の意味').selectOption('chargeback');
  const names = office.getByRole('region', { name: '名前と理由' });
  await names.getByLabel('理由').fill('区分の変更');
  await names.getByLabel('理由').press('Enter');
  await confirmAsSecond(office, /返金失敗 → チャージバック/, ADMINISTRATOR);
  await office.getByRole('button', { name: '履歴 コード日次' }).press('Enter');
  await dialog.getByText('会計 さくら（確認 管理 一郎）　理由：区分の変更').waitFor();
  await look(office, 'format-history');
  // An administrator takes in what another city has declared; what is no declaration is refused.
  await dialog.getByRole('button', { name: '閉じる' }).click();
  await signInAs(office, apps.office, ADMINISTRATOR);
  await office.getByRole('button', { name: '変える コード日次' }).press('Enter');
  await office.getByText('管理者向け：JSON で書き出す・読み込む').click();
  const json = office.getByLabel('読み込む JSON');
  await json.setInputFiles(fileOf('別.json', Buffer.from('{"code": "qr-2"}')));
  await office.getByText(/フォーマットとして読めません/).waitFor();
  const text = (await office.getByRole('region', { name: 'フォーマットの JSON' }).textContent()) ?? '';
  await json.setInputFiles(fileOf('qr-2.json', Buffer.from(text.replace('"chargeback"', '"refund"'))));
  await office.getByText('読み込みました。まだ残していません。').waitFor();
  assert.equal(await said('種別「返金失敗」の意味').inputValue(), 'refund');
  await look(office, 'format-json');
  assert.deepEqual(faults, []);
});
