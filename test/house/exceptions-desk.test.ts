/** The exceptions desk at the office's real screen: from the morning's sentence to two people's word, by keyboard. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import request from 'supertest';
import { SAMPLE_PIN } from '../../src/staff/sample.ts';
import { buildScreens } from '../../src/web/build.ts';
import { openApps, TOKEN } from '../support/apps.ts';
import { codeStatement, sellByCode } from '../support/books.ts';
import { lookInBothSizes, openBrowser, openPage, signInAs } from '../support/browser.ts';
import { openTestCounter } from '../support/drained.ts';
import { confirmAsSecond } from '../support/fee-office.ts';

const DAY = '2026-11-02';

test('what does not agree is a case, which two people close, new data settles, and nobody loses', async (t) => {
  const apps = await openApps(t, { screensDir: await buildScreens() });
  apps.clock.now = new Date('2026-11-10T00:00:00Z');
  // In turn with the start's night: were that still to come, it would find payments here whose statement is on its way.
  await request(apps.office)
    .post('/api/office/books/match')
    .set('Authorization', `Bearer ${TOKEN}`)
    .expect(200);
  const counter = openTestCounter(t, apps.db, '02');
  const sell = (slip: string, amountYen: number): string =>
    sellByCode(counter, { slip, amountYen, businessDate: DAY });
  const [over, , later, well] = [sell('0001', 400), sell('0002', 300), sell('0003', 750), sell('0004', 200)];
  await counter.drain();
  const bring = async (name: string, bytes: Buffer): Promise<void> => {
    await request(apps.office)
      .post(`/api/office/statements/files?format=qr-daily&upload=u&name=${name}`)
      .set('Authorization', `Bearer ${TOKEN}`)
      .set('Content-Type', 'application/octet-stream')
      .send(bytes)
      .expect(({ ok }) => assert.ok(ok));
  };
  await bring(
    'first.tsv',
    codeStatement(DAY, [
      { number: 'n1', reference: over, yen: 500 },
      { number: 'n2', reference: '', yen: 300 },
      { number: 'n4', reference: well, yen: 200 },
    ]),
  );
  await bring('broken.tsv', Buffer.from(`${codeStatement(DAY, []).toString()}2026-11-02\tx\n`));

  const browser = await openBrowser(t);
  const { page: office, faults } = await openPage(browser, apps.office, { width: 1280, height: 800 });
  // The amount that is over, two rows that look for each other, one that is missing, a file that came late and one that is broken, a day
  // that nobody closed. (That the deposit has come, no register denies yet.)
  await office.getByText(/昨日 会計はありませんでした。最後の会計は .*要対応 7件。/).waitFor();
  await lookInBothSizes(office, 'morning');
  await office.getByRole('link', { name: '要対応 7件を見る' }).click();
  const panel = office.getByRole('article');
  await panel.getByRole('heading', { level: 2 }).waitFor();

  await office.getByRole('button', { name: /300円が明細だけにある/ }).click();
  await panel.getByText(/候補：11月2日\(月\)/).waitFor();
  await lookInBothSizes(office, 'desk-pair');
  await office.keyboard.press('Enter');
  const dialog = office.getByRole('dialog');
  await dialog.getByText('明細の行と組にする（手動一致）').waitFor();
  await lookInBothSizes(office, 'desk-resolve');
  await dialog.getByRole('button', { name: '別の人がここで確認する' }).click();
  await confirmAsSecond(office, /手動一致/);
  await office.getByRole('button', { name: '要対応 5', exact: true }).waitFor();
  const { rows } = { rows: await apps.db.selectFrom('current_matches').selectAll().execute() };
  assert.deepEqual(
    rows.filter(({ matched_by }) => matched_by === 0).map(({ status, ours_yen }) => [status, ours_yen]),
    [['matched', 300]],
  );

  // By keyboard alone: to the amount that is over, taken, asked about, proposed.
  await office.getByRole('button', { name: /明細が 100円多い/ }).click();
  const differs = panel.getByRole('row', { name: /金額.*400円.*500円/ });
  await differs.waitFor();
  await office.keyboard.press('j');
  await differs.waitFor({ state: 'detached' });
  await panel.getByRole('button', { name: /^前/ }).click();
  await differs.waitFor();
  await office.keyboard.press('a');
  await panel.getByText('担当：会計 さくら').waitFor();
  await office.keyboard.press('Enter');
  await dialog.getByRole('textbox').fill('窓口 12-3456 に電話');
  await lookInBothSizes(office, 'desk-note');
  await office.keyboard.press('Control+Enter');
  await panel.getByText('決済会社に問い合わせ中です。').waitFor();
  await dialog.waitFor({ state: 'detached' });
  await lookInBothSizes(office, 'desk-asked');
  await office.keyboard.press('r');
  await dialog.getByLabel('差を決裁のうえ処理した').check();
  await office.keyboard.press('Control+Enter');
  await dialog.getByText('確かめたことを書いてください。').waitFor();
  // What is missing has the focus already.
  await office.keyboard.type('会計規則のとおり');
  await office.keyboard.press('Control+Enter');
  await panel.getByText('会計 さくらさんの提案：差を決裁のうえ処理した').waitFor();
  const address = office.url();
  await dialog.waitFor({ state: 'detached' });
  await lookInBothSizes(office, 'desk-proposed');
  // Given to a colleague, who signs in elsewhere, finds it among their own, and confirms it by themselves.
  await panel.getByLabel('担当').selectOption({ label: '出納 太郎' });
  await panel.getByText('担当：出納 太郎').waitFor();
  await signInAs(office, apps.office, '1002');
  await office.getByRole('button', { name: '自分 1', exact: true }).click();
  await panel.getByRole('button', { name: '内容を確かめた。済みにする' }).waitFor();
  await office.getByRole('button', { name: /明細が 100円多い/ }).click();
  await lookInBothSizes(office, 'desk-of-second');
  await office.keyboard.press('Enter');
  await office.getByRole('button', { name: '要対応 4', exact: true }).waitFor();
  await office.getByText(/^案件 \d+ は済みになりました：.*明細が 100円多い/).waitFor();
  await office.getByRole('button', { name: /^済み/ }).click();
  await office.getByRole('button', { name: /明細が 100円多い/ }).click();
  await panel.getByText('会計 さくら（確認 出納 太郎）').waitFor();
  // Its address leads to it, though it is among the closed ones now; the way back leads to where one came from.
  await office.goto('about:blank');
  await office.goto(address);
  await panel.getByRole('heading', { name: /明細が 100円多い/ }).waitFor();
  await panel.getByText('会計 さくら（確認 出納 太郎）').waitFor();
  await office.getByRole('link', { name: '朝の確認' }).click();
  await office.getByRole('link', { name: '要対応 4件を見る' }).click();
  await panel.getByRole('heading', { level: 2 }).waitFor();
  await office.keyboard.press('j');
  await office.waitForURL(/case=/);
  const sentence = await panel.getByRole('heading', { level: 2 }).innerText();
  await office.reload();
  await panel.getByRole('heading', { name: sentence }).waitFor();
  await office.goBack();
  await office.getByRole('link', { name: '要対応 4件を見る' }).waitFor();
  await office.goForward();
  await panel.getByRole('heading', { name: sentence }).waitFor();
  await office.getByRole('button', { name: '要対応 4', exact: true }).waitFor();
  await signInAs(office, apps.office, '1003');

  // The line that was missing comes after all: the case says so, and stays to be read.
  await bring('second.tsv', codeStatement(DAY, [{ number: 'n3', reference: later, yen: 750 }]));
  await office.reload();
  await office.getByRole('button', { name: '要対応 4', exact: true }).waitFor();
  await office.getByRole('button', { name: '済み 4', exact: true }).click();
  await office.getByRole('button', { name: /750円がコード決済会社の明細にない/ }).click();
  await panel.getByText('明細の到着で一致しました').first().waitFor();
  await lookInBothSizes(office, 'desk-closed');

  // Found by what somebody has in hand, among the closed ones as among the open ones, by keyboard.
  await office.getByRole('button', { name: '要対応 4', exact: true }).click();
  assert.equal(
    await office.getByText(/は済みになりました/).count(),
    0,
    'it was closed before, and by the statement',
  );
  await office.keyboard.press('/');
  await office.keyboard.type('７５０円');
  await office.getByText('「７５０円」：要対応 4件のうち 1件。済みにも 1件あります。').waitFor();
  await office.keyboard.press('Control+A');
  await office.keyboard.type('会計規則');
  await office.getByText('「会計規則」：要対応 4件のうち 0件。済みに 1件あります。').waitFor();
  await lookInBothSizes(office, 'desk-search-nothing');
  await office.keyboard.press('Enter');
  await office.getByRole('button', { name: '済み 1', exact: true }).click();
  await office.getByText('「会計規則」：済み 4件のうち 1件。').waitFor();
  await panel.getByText('会計 さくら（確認 出納 太郎）').waitFor();
  await lookInBothSizes(office, 'desk-search');
  await office.keyboard.press('/');
  await office.keyboard.press('Escape');
  await office.getByRole('button', { name: '済み 4', exact: true }).waitFor();

  // Two people were wrong about a pair: two people take it apart, and both of its rows are open again.
  await office.getByRole('button', { name: /300円が明細だけにある/ }).click();
  await panel.getByRole('button', { name: '組を解く' }).waitFor();
  await office.keyboard.press('u');
  await dialog.getByLabel('解く理由').fill('別の人の支払いだった');
  await lookInBothSizes(office, 'desk-unpair');
  await dialog.getByRole('button', { name: '別の人の確認へ' }).click();
  await confirmAsSecond(office, /この組を解きます（理由：別の人の支払いだった）/);
  await office.getByRole('button', { name: '要対応 6', exact: true }).click();
  await office.getByRole('button', { name: /300円が明細だけにある/ }).click();
  await panel.getByText('組を解いたため、また開きました').waitFor();
  await panel.getByText('組を解きました。別の人の支払いだった').waitFor();
  await lookInBothSizes(office, 'desk-unpaired');

  await office.getByRole('link', { name: '決済会社' }).click();
  await office.getByText('11月10日(火) の売上は、11月30日(月) に締め').waitFor();
  await lookInBothSizes(office, 'acquirers');
  await office.getByRole('button', { name: '変える カード会社' }).click();
  await dialog.getByLabel('手数料率（税込み、%）').fill('2.95');
  await dialog.getByLabel('理由').fill('契約の更新');
  await lookInBothSizes(office, 'acquirer-form');
  await dialog.getByRole('button', { name: '別の人の確認へ' }).click();
  const second = office.getByRole('alertdialog');
  await second.getByText('2.95%').waitFor();
  await second.getByLabel('職員番号').fill('1004');
  await second.getByLabel('暗証番号').fill(SAMPLE_PIN);
  await second.getByRole('button', { name: '確認しました' }).click();
  await office.getByText('2.95%（四捨五入）').waitFor();
  await office.getByRole('button', { name: '履歴 カード会社' }).click();
  await dialog.getByText('会計 さくら（確認 管理 一郎）').waitFor();

  // Another company for the same cards: refused with what to do, until the first has its last day.
  await office.keyboard.press('Escape');
  await office.getByRole('button', { name: '決済会社を加える' }).click();
  await dialog.getByLabel('名前').fill('新しいカード会社');
  await dialog.getByLabel('コード').fill('card-new');
  await dialog.getByLabel('Visa', { exact: true }).check();
  await dialog.getByLabel('理由').fill('契約先の変更');
  const onward = dialog.getByRole('button', { name: '別の人の確認へ' });
  await onward.click();
  await dialog.getByText(/は「カード会社」（期間の定めなし）が受け持っています/).waitFor();
  await lookInBothSizes(office, 'acquirer-overlaps');
  await office.keyboard.press('Escape');
  await office.getByRole('button', { name: '変える カード会社' }).click();
  await dialog.getByLabel('受け持つ最後の日').fill('11/30');
  await dialog.getByLabel('理由').fill('契約先の変更');
  await onward.click();
  await second.getByText('2026年11月30日(月) まで').waitFor();
  await second.getByLabel('職員番号').fill('1004');
  await second.getByLabel('暗証番号').fill(SAMPLE_PIN);
  await second.getByRole('button', { name: '確認しました' }).click();
  await office.getByRole('definition').getByText('2026年11月30日(月) まで').waitFor();
  assert.deepEqual(faults, []);

  // A fault of the screen's own leaves words and a way on, and no white page.
  await office.keyboard.press('Escape');
  await office.getByRole('link', { name: '要対応' }).click();
  await panel.getByRole('heading', { level: 2 }).waitFor();
  await office.evaluate(`Element.prototype.scrollIntoView = () => { throw new Error('a fault of ours'); }`);
  await office.keyboard.press('j');
  await office.getByRole('heading', { name: '画面に不具合が起きました' }).waitFor();
  await lookInBothSizes(office, 'crashed');
  await office.getByRole('button', { name: '読み込み直す' }).click();
  await panel.getByRole('heading', { level: 2 }).waitFor();
  assert.match(String(faults), /a fault of ours/);
});
