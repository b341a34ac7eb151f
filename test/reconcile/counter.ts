/** A counter whose terminal is closed on days of one week, and what the office makes of them. */
import type { TestContext } from 'node:test';
import type { Kysely } from 'kysely';
import type { Database } from '../../src/db/schema.ts';
import { readReconciliations, reconcileDue } from '../../src/reconcile/reconcile.ts';
import type { ReconciliationView } from '../../src/reconcile/view.ts';
import { openTestCounter, type TestCounter } from '../support/drained.ts';
import { testGrain } from '../support/grain.ts';
import { MUNICIPALITY, openTestDatabase } from '../support/postgres.ts';

export const FRIDAY = '2026-11-20';
export const MONDAY = '2026-11-23';
export const TODAY = '2026-11-24';

export const grainOf = (model: string): typeof testGrain | undefined =>
  model === 'test' ? testGrain : undefined;
export const due = (db: Kysely<Database>): ReturnType<typeof reconcileDue> =>
  reconcileDue(db, MUNICIPALITY, grainOf, TODAY);
export const list = (db: Kysely<Database>): Promise<ReconciliationView[]> =>
  readReconciliations(db, MUNICIPALITY, 30);

/** A terminal that already held 10 payments when it was first connected. */
export async function openCounter(t: TestContext): Promise<{
  db: Kysely<Database>;
  openAnother: () => Kysely<Database>;
  counter: TestCounter;
}> {
  const { db, openAnother } = await openTestDatabase(t);
  const counter = openTestCounter(t, db);
  counter.readTotals('opening', FRIDAY, [{ bucket: 'card', count: 10, amountYen: 5000 }]);
  return { db, openAnother, counter };
}
