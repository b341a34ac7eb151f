/** Runs the engine on generated books and compares what it says of each row with what is true. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../../src/db/schema.ts';
import { matchBooks } from '../../../src/reconcile/books/matching.ts';
import { createBooks } from '../../../src/reconcile/books/tables.ts';
import type { EdgeDifference } from '../../../src/reconcile/books/view.ts';
import { AS_OF, COVERED, TIMING_FROM, type Group, type OursRow, type TheirsRow } from './generator.ts';

export interface Found {
  id: string | null;
  line: number | null;
  status: string;
}

/** One comparison in a transaction that leaves nothing. */
export async function compareBooks(
  db: Kysely<Database>,
  ours: readonly OursRow[],
  theirs: readonly TheirsRow[],
): Promise<{ found: Found[]; edges: EdgeDifference[] }> {
  return db.transaction().execute(async (trx) => {
    await fillBooks(trx, ours, theirs);
    const edges = await matchBooks(trx, { asOf: AS_OF, timingFrom: TIMING_FROM });
    const { rows } = await sql<Found>`SELECT id, line_id AS line, status FROM match_found`.execute(trx);
    return { found: rows, edges };
  });
}

export async function fillBooks(
  trx: Kysely<Database>,
  ours: readonly OursRow[],
  theirs: readonly TheirsRow[],
): Promise<void> {
  await createBooks(trx);
  await fill(trx, 'match_ours', ours);
  await fill(trx, 'match_theirs', theirs);
  await fill(trx, 'match_covered', COVERED);
}

async function fill(db: Kysely<Database>, table: string, rows: readonly object[]): Promise<void> {
  await sql`INSERT INTO ${sql.table(table)} SELECT * FROM json_populate_recordset(NULL::${sql.table(table)}, ${JSON.stringify(rows)})`.execute(
    db,
  );
}

const oursKey = (id: string): string => `ours ${id}`;
const theirsKey = (n: number | string): string => `theirs ${String(n)}`;

/** Adds what a group's rows have to be called; what is in no planted set is matched. */
export function addTruth(planted: Map<string, string>, { status, of }: Group): void {
  for (const id of of.ours) planted.set(oursKey(id), status);
  for (const n of of.theirs) planted.set(theirsKey(n), status);
}

/** What of the plants was found, and everything that was said of another row or wrongly. */
export function judge(
  found: readonly Found[],
  planted: ReadonlyMap<string, string>,
): { right: number; wrong: string[] } {
  const seen = new Map<string, string>();
  const wrong: string[] = [];
  for (const { id, line, status } of found) {
    for (const key of [id === null ? null : oursKey(id), line === null ? null : theirsKey(line)]) {
      if (key === null) continue;
      if (seen.has(key)) wrong.push(`${key} is used twice`);
      seen.set(key, status);
    }
  }
  let right = 0;
  for (const [key, status] of seen) {
    const expected = planted.get(key) ?? 'matched';
    if (status !== expected) wrong.push(`${key}: ${status} instead of ${expected}`);
    else if (planted.has(key)) right += 1;
  }
  for (const key of planted.keys()) if (!seen.has(key)) wrong.push(`${key} is not told at all`);
  return { right, wrong };
}

/** What is said of every row, without the numbers that differ from one run to the next. */
export async function byContent(db: Kysely<Database>): Promise<unknown[][]> {
  const { rows } = await sql<Record<string, unknown>>`
    SELECT c.status, c.operation_id, l.provider_id, l.yen FROM current_matches c LEFT JOIN statement_lines l USING (line_id)
    ORDER BY 1, 2, 3, 4`.execute(db);
  return rows.map((row) => Object.values(row));
}
