/** What the office has to look at: payments that nobody knows or has decided, and ids that came twice. */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `
CREATE INDEX payments_open ON payments (municipality, business_date)
  WHERE state = 'unknown' OR contradicted OR (kind = 'sale' AND late AND decision IS NULL);
CREATE INDEX events_armed ON events (municipality, operation_id) WHERE type = 'armed';
CREATE INDEX events_noticed ON events (municipality, at) WHERE type IN ('card_data_masked', 'clock_confirmed');

CREATE VIEW repeated_ids AS
  SELECT municipality, operation_id, min(at) AS first_at, max(at) AS last_at,
    array_agg(counter ORDER BY at) AS counters, array_agg(journal_id ORDER BY at) AS journals
  FROM events WHERE type = 'armed'
  GROUP BY municipality, operation_id HAVING count(*) > 1;
COMMENT ON VIEW repeated_ids IS 'ids that more than one journal has armed: each counter refuses a repeated id, and knows nothing of the others';
`,
    )
    .execute(db);
}
