import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openJournal } from '../../src/journal/journal.ts';
import { createGate, createSecondPersonCheck, hashPin, lockedUntil, TRIES } from '../../src/staff/gate.ts';
import type { Role, StaffMember } from '../../src/staff/staff.ts';
import { createJournalTries } from '../../src/staff/tries.ts';
import { makeFolder } from '../support/folder.ts';

const START = '2026-11-24T00:00:00.000Z';
const PIN = '135790';

async function memberOf(
  number: string,
  roles: Role[],
  change: Partial<StaffMember> = {},
): Promise<StaffMember> {
  const pinHash = await hashPin(PIN);
  return {
    number,
    nameJa: `職員 ${number}`,
    roles,
    windows: null,
    pinHash,
    pinSetAt: '',
    isActive: true,
    ...change,
  };
}

/** A counter with a clock of its own; `restart` opens the same journal again. */
async function openGate(t: TestContext) {
  const path = join(makeFolder(t), 'journal.sqlite');
  const clock = { now: new Date(START) };
  const staff = [
    await memberOf('11', ['cashier']),
    await memberOf('12', ['treasurer']),
    await memberOf('13', ['treasurer'], { isActive: false }),
  ];
  const start = () => {
    const journal = openJournal(
      path,
      { municipality: '122327', counter: '01', book: 'live' },
      () => clock.now,
    );
    const gate = createGate({
      find: (number) => staff.find((member) => member.number === number),
      tries: createJournalTries(journal),
      now: () => clock.now,
    });
    return { journal, gate, confirm: createSecondPersonCheck(gate) };
  };
  const running = { ...start() };
  t.after(() => running.journal.close());
  const restart = (): void => {
    running.journal.close();
    Object.assign(running, start());
  };
  const pass = (minutes: number): void => {
    clock.now = new Date(clock.now.getTime() + minutes * 60_000);
  };
  return { running, restart, pass, staff };
}

const refusal = (code: string) => ({ name: 'AppError', code });

test('a number with its PIN is its member; a wrong PIN, an unknown and an inactive number are refused alike', async (t) => {
  const { running } = await openGate(t);
  assert.equal((await running.gate.check('11', PIN, 'sign_in')).nameJa, '職員 11');
  for (const [number, pin] of [
    ['11', '000000'],
    ['99', PIN],
    ['13', PIN],
  ] as const) {
    await assert.rejects(running.gate.check(number, pin, 'sign_in'), refusal('wrong_pin'));
  }
  assert.deepEqual(
    running.journal
      .eventsAfter(0, 9)
      .map(({ type, payloadText }) => [type, JSON.parse(payloadText) as unknown]),
    [
      ['pin_accepted', { staff: '11', name: '職員 11', purpose: 'sign_in', pinSetAt: '' }],
      ['pin_refused', { staff: '11', name: '職員 11', purpose: 'sign_in', pinSetAt: '' }],
    ],
  );
});

test('the fifth wrong try locks the number, also for the right PIN and after a restart; others go on', async (t) => {
  const { running, restart, pass } = await openGate(t);
  for (let each = 1; each < TRIES; each++) {
    await assert.rejects(running.gate.check('11', 'wrong', 'sign_in'), refusal('wrong_pin'));
  }
  await assert.rejects(running.gate.check('11', 'wrong', 'sign_in'), refusal('locked_out'));
  await assert.rejects(running.gate.check('11', PIN, 'sign_in'), refusal('locked_out'));
  restart();
  await assert.rejects(running.gate.check('11', PIN, 'sign_in'), refusal('locked_out'));
  assert.equal((await running.gate.check('12', PIN, 'sign_in')).number, '12');
  pass(15);
  assert.equal((await running.gate.check('11', PIN, 'sign_in')).number, '11');
});

test('guesses that come all at once are counted one by one', async (t) => {
  const { running } = await openGate(t);
  const guesses = Array.from({ length: 20 }, () => running.gate.check('11', 'wrong', 'sign_in'));
  const answers = await Promise.allSettled(guesses);
  const codes = answers.map((answer) =>
    answer.status === 'rejected' ? (answer.reason as { code: string }).code : '',
  );
  assert.equal(codes.filter((code) => code === 'wrong_pin').length, TRIES - 1);
  assert.equal(running.journal.eventsOfType('pin_refused').length, TRIES);
});

test('a PIN that was set anew forgets the wrong tries before it', async (t) => {
  const { running, pass, staff } = await openGate(t);
  for (let each = 0; each < TRIES; each++) await assert.rejects(running.gate.check('11', 'wrong', 'sign_in'));
  pass(1);
  staff[0] = await memberOf('11', ['cashier'], { pinSetAt: '2026-11-24T00:00:30.000Z' });
  assert.equal((await running.gate.check('11', PIN, 'sign_in')).number, '11');
});

test('a number that nobody has is locked like any other, so that it does not tell itself apart', async (t) => {
  const { running, pass } = await openGate(t);
  const codes = async (number: string): Promise<string[]> => {
    const found: string[] = [];
    for (let each = 0; each <= TRIES; each++) {
      await running.gate.check(number, 'wrong', 'sign_in').catch((error: unknown) => {
        found.push((error as { code: string }).code);
      });
    }
    return found;
  };
  assert.deepEqual(await codes('99'), await codes('11'));
  assert.deepEqual(
    await codes('13'),
    Array<string>(TRIES + 1)
      .fill('locked_out')
      .fill('wrong_pin', 0, 4),
  );
  pass(15);
  await assert.rejects(running.gate.check('99', 'wrong', 'sign_in'), refusal('wrong_pin'));
  // What was typed as a number may have been a PIN.
  assert.deepEqual(
    running.journal.eventsAfter(0, 99).filter(({ payloadText }) => !payloadText.includes('"11"')),
    [],
  );
});

test('no refusal comes sooner than another, so its time tells nothing about the number', async (t) => {
  const { running } = await openGate(t);
  for (const number of ['11', '99', '13']) {
    for (let each = 0; each <= TRIES; each++) {
      const asked = performance.now();
      await assert.rejects(running.gate.check(number, 'wrong', 'sign_in'));
      // A timer may end a millisecond early.
      assert.ok(performance.now() - asked >= 248, `${number}, try ${String(each)}`);
    }
  }
});

test('a clock that is set right ends a lock, however far ahead it was when the number was locked', async (t) => {
  const { running, pass } = await openGate(t);
  const years = 60 * 24 * 365 * 4;
  pass(years);
  for (let each = 0; each < TRIES; each++) await assert.rejects(running.gate.check('11', 'wrong', 'sign_in'));
  pass(-10);
  await assert.rejects(running.gate.check('11', PIN, 'sign_in'), refusal('locked_out'));
  pass(10 - years);
  assert.equal((await running.gate.check('11', PIN, 'sign_in')).number, '11');
});

test('a PIN that was set anew is free at once, also where the counter’s clock is ahead of the office’s', async (t) => {
  const { running, restart, staff } = await openGate(t);
  for (let each = 0; each < TRIES; each++) await assert.rejects(running.gate.check('11', 'wrong', 'sign_in'));
  staff[0] = await memberOf('11', ['cashier'], { pinSetAt: '2026-11-23T23:59:00.000Z' });
  restart();
  assert.equal((await running.gate.check('11', PIN, 'sign_in')).number, '11');
});

test('a second person is another one, with the role, and with the PIN', async (t) => {
  const { running } = await openGate(t);
  const first = { number: '11' };
  const second = await running.confirm({ number: '12', pin: PIN }, first, ['treasurer']);
  assert.equal(second.number, '12');
  const itself = running.confirm({ number: '11', pin: PIN }, first, ['cashier']);
  await assert.rejects(itself, refusal('same_person'));
  const cashier = running.confirm({ number: '11', pin: PIN }, { number: '12' }, ['treasurer']);
  await assert.rejects(cashier, refusal('second_person_role'));
  for (let each = 1; each < TRIES; each++) {
    await assert.rejects(
      running.confirm({ number: '12', pin: 'x' }, first, ['treasurer']),
      refusal('wrong_pin'),
    );
  }
  const locked = running.confirm({ number: '12', pin: 'x' }, first, ['treasurer']);
  await assert.rejects(locked, refusal('locked_out'));
  await assert.rejects(running.gate.check('12', PIN, 'sign_in'), refusal('locked_out'));
});

test('a lock ends by itself, and one more wrong try renews it', () => {
  const wrong = (minute: number) => ({
    at: new Date(Date.parse(START) + minute * 60_000).toISOString(),
    isRight: false,
  });
  const five = [0, 1, 2, 3, 4].map(wrong);
  assert.equal(lockedUntil(five.slice(1), new Date(START)), undefined);
  assert.equal(lockedUntil(five, new Date(START))?.toISOString(), '2026-11-24T00:19:00.000Z');
  assert.equal(lockedUntil(five, new Date('2026-11-24T00:19:00.000Z')), undefined);
  const sixth = lockedUntil([...five, wrong(30)], new Date('2026-11-24T00:30:01.000Z'));
  assert.equal(sixth?.toISOString(), '2026-11-24T00:45:00.000Z');
});
