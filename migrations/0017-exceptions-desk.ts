/**
 * The exceptions desk: what does not agree is a case whose life is events; pairs that people made; and the ledger of
 * the nights.
 *
 * Every table begins with municipality and counter, as in 0014; `*` is where a case or a night is of no one counter.
 */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statements of [CASES, PAIRS, NIGHTS, TWO_PEOPLE]) await sql.raw(statements).execute(db);
}

const CASES = `
CREATE TABLE cases (
  municipality text NOT NULL,
  counter text NOT NULL,
  subject text NOT NULL,
  case_id bigint GENERATED ALWAYS AS IDENTITY,
  opened_on date NOT NULL,
  PRIMARY KEY (municipality, counter, subject)
);
COMMENT ON TABLE cases IS 'what did not agree once: one case for ever, however often it opens again';
COMMENT ON COLUMN cases.subject IS 'what it is about, the same in every run: op, line, settlement, file, day, closing, …';
COMMENT ON COLUMN cases.case_id IS 'the number that people say';
COMMENT ON COLUMN cases.opened_on IS 'the business date on which it was first seen; its age counts from there';
CREATE UNIQUE INDEX cases_by_number ON cases (municipality, case_id);
CREATE TRIGGER cases_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON cases
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE case_events (
  municipality text NOT NULL,
  counter text NOT NULL,
  case_id bigint NOT NULL,
  number integer NOT NULL CHECK (number > 0),
  kind text NOT NULL CHECK (kind IN ('opened', 'changed', 'reopened', 'settled',
    'assigned', 'commented', 'asked', 'evidence', 'proposed', 'withdrawn', 'resolved')),
  at timestamptz NOT NULL DEFAULT now(),
  on_date date NOT NULL,
  by_number text NOT NULL,
  by_name text NOT NULL,
  confirmed_by text,
  confirmed_by_name text,
  payload jsonb NOT NULL,
  PRIMARY KEY (municipality, counter, case_id, number),
  CHECK (confirmed_by IS NULL OR confirmed_by <> by_number),
  CHECK ((confirmed_by IS NULL) = (confirmed_by_name IS NULL))
);
COMMENT ON TABLE case_events IS 'the life of a case; its state is their fold, src/reconcile/desk/case.ts';
COMMENT ON COLUMN case_events.by_number IS '職員番号, or engine: what the comparison did by itself';
COMMENT ON COLUMN case_events.confirmed_by IS '職員番号 of the second person, where the matter needs two';
COMMENT ON COLUMN case_events.on_date IS 'the business date';
CREATE INDEX case_events_turns ON case_events (municipality, case_id, number DESC)
  WHERE kind IN ('opened', 'reopened', 'settled', 'resolved');
CREATE TRIGGER case_events_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON case_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE VIEW case_turns AS
  SELECT c.*, last.kind AS turn, last.at AS turned_at FROM cases c
  JOIN LATERAL (
    SELECT kind, at FROM case_events e
    WHERE e.municipality = c.municipality AND e.case_id = c.case_id
      AND e.kind IN ('opened', 'reopened', 'settled', 'resolved')
    ORDER BY number DESC LIMIT 1
  ) last ON true;
COMMENT ON VIEW case_turns IS 'every case with its last turn: opened and reopened are open, settled and resolved are not';
`;

const PAIRS = `
CREATE TABLE manual_pairs (
  municipality text NOT NULL,
  counter text NOT NULL,
  operation_id text NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  line_id bigint,
  case_id bigint NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  by_number text NOT NULL,
  by_name text NOT NULL,
  confirmed_by text NOT NULL,
  confirmed_by_name text NOT NULL,
  PRIMARY KEY (municipality, counter, operation_id, version),
  CHECK (confirmed_by <> by_number)
);
COMMENT ON TABLE manual_pairs IS 'a row of ours and a line of a statement that two people say are one; the newest version holds';
COMMENT ON COLUMN manual_pairs.line_id IS 'null: the pair was taken apart again';
CREATE INDEX manual_pairs_by_line ON manual_pairs (municipality, line_id) WHERE line_id IS NOT NULL;
CREATE TRIGGER manual_pairs_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON manual_pairs
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE VIEW current_pairs AS
  SELECT p.* FROM manual_pairs p
  WHERE p.line_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM manual_pairs n WHERE n.municipality = p.municipality AND n.counter = p.counter
      AND n.operation_id = p.operation_id AND n.version > p.version);
COMMENT ON VIEW current_pairs IS 'the pairs that stand';
`;

const NIGHTS = `
CREATE TABLE nights (
  municipality text NOT NULL,
  counter text NOT NULL,
  night date NOT NULL,
  attempt integer NOT NULL CHECK (attempt > 0),
  started_at timestamptz NOT NULL DEFAULT now(),
  office text NOT NULL,
  cause text NOT NULL CHECK (cause IN ('night', 'start')),
  PRIMARY KEY (municipality, counter, night, attempt)
);
COMMENT ON TABLE nights IS 'each time an office began the work of a night; one at a time holds the lock';
COMMENT ON COLUMN nights.night IS 'the date in Asia/Tokyo of the 03:00 that it is of';
COMMENT ON COLUMN nights.office IS 'which process it was';
CREATE TRIGGER nights_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON nights
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE night_steps (
  municipality text NOT NULL,
  counter text NOT NULL,
  night date NOT NULL,
  attempt integer NOT NULL,
  step text NOT NULL CHECK (step IN ('terminals', 'books', 'cases', 'done', 'failed')),
  at timestamptz NOT NULL DEFAULT now(),
  outcome jsonb NOT NULL,
  PRIMARY KEY (municipality, counter, night, attempt, step),
  FOREIGN KEY (municipality, counter, night, attempt) REFERENCES nights (municipality, counter, night, attempt)
);
COMMENT ON TABLE night_steps IS 'how far it came; an attempt without done or failed was cut off';
CREATE TRIGGER night_steps_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON night_steps
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
`;

const TWO_PEOPLE = `
ALTER TABLE acquirers
  ADD COLUMN reason text NOT NULL DEFAULT '',
  ADD COLUMN confirmed_by text,
  ADD COLUMN confirmed_by_name text,
  ADD CHECK (confirmed_by IS NULL OR confirmed_by <> changed_by);
COMMENT ON COLUMN acquirers.confirmed_by IS 'the second person; null: a sample, or from before there was one';
`;
