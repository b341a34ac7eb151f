/** The counter dies in the middle: what was on record by then finds the payment again, and nothing is taken twice. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { TerminalError } from '../../../src/terminal/terminal.ts';
import { createCleanup, type Cleanup } from '../../support/cleanup.ts';
import { endOf, onTheWay, openCounter } from './counter.ts';
import { startVirtual, type Virtual } from './far-end.ts';

const shared = createCleanup();
let virtual: Promise<Virtual> | undefined;
const open = async (t: Parameters<typeof openCounter>[0]) =>
  openCounter(t, { virtual: await (virtual ??= startVirtual(shared)) });

const openWatched = async (t: Cleanup) => {
  const { virtual: onTheLine, asked } = await onTheWay(t, await (virtual ??= startVirtual(shared)));
  return { counter: await openCounter(t, { virtual: onTheLine }), asked };
};

const card = { act: 'present', brand: 'jcb' };

test('the payment’s name is on record before the reader hears of it', async (t) => {
  const { counter, asked } = await openWatched(t);
  await counter.resident(card);
  const names: string[] = [];
  let askedBefore: string[] = [];
  const sold = await counter.sell(400, {
    keepReference: async (reference) => {
      await counter.book();
      names.push(reference);
      askedBefore = [...asked];
    },
  });
  assert.equal(endOf(sold), 'completed');
  assert.equal(askedBefore.at(-1), 'POST payment_intents');
  assert.deepEqual(names, [sold.answers[0]?.traceNumber]);
});

test('a name that can not be recorded keeps the reader from being told, and the fault comes out', async (t) => {
  const { counter, asked } = await openWatched(t);
  await counter.resident(card);
  const fault = new Error('disk full');
  const keepReference = async (): Promise<never> => {
    await counter.book();
    throw fault;
  };
  await assert.rejects(counter.sell(400, { keepReference }), fault);
  assert.equal(asked.at(-1), 'POST payment_intents');
  assert.deepEqual(await counter.book(), []);
});

test('while a card is awaited: the reader is freed, the payment impossible, and a late card takes nothing', async (t) => {
  const counter = await open(t);
  await counter.resident();
  const sale = counter.sell(400);
  await counter.virtual.until((phase) => phase === 'waiting');
  await counter.terminal.close();
  const sold = await sale;
  assert.equal(endOf(sold), 'may have moved');
  assert.equal((await counter.find(sold)).kind, 'not_charged');
  await assert.rejects(counter.virtual.tell('/resident', card));
  assert.equal((await counter.find(sold)).kind, 'not_charged');
  assert.deepEqual(await counter.book(), []);
});

test('while the card is authorised: it is waited for, and found as the payment that it is', async (t) => {
  const counter = await openCounter(t, { issuerMs: 500 });
  const sale = counter.sell(400);
  await counter.virtual.until((phase) => phase === 'waiting');
  await counter.virtual.tell('/resident', card);
  await counter.terminal.close();
  const sold = await sale;
  assert.equal(endOf(sold), 'may have moved');
  const found = await counter.find(sold);
  assert.equal(found.kind === 'approved' ? found.answer.brand : found.kind, 'jcb');
  assert.equal((await counter.book()).length, 1);
});

test('a payment that went through long after it was given up is found late', async (t) => {
  const counter = await openCounter(t, { issuerMs: 900, timing: { authorisingMs: 100, cardMs: 100 } });
  const sale = counter.sell(400);
  await counter.virtual.until((phase) => phase === 'waiting');
  await counter.virtual.tell('/resident', card);
  const sold = await sale;
  assert.equal(endOf(sold), 'may have moved');
  assert.equal((await counter.find(sold)).kind, 'approved');
});

test('the same operation told twice is one payment at Stripe', async (t) => {
  const counter = await open(t);
  const operationId = randomUUID();
  await counter.resident(card);
  const first = await counter.sell(400, { operationId });
  const again = await counter.sell(400, { operationId });
  assert.deepEqual([endOf(first), endOf(again)], ['completed', 'completed']);
  assert.equal(again.answers[0]?.traceNumber, first.answers[0]?.traceNumber);
  assert.equal((await counter.book()).length, 1);
});

test('another operation’s payment is never taken for this one, whatever it cost', async (t) => {
  const counter = await open(t);
  await counter.resident(card);
  const other = await counter.sell(400);
  const asked = { ...other, operationId: randomUUID() };
  assert.equal((await counter.find({ ...asked, reference: null })).kind, 'not_charged');
  assert.equal((await counter.find(asked)).kind, 'inconclusive');
});

test('a name that this account does not know proves nothing: the key may be another’s', async (t) => {
  const counter = await open(t);
  await counter.resident(card);
  const sold = await counter.sell(400);
  assert.equal((await counter.find({ ...sold, reference: 'pi_elsewhere' })).kind, 'inconclusive');
});

test('a service that can not be asked has established nothing', async (t) => {
  const counter = await open(t);
  await counter.resident(card);
  const sold = await counter.sell(400);
  await counter.fault({ fault: 'error_before', on: 'retrieve_reader', times: 10 });
  await assert.rejects(
    counter.terminal.findTransaction({
      ...{ operationId: sold.operationId, armedAt: sold.armedAt, reference: sold.reference },
      ...{ amountYen: 400, answer: null, previous: null },
    }),
    TerminalError,
  );
  await counter.fault();
});
