/** What is asked of the terminal, by what is to happen: a refund is never sent as a void, and nothing where nothing can be. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openJournal } from '../../src/journal/journal.ts';
import { runOperation } from '../../src/payments/dialogue.ts';
import { createLedger } from '../../src/payments/ledger.ts';
import type { Payment } from '../../src/payments/lifecycle.ts';
import type { Terminal } from '../../src/terminal/terminal.ts';
import { makeFolder } from '../support/folder.ts';
import { answerOf, armedSale, armedVoid } from '../support/sale.ts';

const SOLD_AT = new Date('2026-11-24T01:00:00.000Z');

/** Gives back a sale that is approved, by the dialogue or by two people alone; what the terminal was asked. */
async function giveBack(
  t: TestContext,
  kind: 'void' | 'refund',
  { isReported = true, canRefund = true, hasSettled = false } = {},
): Promise<{ asked: unknown[]; ended: Payment }> {
  const identity = { municipality: '122327', counter: '01', book: 'trial' } as const;
  const journal = openJournal(join(makeFolder(t), 'journal.sqlite'), identity, () => SOLD_AT);
  t.after(() => journal.close());
  const ledger = createLedger(journal, () => undefined);
  ledger.record('sale', { type: 'armed', payload: armedSale() });
  if (isReported) {
    ledger.record('sale', { type: 'answer', payload: { answer: answerOf('approved'), refused: null } });
    ledger.record('sale', { type: 'ended', payload: { kind: 'completed' } });
  } else {
    ledger.record('sale', { type: 'interrupted', payload: { reason: 'the line broke' } });
    const evidence = { source: 'two_people', finding: 'approved', reason: 'seen', answer: null } as const;
    ledger.record('sale', { type: 'evidence', payload: evidence });
  }
  if (hasSettled) journal.append('period_began', null, { terminal: '1' });
  const armed = ledger.record('back', { type: 'armed', payload: armedVoid('sale', { kind }) });
  const asked: unknown[] = [];
  const note = (what: string, order: { of: { receiptNumber: string | null } }, more: unknown) => {
    asked.push([what, order.of.receiptNumber, more]);
    return Promise.resolve({ kind: 'aborted', verdict: 'declined', resultCode: 'b5' } as const);
  };
  const terminal: Partial<Terminal> = {
    terminalId: '52500041',
    authorizeSale: () => assert.fail('nothing is sold'),
    authorizeVoid: (order) => note('void', order, order.settledSince),
    ...(canRefund && {
      authorizeRefund: (order: Parameters<NonNullable<Terminal['authorizeRefund']>>[0]) =>
        note('refund', order, order.soldAt),
    }),
  };
  const claim = { terminal: terminal as Terminal, release: () => undefined };
  return { asked, ended: await runOperation({ ledger, journal }, armed, claim, () => undefined) };
}

test('a void undoes the sale’s receipt, a refund gives back by one of its own; each is asked for as what it is', async (t) => {
  const receipt = answerOf('approved').receiptNumber;
  assert.deepEqual((await giveBack(t, 'void')).asked, [['void', receipt, false]]);
  assert.deepEqual((await giveBack(t, 'refund')).asked, [['refund', receipt, SOLD_AT.toISOString()]]);
});

test('a void says that its terminal has settled since, however lately that was: the number may be another’s by now', async (t) => {
  const receipt = answerOf('approved').receiptNumber;
  assert.deepEqual((await giveBack(t, 'void', { hasSettled: true })).asked, [['void', receipt, true]]);
});

test('a terminal without refunds hears nothing, and nothing was sent', async (t) => {
  const { asked, ended } = await giveBack(t, 'refund', { canRefund: false });
  assert.deepEqual([asked, ended.state], [[], 'not_sent']);
});

test('what two people know of alone has no number that a terminal could undo', async (t) => {
  for (const kind of ['void', 'refund'] as const) {
    const { asked, ended } = await giveBack(t, kind, { isReported: false });
    assert.deepEqual([asked, ended.state], [[], 'not_sent']);
  }
});
