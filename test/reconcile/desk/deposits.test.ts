/** What is said of a settlement whose case is gone: that its money is here only where it is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeSettlements } from '../../../src/reconcile/books/deposits.ts';
import type { SettlementView } from '../../../src/reconcile/books/view.ts';
import { followCases } from '../../../src/reconcile/desk/cases.ts';
import { readDesk } from '../../../src/reconcile/desk/read.ts';
import { NOW, TODAY } from '../../support/desk.ts';
import { MUNICIPALITY, openTestDatabase } from '../../support/postgres.ts';

const settled = (
  status: SettlementView['status'],
  batches: string[],
  deposits: number[],
  faults: SettlementView['faults'] = [],
): SettlementView => ({
  ...{ acquirer: 'qr', status, batches, deposits, faults, grossYen: 1_000, netYen: 1_000, feeYen: 0 },
  ...{ expectedFeeYen: 0, chargebackYen: 0, carriedYen: 0, depositedYen: status === 'matched' ? 1_000 : 900 },
  ...{ due: '2026-11-06', paidOn: '2026-11-06' },
});

test('a case of a deposit ends with what became of it, and never as paid while its money is not here', async (t) => {
  const { db } = await openTestDatabase(t);
  let run = 0;
  /** The cases that are open, and how those ended that are not. */
  const follow = async (...settlements: SettlementView[]): Promise<[string[], (string | null)[]]> => {
    await writeSettlements(db, MUNICIPALITY, (run += 1), settlements);
    await followCases(db, MUNICIPALITY, NOW);
    const { open, closed } = await readDesk(db, MUNICIPALITY, {
      ...{ today: TODAY, people: [], most: { open: 9, closed: 9 } },
    });
    return [
      open.map(({ facts }) => `${facts.status} ${facts.statement?.name ?? '—'}`),
      closed.toSorted((a, b) => a.caseId - b.caseId).map(({ settledBy }) => settledBy),
    ];
  };
  assert.deepEqual(await follow(settled('deposit_late', ['A'], [])), [['deposit_late A'], []]);
  // Another batch is paid with it, and it is still too little.
  const short = settled('deposit_short', ['A', 'B'], [7]);
  assert.deepEqual(await follow(short), [['deposit_short A、B'], ['regrouped']]);
  const paid = settled('matched', ['A', 'B'], [7, 8]);
  assert.deepEqual(await follow(paid), [[], ['regrouped', 'deposit']]);
  const fee = settled('matched', ['C'], [9], ['fee_differs']);
  assert.deepEqual(await follow(paid, fee), [['fee_differs C'], ['regrouped', 'deposit']]);
  assert.deepEqual(await follow(paid, settled('matched', ['C'], [9]), settled('deposit_over', [], [10])), [
    ['deposit_over —'],
    ['regrouped', 'deposit', 'changed'],
  ]);
  // The payer is no acquirer’s any more: nothing has come into order by it.
  assert.deepEqual(await follow(paid, settled('matched', ['C'], [9])), [
    [],
    ['regrouped', 'deposit', 'changed', 'changed'],
  ]);
});
