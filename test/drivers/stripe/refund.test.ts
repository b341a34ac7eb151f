/** Money given back: once, whatever breaks, and never called so while it is not. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { Inquiry, TerminalAnswer } from '../../../src/terminal/terminal.ts';
import { createCleanup, type Cleanup } from '../../support/cleanup.ts';
import { endOf, openCounter, type Counter } from './counter.ts';
import { startVirtual, type Virtual } from './far-end.ts';

const shared = createCleanup();
let virtual: Promise<Virtual> | undefined;

/** A counter with one payment by debit card. */
async function afterSale(t: Cleanup): Promise<{ counter: Counter; of: TerminalAnswer }> {
  const counter = await openCounter(t, { virtual: await (virtual ??= startVirtual(shared)) });
  await counter.resident({ act: 'present', brand: 'visa_debit' });
  const { answers } = await counter.sell(400);
  return { counter, of: answers[0] ?? assert.fail() };
}

const about = (of: TerminalAnswer): Partial<Inquiry> => ({ kind: 'void', of });
const on = (fault: string, times = 1): object => ({ fault, on: 'create_refund', times });

/** Sales less what was given back. */
const netYen = async (counter: Counter): Promise<number> =>
  (await counter.book())
    .filter(({ state }) => state === 'stored')
    .reduce((sum, { kind, amountYen }) => sum + (kind === 'sale' ? amountYen : -amountYen), 0);

test('is a refund of the whole, with what was paid with and a number of its own', async (t) => {
  const { counter, of } = await afterSale(t);
  const given = await counter.giveBack(of);
  assert.equal(endOf(given), 'completed');
  const [answer] = given.answers;
  assert.deepEqual(
    [answer?.verdict, answer?.amountYen, answer?.method, answer?.brand],
    ['approved', 400, 'debit', 'visa_debit'],
  );
  assert.notEqual(answer?.receiptNumber, of.receiptNumber);
  assert.equal((await counter.find(given, about(of))).kind, 'approved');
  assert.equal(await netYen(counter), 0);
});

for (const fault of ['error_before', 'cut_before', 'cut_after', 'key_in_use']) {
  test(`is given once although the request met "${fault}" and was repeated`, async (t) => {
    const { counter, of } = await afterSale(t);
    await counter.fault(on(fault));
    assert.equal(endOf(await counter.giveBack(of)), 'completed');
    assert.equal(await netYen(counter), 0);
    assert.equal((await counter.book()).length, 2);
  });
}

for (const fault of ['error_after', 'half_body', 'not_json']) {
  test(`whose answer was lost ("${fault}") is unknown, and a query finds it`, async (t) => {
    const { counter, of } = await afterSale(t);
    await counter.fault(on(fault));
    const sold = await counter.giveBack(of);
    assert.equal(endOf(sold), 'may have moved');
    assert.equal((await counter.find(sold, about(of))).kind, 'approved');
    assert.equal(await netYen(counter), 0);
  });
}

test('that never reached Stripe is not called so before a lost request must be over', async (t) => {
  const { counter, of } = await afterSale(t);
  await counter.fault(on('error_before', 3));
  const sold = await counter.giveBack(of);
  assert.equal(endOf(sold), 'may have moved');
  const inquiry = { operationId: sold.operationId, amountYen: 400, answer: null, previous: null };
  const terminal = await counter.virtual.connect();
  const soon = { ...inquiry, ...about(of), armedAt: sold.armedAt };
  assert.equal((await terminal.findTransaction(soon)).kind, 'in_progress');
  const late = { ...soon, armedAt: new Date(Date.now() - 121_000).toISOString() };
  assert.equal((await terminal.findTransaction(late)).kind, 'not_charged');
  assert.equal(await netYen(counter), 400);
});

test('that Stripe has taken on but not made is unknown, not done', async (t) => {
  const { counter, of } = await afterSale(t);
  await counter.fault({ fault: 'refund_pending' });
  const sold = await counter.giveBack(of);
  assert.equal(endOf(sold), 'may have moved');
  assert.deepEqual(sold.answers, []);
  assert.equal((await counter.find(sold, about(of))).kind, 'inconclusive');
});

test('that fails later looked done; a query says that it is not, and the totals count the payment', async (t) => {
  const { counter, of } = await afterSale(t);
  const before = (await counter.terminal.reportTotals()).totalYen;
  await counter.fault({ fault: 'refund_fails' });
  const sold = await counter.giveBack(of);
  assert.equal((await counter.find(sold, about(of))).kind, 'not_charged');
  assert.equal((await counter.terminal.reportTotals()).totalYen, before);
  assert.equal(await netYen(counter), 400);
  // The next attempt is another operation.
  assert.equal(endOf(await counter.giveBack(of)), 'completed');
  assert.equal(await netYen(counter), 0);
});

test('of the same operation asked for twice is one refund; of another operation it is refused', async (t) => {
  const { counter, of } = await afterSale(t);
  const operationId = randomUUID();
  assert.equal(endOf(await counter.giveBack(of, operationId)), 'completed');
  assert.equal(endOf(await counter.giveBack(of, operationId)), 'completed');
  const other = await counter.giveBack(of);
  assert.equal(endOf(other), 'declined charge_already_refunded');
  assert.equal((await counter.book()).length, 2);
  // Nor is the one that was made taken for the other's.
  const armedAt = new Date(Date.now() - 121_000).toISOString();
  assert.equal((await counter.find({ ...other, armedAt }, about(of))).kind, 'not_charged');
});

test('is taken off the totals of its brand', async (t) => {
  const { counter, of } = await afterSale(t);
  const debit = async () =>
    (await counter.terminal.reportTotals()).rows.find(({ bucket }) => bucket === 'visa_debit');
  const before = (await debit()) ?? assert.fail();
  await counter.giveBack(of);
  const { count, amountYen } = before;
  assert.deepEqual(await debit(), { bucket: 'visa_debit', count: count - 1, amountYen: amountYen - 400 });
});
