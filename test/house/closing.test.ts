/** The day's end, as the 出納員 goes through it: a day that was forgotten, a second person, a terminal whose host is down. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import request from 'supertest';
import { businessDateOf } from '../../src/business-date.ts';
import type { ClosingState } from '../../src/closing/state.ts';
import { openJournal } from '../../src/journal/journal.ts';
import type { ReconciliationView } from '../../src/reconcile/view.ts';
import {
  expectNoViolations,
  openBrowser,
  openPage,
  picture,
  pictureInBothSizes,
  signInAs,
} from '../support/browser.ts';
import {
  atSecondTerminal,
  get,
  planResidents,
  post,
  press,
  readBook,
  saleOf,
  waitForPayment,
  waitForRecord,
  waitForTerminal,
} from '../support/clerk.ts';
import { makeFolder } from '../support/folder.ts';
import { startHouse, type House } from '../support/house.ts';
import { MUNICIPALITY } from '../support/postgres-cluster.ts';
import { answerOf, armedSale } from '../support/sale.ts';
import { overTheEdge } from '../support/steadiness.ts';

/** Runs in the page: how much of what is rung up has to be scrolled to. */
const HIDDEN_LINES = `(() => {
  const { scrollHeight, clientHeight } = document.querySelector('.lines');
  return scrollHeight - clientHeight;
})()`;

const YESTERDAY = new Date(Date.now() - 86_400_000);

/** A sale of yesterday, at a counter that nobody has closed. */
function sellYesterday(dataDir: string): void {
  const identity = { municipality: MUNICIPALITY, counter: '01', book: 'trial' } as const;
  const marker = { book: identity.book, municipality: identity.municipality, counter: identity.counter };
  writeFileSync(join(dataDir, 'madoguchi.json'), JSON.stringify(marker));
  const journal = openJournal(join(dataDir, 'journal.sqlite'), identity, () => YESTERDAY);
  journal.append('journal_opened', null, { book: 'trial' });
  const id = randomUUID();
  const armed = armedSale({ businessDate: businessDateOf(YESTERDAY) });
  journal.append('armed', id, armed);
  const answer = answerOf('approved', { amountYen: 400, method: 'credit', brand: 'visa' });
  journal.append('answer', id, { answer, refused: null });
  journal.append('ended', id, { kind: 'completed' });
  journal.close();
}

const stateOf = async (house: House): Promise<ClosingState> =>
  (await get(house, '/api/closing').expect(200)).body as ClosingState;

test('a day is closed by two people, terminal after terminal; one that can not settle leaves it open', async (t) => {
  const dataDir = makeFolder(t);
  sellYesterday(dataDir);
  const house = await startHouse(t, dataDir, {
    TERMINAL: 'zvt@virtual',
    TERMINAL_METHODS: 'credit,debit',
    TERMINAL_2: 'zvt@virtual',
    TERMINAL_2_METHODS: 'emoney,qr',
    CLOSING_SECOND_PERSON: 'yes',
  });
  const second = atSecondTerminal(house);
  await waitForTerminal(house, 'ready', '1');
  await waitForTerminal(house, 'ready', '2');
  const { page, faults } = await openPage(await openBrowser(t), house.counter, { width: 1280, height: 800 });
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
  const dialog = page.getByRole('dialog');
  const openClosing = async (): Promise<void> => {
    await button('メニュー').click();
    await page.getByRole('menuitem', { name: '締め', exact: true }).click();
  };
  const confirm = async (number: string): Promise<void> => {
    const person = page.getByRole('alertdialog', { name: '別の人の確認' });
    await person.getByLabel('職員番号').fill(number);
    await person.getByLabel('暗証番号').fill('123456');
    await person.getByRole('button', { name: '確認しました' }).click();
  };

  // The next morning everybody sees it; closing is for the 出納員.
  await page.getByText(/の締めがまだです/).waitFor();
  await expectNoViolations(page, 'a forgotten day');
  await pictureInBothSizes(page, 'closing-forgotten');
  // Below it there is room for what is rung up, also on a low screen.
  await page.setViewportSize({ width: 1024, height: 768 });
  await page.getByRole('tab', { name: '市民' }).click();
  for (const fee of ['住民票の写し', '印鑑登録証明書'])
    await page.locator('button.fee', { hasText: fee }).click();
  await page.getByRole('radio', { name: 'クレジット' }).click({ force: true });
  assert.equal(await page.evaluate(HIDDEN_LINES), 0);
  await page.keyboard.press('Escape');
  await openClosing();
  await dialog.getByText('締めは出納員が行います').waitFor();
  await button('点検（中間計を読む）').click();
  await dialog.getByText('一致').first().waitFor();
  await expectNoViolations(page, '点検');
  await pictureInBothSizes(page, 'closing-check');
  await page.keyboard.press('Escape');
  await signInAs(page, house.counter, '1002');
  await button(/を締める$/).click();
  await button('締める').click();
  // Nothing typed yet: where the faults go again, the button stays under the finger, and the next press counts.
  await button('確認しました').click();
  await page.getByText('暗証番号を入れてください。').waitFor();
  await confirm('1002');
  await page.getByText('確認は、別の人が行ってください。').waitFor();
  await confirm('1001');
  await page.getByText(/^1件 400円 を、.+の締めとして残しました。$/).waitFor();
  await page.keyboard.press('Escape');
  await page.getByText(/の締めがまだです/).waitFor({ state: 'detached' });

  await planResidents(house, [{ do: { act: 'present', brand: 'visa' } }], true);
  await planResidents(second, [{ do: { act: 'present', brand: 'waon' } }], true);
  for (const sale of [saleOf(), saleOf({ method: 'emoney', brand: 'waon' })]) {
    const { id } = await press(house, sale);
    assert.equal((await waitForPayment(house, id)).state, 'approved');
  }
  await waitForTerminal(house, 'ready', '1');
  await waitForTerminal(house, 'ready', '2');
  await post(house, '/api/closing').expect(403);
  // Accounting will give the first one back; no terminal knows of it.
  const [first] = (await get(house, '/api/payments').expect(200)).body as { id: string }[];
  const promise = { id: randomUUID(), totalYen: 400, reason: 'not_issued', note: '' };
  await post(house, `/api/payments/${first?.id ?? ''}/outside`, promise).expect(200);

  // By keyboard; the second terminal's host does not answer.
  const faulty = { faults: [{ fault: 'host_down', command: '0650' }] };
  await request(second.virtualTerminal).post('/faults').send(faulty).expect(200);
  await openClosing();
  await dialog.getByText('今日の支払いは 2件 800円です。').waitFor();
  await expectNoViolations(page, 'before the closing');
  await pictureInBothSizes(page, 'closing-before');
  await button('締める').focus();
  await page.keyboard.press('Enter');
  await confirm('1001');
  // Why it is not closed is read beside the buttons, however much stands above.
  await page
    .locator('.form-end')
    .getByRole('alert')
    .getByText(/2番 ZVT 端末：端末の日計ができませんでした.*次の日に、画面の上/)
    .waitFor();
  await expectNoViolations(page, 'a host that is down');
  await pictureInBothSizes(page, 'closing-host-down');
  const open = await stateOf(house);
  assert.equal(open.last?.businessDate, businessDateOf(YESTERDAY), 'today is not closed');

  await button('締める').click();
  await confirm('1001');
  await page.getByText('2件 800円 を、今日の締めとして残しました。').waitFor();
  await page.getByText(/会計課から返すと約束した 1件 400円.*引いていません/).waitFor();
  assert.equal(await dialog.getByText('現金').count(), 0, 'a day without cash says nothing of cash');
  await expectNoViolations(page, 'the day is closed');
  await pictureInBothSizes(page, 'closing-done');
  // What was refused: the same person, the host that was down.
  assert.deepEqual(
    faults.filter((fault) => !/status of (409|422)/.test(fault)),
    [],
  );
  const today = (await stateOf(house)).last ?? assert.fail('nothing is closed');
  assert.deepEqual(
    today.periods?.map(({ terminal, theirs, unexplainedYen }) => [
      terminal,
      theirs.amountYen,
      unexplainedYen,
    ]),
    [
      ['1', 400, 0],
      ['1', 0, 0],
      ['2', 400, 0],
    ],
  );
  assert.equal(today.confirmedBy?.staff, '1001');
  for (const terminal of [house, second]) {
    const entries = (await readBook(terminal)) as unknown as { settled: boolean }[];
    assert.deepEqual(
      entries.map(({ settled }) => settled),
      [true],
    );
  }
  const slip = await openPage(page.context(), `${house.counter}/api/closing/${today.businessDate}/slip`, {
    width: 900,
    height: 1200,
  });
  await slip.page.getByRole('heading', { name: /締めの控え/ }).waitFor();
  await slip.page.getByText('住民票の写し').first().waitFor();
  await slip.page.getByText('1件 400円（差引に入っていません）').waitFor();
  assert.equal(await slip.page.getByText('現金').count(), 0);
  await expectNoViolations(slip.page, 'the closing slip');
  await picture(slip.page, 'closing-slip', { fullPage: true });
  // On paper, from a roll of 58 mm to a sheet, less the margins: no amount over the edge.
  await slip.page.emulateMedia({ media: 'print' });
  for (const width of [174, 257, 748]) {
    await slip.page.setViewportSize({ width, height: 1200 });
    assert.deepEqual(await overTheEdge(slip.page), [], `${width} px wide`);
  }
  assert.deepEqual(slip.faults, []);
  await slip.page.close();

  // A sale after it: the day is closed once more, and the office finds both closings equal to the yen.
  const { id } = await press(house, saleOf());
  assert.equal((await waitForPayment(house, id)).state, 'approved');
  assert.equal((await stateOf(house)).last?.since.sold.count, 1);
  const again = await post(house, '/api/closing', { second: { number: '1001', pin: '123456' } }).expect(200);
  assert.equal((again.body as { count: number }).count, 3);
  await waitForRecord(house, 'synced');
  await request(house.office)
    .post('/api/office/reconcile')
    .set('Authorization', `Bearer ${house.apiToken}`)
    .send({ businessDate: today.businessDate })
    .expect(200);
  const { body } = (await get(house, '/api/office/reconciliations', house.office).expect(200)) as {
    body: unknown;
  };
  const [day] = body as ReconciliationView[];
  assert.deepEqual([day?.status, day?.ours], ['matched', { count: 3, amountYen: 1200 }], day?.sentence);
  assert.equal(day?.closings, 2);

  // What a terminal took by itself: the reason is asked where the clerk looks, and what became of the day is read first.
  const alone = { amount: 300, brand: 'visa' };
  await request(house.virtualTerminal).post('/alone').send(alone).expect(200);
  await waitForTerminal(house, 'ready', '1');
  await page.keyboard.press('Escape');
  await openClosing();
  await button('締める').click();
  await confirm('1001');
  const reason = page.getByLabel('差のまま締める理由');
  await reason.waitFor();
  await expectNoViolations(page, 'a difference');
  await pictureInBothSizes(page, 'closing-difference');
  await reason.fill('端末だけで 300円受けた');
  await button('差のまま締める').click();
  await confirm('1001');
  const closed = page.getByText('3件 1,200円 を、今日の締めとして残しました。');
  await closed.waitFor();
  assert.ok(((await closed.boundingBox())?.y ?? -1) > 0, 'at the top of what is seen');
  await dialog.getByText(/差のまま締めた理由.*端末だけで 300円受けた/).waitFor();
  await pictureInBothSizes(page, 'closing-difference-closed');

  // The office still shows what it has compared, and says that this closing is not in it.
  const closedTimes = async (): Promise<number | undefined> => {
    const path = `/api/office/closings/${today.businessDate}`;
    const { body: days } = (await get(house, path, house.office).expect(200)) as { body: unknown };
    return (days as { times: number }[])[0]?.times;
  };
  while ((await closedTimes()) !== 3);
  const office = await openPage(await openBrowser(t), house.office, { width: 1280, height: 800 });
  await office.page
    .getByRole('row', { name: /1,200円/ })
    .getByRole('button')
    .click();
  await office.page.getByText('3回目の締めです。').waitFor();
  const shown = (await get(house, '/api/office/reconciliations', house.office).expect(200)) as {
    body: unknown;
  };
  const [{ closings } = { closings: 0 }] = shown.body as ReconciliationView[];
  const told = office.page.getByText('上の突合は、この締めの前のものです。');
  // By itself it compares again every ten minutes, perhaps at this moment.
  assert.equal(await told.count(), closings < 3 ? 1 : 0);
  await expectNoViolations(office.page, 'a closing that is not compared yet');
});
