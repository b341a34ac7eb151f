/** Whether the computer's clock may date a payment: against the record, PostgreSQL and the terminal. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { AppError } from '../../src/errors.ts';
import { openJournal, type Journal } from '../../src/journal/journal.ts';
import { createLive, type ClockFault } from '../../src/live.ts';
import { createClockWatch, refuseDoubtfulClock, type ClockWatch } from '../../src/payments/clock.ts';
import { makeFolder } from '../support/folder.ts';
import { TARO } from '../support/person.ts';

const NOON = Date.parse('2026-11-24T03:00:00.000Z');
const MINUTE = 60_000;

interface Scene {
  journal: Journal;
  clock: ClockWatch;
  /** Sets the computer's clock. */
  set: (ms: number) => void;
  restart: () => ClockWatch;
  shown: () => ClockFault | null | undefined;
}

function openScene(t: TestContext): Scene {
  let nowMs = NOON;
  const now = (): Date => new Date(nowMs);
  const journal = openJournal(
    join(makeFolder(t), 'journal.sqlite'),
    { municipality: '122327', counter: '01', book: 'trial' },
    now,
  );
  t.after(() => journal.close());
  journal.append('tick', null, {});
  const live = createLive();
  let shown: ClockFault | null | undefined;
  live.subscribe((name, value) => {
    if (name === 'clock') shown = value as ClockFault | null;
  });
  const restart = (): ClockWatch => createClockWatch({ journal, now, live });
  return { journal, clock: restart(), set: (ms) => void (nowMs = ms), restart, shown: () => shown };
}

const sourceOf = (clock: ClockWatch): string | undefined => clock.fault()?.source;
const refusedAs = (code: string) => (error: unknown) => error instanceof AppError && error.code === code;

test('a clock that agrees with all the others may date a payment', (t) => {
  const { clock } = openScene(t);
  clock.hearDatabase(new Date(NOON + 4 * MINUTE));
  clock.hearTerminal('1', '11-24T11:56:00');
  assert.equal(clock.fault(), undefined);
  refuseDoubtfulClock(clock);
});

test('a clock behind the newest event may not, and what is recorded meanwhile changes nothing about it', (t) => {
  const { clock, journal, set, restart } = openScene(t);
  set(NOON - 4_000);
  assert.equal(clock.fault(), undefined, 'what a time server corrects');
  set(NOON - 60 * MINUTE);
  assert.equal(sourceOf(clock), 'journal');
  assert.throws(() => refuseDoubtfulClock(clock), refusedAs('clock_behind'));
  journal.append('tick', null, {});
  assert.equal(sourceOf(clock), 'journal');
  assert.equal(sourceOf(restart()), 'journal', 'nor does a restart');
  set(NOON);
  assert.equal(clock.fault(), undefined, 'it is right again');
});

for (const [what, minutes] of [
  ['ahead of', -6],
  ['behind', 6],
] as const) {
  test(`a clock more than five minutes ${what} PostgreSQL’s may not, until it is set right`, (t) => {
    const { clock, set, shown } = openScene(t);
    clock.hearDatabase(new Date(NOON + minutes * MINUTE));
    assert.equal(sourceOf(clock), 'database');
    assert.equal(shown()?.source, 'database', 'the screens are told');
    assert.throws(() => refuseDoubtfulClock(clock), refusedAs('clock_differs'));
    if (minutes > 0) {
      set(NOON + minutes * MINUTE);
      assert.equal(clock.fault(), undefined, 'before PostgreSQL is asked again');
    }
    clock.hearDatabase(new Date(NOON + Math.max(minutes, 0) * MINUTE));
    assert.equal(clock.fault(), undefined);
    assert.equal(shown(), null);
  });
}

test('a terminal’s clock counts like PostgreSQL’s, as long as that terminal is connected', (t) => {
  const { clock } = openScene(t);
  clock.hearTerminal('1', '11-24T12:06:00');
  assert.equal(sourceOf(clock), 'terminal');
  clock.forgetTerminal('2');
  assert.equal(sourceOf(clock), 'terminal');
  clock.forgetTerminal('1');
  assert.equal(clock.fault(), undefined);
  clock.hearTerminal('1', '2026-11-24T03:06:00Z');
  assert.equal(sourceOf(clock), 'terminal');
  clock.hearTerminal('1', '--:--');
  assert.equal(sourceOf(clock), 'terminal', 'what is no time says nothing');
});

test('a terminal that gives no year is read as the nearest: minutes before and after New Year', (t) => {
  const { clock, set } = openScene(t);
  set(Date.parse('2026-12-31T15:01:00Z'));
  clock.hearTerminal('1', '12-31T23:59:00');
  assert.equal(clock.fault(), undefined);
  set(Date.parse('2026-12-31T14:59:00Z'));
  clock.hearTerminal('1', '01-01T00:01:00');
  assert.equal(clock.fault(), undefined);
});

test('the 出納員 confirms the date: on record with what was in doubt, for that day, also after a restart', (t) => {
  const { clock, journal, set, restart, shown } = openScene(t);
  clock.hearDatabase(new Date(NOON + 60 * MINUTE));
  assert.throws(() => clock.confirm('2026-11-25', TARO), refusedAs('other_date'));
  clock.confirm('2026-11-24', TARO);
  assert.equal(clock.fault(), undefined);
  assert.equal(shown(), null);
  const payload = journal.eventsOfType('clock_confirmed')[0]?.payload as { fault: ClockFault };
  const { theirs } = payload.fault;
  assert.deepEqual(payload, {
    businessDate: '2026-11-24',
    fault: { source: 'database', ours: '2026-11-24T03:00:00.000Z', theirs },
    clerk: '出納 太郎',
    staff: '1002',
  });
  // Their clock has gone on since it was heard: by the milliseconds that this took.
  const aheadMs = Date.parse(theirs) - (NOON + 60 * MINUTE);
  assert.ok(aheadMs >= 0 && aheadMs < MINUTE, theirs);
  assert.equal(restart().fault(), undefined);
  set(NOON + 24 * 60 * MINUTE);
  assert.equal(sourceOf(clock), 'database', 'the next day asks again');
});

test('after a year that was wrong, the confirmed date is the new beginning', (t) => {
  const { clock, journal, set, restart } = openScene(t);
  set(Date.parse('2027-11-24T03:00:00Z'));
  journal.append('tick', null, {});
  set(NOON + MINUTE);
  assert.equal(sourceOf(clock), 'journal');
  clock.confirm('2026-11-24', TARO);
  set(NOON + 25 * 60 * MINUTE);
  assert.equal(clock.fault(), undefined);
  assert.equal(restart().fault(), undefined);
});
