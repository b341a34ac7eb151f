/** Which sale has used up what is sold once, also where it was sold without network; and the draft of the fees. */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statements of [USES, STATES, DOUBLES, TICKETS, DRAFTS]) await sql.raw(statements).execute(db);
}

const USES = `
CREATE TABLE once_uses (
  municipality text NOT NULL,
  counter text NOT NULL,
  operation_id text NOT NULL,
  key text NOT NULL,
  journal_id uuid NOT NULL,
  sequence bigint NOT NULL,
  dropped boolean NOT NULL DEFAULT false,
  PRIMARY KEY (municipality, counter, operation_id, key)
);
COMMENT ON TABLE once_uses IS 'what is sold once, by the sale that carries it (ticket:, sticker:, replaced:); can be computed again from the events';
COMMENT ON COLUMN once_uses.dropped IS 'corrected away: the sale has other items now';
CREATE INDEX once_uses_of_key ON once_uses (municipality, key);

INSERT INTO once_uses (municipality, counter, operation_id, key, journal_id, sequence)
  SELECT e.municipality, e.counter, e.operation_id, k.key, e.journal_id, e.sequence
  FROM events e CROSS JOIN LATERAL jsonb_array_elements_text(e.payload -> 'once') AS k (key)
  WHERE e.type IN ('armed', 'counted') AND e.payload ? 'once'
  ON CONFLICT DO NOTHING;
INSERT INTO once_uses (municipality, counter, operation_id, key, journal_id, sequence)
  SELECT municipality, counter, operation_id, operation_id, journal_id, sequence FROM events
  WHERE type = 'ticket_cancelled'
  ON CONFLICT DO NOTHING;

CREATE TABLE once_decisions (
  municipality text NOT NULL,
  decision_id uuid NOT NULL DEFAULT gen_random_uuid(),
  key text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('released', 'settled')),
  operation_ids text[] NOT NULL,
  note text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  decided_by text NOT NULL,
  decided_by_name text NOT NULL,
  PRIMARY KEY (municipality, decision_id)
);
COMMENT ON TABLE once_decisions IS 'what the office has decided: the claim of a silent counter is released, a double use is settled';
CREATE INDEX once_decisions_of_key ON once_decisions (municipality, key);
`;

const STATES = `
CREATE FUNCTION once_state(in_municipality text, in_counter text, in_operation text) RETURNS text STABLE LANGUAGE sql AS $$
  SELECT coalesce(
    (SELECT CASE
        WHEN p.state IN ('armed', 'unknown') THEN 'held'
        WHEN p.state <> 'approved' THEN 'free'
        WHEN p.amount_yen <= (
          SELECT coalesce(sum(back.amount_yen), 0) FROM payments back
          WHERE back.municipality = p.municipality AND back.counter = p.counter
            AND back.of_operation_id = p.operation_id AND back.kind <> 'sale' AND back.state = 'approved') THEN 'undone'
        ELSE 'used' END
      FROM payments p
      WHERE p.municipality = in_municipality AND p.counter = in_counter AND p.operation_id = in_operation),
    (SELECT CASE WHEN s.withdrawn_at IS NULL THEN 'used' ELSE 'free' END
      FROM counted_sales s
      WHERE s.municipality = in_municipality AND s.counter = in_counter AND s.operation_id = in_operation))
$$;
COMMENT ON FUNCTION once_state IS 'how a sale stands to what it uses up, as on the counter; null: no sale of this id has arrived';

CREATE OR REPLACE FUNCTION once_is_free(claim once_claims) RETURNS boolean STABLE LANGUAGE sql AS $$
  SELECT claim.released
    OR coalesce(once_state(claim.municipality, claim.counter, claim.operation_id) IN ('free', 'undone'), false)
    OR EXISTS (
      SELECT FROM once_uses u
      WHERE u.municipality = claim.municipality AND u.counter = claim.counter
        AND u.operation_id = claim.operation_id AND u.key = claim.key AND u.dropped)
$$;
COMMENT ON FUNCTION once_is_free IS 'the sale that holds it came to nothing, was given back whole, or has other items now: another counter may have it';
`;

const DOUBLES = `
CREATE VIEW once_doubles AS
  WITH shared AS MATERIALIZED (
    SELECT municipality, key FROM once_uses WHERE NOT dropped GROUP BY municipality, key HAVING count(*) > 1
  ), standing AS (
    SELECT u.municipality, u.key, u.counter, u.operation_id, u.sequence
    FROM once_uses u JOIN shared USING (municipality, key)
    WHERE NOT u.dropped AND once_state(u.municipality, u.counter, u.operation_id) IN ('held', 'used')
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
COMMENT ON VIEW once_doubles IS 'used by more than one sale that stands, as two counters without network can do; until one is given back, or the office has settled it';
`;

const TICKETS = `
ALTER TABLE tickets ADD COLUMN unsure boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN tickets.unsure IS 'used while the city''s record could not be asked, on the resident''s word';
`;

const DRAFTS = `
CREATE TABLE fee_drafts (
  municipality text PRIMARY KEY,
  version integer NOT NULL,
  revisions jsonb NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  changed_by text NOT NULL,
  changed_by_name text NOT NULL
);
COMMENT ON TABLE fee_drafts IS 'revisions of the fees that nobody has published yet: work in progress, overwritten';
`;
