/** A terminal that is gone, found again, or replaced: what goes on record, and what is refused before anything does. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { AppError } from '../../src/errors.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { createDevices } from '../../src/payments/devices.ts';
import { createLedger } from '../../src/payments/ledger.ts';
import { createLostTerminals } from '../../src/payments/lost.ts';
import { createPeriods } from '../../src/payments/settlement.ts';
import { TerminalError, type TerminalTotals } from '../../src/terminal/terminal.ts';
import type { Terminals } from '../../src/terminal/terminals.ts';
import { TARO } from '../proof/clerk.ts';
import { makeFolder } from '../support/folder.ts';
import { armedSale } from '../support/sale.ts';

const refusedAs = (code: string) => (error: unknown) => error instanceof AppError && error.code === code;
const NOTHING: TerminalTotals = { terminalId: '52500099', rows: [], totalYen: 0, raw: '' };

function open(t: TestContext) {
  const identity = { municipality: '122327', counter: '01', book: 'trial' } as const;
  const journal = openJournal(join(makeFolder(t), 'journal.sqlite'), identity, () => new Date());
  t.after(() => journal.close());
  const ledger = createLedger(journal, () => undefined);
  const [devices, periods] = [createDevices(journal), createPeriods(journal)];
  const terminal = { state: 'ready', isMute: false, released: 0 };
  const reportTotals = (): Promise<TerminalTotals> =>
    terminal.isMute ? Promise.reject(new TerminalError('no totals', false)) : Promise.resolve(NOTHING);
  const terminals = {
    list: () => [{ id: '1', driver: { model: 'zvt' } }],
    connection: () => ({ state: terminal.state, detail: null }),
    claim: () =>
      terminal.state === 'ready'
        ? { terminal: { reportTotals }, release: () => (terminal.released += 1) }
        : terminal.state,
  } as unknown as Terminals;
  const parts = {
    journal,
    ledger,
    terminals,
    devices,
    periods,
    now: () => new Date(),
    onChange: () => undefined,
  };
  const lost = createLostTerminals(parts);
  return { journal, ledger, devices, periods, terminal, lost };
}

test('a terminal at which somebody pays is not lost, nor one that nobody knows; and nothing of it goes on record', (t) => {
  const { journal, terminal, lost } = open(t);
  terminal.state = 'busy';
  assert.throws(() => lost.lose('1', 'gone', TARO), refusedAs('terminal_busy'));
  assert.throws(() => lost.lose('9', 'gone', TARO), refusedAs('not_found'));
  assert.throws(() => lost.find('1', TARO), refusedAs('not_lost'));
  assert.equal(journal.head.sequence, 0);
});

test('what nobody can ask any more holds nothing back; lost twice is lost once, and found it is as before', (t) => {
  const { journal, ledger, devices, lost } = open(t);
  ledger.record('a', { type: 'armed', payload: armedSale({ terminal: '1' }) });
  ledger.record('a', { type: 'interrupted', payload: { reason: 'the line broke' } });
  ledger.record('b', { type: 'armed', payload: armedSale({ terminal: '2' }) });
  ledger.record('b', { type: 'interrupted', payload: { reason: 'the line broke' } });
  lost.lose('1', 'gone', TARO);
  assert.deepEqual([devices.isLost('1'), ledger.find('a')?.lockReleased], [true, true]);
  assert.equal(ledger.find('b')?.lockReleased, false, 'the other terminal has still to be asked first');
  const { sequence } = journal.head;
  lost.lose('1', 'gone', TARO);
  assert.equal(journal.head.sequence, sequence);
  lost.find('1', TARO);
  assert.equal(devices.isLost('1'), false);
});

test('a new device begins a period of its own with what it holds; one that does not tell is not put in the place', async (t) => {
  const { journal, devices, periods, terminal, lost } = open(t);
  await assert.rejects(lost.replace('1', TARO), refusedAs('not_lost'));
  lost.lose('1', 'gone', TARO);
  terminal.isMute = true;
  await assert.rejects(lost.replace('1', TARO), refusedAs('totals_missing'));
  assert.deepEqual([devices.isLost('1'), periods.numberOf('1'), terminal.released], [true, 1, 1]);
  terminal.isMute = false;
  await lost.replace('1', TARO);
  assert.deepEqual([devices.isLost('1'), periods.findBeginning('1')?.because], [false, 'replaced']);
  const [opening] = journal.eventsOfType('totals');
  assert.equal((opening?.payload as { purpose: string }).purpose, 'opening');
});
