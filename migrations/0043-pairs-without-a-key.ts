/** Pairs that no key made (an amount in a time, a sale with its void) are looked up by their amount: a new row may undo them. */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(INDEX).execute(db);
}

// What is unknown with us has the amount of its line; a void has no line.
const INDEX = `
CREATE INDEX match_results_without_key
  ON match_results (municipality, (CASE matched_by WHEN 4 THEN theirs_yen ELSE ours_yen END))
  WHERE matched_by IN (4, 5);
`;
