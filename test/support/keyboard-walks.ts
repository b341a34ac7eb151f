/** What each role does in a day, by keyboard alone: no touch, nothing filled in from outside. The steps stand in order. */
import type { Page } from 'playwright-core';
import { SAMPLE_PIN } from '../../src/staff/sample.ts';
import { handAt, type Hand } from './hand.ts';
import { tryUntil } from './patience.ts';

/** At the counter: whoever was there before makes way. */
async function takeOver(page: Page, hand: Hand, number: string, name: string): Promise<void> {
  await hand.press(page.getByRole('button', { name: /^担当/ }));
  await hand.type(page.getByLabel('職員番号'), number);
  await hand.type(page.getByLabel('暗証番号'), SAMPLE_PIN);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: `担当 ${name}` }).waitFor();
}

/** The next resident. */
const next = (page: Page): Promise<void> =>
  tryUntil(page.locator('.sale:not([data-step=ringing])'), () => page.keyboard.press('Enter'), 'hidden');

const step = (page: Page, name: string): Promise<void> => page.locator(`.sale[data-step=${name}]`).waitFor();

/** Down the counter's menu. */
async function openFromMenu(page: Page, hand: Hand, name: string): Promise<void> {
  await hand.press(page.getByRole('button', { name: 'メニュー' }));
  await hand.press(page.getByRole('menuitem', { name, exact: true }));
  await page.getByRole('dialog').waitFor();
}

/** Escape, and the focus is back where the dialog was opened. */
async function leave(page: Page, hand: Hand, opener: string | RegExp): Promise<void> {
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await hand.isAt(page.getByRole('button', { name: opener }));
}

/** A resident with e-money, one with cash and a touch too many, what is not charged, a ticket, a payment of today. */
export async function cashier(page: Page): Promise<void> {
  const hand = handAt(page);
  await takeOver(page, hand, '1001', '市民 花子');
  await hand.to(page.getByRole('tab', { name: '市民' }));
  await page.keyboard.press('1');
  await page.keyboard.press('e');
  await hand.press(page.getByRole('radio', { name: /交通系IC/ }), 'Space');
  await hand.press(page.getByRole('button', { name: /を支払う/ }));
  await step(page, 'paid');
  await next(page);

  await page.keyboard.press('2');
  await hand.press(page.getByRole('button', { name: /^変更・減免/ }));
  await hand.to(page.getByLabel('料金'));
  await page.keyboard.press('ArrowDown');
  await page.getByRole('dialog').getByText('0円', { exact: true }).waitFor();
  await leave(page, hand, /^変更・減免/);
  await page.keyboard.press('t');
  await page.getByText(/現金 .*円を記録しました/).waitFor();
  await hand.press(page.getByRole('button', { name: '押し間違い' }));
  await page.getByText(/記録を取り消しました/).waitFor();

  await hand.press(page.getByRole('button', { name: '会計票を読む' }));
  await hand.type(page.getByLabel(/コードの文字/), 'R-1');
  await hand.press(page.getByRole('button', { name: '読み取る' }));
  await page.getByText(/受付番号だけでは/).waitFor();
  await leave(page, hand, '会計票を読む');
  await openFromMenu(page, hand, '困ったとき・連絡先');
  await leave(page, hand, 'メニュー');
  const row = page.locator('.today .row-button').first();
  await hand.press(row);
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await hand.isAt(row);
}

const CHILD = /^12 ?の預かりを変える$/;

/** A child for a day, picked up and paid for; its entry looked at again before. */
export async function daycare(page: Page): Promise<void> {
  const hand = handAt(page);
  await takeOver(page, hand, '1005', '保育 みどり');
  await hand.press(page.getByRole('button', { name: '子どもを加える' }));
  await hand.type(page.getByLabel('番号か呼び名'), '12');
  await hand.press(page.getByRole('radio', { name: '1日', exact: true }), 'Space');
  await hand.type(page.getByLabel('お預かりの時刻', { exact: true }), '0001');
  await hand.type(page.getByLabel('お迎えの時刻', { exact: true }), '1000');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await hand.press(page.getByRole('button', { name: CHILD }));
  await leave(page, hand, CHILD);
  await hand.press(page.getByRole('button', { name: '12 会計へ' }));
  await page.locator('.total strong', { hasText: /[1-9]/ }).waitFor();
  await page.keyboard.press('q');
  await hand.press(page.getByRole('button', { name: /を支払う/ }));
  await step(page, 'paid');
  await next(page);
}

/** A pass with its sticker, and who has that sticker now. */
export async function bicycle(page: Page): Promise<void> {
  const hand = handAt(page);
  await takeOver(page, hand, '1006', '駐輪 健');
  await hand.press(page.locator('button.fee', { hasText: '定期 自転車 一般' }));
  await hand.press(page.getByRole('radio', { name: '市外' }), 'Space');
  await hand.type(page.getByLabel('シール番号'), 'A-0012');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('w');
  await hand.press(page.getByRole('button', { name: /を支払う/ }));
  await step(page, 'paid');
  await next(page);
  await hand.type(page.getByRole('searchbox'), 'a-0012');
  await hand.press(page.getByRole('button', { name: /シール A-0012 を/ }));
  await page
    .getByRole('dialog')
    .getByText(/使われています/)
    .waitFor();
  await leave(page, hand, /シール A-0012 を/);
  await hand.type(page.getByRole('searchbox'), ' ');
}

/** A sale is voided at the terminal, a day is looked up, the terminal is set aside and comes back. */
export async function treasurer(page: Page): Promise<void> {
  const hand = handAt(page);
  await takeOver(page, hand, '1002', '出納 太郎');
  const dialog = page.getByRole('dialog');
  await hand.press(page.locator('.today tr', { hasText: 'Visa' }).first().locator('.row-button'));
  await hand.press(dialog.getByRole('button', { name: '端末で取り消す', exact: true }));
  await hand.press(dialog.getByRole('button', { name: '項目・数量の間違い' }));
  await hand.press(dialog.getByRole('button', { name: /円を端末で取り消す$/ }));
  await dialog.getByText('取消済', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });

  await openFromMenu(page, hand, '前の日の支払い（取り消し・返金・訂正）');
  await hand.type(dialog.getByRole('textbox', { name: '日付' }), '2026/04/01');
  await dialog.getByText('この日に、あてはまる支払いはありません').waitFor();
  await leave(page, hand, 'メニュー');
  await openFromMenu(page, hand, '困ったとき・連絡先');
  await hand.type(dialog.getByLabel(/を外す理由/), '見当たらない');
  await hand.press(dialog.getByRole('button', { name: /を外す$/ }));
  await hand.press(dialog.getByRole('button', { name: /が戻った/ }));
  await dialog.getByLabel(/を外す理由/).waitFor();
  await leave(page, hand, 'メニュー');
}

/** 点検, and the day is closed. */
export async function closing(page: Page): Promise<void> {
  const hand = handAt(page);
  await openFromMenu(page, hand, '締め');
  const dialog = page.getByRole('dialog');
  await hand.press(dialog.getByRole('button', { name: /^点検/ }));
  await dialog.getByText('一致').first().waitFor();
  await hand.press(dialog.getByRole('button', { name: '締める', exact: true }));
  await dialog.getByText(/今日の締めとして残しました/).waitFor();
}

/** Every page of the office in the order of its tabs, and what accounting does on some of them. */
export async function accounting(page: Page): Promise<void> {
  const hand = handAt(page);
  const tab = (name: string): Promise<void> => hand.to(page.getByRole('tab', { name, exact: true }));
  await hand.press(page.getByRole('button', { name: '今すぐ突合する' }));
  await page
    .getByText(/端末と1円まで一致/)
    .first()
    .waitFor();
  await page.keyboard.press('Home');
  await tab('明細');
  await page.getByRole('region', { name: '明細の取り込み' }).waitFor();
  await hand.press(page.getByRole('button', { name: '新しいフォーマットを作る' }));
  await page.getByLabel('実際のファイル').waitFor({ state: 'attached' });
  await tab('支払い');
  await hand.type(page.getByLabel(/^探す/), '400');
  await page.getByText('が見つかった支払い').waitFor();
  await tab('料金表');
  await hand.press(page.getByRole('button', { name: '改定 住民票の写し' }));
  await hand.type(page.getByRole('dialog').getByLabel(/新しい料金/), '450');
  await leave(page, hand, '改定 住民票の写し');
  await tab('帳票');
  await page.getByRole('heading', { name: /収納金日計表/ }).waitFor();
  await hand.to(page.getByLabel('期間'));
  await page.keyboard.press('ArrowDown');
  await page.getByRole('heading', { name: /収納金月計表/ }).waitFor();
  for (const name of ['会計票', '返金', '比率', 'アンケート']) await tab(name);
  await page.getByText('親切でした').waitFor();
}

/** Somebody new works here, and one's own PIN is looked at. */
export async function administrator(page: Page): Promise<void> {
  const hand = handAt(page);
  await hand.press(page.getByRole('button', { name: '会計 さくら' }));
  await hand.press(page.getByRole('menuitem', { name: 'サインアウト' }));
  await hand.type(page.getByLabel('職員番号'), '1004');
  await hand.type(page.getByLabel('暗証番号'), SAMPLE_PIN);
  await page.keyboard.press('Enter');
  await hand.to(page.getByRole('tab', { name: '職員', exact: true }));
  await hand.press(page.getByRole('button', { name: '職員を加える' }));
  await hand.type(page.getByLabel('職員番号'), '7101');
  await hand.type(page.getByLabel('氏名'), '窓口 みどり');
  await hand.press(page.getByRole('checkbox', { name: '会計（窓口）' }), 'Space');
  await hand.type(page.getByLabel('暗証番号', { exact: true }), '246813');
  await hand.type(page.getByLabel('暗証番号（もう一度）'), '246813');
  await hand.press(page.getByRole('button', { name: '記録する' }));
  await page.getByText('7101 窓口 みどり を記録しました').waitFor();
  await hand.press(page.getByRole('button', { name: '履歴 窓口 みどり' }));
  await page.getByRole('dialog').waitFor();
  await leave(page, hand, '履歴 窓口 みどり');
  await hand.press(page.getByRole('button', { name: '管理 一郎', exact: true }));
  await hand.press(page.getByRole('menuitem', { name: '暗証番号を変える' }));
  await page.getByRole('alertdialog').waitFor();
  await page.keyboard.press('Escape');
  await hand.isAt(page.getByRole('button', { name: '管理 一郎', exact: true }));
}
