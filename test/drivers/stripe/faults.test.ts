/** Everything that Stripe’s pages say can go wrong, one by one: what the clerk hears, and what the far end’s book says. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCleanup } from '../../support/cleanup.ts';
import { endOf, openCounter } from './counter.ts';
import { CARD, FAULT_CASES } from './fault-cases.ts';
import { startVirtual, type Virtual } from './far-end.ts';

const shared = createCleanup();
let virtual: Promise<Virtual> | undefined;

for (const { what, faults, resident = CARD, ends, taken, found } of FAULT_CASES) {
  test(`${what}: ${String(ends)}, ${taken ? 'taken' : 'nothing taken'}, and a query agrees`, async (t) => {
    virtual ??= startVirtual(shared);
    const counter = await openCounter(t, { virtual: await virtual, timing: { cardMs: 700 } });
    await counter.resident(resident);
    await counter.fault(...faults);
    const sold = await counter.sell(400);
    assert.equal(endOf(sold), ends);
    const book = await counter.book();
    assert.deepEqual(
      book.map(({ amountYen }) => amountYen),
      taken ? [400] : [],
    );
    await counter.fault();
    assert.equal((await counter.find(sold)).kind, found ?? (taken ? 'approved' : 'not_charged'));
    // Where the order never got a name, its operation's id is enough.
    const nameless = await counter.find({ ...sold, reference: null });
    assert.equal(nameless.kind, found ?? (taken ? 'approved' : 'not_charged'));
    assert.deepEqual(await counter.book(), book);
    await counter.resident(CARD);
    assert.equal(endOf(await counter.sell(500)), 'completed');
  });
}

test('a wish to stop that comes while the card is authorised is refused once, and the approval is an approval', async (t) => {
  const counter = await openCounter(t, { issuerMs: 400 });
  const sold = counter.sell(400);
  await counter.virtual.until((phase) => phase === 'waiting');
  await counter.virtual.tell('/resident', CARD);
  await counter.virtual.until((phase) => phase === 'processing');
  counter.terminal.abort();
  assert.equal(endOf(await sold), 'completed');
  assert.equal((await counter.book()).length, 1);
});

test('less than Stripe takes is refused by Stripe too, before any reader is told', async (t) => {
  const counter = await openCounter(t);
  const sold = await counter.sell(49);
  assert.equal(endOf(sold), 'not_sent');
  assert.deepEqual(sold.steps, []);
});
