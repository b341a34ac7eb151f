/** Pairs that two people take apart again, and statements that are fetched from a provider's service. */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statements of [APART, FETCHED]) await sql.raw(statements).execute(db);
}

const APART = `
ALTER TABLE case_events DROP CONSTRAINT case_events_kind_check;
ALTER TABLE case_events ADD CONSTRAINT case_events_kind_check CHECK (kind IN ('opened', 'changed', 'reopened', 'settled',
  'assigned', 'commented', 'asked', 'evidence', 'proposed', 'withdrawn', 'resolved', 'unpaired'));
`;

const FETCHED = `
ALTER TABLE statement_files DROP CONSTRAINT statement_files_origin_check;
ALTER TABLE statement_files ADD CONSTRAINT statement_files_origin_check
  CHECK (origin IN ('upload', 'folder', 'service'));

CREATE TABLE statement_fetches (
  municipality text NOT NULL,
  fetch_id bigint GENERATED ALWAYS AS IDENTITY,
  source text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  cause text NOT NULL CHECK (cause IN ('night', 'person')),
  is_complete boolean NOT NULL,
  outcome jsonb NOT NULL,
  PRIMARY KEY (municipality, fetch_id)
);
COMMENT ON TABLE statement_fetches IS 'each time a provider''s service was asked for its statements, answered or not';
COMMENT ON COLUMN statement_fetches.source IS 'which service, by its driver''s name';
COMMENT ON COLUMN statement_fetches.is_complete IS 'it was heard to the end; false: what is missing is asked for again the next time';
COMMENT ON COLUMN statement_fetches.outcome IS 'files taken and refused, and what has to be said of the rest';
CREATE INDEX statement_fetches_newest ON statement_fetches (municipality, source, fetch_id DESC);
CREATE TRIGGER statement_fetches_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON statement_fetches
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
`;
