/** A whole counter without screens, and a terminal that takes every card at once. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openCounterCore, type CounterCore, type CounterCoreOptions } from '../../src/counter-core.ts';
import { AppError } from '../../src/errors.ts';
import { TerminalError, type Terminal, type TerminalAnswer } from '../../src/terminal/terminal.ts';
import { createTestTerminal } from '../closing/terminal.ts';
import { HANAKO, returnOf, saleOf, TARO } from '../proof/clerk.ts';
import { CATALOGUE, IDENTITY } from '../proof/counter.ts';
import { makeFolder } from '../support/folder.ts';
import { answerOf } from '../support/sale.ts';

const NOON = Date.parse('2026-11-24T03:00:00.000Z');
const refusedAs = (code: string) => (error: unknown) => error instanceof AppError && error.code === code;

async function openCounter(
  t: TestContext,
  change: Partial<CounterCoreOptions> & {
    said?: Partial<TerminalAnswer>;
    breaks?: Error;
    does?: Partial<Terminal>;
  } = {},
): Promise<{ counter: CounterCore; atRest: () => Promise<void> }> {
  const { driver, connect } = createTestTerminal('1');
  const { said, breaks, does, ...options } = change;
  const counter = openCounterCore({
    path: join(makeFolder(t), 'journal.sqlite'),
    identity: IDENTITY,
    archive: { transact: () => Promise.reject(new Error('there is no database')) },
    terminals: [
      {
        ...{ id: '1', driver },
        connect: async () => ({
          ...(await connect()),
          async authorizeSale({ amountYen }, commit) {
            await commit(answerOf('approved', { amountYen, terminalId: '52500041', ...said }));
            if (breaks !== undefined) throw breaks;
            return { kind: 'completed' };
          },
          ...does,
        }),
      },
    ],
    now: () => new Date(NOON),
    catalogue: () => CATALOGUE,
    surveyUrl: () => null,
    secondPersonFromYen: Infinity,
    onError: () => undefined,
    onFatal: (error) => assert.fail(String(error)),
    ...options,
  });
  counter.start();
  t.after(() => counter.stop());
  const isAtRest = (): boolean =>
    counter.payments.board().every(({ state }) => state !== 'armed') &&
    counter.payments.terminalStatus().every(({ state }) => state === 'ready');
  const atRest = (): Promise<void> =>
    new Promise((resolve) => {
      let isOver = false;
      const look = (): void => {
        if (isOver || !isAtRest()) return;
        isOver = true;
        unsubscribe();
        resolve();
      };
      const unsubscribe = counter.live.subscribe(() => setImmediate(look));
      setImmediate(look);
    });
  await atRest();
  return { counter, atRest };
}

test('a sale that is refused at the last moment leaves its terminal free, no record, and its id unused', async (t) => {
  let isSettled = true;
  const { counter, atRest } = await openCounter(t, {
    beforeSale() {
      if (isSettled) throw new AppError('stay_settled');
    },
  });
  const before = counter.journal.head.sequence;
  assert.throws(() => counter.payments.take(saleOf('a', 1), HANAKO), refusedAs('stay_settled'));
  assert.equal(counter.journal.head.sequence, before);
  isSettled = false;
  counter.payments.take(saleOf('a', 2), HANAKO);
  await atRest();
  assert.equal(counter.payments.find('a')?.amountYen, 200);
});

test('a clock in doubt dates no sale, whosever clock says otherwise, until the 出納員 confirms the date', async (t) => {
  const { counter, atRest } = await openCounter(t, { said: { terminalTime: '11-24T12:06:00' } });
  counter.payments.take(saleOf('a', 1), HANAKO);
  await atRest();
  // The terminal's answer said that it is six minutes later.
  assert.throws(() => counter.payments.take(saleOf('b', 1), HANAKO), refusedAs('clock_differs'));
  counter.payments.clock.confirm('2026-11-24', TARO);
  counter.payments.take(saleOf('b', 1), HANAKO);
  await atRest();
  assert.equal(counter.payments.find('b')?.state, 'approved');
});

test('an id is one payment for ever, whatever else is asked for under it; what is final is not cancelled', async (t) => {
  const { counter, atRest } = await openCounter(t);
  const { payments, journal } = counter;
  payments.take(saleOf('a', 1), HANAKO);
  await atRest();
  journal.append('counted', 'b', {});
  const before = journal.head.sequence;
  assert.equal(payments.take(saleOf('a', 1), HANAKO).state, 'approved');
  assert.throws(() => payments.take(saleOf('a', 2), HANAKO), refusedAs('same_id_other_body'));
  assert.throws(() => payments.take(saleOf('b', 1), HANAKO), refusedAs('same_id_other_body'));
  assert.throws(() => payments.cancel('a', HANAKO), refusedAs('not_cancellable'));
  assert.equal(journal.head.sequence, before);
});

test('what a sale shows as left changes with its refund, which is a record of its own', async (t) => {
  const { counter, atRest } = await openCounter(t, {
    said: { terminalTime: '11-24T12:00:00' },
    does: {
      async authorizeRefund({ amountYen }, commit) {
        await commit(answerOf('approved', { amountYen, terminalId: '52500041' }));
        return { kind: 'completed' };
      },
    },
  });
  const { payments } = counter;
  payments.take(saleOf('a', 3), HANAKO);
  await atRest();
  assert.deepEqual(payments.find('a')?.returned, { amountYen: 0, pendingId: null });
  payments.afterwards.giveBack('a', returnOf('refund', 300, 'a-back'), HANAKO, null);
  assert.deepEqual(payments.find('a')?.returned, { amountYen: 0, pendingId: 'a-back' });
  await atRest();
  assert.deepEqual(payments.find('a')?.returned, { amountYen: 300, pendingId: null });
  assert.equal(payments.find('a')?.linesLeft[0]?.quantity, 0);
});

test('no sale while the day is being closed', async (t) => {
  const { counter, atRest } = await openCounter(t);
  const letIn = counter.payments.settlement.holdSales();
  assert.throws(() => counter.payments.take(saleOf('a', 1), HANAKO), refusedAs('closing_now'));
  letIn();
  counter.payments.take(saleOf('a', 1), HANAKO);
  await atRest();
});

test('no sale while the record is stopped', async (t) => {
  const stopped = { stopped: 'another journal is known under this number' };
  const { counter } = await openCounter(t, {
    archive: { transact: () => Promise.resolve(stopped as never) },
  });
  await counter.drain.tried();
  assert.throws(() => counter.payments.take(saleOf('a', 1), HANAKO), refusedAs('record_stopped'));
});

test('a live counter takes no sale before it is opened, and then none at a price that nobody has confirmed', async (t) => {
  const { counter } = await openCounter(t, { identity: { ...IDENTITY, book: 'live' } });
  const take = (): unknown => counter.payments.take(saleOf('a', 1), HANAKO);
  assert.throws(take, refusedAs('counter_not_open'));
  counter.opening.open(TARO);
  assert.throws(take, refusedAs('price_unconfirmed'));
});

test('a bug within a dialogue ends the process, and says nothing about the money: the next start asks', async (t) => {
  const fatal = Promise.withResolvers<unknown>();
  const breaks = new TypeError('a bug');
  const { counter } = await openCounter(t, { breaks, onFatal: fatal.resolve });
  counter.payments.take(saleOf('a', 1), HANAKO);
  assert.equal(await fatal.promise, breaks);
  assert.equal(counter.payments.find('a')?.state, 'armed');
  assert.deepEqual(
    counter.payments.history('a').map(({ type }) => type),
    ['armed', 'answer'],
  );
});

test('what became unknown is asked about at once', async (t) => {
  const { counter } = await openCounter(t, {
    breaks: new TerminalError('the line broke', true),
    does: { findTransaction: () => Promise.resolve({ kind: 'not_charged', reason: 'it has none' }) },
  });
  const told = Promise.withResolvers<void>();
  counter.live.subscribe((name) => {
    if (name === 'payment' && counter.payments.find('a')?.state === 'not_charged') told.resolve();
  });
  counter.payments.take(saleOf('a', 1), HANAKO);
  await told.promise;
});

test('the wish to cancel is on record when the terminal hears of it, and its answer decides', async (t) => {
  const heard = Promise.withResolvers<void>();
  const { counter, atRest } = await openCounter(t, {
    does: {
      abort() {
        assert.equal(counter.payments.find('a')?.cancelRequested, true);
        heard.resolve();
      },
      async authorizeSale({ amountYen }, commit) {
        await heard.promise;
        await commit(answerOf('approved', { amountYen, terminalId: '52500041' }));
        return { kind: 'completed' };
      },
    },
  });
  counter.payments.take(saleOf('a', 1), HANAKO);
  counter.payments.cancel('a', HANAKO);
  await atRest();
  assert.equal(counter.payments.find('a')?.state, 'approved');
});
