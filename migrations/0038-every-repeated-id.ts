/** An id that came twice is listed whatever it is: a sale on a terminal, a void, or what was counted without one. */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `
CREATE INDEX events_begun ON events (municipality, operation_id) WHERE type IN ('armed', 'counted');
DROP INDEX events_armed;

CREATE OR REPLACE VIEW repeated_ids AS
  SELECT municipality, operation_id, min(at) AS first_at, max(at) AS last_at,
    array_agg(counter ORDER BY at, counter) AS counters, array_agg(journal_id ORDER BY at, counter) AS journals,
    array_agg(sequence ORDER BY at, counter) AS sequences
  FROM events WHERE type IN ('armed', 'counted')
  GROUP BY municipality, operation_id HAVING count(*) > 1;
COMMENT ON VIEW repeated_ids IS 'ids under which more than one journal has begun something: each counter refuses a repeated id, and knows nothing of the others';
`,
    )
    .execute(db);
}
