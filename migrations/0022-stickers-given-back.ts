/** A sticker is free again when its own line was given back, though the rest of the sale stands. */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `
ALTER TABLE once_uses ADD COLUMN given_back boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN once_uses.given_back IS 'every line of the sale that carries it was given back; can be computed again from the events';

CREATE OR REPLACE FUNCTION once_is_free(claim once_claims) RETURNS boolean STABLE LANGUAGE sql AS $$
  SELECT claim.released
    OR coalesce(once_state(claim.municipality, claim.counter, claim.operation_id) IN ('free', 'undone'), false)
    OR EXISTS (
      SELECT FROM once_uses u
      WHERE u.municipality = claim.municipality AND u.counter = claim.counter
        AND u.operation_id = claim.operation_id AND u.key = claim.key AND (u.dropped OR u.given_back))
$$;
COMMENT ON FUNCTION once_is_free IS 'the sale that holds it came to nothing, was given back whole or in this line, or has other items now: another counter may have it';

CREATE OR REPLACE VIEW once_doubles AS
  WITH shared AS MATERIALIZED (
    SELECT municipality, key FROM once_uses WHERE NOT dropped AND NOT given_back
    GROUP BY municipality, key HAVING count(*) > 1
  ), standing AS (
    SELECT u.municipality, u.key, u.counter, u.operation_id, u.sequence
    FROM once_uses u JOIN shared USING (municipality, key)
    WHERE NOT u.dropped AND NOT u.given_back
      AND once_state(u.municipality, u.counter, u.operation_id) IN ('held', 'used')
  )
  SELECT s.municipality, s.key,
    array_agg(s.counter ORDER BY s.counter, s.sequence) AS counters,
    array_agg(s.operation_id ORDER BY s.counter, s.sequence) AS operation_ids
  FROM standing s
  GROUP BY s.municipality, s.key
  HAVING count(*) > 1 AND NOT EXISTS (
    SELECT FROM once_decisions d
    WHERE d.municipality = s.municipality AND d.key = s.key AND d.kind = 'settled'
      AND d.operation_ids @> array_agg(s.operation_id));
`,
    )
    .execute(db);
}
