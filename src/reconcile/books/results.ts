/** What was found, written down as a version: only rows of which the last version says something else. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../db/schema.ts';
import { run, sqlText } from './tables.ts';
import type { EdgeDifference } from './view.ts';

/**
 * Writes `match_found` under a run's number; the indexes of `match_results` refuse a row that would be used twice.
 * @returns how many rows are new or say something else than before
 */
export async function writeResults(
  db: Kysely<Database>,
  municipality: string,
  runId: number,
): Promise<number> {
  const { rows } = await sql<{ known: boolean }>`
    SELECT EXISTS (SELECT FROM match_runs WHERE municipality = ${municipality}) AS known`.execute(db);
  if (rows[0]?.known === true) await run(db, FORGET_UNCHANGED(sqlText(municipality)));
  const { numAffectedRows } = await sql`
    INSERT INTO match_results
      (municipality, counter, run_id, acquirer, operation_id, line_id, status, matched_by, ours_yen, theirs_yen, due)
    SELECT ${municipality}, counter, ${runId}, acquirer, id, line_id, status, matched_by, ours_yen, theirs_yen, due
    FROM match_found ORDER BY id, line_id`.execute(db);
  return Number(numAffectedRows ?? 0);
}

/** A row whose newest version says the same stays as it is. */
const FORGET_UNCHANGED = (municipality: string): string => `
  CREATE INDEX ON match_found (id);
  CREATE INDEX ON match_found (line_id);
  ANALYZE match_found;
  DELETE FROM match_found f USING current_matches c
  WHERE c.municipality = ${municipality} AND c.operation_id = f.id AND c.counter = f.counter
    AND c.line_id IS NOT DISTINCT FROM f.line_id AND c.status = f.status
    AND c.matched_by IS NOT DISTINCT FROM f.matched_by
    AND (c.ours_yen, c.theirs_yen) = (f.ours_yen, f.theirs_yen) AND c.due IS NOT DISTINCT FROM f.due;
  DELETE FROM match_found f USING current_matches c
  WHERE c.municipality = ${municipality} AND c.line_id = f.line_id AND f.id IS NULL AND c.operation_id IS NULL
    AND c.status = f.status AND c.theirs_yen = f.theirs_yen`;

/**
 * The whole difference between the two books as they were compared, and what the exceptions explain of it. The two
 * sums come from the books, the explanation from the results: a row that was lost or used twice leaves a remainder.
 */
export async function explainDifference(db: Kysely<Database>): Promise<EdgeDifference[]> {
  const { rows } = await sql<EdgeDifference>`
    WITH books AS (
      SELECT acquirer, sum(ours) AS ours, sum(theirs) AS theirs FROM (
        SELECT acquirer, CASE WHEN unknown THEN 0 ELSE yen END AS ours, 0 AS theirs FROM match_ours
        UNION ALL SELECT acquirer, 0, yen FROM match_theirs
      ) AS each GROUP BY acquirer
    ), exceptions AS (
      SELECT acquirer, count(*) AS many, sum(theirs_yen - ours_yen) AS yen
      FROM match_found WHERE status <> 'matched' GROUP BY acquirer
    )
    SELECT acquirer, ours::bigint AS "oursYen", theirs::bigint AS "theirsYen",
      (theirs - ours)::bigint AS "differenceYen", coalesce(yen, 0)::bigint AS "explainedYen",
      (theirs - ours - coalesce(yen, 0))::bigint AS "remainderYen", coalesce(many, 0)::bigint AS exceptions
    FROM books LEFT JOIN exceptions USING (acquirer) ORDER BY acquirer`.execute(db);
  return rows;
}
