import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Snapshot } from '../../src/live.ts';
import {
  listPayments,
  NOTHING_YET,
  reduceLive,
  sumPosted,
  type LiveEvent,
  type LiveState,
} from '../../src/web/counter/live.ts';
import { paymentOf } from './payments.ts';

const SNAPSHOT: Snapshot = {
  payments: [],
  counted: [],
  progress: [],
  prompts: [],
  terminals: [{ id: 't1', nameJa: '端末', state: 'ready', detail: null }],
  record: { state: 'synced', pending: 0, detail: null, since: null },
  clock: null,
  daycare: { version: 1, owed: 0 },
  turns: { holding: [], waiting: [] },
  closing: null,
};
const after = (...events: LiveEvent[]): LiveState => events.reduce(reduceLive, NOTHING_YET);
const snapshot = (change: Partial<Snapshot> = {}): LiveEvent => ({
  type: 'snapshot',
  snapshot: { ...SNAPSHOT, ...change },
});
const ID = paymentOf().id;

test('a break keeps what was shown and says so; the next snapshot is the truth again', () => {
  const armed = paymentOf();
  const lost = after(snapshot({ payments: [armed] }), { type: 'lost' });
  assert.equal(lost.connection, 'lost');
  assert.equal(lost.payments.get(ID)?.state, 'armed');
  const back = reduceLive(lost, snapshot({ payments: [paymentOf({ state: 'approved' })] }));
  assert.equal(back.connection, 'live');
  assert.equal(back.payments.get(ID)?.state, 'approved');
});

test('the answer to our own request never puts back what the stream has already told', () => {
  const state = after(
    snapshot(),
    { type: 'payment', payment: paymentOf({ state: 'approved' }) },
    { type: 'answered', payment: paymentOf({ state: 'armed' }) },
  );
  assert.equal(state.payments.get(ID)?.state, 'approved');
});

test('the answer to our own request is taken where the stream is behind', () => {
  const state = after(
    snapshot(),
    { type: 'answered', payment: paymentOf() },
    { type: 'answered', payment: paymentOf({ cancelRequested: true }) },
  );
  assert.equal(state.payments.get(ID)?.cancelRequested, true);
});

test('progress ends with the payment', () => {
  const state = after(
    snapshot(),
    { type: 'payment', payment: paymentOf() },
    { type: 'progress', reached: { paymentId: ID, progress: { step: 'present_card', hint: null } } },
  );
  assert.equal(state.progress[0]?.progress.step, 'present_card');
  assert.deepEqual(
    reduceLive(state, { type: 'payment', payment: paymentOf({ state: 'declined' }) }).progress,
    [],
  );
});

for (const [how, event] of [
  ['told by the stream', { type: 'payment', payment: paymentOf({ state: 'approved', late: true }) }],
  ['found after a break', snapshot({ payments: [paymentOf({ state: 'not_charged' })] })],
] as const) {
  test(`an unknown that is cleared up, ${how}, stays in sight until it has been seen`, () => {
    const unknown = after(snapshot({ payments: [paymentOf({ state: 'unknown' })] }));
    const cleared = reduceLive(unknown, event);
    assert.deepEqual(
      cleared.cleared.map(({ id }) => id),
      [ID],
    );
    assert.deepEqual(reduceLive(cleared, { type: 'cleared_seen', id: ID }).cleared, []);
  });
}

test('a snapshot drops an unknown of another day that it no longer has, and keeps a result on the screen', () => {
  const old = paymentOf({ id: 'old', state: 'unknown', businessDate: '2026-11-20' });
  const shown = paymentOf({ id: 'shown', state: 'approved', businessDate: '2026-11-20' });
  const state = after(snapshot({ payments: [old, shown] }), snapshot());
  assert.deepEqual([...state.payments.keys()], ['shown']);
});

test('the list of today: open unknowns of any day first, the rest newest first, and only paid ones add up', () => {
  const { open, done } = listPayments(
    after(
      snapshot({
        payments: [
          paymentOf({ id: 'a', number: 1, state: 'approved', amountYen: 400 }),
          paymentOf({ id: 'b', number: 2, state: 'declined', amountYen: 750 }),
          paymentOf({ id: 'c', number: 3, state: 'approved', amountYen: 450 }),
          paymentOf({ id: 'd', number: 0, state: 'unknown', businessDate: '2026-11-20' }),
          paymentOf({ id: 'e', number: 0, state: 'approved', businessDate: '2026-11-20' }),
        ],
      }),
    ),
    '2026-11-24',
  );
  assert.deepEqual(
    open.map(({ id }) => id),
    ['d'],
  );
  assert.deepEqual(
    done.map(({ id }) => id),
    ['c', 'b', 'a'],
  );
  assert.deepEqual(sumPosted(done, '2026-11-24'), { count: 2, amountYen: 850 });
});

test('one terminal of several changes alone', () => {
  const second = { id: 't2', nameJa: '端末2', state: 'ready', detail: null } as const;
  const state = after(snapshot({ terminals: [...SNAPSHOT.terminals, second] }), {
    type: 'terminal',
    terminal: { ...second, state: 'disconnected' },
  });
  assert.deepEqual(
    state.terminals.map((terminal) => terminal.state),
    ['ready', 'disconnected'],
  );
});
