/** Where a sale stands among the settlements of its terminal: by its place, by the time on its slip, by its number. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openJournal } from '../../src/journal/journal.ts';
import { createLedger } from '../../src/payments/ledger.ts';
import type { Payment } from '../../src/payments/lifecycle.ts';
import { hasSettledSinceSale } from '../../src/payments/periods.ts';
import { makeFolder } from '../support/folder.ts';
import { answerOf, armedSale, armedVoid } from '../support/sale.ts';

test('a terminal that has settled between the slip and its entry has settled since: its numbers began anew', (t) => {
  let now = '2026-11-24T01:00:00.000Z';
  const identity = { municipality: '122327', counter: '01', book: 'trial' } as const;
  const journal = openJournal(join(makeFolder(t), 'journal.sqlite'), identity, () => new Date(now));
  t.after(() => journal.close());
  journal.append('period_began', null, { terminal: '1' });
  now = '2026-11-24T02:00:00.000Z';
  const ledger = createLedger(journal, () => undefined);
  const enter = (id: string, takenAt: string): Payment =>
    ledger.record(id, {
      type: 'armed',
      payload: armedSale({ byHand: { slipNumber: '0087', takenAt, postedOn: '2026-11-24' } }),
    });
  assert.equal(hasSettledSinceSale(journal, ledger, enter('before', '2026-11-24T00:30:00.000Z')), true);
  assert.equal(hasSettledSinceSale(journal, ledger, enter('after', '2026-11-24T01:30:00.000Z')), false);
  const sent = ledger.record('sent', { type: 'armed', payload: armedSale() });
  assert.equal(hasSettledSinceSale(journal, ledger, sent), false);
  journal.append('period_began', null, { terminal: '1' });
  assert.equal(hasSettledSinceSale(journal, ledger, sent), true);
});

test('a terminal that gives a number again has settled since, though nobody saw it: a void would undo another sale', (t) => {
  const identity = { municipality: '122327', counter: '01', book: 'trial' } as const;
  const journal = openJournal(join(makeFolder(t), 'journal.sqlite'), identity, () => new Date());
  t.after(() => journal.close());
  const ledger = createLedger(journal, () => undefined);
  const sell = (
    id: string,
    receiptNumber: string,
    verdict: 'approved' | 'declined' = 'approved',
  ): Payment => {
    ledger.record(id, { type: 'armed', payload: armedSale() });
    const answer = answerOf(verdict, { receiptNumber });
    return ledger.record(id, { type: 'answer', payload: { answer, refused: null } });
  };
  const [first, second] = [sell('first', '0001'), sell('second', '0002')];
  const settledSince = (sale: Payment): boolean => hasSettledSinceSale(journal, ledger, sale);
  assert.deepEqual([first, second].map(settledSince), [false, false]);
  sell('refused', '0001', 'declined');
  ledger.record('void', { type: 'armed', payload: armedVoid('first') });
  ledger.record('void', { type: 'answer', payload: { answer: answerOf('approved'), refused: null } });
  assert.equal(settledSince(first), false, 'what was refused, or undoes it, may say its number too');
  const again = sell('again', '0001');
  assert.deepEqual([first, second, again].map(settledSince), [true, false, false]);
});
