/** Who is next at the terminal: in order, honest about who holds it, and nobody is held up by an empty chair. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { AppError } from '../../src/errors.ts';
import { createLive, type TerminalStatus, type TurnsStatus } from '../../src/live.ts';
import { createTurns, type Turns } from '../../src/turns/turns.ts';
import { NOTHING_YET, type LiveState } from '../../src/web/counter/live.ts';
import { liveToPress } from '../../src/web/turns/turn-words.ts';
import { paymentOf } from '../web/payments.ts';

interface Counter {
  turns: Turns;
  /** As the screens were told last. */
  told: () => TurnsStatus;
  terminal: (state: TerminalStatus['state'], id?: string) => void;
  pay: () => void;
  end: (paymentId: string) => void;
  pass: (seconds: number) => void;
}

function openCounter(terminals = 1): Counter {
  const live = createLive();
  let now = Date.parse('2026-11-26T08:00:00Z');
  const states = new Map<string, TerminalStatus['state']>();
  for (let id = 1; id <= terminals; id += 1) states.set(String(id), 'ready');
  const list = (): TerminalStatus[] =>
    [...states].map(([id, state]) => ({ id, nameJa: `端末${id}`, state, detail: null }));
  let isPaying = false;
  const turns = createTurns({ live, terminals: list, isPaying: () => isPaying, now: () => new Date(now) });
  let told: TurnsStatus = turns.status();
  live.subscribe((name, value) => {
    if (name === 'turns') told = value as TurnsStatus;
  });
  const terminal: Counter['terminal'] = (state, id = '1') => {
    states.set(id, state);
    live.publish('terminal', { id, nameJa: `端末${id}`, state, detail: null });
  };
  return {
    turns,
    told: () => told,
    terminal,
    pay() {
      isPaying = true;
    },
    end(paymentId) {
      terminal('ready');
      live.publish('payment', paymentOf({ id: paymentId, state: 'approved' }));
    },
    pass(seconds) {
      now += seconds * 1000;
    },
  };
}

/** Whether it still waits when whatever is ready to go on has gone on. */
async function isWaiting(waiting: Promise<void>): Promise<boolean> {
  let isOver = false;
  void waiting.then(() => (isOver = true));
  await setImmediate();
  return !isOver;
}

const isRefused = (turns: Turns, screen: string | undefined): boolean => {
  try {
    turns.refuseBefore(screen);
    return false;
  } catch (error) {
    assert.ok(error instanceof AppError && error.code === 'not_your_turn');
    return true;
  }
};

test('everybody is told who holds the terminal and who is next; first come, first served', () => {
  const { turns, told, terminal, end } = openCounter();
  for (const screen of ['a', 'b', 'c']) turns.arrive(screen, screen === 'c' ? 'ひよこ組' : '');
  turns.taken('a', 'p1', true);
  terminal('busy');
  turns.wait('b', 2500, '保育 みどり');
  turns.wait('c', 600, '保育 みどり');
  assert.deepEqual(told().holding, [{ paymentId: 'p1', screen: 'a', name: '画面1' }]);
  assert.deepEqual(
    told().waiting.map(({ name, amountYen }) => [name, amountYen]),
    [
      ['画面2', 2500],
      ['ひよこ組', 600],
    ],
  );
  turns.wait('b', 2600, '保育 みどり');
  assert.equal(told().waiting[0]?.amountYen, 2600, 'another amount, the same place');

  end('p1');
  assert.deepEqual(told().holding, []);
  assert.equal(isRefused(turns, 'c'), true);
  assert.equal(isRefused(turns, 'a'), true, 'who has just paid does not go first again');
  assert.equal(isRefused(turns, undefined), true, 'nor does a script');
  assert.equal(isRefused(turns, 'b'), false);
  turns.taken('b', 'p2', true);
  assert.deepEqual(
    told().waiting.map(({ screen }) => screen),
    ['c'],
  );
});

test('a turn that nobody takes holds up nobody for longer than half a minute', () => {
  const { turns, terminal, end, pass } = openCounter();
  turns.arrive('a', '');
  turns.arrive('b', '');
  turns.taken('a', 'p1', true);
  terminal('busy');
  turns.wait('b', 2500, '保育 みどり');
  pass(300);
  end('p1');
  pass(29);
  assert.equal(isRefused(turns, 'a'), true, 'counted from when the terminal was free');
  pass(1);
  assert.equal(isRefused(turns, 'a'), false);
});

test('a page that is closed waits no more, and one that is open twice waits on', () => {
  const { turns, told, terminal } = openCounter();
  const [close, closeAgain] = [turns.arrive('a', ''), turns.arrive('a', '')];
  terminal('busy');
  turns.wait('a', 2500, '保育 みどり');
  close();
  assert.equal(told().waiting.length, 1);
  closeAgain();
  assert.deepEqual(told().waiting, []);
});

test('with two free terminals the first two may go; a terminal that comes back gives the first its time anew', () => {
  const { turns, terminal, pass } = openCounter(2);
  for (const screen of ['a', 'b', 'c']) {
    turns.arrive(screen, '');
    turns.wait(screen, 100, '保育 みどり');
  }
  assert.deepEqual(
    ['a', 'b', 'c'].map((screen) => isRefused(turns, screen)),
    [false, false, true],
  );
  terminal('disconnected', '1');
  terminal('disconnected', '2');
  assert.equal(isRefused(turns, 'c'), false, 'no terminal at all: that is what it is refused for, elsewhere');
  pass(60);
  terminal('ready', '1');
  assert.equal(isRefused(turns, 'b'), true);
});

test('a look at how an idle terminal is makes it nobody’s turn anew; a payment that has ended at once holds nothing', () => {
  const { turns, told, terminal, pass } = openCounter();
  turns.arrive('a', '');
  turns.wait('a', 100, '保育 みどり');
  pass(31);
  terminal('busy');
  terminal('ready');
  assert.equal(isRefused(turns, 'b'), false);
  turns.taken('a', 'p1', false);
  assert.deepEqual(told(), { holding: [], waiting: [] });
});

test('a press that meets a terminal which is only being asked waits until it is free, and not where somebody pays', async () => {
  const { turns, terminal, pay } = openCounter(2);
  terminal('busy', '1');
  assert.equal(await isWaiting(turns.untilAsked()), false, 'the other one is free');
  terminal('busy', '2');
  const press = turns.untilAsked();
  terminal('busy', '1');
  assert.equal(await isWaiting(press), true);
  terminal('ready', '2');
  assert.equal(await isWaiting(press), false);
  terminal('busy', '2');
  pay();
  assert.equal(await isWaiting(turns.untilAsked()), false);
});

test('a terminal that stays silent keeps a press for three seconds and no longer', async (t) => {
  const { turns, terminal } = openCounter();
  terminal('busy');
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const press = turns.untilAsked();
  t.mock.timers.tick(2_999);
  assert.equal(await isWaiting(press), true);
  t.mock.timers.tick(1);
  assert.equal(await isWaiting(press), false);
});

test('a terminal that is only being asked is no hindrance to a press, and one that somebody pays or waits at is', () => {
  const waiting = [
    { screen: 'a', name: '画面1', clerk: '保育 みどり', amountYen: 100, since: '2026-11-26T08:00:00Z' },
  ];
  const asked: LiveState = {
    ...NOTHING_YET,
    terminals: [{ id: '1', nameJa: '端末1', state: 'busy', detail: null }],
  };
  const stateFor = (screen: string, change: Partial<LiveState> = {}): string | undefined =>
    liveToPress({ ...asked, ...change }, screen).terminals[0]?.state;
  assert.equal(stateFor('a'), 'ready');
  assert.equal(stateFor('a', { turns: { waiting, holding: [] } }), 'ready', 'its own turn');
  assert.equal(stateFor('b', { turns: { waiting, holding: [] } }), 'busy', 'another screen comes first');
  const paying = new Map([['p', paymentOf({ id: 'p', state: 'armed' })]]);
  assert.equal(stateFor('a', { payments: paying }), 'busy');
  const locked = asked.terminals.map((each) => ({ ...each, state: 'locked' as const }));
  assert.equal(stateFor('a', { terminals: locked }), 'locked', 'the terminal has to answer first');
});
