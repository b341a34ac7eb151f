/** Two terminals at one counter: each payment goes to the one that takes it, and the clerk sees one counter. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import request from 'supertest';
import type { PaymentView } from '../../src/payments/view.ts';
import type { Offer } from '../../src/terminal/offer.ts';
import { expectNoViolations, openBrowser, openPage } from '../support/browser.ts';
import {
  actAsResident,
  answerPrompt,
  atSecondTerminal,
  get,
  handleCable,
  planResidents,
  post,
  press,
  readBook,
  saleOf,
  waitForPayment,
  waitForPrompt,
  waitForTerminal,
} from '../support/clerk.ts';
import { makeFolder } from '../support/folder.ts';
import { startHouse, type House } from '../support/house.ts';
import { pressUntil } from '../support/patience.ts';

test('cards go to one terminal and e-money to the other; one that is lost leaves the other working', async (t) => {
  const house = await startHouse(t, makeFolder(t), {
    TERMINAL: 'zvt@virtual',
    TERMINAL_METHODS: 'credit,debit',
    TERMINAL_2: 'zvt@virtual',
    TERMINAL_2_METHODS: 'emoney,qr',
  });
  const second = atSecondTerminal(house);
  await waitForTerminal(house, 'ready', '1');
  await waitForTerminal(house, 'ready', '2');
  const { offers } = (await get(house, '/api/session').expect(200)).body as { offers: Offer[] };
  assert.deepEqual(
    offers.map(({ brands }) =>
      Object.entries(brands).flatMap(([method, names]) => (names.length > 0 ? [method] : [])),
    ),
    [
      ['credit', 'debit'],
      ['emoney', 'qr'],
    ],
  );

  await planResidents(house, [{ do: { act: 'present', brand: 'visa' } }]);
  const card = await press(house, saleOf());
  assert.equal((await waitForPayment(house, card.id)).state, 'approved');
  assert.equal(card.terminal.id, '1');
  await planResidents(second, [{ do: { act: 'present', brand: 'waon' } }], true);
  const touch = await press(house, saleOf({ method: 'emoney', brand: 'waon' }));
  assert.equal((await waitForPayment(house, touch.id)).state, 'approved');
  assert.equal(touch.terminal.id, '2');
  assert.deepEqual(
    (await readBook(house)).map(({ brand }) => brand),
    ['visa'],
  );
  assert.deepEqual(
    (await readBook(second)).map(({ brand }) => brand),
    ['waon'],
  );

  // While a card is awaited at the first, the second takes another resident's payment.
  const waiting = await press(house, saleOf());
  const meanwhile = await press(house, saleOf({ method: 'emoney', brand: 'waon' }));
  assert.equal((await waitForPayment(house, meanwhile.id)).state, 'approved');
  await handleCable(house, 'pull_cable');
  assert.equal((await waitForPayment(house, waiting.id)).state, 'unknown');
  const refused = await post(
    house,
    '/api/payments',
    saleOf({ lines: [{ code: 'CIT-JUM', quantity: 2 }], totalYen: 800 }),
  );
  assert.equal(refused.status, 409);
  const after = await press(house, saleOf({ method: 'emoney', brand: 'waon', anotherResident: true }));
  assert.equal((await waitForPayment(house, after.id)).state, 'approved');

  await handleCable(house, 'plug_cable');
  const known = await waitForPayment(
    house,
    waiting.id,
    ({ state }) => state !== 'unknown' && state !== 'armed',
  );
  assert.equal(known.state, 'not_charged');
  assert.equal((await readBook(second)).length, 3);
});

test('where both can take a card, the first does, and the second stands in for it', async (t) => {
  const house = await startHouse(t, makeFolder(t), { TERMINAL: 'zvt@virtual', TERMINAL_2: 'zvt@virtual' });
  await waitForTerminal(house, 'ready', '1');
  await waitForTerminal(house, 'ready', '2');
  const { body } = (await get(house, '/api/session').expect(200)) as {
    body: { virtualTerminals: { url: string }[] };
  };
  assert.equal(body.virtualTerminals.length, 2);
  for (const { url } of body.virtualTerminals) {
    const steps = [{ do: { act: 'present', brand: 'visa' } }];
    await request(url).post('/script').send({ steps, repeat: true }).expect(200);
  }
  const first = await press(house, saleOf());
  await waitForPayment(house, first.id);
  await handleCable(house, 'pull_cable');
  await waitForTerminal(house, 'disconnected', '1');
  const second = await press(house, saleOf());
  assert.equal((await waitForPayment(house, second.id)).state, 'approved');
  assert.deepEqual([first.terminal.id, second.terminal.id], ['1', '2']);
});

/** Cards at a terminal without a link, e-money and codes at one with a cable. */
async function startMixed(t: TestContext): Promise<{ house: House; second: House }> {
  const house = await startHouse(t, makeFolder(t), {
    TERMINAL: 'manual@virtual',
    TERMINAL_METHODS: 'credit,debit',
    TERMINAL_2: 'zvt@virtual',
    TERMINAL_2_METHODS: 'emoney,qr',
  });
  await answerPrompt(house, await waitForPrompt(house, /中間計/), 'nothing').expect(200);
  await waitForTerminal(house, 'ready', '1');
  await waitForTerminal(house, 'ready', '2');
  return { house, second: atSecondTerminal(house) };
}

const refusalOf = (body: unknown): string => (body as { error: { code: string } }).error.code;
const isAsked = ({ state, queries }: PaymentView): boolean => state !== 'armed' && queries > 0;
const byTouch = (change: Parameters<typeof saleOf>[0] = {}) =>
  saleOf({
    method: 'emoney',
    brand: 'waon',
    lines: [{ code: 'CIT-KOS', quantity: 1 }],
    totalYen: 450,
    ...change,
  });

test('a clerk who has still to answer for one terminal holds back neither the other nor the questions to it', async (t) => {
  const { house, second } = await startMixed(t);
  await planResidents(second, [{ do: { act: 'present', brand: 'waon' } }], true);
  const card = await press(house, saleOf());
  const question = await waitForPrompt(house, /金額を打って/);
  assert.deepEqual([card.terminal.id, question.terminal], ['1', '1']);
  const busy = await post(house, '/api/payments', saleOf());
  assert.deepEqual([busy.status, refusalOf(busy.body)], [409, 'terminal_busy']);
  const meanwhile = await press(house, byTouch());
  assert.equal((await waitForPayment(house, meanwhile.id)).state, 'approved');

  // Unknown there: nobody but the clerk can say what became of it, and that terminal waits.
  await answerPrompt(house, question, 'doubt').expect(200);
  const inquiry = await waitForPrompt(house, /端末に残って/);
  assert.equal(inquiry.prompt.operationId, card.id);
  const locked = await post(house, '/api/payments', saleOf({ anotherResident: true }));
  assert.deepEqual([locked.status, refusalOf(locked.body)], [409, 'terminal_locked']);

  // The other loses a payment too, and is asked by its cable while the clerk is still looking for a slip.
  await planResidents(second, [{ do: { act: 'leave_early', brand: 'waon' } }]);
  const lost = await press(house, byTouch());
  await waitForPayment(house, lost.id, isAsked);
  await planResidents(second, [{ do: { act: 'present', brand: 'waon' } }], true);
  const after = await press(house, byTouch({ anotherResident: true }));
  assert.equal((await waitForPayment(house, after.id)).state, 'approved');

  // The answer frees the terminal, whatever it was; the payment stays unknown.
  await answerPrompt(house, inquiry, 'doubt').expect(200);
  await waitForTerminal(house, 'ready', '1');
  assert.equal((await waitForPayment(house, card.id)).state, 'unknown');
  assert.equal((await answerPrompt(house, inquiry, 'none')).status, 409, 'answered once');
});

test('the clerk sees one counter: what each method can have, what the other takes instead, and cash at last', async (t) => {
  const { house, second } = await startMixed(t);
  const { page, faults } = await openPage(await openBrowser(t), house.counter, { width: 1280, height: 800 });
  const method = (name: string) => page.getByRole('radio', { name });
  const ringUp = async (fee: string, name: string): Promise<void> => {
    await page.getByRole('tab', { name: '市民' }).click();
    await page.locator('button.fee', { hasText: fee }).first().click();
    await method(name).click({ force: true });
  };
  const bar = page.getByRole('banner');
  await bar.getByText('1番 練習用の端末').waitFor();
  await bar.getByText('2番 ZVT').waitFor();
  // Neither the counter's name nor a terminal's state is ever cut off.
  for (const width of [1024, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    const cut = await page.evaluate<string[]>(`
      [document.documentElement, ...document.querySelectorAll('.top h1, .top .chip')]
        .filter((part) => part.scrollWidth > part.clientWidth).map(({ className }) => className)`);
    assert.deepEqual(cut, [], `${String(width)} px`);
  }

  // A card goes to the terminal without a link; unknown there, the screen says what the other takes.
  await ringUp('戸籍全部', 'クレジット');
  await page.getByRole('button', { name: '450円を支払う' }).click();
  const question = await waitForPrompt(house, /金額を打って/);
  await page.getByRole('heading', { name: '端末に金額を打ってください' }).waitFor();
  await answerPrompt(house, question, 'doubt').expect(200);
  await page.getByRole('heading', { name: 'この支払いが端末に残っていますか' }).waitFor();
  const leave = page.getByRole('button', { name: '次のお客様を先に会計する' });
  await leave.waitFor();
  await pressUntil(leave);
  await page
    .getByRole('button', { name: '答える' })
    .or(page.getByRole('button', { name: 'あとで答える' }))
    .first()
    .waitFor();
  await pressUntil(page.getByRole('button', { name: 'あとで答える' }));
  await ringUp('住民票の写し', 'クレジット');
  await method('クレジット').getByText('確認中').waitFor();
  await page.getByText('いまは電子マネー・QRコードでお受けできます。ほかは現金でお受けください。').waitFor();
  await expectNoViolations(page, 'the other is offered');

  // By touch it is paid at the other, while the question waits above the sale.
  await method('電子マネー').click({ force: true });
  await method('WAON').click({ force: true });
  await page.getByRole('button', { name: '400円を支払う' }).click();
  await page.getByText('このあとで答えます').waitFor();
  await actAsResident(second, { act: 'present', brand: 'waon' });
  await page.getByRole('heading', { name: '支払いました' }).waitFor();

  // Without its cable nothing is left but cash.
  await handleCable(second, 'pull_cable');
  await waitForTerminal(house, 'disconnected', '2');
  await pressUntil(page.getByRole('button', { name: '次の会計' }));
  await page.keyboard.press('1');
  await page.getByText('お急ぎのときは現金でお受けください').first().waitFor();
  assert.deepEqual(faults, []);
});
