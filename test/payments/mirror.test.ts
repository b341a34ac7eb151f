/** Which receipt a terminal is told that defers its reversals: a wrong one would undo somebody's payment. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openJournal } from '../../src/journal/journal.ts';
import { findMirror } from '../../src/payments/mirror.ts';
import { createLedger } from '../../src/payments/ledger.ts';
import type { OperationEvent } from '../../src/payments/operation-events.ts';
import type { Mirror, TerminalAnswer } from '../../src/terminal/terminal.ts';
import { makeFolder } from '../support/folder.ts';
import { answerOf, armedSale } from '../support/sale.ts';

const COUNTER = { municipality: '122327', counter: '01', book: 'trial' } as const;

function openLedger(t: TestContext) {
  const journal = openJournal(join(makeFolder(t), 'journal.sqlite'), COUNTER, () => new Date());
  t.after(() => journal.close());
  journal.append('journal_opened', null, { book: 'trial' });
  const ledger = createLedger(journal, () => undefined);
  const record = (events: OperationEvent[], terminal = '1', terminalId = '52500041'): string => {
    const id = randomUUID();
    ledger.record(id, { type: 'armed', payload: armedSale({ terminal, terminalId }) });
    for (const event of events) ledger.record(id, event);
    return id;
  };
  return {
    record,
    sell: (change: Partial<TerminalAnswer>, terminal?: string, terminalId?: string) =>
      record(
        [
          { type: 'answer', payload: { answer: answerOf('approved', change), refused: null } },
          { type: 'ended', payload: { kind: 'completed' } },
        ],
        terminal,
        terminalId,
      ),
    enter: (slipNumber: string): void => {
      const byHand = { slipNumber, takenAt: '2026-11-24T01:00:00.000Z', postedOn: '2026-11-24' };
      ledger.record(randomUUID(), { type: 'armed', payload: armedSale({ byHand }) });
    },
    lose: (terminal?: string) =>
      record([{ type: 'interrupted', payload: { reason: 'the line broke' } }], terminal),
    resolve: (id: string, finding: 'approved' | 'not_charged', answer: TerminalAnswer | null): void => {
      const payload = { source: 'terminal_query', finding, reason: 'asked', answer } as const;
      ledger.record(id, { type: 'evidence', payload });
    },
    /** What the terminal has stored before the next sale, as far as anybody knows. */
    before: () => ledger.lastStoredBefore(ledger.find(record([])) ?? assert.fail()),
    /** What the next sale would say. */
    mirror: (): Mirror | undefined => {
      const next = ledger.find(record([])) ?? assert.fail();
      return findMirror(ledger, next);
    },
  };
}

test('the receipt of the newest approved payment of the same terminal is mirrored', (t) => {
  const { sell, mirror } = openLedger(t);
  sell({ receiptNumber: '0001' });
  sell({ receiptNumber: '0002' });
  sell({ receiptNumber: '0777' }, '2');
  assert.deepEqual(mirror(), { receiptNumber: '0002' });
});

test('before the first payment none is known, and that is said', (t) => {
  assert.deepEqual(openLedger(t).mirror(), { receiptNumber: null });
});

test('while a payment is unknown nothing is said; once it is found its own receipt is', (t) => {
  const { sell, lose, resolve, mirror } = openLedger(t);
  sell({ receiptNumber: '0001' });
  const lost = lose();
  assert.equal(mirror(), undefined);
  resolve(lost, 'approved', answerOf('approved', { receiptNumber: '0002' }));
  assert.deepEqual(mirror(), { receiptNumber: '0002' });
});

test('an unknown of another terminal leaves this one’s receipt to be named', (t) => {
  const { sell, lose, mirror } = openLedger(t);
  sell({ receiptNumber: '0001' });
  lose('2');
  assert.deepEqual(mirror(), { receiptNumber: '0001' });
});

test('a payment that was found not to be taken leaves the one before', (t) => {
  const { sell, lose, resolve, mirror } = openLedger(t);
  sell({ receiptNumber: '0001' });
  resolve(lose(), 'not_charged', null);
  assert.deepEqual(mirror(), { receiptNumber: '0001' });
});

test('a payment that is known to stand, but not by which receipt, is never put at risk', (t) => {
  const { sell, lose, resolve, mirror } = openLedger(t);
  sell({ receiptNumber: '0001' });
  resolve(lose(), 'approved', answerOf('approved', { receiptNumber: null }));
  assert.equal(mirror(), undefined);
  const other = openLedger(t);
  other.sell({ receiptNumber: '0001' });
  other.resolve(other.lose(), 'approved', null);
  assert.equal(other.mirror(), undefined);
});

test('a payment that was declined is in no terminal’s memory, whatever number its answer bears', (t) => {
  const { sell, record, mirror } = openLedger(t);
  sell({ receiptNumber: '0001' });
  record([
    { type: 'answer', payload: { answer: answerOf('declined', { receiptNumber: '0002' }), refused: null } },
    { type: 'ended', payload: { kind: 'completed' } },
  ]);
  assert.deepEqual(mirror(), { receiptNumber: '0001' });
});

test('a payment that was entered from its slip has no place among the others: it is not the one before', (t) => {
  const { sell, enter, before } = openLedger(t);
  sell({ receiptNumber: '0001' });
  enter('0009');
  assert.equal(before()?.answer?.receiptNumber, '0001');
});

test('the receipt of another device that stood here meanwhile is not mirrored', (t) => {
  const { sell, mirror } = openLedger(t);
  sell({ receiptNumber: '0001' });
  sell({ receiptNumber: '0001', terminalId: '52500099' }, '1', '52500099');
  assert.equal(mirror(), undefined);
});

test('a 取消 that the terminal has stored within a payment is its newest transaction', (t) => {
  const { sell, record, mirror } = openLedger(t);
  sell({ receiptNumber: '0001' });
  const corrected = answerOf('cancelled', { receiptNumber: '0003', isStored: true });
  record([
    { type: 'answer', payload: { answer: corrected, refused: null } },
    { type: 'ended', payload: { kind: 'completed' } },
  ]);
  assert.deepEqual(mirror(), { receiptNumber: '0003' });
});

test('a payment that only a statement or two people know names no receipt, and none older is named', (t) => {
  for (const source of ['provider_statement', 'two_people'] as const) {
    const { sell, record, mirror } = openLedger(t);
    sell({ receiptNumber: '0001' });
    const payload = { source, finding: 'approved', reason: 'seen', answer: null } as const;
    record([
      { type: 'interrupted', payload: { reason: 'the line broke' } },
      { type: 'evidence', payload },
    ]);
    assert.equal(mirror(), undefined);
  }
});
