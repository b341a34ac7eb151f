/** What people do about an unknown payment, on a real journal. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { AppError } from '../../src/errors.ts';
import type { Brand } from '../../src/fees/catalogue.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { createUnknownDesk, holdsTerminal, RELEASE_AFTER_MS } from '../../src/payments/desk.ts';
import { boardOf, countedOn } from '../../src/payments/day.ts';
import { createLedger } from '../../src/payments/ledger.ts';
import type { Balance, Terminal } from '../../src/terminal/terminal.ts';
import type { Terminals } from '../../src/terminal/terminals.ts';
import { makeFolder } from '../support/folder.ts';
import { answerOf, armedSale } from '../support/sale.ts';
import { HANAKO, TARO } from '../support/person.ts';

const VISA: Brand = {
  code: 'visa',
  method: 'credit',
  nameJa: 'Visa',
  nameEn: 'Visa',
  ceilingYen: null,
  unknownRule: 'query_acquirer',
  cancelRule: 'void_or_refund',
  cancelDays: 180,
  sameTerminal: true,
  lastOnly: false,
  offers: [],
};
const NOON = Date.parse('2026-11-24T03:00:00.000Z');

function openDesk(t: TestContext, terminal: Partial<Terminal> | 'busy' | 'disconnected' = 'disconnected') {
  let nowMs = NOON;
  const now = (): Date => new Date(nowMs);
  const journal = openJournal(
    join(makeFolder(t), 'journal.sqlite'),
    { municipality: '122327', counter: '01', book: 'trial' },
    now,
  );
  t.after(() => journal.close());
  const ledger = createLedger(journal, () => undefined);
  let isHeld = false;
  const claim: Terminals['claim'] = () => {
    if (typeof terminal === 'string') return terminal;
    isHeld = true;
    return { terminal: terminal as Terminal, release: () => void (isHeld = false) };
  };
  const desk = createUnknownDesk({
    ledger,
    terminals: { claim },
    findBrand: (code) => (code === 'visa' ? VISA : undefined),
    now,
    onProgress: () => undefined,
  });
  const id = randomUUID();
  ledger.record(id, { type: 'armed', payload: armedSale({ method: 'emoney', brand: 'waon' }) });
  return {
    id,
    desk,
    ledger,
    journal,
    isHeld: () => isHeld,
    wait: (ms: number) => void (nowMs += ms),
    breakOff: () => ledger.record(id, { type: 'interrupted', payload: { reason: 'the line broke' } }),
    ask: (finding: 'approved' | 'inconclusive') =>
      ledger.record(id, {
        type: 'evidence',
        payload: { source: 'terminal_query', finding, reason: 'asked', answer: null },
      }),
    approve: () => {
      ledger.record(id, { type: 'answer', payload: { answer: answerOf('approved'), refused: null } });
      return ledger.record(id, { type: 'ended', payload: { kind: 'completed' } });
    },
  };
}

const refusedAs = (code: string) => (error: unknown) => error instanceof AppError && error.code === code;
const TWO = { finding: 'not_charged', reason: '残高が同じだった', people: ['花子', '太郎'] } as const;

test('a silent terminal is freed after five minutes and not before, and the record says by whom', (t) => {
  const { id, desk, ledger, breakOff, wait } = openDesk(t);
  assert.ok(holdsTerminal(breakOff()));
  assert.equal(RELEASE_AFTER_MS, 5 * 60_000);
  wait(RELEASE_AFTER_MS - 1);
  assert.throws(() => desk.releaseLock(id, TARO), refusedAs('release_too_early'));
  wait(1);
  assert.ok(!holdsTerminal(desk.releaseLock(id, TARO)));
  const released = ledger.history(id).at(-1);
  assert.deepEqual(
    [released?.type, released?.payload],
    ['lock_released', { clerk: '出納 太郎', staff: '1002' }],
  );
  assert.equal(ledger.find(id)?.state, 'unknown');
});

test('a terminal that has answered is not held back: there is nothing to free', (t) => {
  const { id, desk, breakOff, ask, wait } = openDesk(t);
  breakOff();
  ask('inconclusive');
  wait(RELEASE_AFTER_MS);
  assert.throws(() => desk.releaseLock(id, TARO), refusedAs('not_locked'));
});

test('two people settle an unknown with their reason; what is known is not theirs to change', (t) => {
  const { id, desk, ledger, breakOff, ask } = openDesk(t);
  breakOff();
  assert.throws(() => desk.resolve(id, TWO), refusedAs('ask_terminal_first'), 'the terminal may know');
  ask('inconclusive');
  assert.equal(desk.resolve(id, TWO).state, 'not_charged');
  assert.deepEqual(ledger.history(id).at(-1)?.payload, { source: 'two_people', answer: null, ...TWO });
  assert.throws(() => desk.resolve(id, TWO), refusedAs('not_unknown'));
});

test('a terminal that was given up leaves it to two people', (t) => {
  const { id, desk, breakOff, wait } = openDesk(t);
  breakOff();
  wait(RELEASE_AFTER_MS);
  desk.releaseLock(id, TARO);
  assert.equal(desk.resolve(id, TWO).state, 'not_charged');
});

const LINE = { lineId: 7, file: '11月カード.csv', line: 12, acquirer: 'card' };

test('a line of a statement settles an unknown without a person, once, over a restart too', (t) => {
  const { id, desk, ledger, journal, breakOff } = openDesk(t);
  const finding = { operationId: id, ...LINE };
  assert.deepEqual(desk.hearStatement([finding]), [], 'its terminal is still at it');
  breakOff();
  const [found] = desk.hearStatement([finding, { ...finding, operationId: randomUUID() }]);
  assert.deepEqual([found?.state, found?.late, found?.queries], ['approved', true, 0]);
  assert.deepEqual(ledger.history(id).at(-1)?.payload, {
    ...{ source: 'provider_statement', finding: 'approved', answer: null, statement: LINE },
    reason: 'line 12 of 11月カード.csv',
  });
  const { sequence } = journal.head;
  const again = createUnknownDesk({
    ledger: createLedger(journal, () => undefined),
    terminals: { claim: () => 'disconnected' },
    findBrand: () => undefined,
    now: () => new Date(NOON),
    onProgress: () => undefined,
  });
  assert.deepEqual([...desk.hearStatement([finding]), ...again.hearStatement([finding])], []);
  assert.equal(journal.head.sequence, sequence);
});

test('a statement that says the opposite is kept beside what is known, once, and two people settle it', (t) => {
  const { id, desk, ledger, breakOff, ask } = openDesk(t);
  breakOff();
  ask('inconclusive');
  desk.resolve(id, TWO);
  const finding = { operationId: id, ...LINE };
  const [doubted] = desk.hearStatement([finding]);
  assert.deepEqual([doubted?.state, doubted?.contradicted], ['not_charged', true]);
  assert.deepEqual(desk.hearStatement([finding]), []);
  const settled = desk.resolve(id, { ...TWO, finding: 'approved' });
  assert.deepEqual([settled.state, settled.contradicted], ['approved', false]);
  assert.equal(ledger.history(id).filter(({ type }) => type === 'evidence').length, 4);
});

test('a statement asks no terminal: one that is held back stays so', (t) => {
  const { id, ledger, breakOff } = openDesk(t);
  breakOff();
  const inconclusive = { finding: 'inconclusive', reason: '', answer: null } as const;
  for (const source of ['provider_statement', 'two_people'] as const)
    assert.ok(holdsTerminal(ledger.record(id, { type: 'evidence', payload: { source, ...inconclusive } })));
  for (const source of ['provider_api', 'terminal_totals', 'terminal_query'] as const)
    assert.ok(!holdsTerminal(ledger.record(id, { type: 'evidence', payload: { source, ...inconclusive } })));
});

test('a running or an approved payment is not for two people to settle', (t) => {
  const { id, desk, approve, journal } = openDesk(t);
  assert.throws(() => desk.resolve(id, TWO), refusedAs('not_unknown'));
  approve();
  const { sequence } = journal.head;
  assert.throws(() => desk.resolve(id, TWO), refusedAs('not_unknown'));
  assert.equal(journal.head.sequence, sequence, 'a refused act records nothing');
});

test('a late approval waits for a decision until there is one, over a restart too', (t) => {
  const { id, desk, ledger, journal, breakOff, ask } = openDesk(t);
  breakOff();
  ask('approved');
  const undecided = (): string[] =>
    createLedger(journal, () => undefined)
      .undecided()
      .map((each) => each.id);
  assert.deepEqual([ledger.undecided().map((each) => each.id), undecided()], [[id], [id]]);
  const decided = desk.decide(id, { decision: 'refund_outside', note: '電話した' }, TARO);
  assert.equal(decided.decision, 'refund_outside');
  assert.deepEqual(undecided(), [id], 'decided is not done: the money has not been promised back yet');
  desk.decide(id, { decision: 'keep', note: '取りに来た' }, TARO);
  assert.deepEqual([ledger.undecided(), undecided()], [[], []]);
});

test('a decision keeps to the brand’s rules, and one that gives back says why', (t) => {
  const { id, desk, journal, breakOff, ask } = openDesk(t);
  breakOff();
  ask('approved');
  const { sequence } = journal.head;
  const decide = (decision: 'void' | 'refund_outside', note: string) => () =>
    desk.decide(id, { decision, note }, TARO);
  assert.throws(decide('void', '電話した'), refusedAs('brand_forbids_void'), 'WAON has no rule here');
  assert.throws(decide('refund_outside', ''), refusedAs('reason_missing'));
  assert.equal(journal.head.sequence, sequence, 'a refused act records nothing');
});

test('a card that may still be voided is', (t) => {
  const { id, desk, breakOff, ledger } = openDesk(t);
  breakOff();
  const answer = answerOf('approved', { brand: 'visa' });
  const payload = { source: 'terminal_query', finding: 'approved', reason: 'asked', answer } as const;
  ledger.record(id, { type: 'evidence', payload });
  assert.equal(desk.decide(id, { decision: 'void', note: '電話した' }, TARO).decision, 'void');
});

test('the desk keeps what is unknown or undecided in sight, of whatever day; only what is approved is counted', (t) => {
  const { id, desk, ledger, breakOff, ask, wait } = openDesk(t);
  const onTheNext = (): string[] => boardOf(ledger, '2026-11-25').map((payment) => payment.id);
  const counted = (date: string): string[] => countedOn(ledger, date).map((payment) => payment.id);
  breakOff();
  ask('inconclusive');
  assert.deepEqual(onTheNext(), [id], 'unknown');
  assert.deepEqual(counted('2026-11-24'), []);
  wait(86_400_000);
  ask('approved');
  assert.deepEqual(onTheNext(), [id], 'undecided');
  assert.deepEqual([counted('2026-11-24'), counted('2026-11-25')], [[], [id]], 'the day before is closed');
  desk.decide(id, { decision: 'keep', note: '' }, TARO);
  assert.deepEqual(onTheNext(), []);
});

test('an approval at once needs no decision', (t) => {
  const { id, desk, approve } = openDesk(t);
  approve();
  assert.throws(() => desk.decide(id, { decision: 'keep', note: '' }, TARO), refusedAs('nothing_to_decide'));
});

const readsBalance = (balance: Balance): Partial<Terminal> => ({
  readBalance: () => Promise.resolve(balance),
});
const READ: Balance = { kind: 'read', balanceYen: 1_600, method: 'emoney', brand: 'waon', brandName: 'WAON' };

test('the balance is read once the terminal was asked what it has stored, and is kept with the payment', async (t) => {
  const { id, desk, breakOff, ask, isHeld } = openDesk(t, readsBalance(READ));
  breakOff();
  await assert.rejects(desk.readBalance(id, HANAKO), refusedAs('terminal_locked'));
  ask('inconclusive');
  const { payment } = await desk.readBalance(id, HANAKO);
  assert.deepEqual([payment.balanceYen, payment.state], [1_600, 'unknown']);
  assert.ok(!isHeld(), 'the terminal is free again');
});

test('a card that was not read leaves no record', async (t) => {
  const { id, desk, breakOff, ask, journal } = openDesk(
    t,
    readsBalance({ kind: 'unread', resultCode: '6c' }),
  );
  breakOff();
  ask('inconclusive');
  const { sequence } = journal.head;
  assert.equal((await desk.readBalance(id, HANAKO)).balance.kind, 'unread');
  assert.equal(journal.head.sequence, sequence);
});

for (const [what, terminal, code] of [
  ['is busy', 'busy', 'terminal_busy'],
  ['is gone', 'disconnected', 'terminal_disconnected'],
  ['reads no balances', {}, 'no_balance_here'],
] as const) {
  test(`a terminal that ${what} is not asked for a balance, and the refusal says so`, async (t) => {
    const { id, desk, breakOff, ask, isHeld } = openDesk(t, terminal);
    breakOff();
    ask('inconclusive');
    await assert.rejects(desk.readBalance(id, HANAKO), refusedAs(code));
    assert.ok(!isHeld());
  });
}
