/** What a counter asks its journal for: of which day, in which order; the lists that closings and the desk are made of. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openJournal } from '../../src/journal/journal.ts';
import { createLedger } from '../../src/payments/ledger.ts';
import type { Payment } from '../../src/payments/lifecycle.ts';
import { makeFolder } from '../support/folder.ts';
import { answerOf, armedSale } from '../support/sale.ts';

/** Lost on one day, and found paid on another. */
function open(t: TestContext) {
  const path = join(makeFolder(t), 'journal.sqlite');
  const identity = { municipality: '122327', counter: '01', book: 'trial' } as const;
  let at = '';
  const journal = openJournal(path, identity, () => new Date(at));
  t.after(() => journal.close());
  const ledger = createLedger(journal, () => undefined);
  const on = (date: string): void => {
    at = `${date}T01:00:00.000Z`;
  };
  return {
    ledger: () => ledger,
    head: () => journal.head.sequence,
    /** As the next start reads it. */
    readAgain: () => createLedger(journal, () => undefined),
    lose: (id: string, date: string): void => {
      on(date);
      ledger.record(id, { type: 'armed', payload: armedSale({ businessDate: date }) });
      ledger.record(id, { type: 'interrupted', payload: { reason: 'the line broke' } });
    },
    hear: (id: string, date: string, finding: 'approved' | 'inconclusive'): void => {
      on(date);
      const answer = finding === 'approved' ? answerOf('approved') : null;
      const evidence = { source: 'terminal_query', finding, reason: 'asked', answer } as const;
      ledger.record(id, { type: 'evidence', payload: evidence });
    },
  };
}

const ids = (payments: readonly Payment[]): string[] => payments.map(({ id }) => id);

test('what was found late counts on the day of its finding and on no other', (t) => {
  const { lose, hear, ledger, readAgain } = open(t);
  lose('a', '2026-11-24');
  lose('b', '2026-11-24');
  hear('b', '2026-11-25', 'approved');
  hear('a', '2026-11-26', 'approved');
  for (const each of [ledger(), readAgain()]) {
    assert.deepEqual(
      ['2026-11-24', '2026-11-25', '2026-11-26'].map((date) => ids(each.foundOn(date))),
      [[], ['b'], ['a']],
    );
  }
});

test('what is open, and what is to be decided, stands oldest first, whenever it was last heard of; a day newest first', (t) => {
  const { lose, hear, ledger } = open(t);
  for (const id of ['a', 'b', 'c']) lose(id, '2026-11-24');
  hear('a', '2026-11-24', 'inconclusive');
  assert.deepEqual(ids(ledger().unsettled()), ['a', 'b', 'c']);
  for (const id of ['c', 'a', 'b']) hear(id, '2026-11-25', 'approved');
  assert.deepEqual(ids(ledger().undecided()), ['a', 'b', 'c']);
  assert.deepEqual(ids(ledger().foundOn('2026-11-25')), ['a', 'b', 'c']);
  assert.deepEqual(ids(ledger().onDate('2026-11-24')), ['c', 'b', 'a']);
});

test('what can not follow is found before it is on record, and so is what has no beginning', (t) => {
  const { lose, hear, ledger, head } = open(t);
  lose('a', '2026-11-24');
  hear('a', '2026-11-24', 'approved');
  const before = head();
  const completed = { type: 'ended', payload: { kind: 'completed' } } as const;
  assert.throws(() => ledger().record('a', completed), /ended on a, which is approved/);
  assert.throws(() => ledger().record('b', completed), /does not begin with armed/);
  assert.equal(head(), before);
});
