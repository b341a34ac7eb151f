/** Two terminals at one counter: each payment goes to the one that takes it, and the clerk sees one counter. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import request from 'supertest';
import type { PaymentView } from '../../src/payments/view.ts';
import type { Offer } from '../../src/terminal/offer.ts';
import { openBrowser, openPage } from '../support/browser.ts';
import {
  answerPrompt,
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

/** The house as its second terminal's resident meets it. */
const atSecond = (house: House): House => {
  const virtualTerminal = /virtual terminal: (\S+)/g;
  const [, second] = [...house.output().matchAll(virtualTerminal)].map(([, url]) => url);
  return { ...house, virtualTerminal: second ?? assert.fail('one terminal only') };
};

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
  return { house, second: atSecond(house) };
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
  console.error('L1');
  const { house, second } = await startMixed(t);
  console.error('L2');
  await planResidents(second, [{ do: { act: 'present', brand: 'waon' } }], true);
  console.error('L3');
  const card = await press(house, saleOf());
  console.error('L4');
  const question = await waitForPrompt(house, /金額を打って/);
  assert.deepEqual([card.terminal.id, question.terminal], ['1', '1']);
  console.error('L6');
  const busy = await post(house, '/api/payments', saleOf());
  assert.deepEqual([busy.status, refusalOf(busy.body)], [409, 'terminal_busy']);
  console.error('L8');
  const meanwhile = await press(house, byTouch());
  assert.equal((await waitForPayment(house, meanwhile.id)).state, 'approved');

  // Unknown there: nobody but the clerk can say what became of it, and that terminal waits.
  console.error('L12');
  await answerPrompt(house, question, 'doubt').expect(200);
  console.error('L13');
  const inquiry = await waitForPrompt(house, /端末に残って/);
  assert.equal(inquiry.prompt.operationId, card.id);
  console.error('L15');
  const locked = await post(house, '/api/payments', saleOf({ anotherResident: true }));
  assert.deepEqual([locked.status, refusalOf(locked.body)], [409, 'terminal_locked']);

  // The other loses a payment too, and is asked by its cable while the clerk is still looking for a slip.
  console.error('L19');
  await planResidents(second, [{ do: { act: 'leave_early', brand: 'waon' } }]);
  console.error('L20');
  const lost = await press(house, byTouch());
  console.error('L21');
  await waitForPayment(house, lost.id, isAsked);
  console.error('L22');
  await planResidents(second, [{ do: { act: 'present', brand: 'waon' } }], true);
  console.error('L23');
  const after = await press(house, byTouch({ anotherResident: true }));
  assert.equal((await waitForPayment(house, after.id)).state, 'approved');

  // The answer frees the terminal, whatever it was; the payment stays unknown.
  console.error('L27');
  await answerPrompt(house, inquiry, 'doubt').expect(200);
  console.error('L28');
  await waitForTerminal(house, 'ready', '1');
  assert.equal((await waitForPayment(house, card.id)).state, 'unknown');
  assert.equal((await answerPrompt(house, inquiry, 'none')).status, 409, 'answered once');
});

