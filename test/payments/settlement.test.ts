/** What became of a 日計 that broke off, by what its terminal says afterwards: found out, and never commanded again. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openJournal } from '../../src/journal/journal.ts';
import {
  createPeriods,
  establishSettlement,
  isNothing,
  type Periods,
} from '../../src/payments/settlement.ts';
import type { Health, Terminal, TerminalTotals } from '../../src/terminal/terminal.ts';
import { openBench } from '../closing/bench.ts';
import { createTestTerminal } from '../closing/terminal.ts';
import { makeFolder } from '../support/folder.ts';

const ID = '52500041';
const totalsOf = (visaYen: number, wholeYen = visaYen): TerminalTotals => ({
  ...{ terminalId: ID, totalYen: wholeYen, raw: '' },
  rows: [{ bucket: 'visa', count: visaYen === 0 ? 0 : 1, amountYen: visaYen }],
});

function openOne(t: TestContext, before: TerminalTotals | null): Periods {
  const identity = { municipality: '122327', counter: '01', book: 'trial' } as const;
  const journal = openJournal(join(makeFolder(t), 'journal.sqlite'), identity, () => new Date());
  t.after(() => journal.close());
  const periods = createPeriods(journal);
  const order = { businessDate: '2026-11-24', clerk: '出納 太郎', clerkNumber: '1002', totals: before };
  periods.intend({ ...order, terminal: '1', terminalId: ID, period: 1 });
  return periods;
}

const saying = (now: TerminalTotals, says: { terminalId?: string; health?: Partial<Health> } = {}) => {
  const health: Health = { terminalId: ID, ready: true, status: 'ready', remedy: 'none', ...says.health };
  const terminal: Pick<Terminal, 'terminalId' | 'checkHealth' | 'reportTotals' | 'settle'> = {
    terminalId: says.terminalId ?? ID,
    checkHealth: () => Promise.resolve(health),
    reportTotals: () => Promise.resolve(now),
    settle: () => assert.fail('a 日計 is never sent again'),
  };
  return terminal as Terminal;
};

/** The period that runs afterwards, and whether nobody knows yet. */
async function after(periods: Periods, terminal: Terminal): Promise<[number, boolean]> {
  await establishSettlement(periods, '1', terminal);
  return [periods.numberOf('1'), periods.findOpen('1') !== undefined];
}

test('totals that are gone, or have fallen, can only have been settled; those that stand have not', async (t) => {
  assert.deepEqual(await after(openOne(t, totalsOf(900)), saying(totalsOf(0))), [2, false]);
  assert.deepEqual(await after(openOne(t, totalsOf(900)), saying(totalsOf(400))), [2, false]);
  assert.deepEqual(await after(openOne(t, totalsOf(900)), saying(totalsOf(900))), [1, false]);
  assert.deepEqual(
    await after(openOne(t, totalsOf(0, 900)), saying(totalsOf(0, 400))),
    [2, false],
    'the sum alone',
  );
  const moved = saying({ ...totalsOf(400), totalYen: 900 });
  assert.deepEqual(await after(openOne(t, totalsOf(900)), moved), [2, false], 'one row alone');
});

test('where it told no totals before, that it holds nothing now says that it has settled', async (t) => {
  assert.deepEqual(await after(openOne(t, null), saying(totalsOf(0))), [2, false]);
  assert.deepEqual(await after(openOne(t, null), saying(totalsOf(400))), [1, false]);
});

test('another device knows nothing of it: it stays open, whatever that one holds', async (t) => {
  const other = saying(totalsOf(0), { terminalId: '52500099' });
  assert.deepEqual(await after(openOne(t, totalsOf(900)), other), [1, true]);
});

test('one that demands its 日計 has not done it; one that did so by itself is noted', async (t) => {
  const demanding = saying(totalsOf(0), { health: { remedy: 'settle' } });
  assert.deepEqual(await after(openOne(t, totalsOf(900)), demanding), [1, false]);
  const own = saying(totalsOf(0), { health: { hasClosedDay: true } });
  const periods = openOne(t, totalsOf(900));
  assert.deepEqual(await after(periods, own), [2, false]);
  assert.equal(periods.findBeginning('1')?.because, 'own');
});

test('a terminal holds nothing only where it has neither a sum nor a single operation', () => {
  assert.equal(isNothing(totalsOf(0)), true);
  assert.equal(isNothing({ ...totalsOf(0), rows: [] }), true);
  assert.equal(isNothing({ ...totalsOf(0), rows: [], totalYen: 400 }), false, 'it tells its sum alone');
  const back = { bucket: 'visa', count: 1, amountYen: -400 };
  const even = { ...totalsOf(400, 0), rows: [...totalsOf(400).rows, back] };
  assert.equal(isNothing(even), false, 'what was sold and given back is not settled');
  const counted = { ...totalsOf(0), rows: [{ bucket: 'visa', count: 2, amountYen: 0 }] };
  assert.equal(isNothing(counted), false, 'both in one row');
});

test('what a terminal held before our first sale is on record, once', async (t) => {
  const terminal = createTestTerminal('1');
  terminal.taken = { count: 3, amountYen: 900 };
  const { events, sell, startAgain } = await openBench(t, terminal);
  await sell('sale');
  await startAgain();
  const read = events('totals') as { purpose: string; totals: TerminalTotals }[];
  assert.deepEqual(
    read.map(({ purpose, totals }) => [purpose, totals.totalYen]),
    [['opening', 900]],
  );
});
