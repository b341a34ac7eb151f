/** Which payments a reading is compared with, and which of them may explain a difference: on the real journal. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { compareDay, type ComparedDay } from '../../src/closing/comparison.ts';
import { openJournal } from '../../src/journal/journal.ts';
import type { PaymentView } from '../../src/payments/view.ts';
import { makeFolder } from '../support/folder.ts';
import { MUNICIPALITY } from '../support/postgres-cluster.ts';
import { armedSale } from '../support/sale.ts';
import { createTestTerminal } from './terminal.ts';

const DAY = '2026-11-10';
const BEFORE = '2026-11-09';

/** A terminal with what was taken on it and read from it, in the order in which it is said. */
function openTerminal(t: TestContext) {
  let now = '';
  const identity = { municipality: MUNICIPALITY, counter: '01', book: 'trial' } as const;
  const file = join(makeFolder(t), 'journal.sqlite');
  const instant = (): Date => new Date(now === '' ? `${BEFORE}T00:00:00Z` : now);
  const journal = openJournal(file, identity, instant);
  t.after(() => journal.close());
  journal.append('journal_opened', null, { book: 'trial' });
  const { driver } = createTestTerminal('1');
  const taken: PaymentView[] = [];
  const terminal = { state: 'ready' };
  const at = (time: string, day = DAY): void => void (now = `${day}T${time}:00+09:00`);
  const read = (purpose: 'opening' | 'closing', count: number, yen: number, businessDate = DAY): void => {
    const totals = {
      terminalId: '1',
      totalYen: yen,
      rows: [{ bucket: 'visa', count, amountYen: yen }],
      raw: '',
    };
    journal.append('totals', null, { terminal: '1', model: 'zvt', businessDate, purpose, totals });
  };
  const take = (amountYen: number, change: object = {}): void => {
    const id = randomUUID();
    journal.append('armed', id, armedSale({ businessDate: DAY }));
    const { sequence: number } = journal.head;
    const when = instant().toISOString();
    taken.push({
      ...{ id, kind: 'sale', amountYen, state: 'approved', late: false, byHand: false },
      ...{ method: 'credit', brand: 'visa', terminal: { id: '1' } },
      ...{ number, armedAt: when, stateAt: when, ...change },
    } as unknown as PaymentView);
  };
  const compare = (): ComparedDay =>
    compareDay(
      {
        journal,
        payments: {
          terminals: { list: () => [{ id: '1', driver }], connection: () => terminal },
          terminalStatus: () => [{ id: '1', nameJa: '1番' }],
          onTerminalAfter: (id: string, after: number) =>
            taken.filter((each) => each.terminal.id === id && each.number > after),
          board: () => taken.filter(({ state }) => state === 'unknown'),
          postedOn: () => taken,
        } as unknown as Parameters<typeof compareDay>[0]['payments'],
      },
      DAY,
    );
  return { journal, at, read, take, compare, terminal };
}

/** Yesterday's closing, with nothing taken, is what today's is compared from. */
function beginDay(t: TestContext) {
  const day = openTerminal(t);
  day.at('17:00', BEFORE);
  day.read('closing', 0, 0, BEFORE);
  day.at('10:00');
  return day;
}

const of = ({ periods: [period] }: ComparedDay) => ({
  ours: [period?.ours.count, period?.ours.amountYen],
  unexplainedYen: period?.unexplainedYen,
});

test('what was taken after the reading is not in it', (t) => {
  const { at, read, take, compare } = beginDay(t);
  take(400);
  at('17:00');
  read('closing', 1, 400);
  take(500);
  assert.deepEqual(of(compare()), { ours: [1, 400], unexplainedYen: 0 });
});

test('a slip that was entered later counts by the time that is on it', (t) => {
  const { at, read, take, compare } = beginDay(t);
  at('17:00');
  read('closing', 1, 400);
  take(400, { byHand: true, armedAt: new Date(`${DAY}T10:30:00+09:00`).toISOString() });
  take(500, { byHand: true, armedAt: new Date(`${DAY}T18:00:00+09:00`).toISOString() });
  assert.deepEqual(of(compare()), { ours: [1, 400], unexplainedYen: 0 });
});

test('a slip of the very minute of the reading before may lie behind it, and explains what is too much', (t) => {
  const { at, read, take, compare } = beginDay(t);
  take(400, { byHand: true, armedAt: new Date(`${BEFORE}T17:00:00+09:00`).toISOString() });
  at('17:00');
  read('closing', 1, 400);
  assert.deepEqual(of(compare()), { ours: [0, 0], unexplainedYen: 0 });
});

test('what was given back is taken off, and said; a refund, which these totals leave out, is said to be in neither', (t) => {
  const { at, read, take, compare } = beginDay(t);
  take(400);
  take(300, { kind: 'void' });
  at('17:00');
  read('closing', 0, 100);
  assert.equal(of(compare()).ours[1], 100);
  assert.deepEqual(compare().remarks, ['取り消し・返金 1件 300円を差し引いた件数と金額です。']);
  at('16:00');
  take(100, { kind: 'refund' });
  at('18:00');
  read('closing', 0, 100);
  const said = compare();
  assert.equal(of(said).ours[1], 100);
  assert.match(said.remarks?.[1] ?? '', /^返金 1件 100円は端末の合計に入らない/);
});

for (const [what, change, unexplainedYen] of [
  ['of this terminal, unknown since before the period, explains it', { state: 'unknown' }, 0],
  ['of another terminal explains nothing', { state: 'unknown', terminal: { id: '2' } }, 400],
  ['found late in the period explains it', { late: true, stateAt: `${DAY}T03:00:00.000Z` }, 0],
  ['found late before the period explains nothing', { late: true }, 400],
] as const) {
  test(`400 yen too much: a payment ${what}`, (t) => {
    const { at, read, take, compare } = openTerminal(t);
    at('16:00', BEFORE);
    take(400, change);
    at('17:00', BEFORE);
    read('closing', 0, 0, BEFORE);
    at('17:00');
    read('closing', 1, 400);
    assert.equal(of(compare()).unexplainedYen, unexplainedYen);
  });
}

test('one unknown payment does not explain twice its amount', (t) => {
  const { at, read, take, compare } = beginDay(t);
  take(400, { state: 'unknown' });
  at('17:00');
  read('closing', 2, 800);
  assert.equal(of(compare()).unexplainedYen, 800);
});

test('a difference is said to be counted from nothing where no totals of before are on record, and nowhere else', (t) => {
  const isFromNothing = ({ periods: [period] }: ComparedDay): boolean =>
    period?.sentences.some((sentence) => sentence.includes('0円から比べています')) ?? false;
  for (const [begin, isExpected] of [
    [beginDay, false],
    [openTerminal, true],
  ] as const) {
    const { at, read, compare } = begin(t);
    at('17:00');
    read('closing', 1, 400);
    assert.equal(isFromNothing(compare()), isExpected);
  }
});

test('what a lost terminal took is left out, the approved alone, and at a second closing of the day as at the first', (t) => {
  const { journal, take, compare, terminal } = beginDay(t);
  terminal.state = 'lost';
  take(400);
  take(500, { state: 'declined' });
  for (const closing of ['first', 'second']) {
    const { leftOut } = compare();
    assert.deepEqual(leftOut, [{ terminal: '1', because: 'lost', count: 1, amountYen: 400 }], closing);
    journal.append('closed', null, { businessDate: DAY });
  }
});
