/** A slip that was entered later stands where its own time puts it, not where it was entered. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openJournal } from '../../src/journal/journal.ts';
import { createLedger } from '../../src/payments/ledger.ts';
import type { Payment } from '../../src/payments/lifecycle.ts';
import { hasSettledSinceSale } from '../../src/payments/periods.ts';
import { makeFolder } from '../support/folder.ts';
import { armedSale } from '../support/sale.ts';

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
  assert.equal(hasSettledSinceSale(journal, enter('before', '2026-11-24T00:30:00.000Z')), true);
  assert.equal(hasSettledSinceSale(journal, enter('after', '2026-11-24T01:30:00.000Z')), false);
  const sent = ledger.record('sent', { type: 'armed', payload: armedSale() });
  assert.equal(hasSettledSinceSale(journal, sent), false);
  journal.append('period_began', null, { terminal: '1' });
  assert.equal(hasSettledSinceSale(journal, sent), true);
});
