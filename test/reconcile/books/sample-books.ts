/** Books of a counter and of the sample's code provider, for tests of what a run makes of them. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Kysely } from 'kysely';
import type { Database } from '../../../src/db/schema.ts';
import { matchDue } from '../../../src/reconcile/books/run.ts';
import { bringFile } from '../../../src/reconcile/statements/bring.ts';
import {
  declareAcquirer,
  readAcquirers,
  readFormats,
  seedSampleStatements,
} from '../../../src/reconcile/statements/declared.ts';
import { codeFile, codeRow, sellByCode } from '../../support/books.ts';
import { openTestCounter, type TestCounter } from '../../support/drained.ts';
import { MUNICIPALITY, openTestDatabase } from '../../support/postgres.ts';

export const by = { number: '1003', name: '会計 さくら' };
export const DAY = '2026-11-02';
const AS_OF = '2026-12-10';

export async function openBooks(
  t: TestContext,
): Promise<{ db: Kysely<Database>; counter: TestCounter; openAnother: () => Kysely<Database> }> {
  const { db, openAnother } = await openTestDatabase(t);
  await seedSampleStatements(db, MUNICIPALITY);
  return { db, counter: openTestCounter(t, db), openAnother };
}

export const sell = (
  counter: TestCounter,
  slip: string,
  amountYen: number,
  outcome?: 'approved' | 'unknown',
): string => sellByCode(counter, { slip, amountYen, businessDate: DAY }, outcome);

export const line = (number: string, reference: string, yen: number, kind?: '支払い' | '返金'): string =>
  codeRow(DAY, { number, reference, yen, kind });

export async function bring(db: Kysely<Database>, code: string, bytes: Uint8Array): Promise<void> {
  const format = (await readFormats(db, MUNICIPALITY)).find(({ definition }) => definition.code === code);
  if (format === undefined) throw new Error(code);
  const file = {
    name: code,
    bytes,
    format: format.definition,
    formatVersion: format.version,
    origin: 'upload' as const,
    by,
  };
  const { kind, file: view } = await bringFile(db, MUNICIPALITY, AS_OF, file);
  assert.equal(kind, 'imported', JSON.stringify(view.faults));
}

export const bringLines = (db: Kysely<Database>, ...lines: string[]): Promise<void> =>
  bring(db, 'qr-daily', codeFile(lines));

export async function statuses(db: Kysely<Database>): Promise<Map<string | null, string>> {
  const rows = await db.selectFrom('current_matches').select(['operation_id', 'line_id', 'status']).execute();
  return new Map(rows.map((row) => [row.operation_id ?? `line ${String(row.line_id)}`, row.status]));
}

export const match = (db: Kysely<Database>, asOf = AS_OF): ReturnType<typeof matchDue> =>
  matchDue(db, MUNICIPALITY, asOf, 'test');

/** A new declaration makes every row compared again, from nothing. */
export async function declareAgain(db: Kysely<Database>): ReturnType<typeof matchDue> {
  const [first] = await readAcquirers(db, MUNICIPALITY);
  if (first === undefined) throw new Error('there are acquirers');
  await declareAcquirer(db, MUNICIPALITY, { base: first.version, definition: first.definition, by });
  return match(db);
}
