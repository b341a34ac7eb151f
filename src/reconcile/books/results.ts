/** What was found, written down as a version: only rows of which the last version says something else. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../db/schema.ts';
import type { Since } from './scope.ts';
import { run, sqlText } from './tables.ts';
import type { EdgeDifference } from './view.ts';

/**
 * Writes `match_found` under a run's number; the table refuses a run that uses a row twice
 * (migrations/0042-results-in-bulk.ts).
 * @returns how many rows are new or say something else than before
 */
export async function writeResults(
  db: Kysely<Database>,
  municipality: string,
  { runId, since }: { runId: number; since: Since | null },
): Promise<number> {
  const before = since === null ? 'current_matches' : 'match_before';
  if (runId > 1) await run(db, FORGET_UNCHANGED(sqlText(municipality), before));
  // Of a first comparison of large books the indexes are made once, instead of row by row.
  const { rows } = await sql<{ down: boolean }>`
    SELECT take_down_result_indexes((SELECT count(*) FROM match_found)) AS down`.execute(db);
  const { numAffectedRows } = await sql`
    INSERT INTO match_results
      (municipality, counter, run_id, acquirer, operation_id, line_id, status, matched_by, ours_yen, theirs_yen, due,
       on_date)
    SELECT ${municipality}, counter, ${runId}, acquirer, id, line_id, status, matched_by, ours_yen, theirs_yen, due,
      on_date
    FROM match_found`.execute(db);
  if (rows[0]?.down === true) await sql`SELECT put_up_result_indexes()`.execute(db);
  return Number(numAffectedRows ?? 0);
}

/**
 * A row whose newest version says the same stays as it is. Lines alone are kept out of the first join by name: a hash join
 * would compare each with each, as rows without a key. @param before where the newest versions are
 */
const FORGET_UNCHANGED = (municipality: string, before: 'current_matches' | 'match_before'): string => `
  ANALYZE match_found;
  DELETE FROM match_found f USING ${before} c
  WHERE c.municipality = ${municipality} AND c.operation_id = f.id AND c.counter = f.counter
    AND c.operation_id IS NOT NULL AND f.id IS NOT NULL
    AND c.line_id IS NOT DISTINCT FROM f.line_id AND c.status = f.status
    AND c.matched_by IS NOT DISTINCT FROM f.matched_by
    AND (c.ours_yen, c.theirs_yen) = (f.ours_yen, f.theirs_yen) AND c.due IS NOT DISTINCT FROM f.due;
  DELETE FROM match_found f USING ${before} c
  WHERE c.municipality = ${municipality} AND c.line_id = f.line_id AND f.id IS NULL AND c.operation_id IS NULL
    AND c.status = f.status AND c.theirs_yen = f.theirs_yen`;

/**
 * The whole difference between the two books as they were compared, and what the exceptions explain of it. The two
 * sums come from the books, the explanation from the results: a row that was lost or used twice leaves a remainder.
 *
 * And whether every row of both is in `match_found` exactly once, pairs that people made apart: by how many there are,
 * and by the sum of their hashes, which one row twice and another not at all would change.
 * @throws Error if it is not so
 */
export async function explainDifference(db: Kysely<Database>): Promise<EdgeDifference[]> {
  const { rows } = await sql<EdgeDifference & { once: boolean }>`
    WITH ours AS (
      SELECT acquirer, sum(CASE WHEN unknown THEN 0 ELSE yen END) AS yen, count(*) AS many,
        sum(hashtextextended(id, 0)) AS hashes FROM match_ours GROUP BY acquirer
    ), found AS (
      SELECT acquirer, count(id) FILTER (WHERE not_given) AS ours, count(line_id) FILTER (WHERE not_given) AS theirs,
        sum(hashtextextended(id, 0)) FILTER (WHERE not_given) AS ours_hashes,
        sum(hashint8extended(line_id, 0)) FILTER (WHERE not_given) AS theirs_hashes,
        count(*) FILTER (WHERE status <> 'matched') AS exceptions,
        coalesce(sum(theirs_yen - ours_yen) FILTER (WHERE status <> 'matched'), 0) AS yen
      FROM (SELECT *, matched_by IS DISTINCT FROM 0 AS not_given FROM match_found) f GROUP BY acquirer
    ), edges AS (
      SELECT acquirer, coalesce(o.yen, 0) AS ours, coalesce(t.yen, 0) AS theirs, coalesce(f.yen, 0) AS explained,
        coalesce(f.exceptions, 0) AS exceptions,
        (coalesce(o.many, 0), coalesce(t.many, 0), coalesce(o.hashes, 0), coalesce(t.hashes, 0))
          = (coalesce(f.ours, 0), coalesce(f.theirs, 0), coalesce(f.ours_hashes, 0), coalesce(f.theirs_hashes, 0)) AS once
      FROM ours o FULL JOIN match_statements t USING (acquirer) FULL JOIN found f USING (acquirer)
    )
    SELECT acquirer, ours::bigint AS "oursYen", theirs::bigint AS "theirsYen", (theirs - ours)::bigint AS "differenceYen",
      explained::bigint AS "explainedYen", (theirs - ours - explained)::bigint AS "remainderYen",
      exceptions::bigint AS exceptions, once
    FROM edges ORDER BY acquirer`.execute(db);
  if (rows.some(({ once }) => !once)) throw new Error('a row of the books was used twice, or not at all');
  return rows;
}
