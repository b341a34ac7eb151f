/** Settlement periods in the office's comparison: a terminal that is settled begins at nothing. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Kysely } from 'kysely';
import type { Database } from '../../src/db/schema.ts';
import { readReconciliations, reconcileDue } from '../../src/reconcile/reconcile.ts';
import type { ReconciliationView } from '../../src/reconcile/view.ts';
import { openTestCounter, type TestCounter } from '../support/drained.ts';
import { testGrain } from '../support/grain.ts';
import { MUNICIPALITY, openTestDatabase } from '../support/postgres.ts';

const FRIDAY = '2026-11-20';
const MONDAY = '2026-11-23';

const due = (db: Kysely<Database>): ReturnType<typeof reconcileDue> =>
  reconcileDue(db, MUNICIPALITY, () => testGrain, '2026-11-24');
const list = (db: Kysely<Database>): Promise<ReconciliationView[]> =>
  readReconciliations(db, MUNICIPALITY, 30);

/** A terminal that already held 10 payments when it was first connected. */
async function openCounter(t: TestContext): Promise<{ db: Kysely<Database>; counter: TestCounter }> {
  const { db } = await openTestDatabase(t);
  const counter = openTestCounter(t, db);
  counter.readTotals('opening', FRIDAY, [{ bucket: 'card', count: 10, amountYen: 5000 }]);
  return { db, counter };
}

test('after a 日計 a terminal begins at nothing: each period is compared with its own, closed twice a day or not', async (t) => {
  const { db, counter } = await openCounter(t);
  const card = (count: number, amountYen: number) => [{ bucket: 'card', count, amountYen }];
  counter.sell({ amountYen: 400, businessDate: FRIDAY });
  counter.readTotals('closing', FRIDAY, card(11, 5400));
  counter.settle(FRIDAY, card(11, 5400));
  counter.close(FRIDAY, []);
  counter.sell({ amountYen: 300, businessDate: FRIDAY });
  counter.readTotals('check', FRIDAY, card(1, 300));
  counter.sell({ amountYen: 750, businessDate: FRIDAY });
  counter.settle(FRIDAY, card(2, 1050));
  counter.close(FRIDAY, []);
  counter.sell({ amountYen: 200, businessDate: MONDAY });
  counter.settle(MONDAY, card(2, 450));
  counter.close(MONDAY, []);
  await counter.drain();
  await due(db);
  const [monday, friday] = await list(db);
  assert.deepEqual([friday?.status, friday?.ours], ['matched', { count: 3, amountYen: 1450 }]);
  assert.deepEqual(
    friday?.rows.map(({ ours, theirs }) => [ours.amountYen, theirs.amountYen]),
    [
      [400, 400],
      [1050, 1050],
    ],
  );
  assert.deepEqual(
    [monday?.status, monday?.differenceYen],
    ['different', 250],
    'a payment that the terminal took alone, after its 日計, is a difference of the day on which it is read',
  );
});

test('what a terminal took before a 日計 of its own is named, and what came after is compared', async (t) => {
  const { db, counter } = await openCounter(t);
  counter.sell({ amountYen: 400, businessDate: FRIDAY });
  counter.settleByItself();
  counter.sell({ amountYen: 750, businessDate: FRIDAY });
  counter.close(FRIDAY, [{ bucket: 'card', count: 1, amountYen: 750 }]);
  await counter.drain();
  await due(db);
  const [view] = await list(db);
  assert.ok(view !== undefined);
  assert.deepEqual(
    [view.status, view.ours.amountYen, view.differenceYen, view.uncompared],
    ['open_unknown', 750, 0, { count: 1, amountYen: 400 }],
  );
  assert.match(view.notes.join(), /端末が自分で日計をしたため、端末の合計と比べていません/);
});
