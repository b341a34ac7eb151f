/** Pairs that two people made: taken as given before any key, and out of every pass. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../db/schema.ts';
import { PAIR_STATUS, run } from './tables.ts';

/**
 * Where both rows are compared, they are a pair, whatever their keys say; another amount or kind is still told. A row of
 * ours that is no payment any more is given to nobody: its line is compared anew, and the case opens again.
 */
export async function takeGiven(db: Kysely<Database>, municipality: string): Promise<void> {
  await sql`
    CREATE TEMP TABLE match_given ON COMMIT DROP AS
      SELECT o.n AS ours_n, t.n AS theirs_n FROM current_pairs p
      JOIN match_ours o ON o.counter = p.counter AND o.id = p.operation_id
      JOIN match_theirs t ON t.n = p.line_id
      WHERE p.municipality = ${municipality}`.execute(db);
  await run(
    db,
    `CREATE UNIQUE INDEX ON match_given (ours_n);
     INSERT INTO match_found
       SELECT o.counter, o.acquirer, o.id, t.n,
         CASE ${PAIR_STATUS} WHEN 'data_differs' THEN 'matched' ELSE ${PAIR_STATUS} END, 0::smallint,
         CASE WHEN o.unknown THEN 0 ELSE o.yen END, t.yen, o.due
       FROM match_given g JOIN match_ours o ON o.n = g.ours_n JOIN match_theirs t ON t.n = g.theirs_n;
     DELETE FROM match_ours WHERE n IN (SELECT ours_n FROM match_given);
     DELETE FROM match_theirs WHERE n IN (SELECT theirs_n FROM match_given)`,
  );
}
