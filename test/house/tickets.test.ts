/** Charge tickets through the whole house: read, paid once, and what became of each. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CountedSale } from '../../src/counted/counted.ts';
import type { PaymentView } from '../../src/payments/view.ts';
import { signTicket, type Ticket } from '../../src/tickets/format.ts';
import { privateKeyPath, readPrivateKey, TRIAL_KEY } from '../../src/tickets/keys.ts';
import type { OfficeTicket } from '../../src/tickets/office.ts';
import type { TicketView } from '../../src/tickets/tickets.ts';
import {
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
import { openTestDatabase } from '../support/postgres.ts';
import { giveBack, waitForEntry, wish } from '../support/returns.ts';

/** Two 住民票: 800 yen. */
function ticketOf(dataDir: string, change: Partial<Ticket> = {}): string {
  const key = readPrivateKey(privateKeyPath(join(dataDir, 'ticket-keys.json'), TRIAL_KEY));
  const lines = [{ code: 'CIT-JUM', quantity: 2 }];
  const rest = { key: TRIAL_KEY, window: 'resident', counter: null, until: '2099-12-31', lines };
  return signTicket({ reference: 'R-1', ...rest, ...change }, key);
}

const LINES = [{ code: 'CIT-JUM', quantity: 2 }];
const ticketSale = (ticket: string, change: object = {}) =>
  saleOf({ lines: LINES, totalYen: 800, ticket, ...change });
const cash = (ticket: string, change: object = {}) => ({
  ...{ id: randomUUID(), window: 'resident', lines: LINES, totalYen: 800, tender: 'cash', ticket },
  ...change,
});

async function refusal(house: House, path: string, body: object): Promise<[string, Record<string, unknown>]> {
  const answer = await post(house, path, body);
  assert.ok(answer.status === 409 || answer.status === 422, answer.text);
  const { error } = answer.body as { error: { code: string; details: Record<string, unknown> } };
  return [error.code, error.details];
}

test('a ticket is paid once: a declined card leaves it open, two tablets race for it, and a kill changes nothing', async (t) => {
  const { url } = await openTestDatabase(t);
  const dataDir = makeFolder(t);
  const house = await startHouse(t, dataDir, { DATABASE_URL: url });
  await waitForTerminal(house, 'ready');
  await waitForRecord(house, 'synced');
  const text = ticketOf(dataDir);
  const view = (await post(house, '/api/tickets', { text: text.toLowerCase() }).expect(200))
    .body as TicketView;
  assert.deepEqual([view.reference, view.state, view.isSure, view.lines], ['R-1', 'open', true, LINES]);

  // The ticket's lines, all of them, as they are.
  for (const [quantity, totalYen] of [
    [1, 400],
    [3, 1200],
  ]) {
    const changed = ticketSale(text, { lines: [{ code: 'CIT-JUM', quantity }], totalYen });
    assert.equal((await refusal(house, '/api/payments', changed))[0], 'ticket_differs');
  }
  await planResidents(house, [{ do: { act: 'refuse' } }, { do: { act: 'present', brand: 'visa' } }]);
  const declined = await press(house, ticketSale(text));
  assert.equal((await waitForPayment(house, declined.id)).state, 'declined');
  await waitForTerminal(house, 'ready');

  const tablets = [ticketSale(text), ticketSale(text)];
  const answers = await Promise.all(tablets.map((sale) => post(house, '/api/payments', sale)));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [202, 409]);
  const paid = answers.find(({ status }) => status === 202)?.body as PaymentView;
  assert.equal((await waitForPayment(house, paid.id)).ticket, 'R-1');
  const stored = (await readBook(house)).filter(({ state }) => state === 'stored');
  assert.deepEqual(
    stored.map(({ amount }) => amount),
    [800],
  );

  // The same request again is the same payment; another one is told which sale has it.
  const again = tablets.find(({ id }) => id === paid.id);
  assert.ok(again !== undefined);
  assert.equal((await press(house, again)).id, paid.id);
  const used = ['ticket_used', { reference: 'R-1', number: paid.number, businessDate: paid.businessDate }];
  const [code, details] = await refusal(house, '/api/tickets', { text });
  assert.deepEqual(
    [code, { ...details, paymentId: undefined }],
    [used[0], { ...(used[1] as object), paymentId: undefined }],
  );
  await house.kill();
  const later = await startHouse(t, dataDir, { DATABASE_URL: url });
  await waitForTerminal(later, 'ready');
  assert.equal((await refusal(later, '/api/payments', ticketSale(text)))[0], 'ticket_used');
  assert.equal((await refusal(later, '/api/counted', cash(text)))[0], 'ticket_used');

  // All of it given back at the terminal: the matter is open again, and is paid in another way.
  await giveBack(later, paid, 'void', { ...wish(800), reason: 'wrong_method' });
  await waitForEntry(later, 'void');
  await waitForTerminal(later, 'ready');
  const open = (await post(later, '/api/tickets', { text }).expect(200)).body as TicketView;
  assert.equal(open.state, 'open');
  await post(later, '/api/counted', cash(text)).expect(201);
  assert.equal((await refusal(later, '/api/payments', ticketSale(text)))[0], 'ticket_used');

  await closeInOtherWays(later);
  await listInOffice(later);
});

/** Cash, nothing, cancelled; and what is refused before anything is recorded. */
async function closeInOtherWays(house: House): Promise<void> {
  const [byCash, free, gone] = ['R-2', 'R-3', 'R-4'].map((reference) =>
    ticketOf(house.dataDir, { reference }),
  );
  assert.ok(byCash !== undefined && free !== undefined && gone !== undefined);
  for (const text of [byCash, free, gone]) await post(house, '/api/tickets', { text }).expect(200);
  const counted = (await post(house, '/api/counted', cash(byCash)).expect(201)).body as CountedSale;
  assert.equal((await refusal(house, '/api/tickets', { text: byCash }))[0], 'ticket_used');
  // Touched by mistake: it is open again, and the cash is counted anew.
  await post(house, `/api/counted/${counted.id}/withdraw`).expect(200);
  await post(house, '/api/counted', cash(byCash)).expect(201);

  const exempt = [{ code: 'CIT-JUM', quantity: 2, exemption: { ground: 'welfare' } }];
  await post(house, '/api/counted', cash(free, { lines: exempt, totalYen: 0, tender: 'nothing' })).expect(
    201,
  );

  const cancel = '/api/tickets/R-4/cancel';
  assert.equal((await refusal(house, cancel, { reason: 'other', note: '' }))[0], 'note_needed');
  const cancelled = await post(house, cancel, { reason: 'withdrawn', note: '' }).expect(200);
  assert.equal((cancelled.body as TicketView).state, 'cancelled');
  assert.equal((await refusal(house, '/api/counted', cash(gone)))[0], 'ticket_cancelled');
  assert.equal((await refusal(house, cancel, { reason: 'wrong', note: '' }))[0], 'ticket_cancelled');
  await post(house, '/api/tickets/R-99/cancel', { reason: 'wrong', note: '' }).expect(404);

  const { dataDir } = house;
  for (const [text, why] of [
    [ticketOf(dataDir, { reference: 'X-1', until: '2020-01-01' }), 'ticket_expired'],
    [ticketOf(dataDir, { reference: 'X-2', counter: '09' }), 'ticket_other_counter'],
    [
      ticketOf(dataDir, { reference: 'X-3', lines: [{ code: 'NO-SUCH', quantity: 1 }] }),
      'ticket_unknown_item',
    ],
    [ticketOf(dataDir, { reference: 'X-4', window: 'tax' }), 'ticket_unknown_item'],
    ['R-1', 'ticket_reference_only'],
  ] as const) {
    assert.equal((await refusal(house, '/api/tickets', { text }))[0], why);
  }
  const taxLines = [{ code: 'TAX-NOU', quantity: 1 }];
  const forTax = ticketOf(dataDir, { reference: 'X-5', window: 'tax', lines: taxLines });
  assert.equal((await refusal(house, '/api/counted', cash(forTax)))[0], 'ticket_other_window');
}

async function listInOffice(house: House): Promise<void> {
  await waitForRecord(house, 'synced');
  const answer = await get(house, '/api/office/tickets', house.office).expect(200);
  const list = answer.body as OfficeTicket[];
  assert.deepEqual(
    list.map(({ reference, state, amountYen, alsoAt }) => [reference, state, amountYen, alsoAt]),
    [
      ['R-4', 'cancelled', null, []],
      ['R-3', 'exempt', 0, []],
      ['R-2', 'cash', 800, []],
      ['R-1', 'cash', 800, []],
    ],
  );
  assert.deepEqual(list[0]?.cancelled, { reason: 'withdrawn', note: '', clerk: 'API' });
  assert.equal(list[0].windowNameJa, '市民');
}
