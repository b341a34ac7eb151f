/**
 * What the statements know of a counter's payments that the counter does not: they were taken. The counter asks, and
 * records it as evidence of its own; nothing here writes.
 */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../db/schema.ts';
import type { StatementFinding } from '../../payments/evidence.ts';

interface CounterKey {
  municipality: string;
  counter: string;
  journalId: string;
}

/**
 * Lines that carry the payment's own key: the provider's number of it, our reference, or terminal and slip; and say the
 * same amount in the same direction. One that was paired by amount and time alone proves nothing. A line that found no
 * partner may be of a payment that the counter holds for not taken: that contradicts it, and a person has to look.
 *
 * A line that is missing from a statement proves nothing either: e-money can become a sale weeks later.
 */
export async function readFindings(
  db: Kysely<Database>,
  { municipality, counter, journalId }: CounterKey,
): Promise<StatementFinding[]> {
  const { rows } = await sql<StatementFinding>`
    WITH found AS (
      SELECT c.operation_id, c.line_id FROM current_matches c
      WHERE c.municipality = ${municipality} AND c.counter = ${counter}
        AND c.status = 'unknown_resolved' AND c.matched_by IN (1, 2, 3)
      UNION
      SELECT p.operation_id, c.line_id FROM current_matches c
      JOIN statement_lines l ON l.municipality = c.municipality AND l.line_id = c.line_id
      JOIN payments p ON p.municipality = l.municipality AND p.counter = ${counter}
        AND (p.operation_id = l.reference OR (p.terminal_id, p.business_date, p.slip)
          = (l.terminal_id, l.on_date, l.slip))
      WHERE c.municipality = ${municipality} AND c.status IN ('missing_in_ledger', 'timing')
        AND c.operation_id IS NULL AND p.state NOT IN ('armed', 'approved') AND p.signed_yen = l.yen
        AND l.kind = CASE WHEN p.kind = 'sale' THEN 'sale' ELSE 'refund' END
    )
    SELECT f.operation_id AS "operationId", l.line_id AS "lineId", s.name AS file, l.line_number AS line, l.acquirer
    FROM found f
    JOIN payments p ON p.municipality = ${municipality} AND p.counter = ${counter}
      AND p.operation_id = f.operation_id AND p.journal_id = ${journalId}
    JOIN statement_lines l ON l.municipality = ${municipality} AND l.line_id = f.line_id
    JOIN statement_files s ON s.municipality = ${municipality} AND s.file_id = l.file_id
    ORDER BY l.line_id, f.operation_id`.execute(db);
  return rows;
}

/** The newest comparison; what it found is found again until there is another. Undefined: there is none yet. */
export async function findNewestRun(db: Kysely<Database>, municipality: string): Promise<number | undefined> {
  const newest = await db
    .selectFrom('match_runs')
    .select('run_id')
    .where('municipality', '=', municipality)
    .orderBy('run_id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return newest?.run_id;
}
