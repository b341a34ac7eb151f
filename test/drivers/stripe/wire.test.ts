/** What is said to Stripe, and what is believed of its answers: the test sits on the way, and changes or loses them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../../src/terminal/terminal.ts';
import { createCleanup, type Cleanup } from '../../support/cleanup.ts';
import { endOf, onTheWay, openCounter, withFields, type Counter, type Sold } from './counter.ts';
import { startVirtual, type Virtual } from './far-end.ts';
import type { Said } from './relay.ts';

const shared = createCleanup();
let virtual: Promise<Virtual> | undefined;

async function open(
  t: Cleanup,
  act: (counter: Counter, what: string, pass: () => Promise<Said>) => Promise<Said | undefined>,
): Promise<{ counter: Counter; asked: string[] }> {
  const open: { counter?: Counter } = {};
  const line = await onTheWay(t, await (virtual ??= startVirtual(shared)), (what, pass) =>
    open.counter === undefined ? pass() : act(open.counter, what, pass),
  );
  const counter = (open.counter = await openCounter(t, { virtual: line.virtual, timing: { cardMs: 700 } }));
  await counter.resident({ act: 'present', brand: 'visa' });
  return { counter, asked: line.asked };
}

for (const fields of [
  { amount: 4000 },
  { currency: 'usd' },
  { status: 'succeeded' },
  { status: 'requires_capture' },
  { payment_method_types: ['card'] },
]) {
  test(`a payment that is not the one asked for is shown to no reader: ${JSON.stringify(fields)}`, async (t) => {
    const { counter, asked } = await open(t, async (_, what, pass) =>
      what === 'POST payment_intents' ? withFields(await pass(), fields) : pass(),
    );
    assert.equal(endOf(await counter.sell(400)), 'not_sent');
    assert.equal(asked.at(-1), 'POST payment_intents');
    assert.deepEqual(await counter.book(), []);
  });
}

test('a connection that is closed while the reader is told may have moved money, and it has', async (t) => {
  const { counter } = await open(t, async ({ terminal }, what, pass) => {
    const said = await pass();
    if (what === 'POST process_payment_intent') await terminal.close();
    return said;
  });
  const sold = await counter.sell(400);
  assert.equal(endOf(sold), 'may have moved');
  assert.equal((await counter.find(sold)).kind, 'approved');
});

test('a connection that is closed while the payment is stopped may have moved money', async (t) => {
  const { counter } = await open(t, async ({ terminal }, what, pass) => {
    if (what === 'POST cancel_action') await terminal.close();
    return pass();
  });
  await counter.resident({ act: 'walk_away' });
  assert.equal(endOf(await counter.sell(400)), 'may have moved');
});

/** As `find`, once. */
async function askOnce({ virtual }: Counter, { operationId, armedAt, reference }: Sold): Promise<Finding> {
  const terminal = await virtual.connect();
  const inquiry = { operationId, armedAt, reference, amountYen: 400, answer: null, previous: null };
  return terminal.findTransaction(inquiry);
}

for (const act of ['insufficient', 'stop']) {
  test(`the reader’s no ("${act}") is none as long as the payment can still be made`, async (t) => {
    let isLost = true;
    const { counter } = await open(t, (_, what, pass) =>
      isLost && what === 'POST cancel' ? Promise.resolve(undefined) : pass(),
    );
    await counter.resident({ act });
    const sold = await counter.sell(400);
    assert.equal(endOf(sold), 'may have moved');
    assert.deepEqual(sold.answers, []);
    assert.equal((await askOnce(counter, sold)).kind, 'in_progress');
    isLost = false;
    assert.equal((await counter.find(sold)).kind, 'not_charged');
  });
}

test('what is authorised and held is not for a query to drop', async (t) => {
  const { counter, asked } = await open(t, async (_, what, pass) =>
    what.startsWith('GET pi_') ? withFields(await pass(), { status: 'requires_capture' }) : pass(),
  );
  const sold = await counter.sell(400);
  asked.length = 0;
  assert.equal((await askOnce(counter, sold)).kind, 'inconclusive');
  assert.ok(!asked.includes('POST cancel'));
});

/** Sells, and gives it back on a line that the test has by then. */
async function giveBack(
  t: Cleanup,
  act: (counter: Counter, what: string, pass: () => Promise<Said>) => Promise<Said | undefined>,
  ...faults: object[]
): Promise<{ counter: Counter; ended: string; found: () => Promise<string> }> {
  const { counter } = await open(t, act);
  const [of = assert.fail()] = (await counter.sell(400)).answers;
  await counter.fault(...faults);
  const given = await counter.giveBack(of);
  const found = async () => (await counter.find(given, { kind: 'void', of })).kind;
  return { counter, ended: endOf(given), found };
}

test('a connection that is closed while money is given back may have given it, and it has', async (t) => {
  const { ended, found } = await giveBack(t, async ({ terminal }, what, pass) => {
    const said = await pass();
    if (what === 'POST refunds') await terminal.close();
    return said;
  });
  assert.equal(ended, 'may have moved');
  assert.equal(await found(), 'approved');
});

test('that a refund’s key was used before proves nothing by itself: that was the refund', async (t) => {
  const { ended } = await giveBack(t, async (_, what, pass) => {
    const said = await pass();
    const error = { type: 'idempotency_error', message: 'Keys are for one request.' };
    return what === 'POST refunds' ? { ...withFields(said, { error }), status: 400 } : said;
  });
  assert.equal(ended, 'completed');
});

for (const isSeen of [true, false]) {
  test(`a refusal of a refund’s repeat says nothing of the one whose answer was lost${isSeen ? '' : ', also where no look is allowed'}`, async (t) => {
    let posts = 0;
    const { counter, ended } = await giveBack(t, async (_, what, pass) => {
      if (what === 'POST refunds') posts += 1;
      if (what === 'POST refunds' && posts === 1) {
        await pass();
        return undefined;
      }
      const isRefused = what === 'POST refunds' || (!isSeen && what === 'GET refunds');
      const error = { type: 'invalid_request_error', message: 'Invalid API Key provided.' };
      return isRefused ? { ...withFields(await pass(), { error }), status: 401 } : pass();
    });
    assert.equal(posts, 2);
    assert.equal(ended, isSeen ? 'completed' : 'may have moved');
    assert.equal((await counter.book()).length, 2);
  });
}

test('a refund that Stripe has taken on may be made, although no look at it is answered any more', async (t) => {
  const { ended } = await giveBack(
    t,
    (_, what, pass) => (what.startsWith('GET re_') ? Promise.resolve(undefined) : pass()),
    { fault: 'refund_pending' },
  );
  assert.equal(ended, 'may have moved');
});

test('a refund that was cancelled at Stripe has given nothing back', async (t) => {
  const { ended } = await giveBack(
    t,
    async (_, what, pass) =>
      what.startsWith('GET re_') ? withFields(await pass(), { status: 'canceled' }) : pass(),
    { fault: 'refund_pending' },
  );
  assert.equal(ended, 'declined refund_failed');
});
