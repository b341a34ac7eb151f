/**
 * The books of others: what acquirers and the bank send, how each sends it, and what matching makes of it.
 *
 * Every table begins with the municipality, so that a distributed PostgreSQL can split them by it without a change;
 * `counter` is `*` where a row is of every counter or a statement does not say of which.
 */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statements of [DECLARED, STATEMENTS, RESULTS, VIEWS]) await sql.raw(statements).execute(db);
}

const DECLARED = `
CREATE TABLE acquirers (
  municipality text NOT NULL,
  counter text NOT NULL,
  code text NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  definition jsonb NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  changed_by text NOT NULL,
  changed_by_name text NOT NULL,
  PRIMARY KEY (municipality, counter, code, version)
);
COMMENT ON TABLE acquirers IS 'who pays the city, for which brands, and in which cycle; the newest version holds';
COMMENT ON COLUMN acquirers.definition IS 'as src/reconcile/books/acquirer.ts has it';
CREATE TRIGGER acquirers_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON acquirers
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE statement_formats (
  municipality text NOT NULL,
  code text NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  definition jsonb NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  changed_by text NOT NULL,
  changed_by_name text NOT NULL,
  PRIMARY KEY (municipality, code, version)
);
COMMENT ON TABLE statement_formats IS 'how a statement is laid out; the newest version is what files are read with';
COMMENT ON COLUMN statement_formats.definition IS 'as src/reconcile/statements/format.ts has it';
CREATE TRIGGER statement_formats_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON statement_formats
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
`;

const STATEMENTS = `
CREATE TABLE statement_files (
  municipality text NOT NULL,
  file_id bigint GENERATED ALWAYS AS IDENTITY,
  sha256 text NOT NULL,
  name text NOT NULL,
  bytes integer NOT NULL,
  format text NOT NULL,
  format_version integer NOT NULL,
  origin text NOT NULL CHECK (origin IN ('upload', 'folder')),
  status text NOT NULL CHECK (status IN ('received', 'late', 'unreadable', 'control_differs')),
  lines integer NOT NULL,
  new_lines integer NOT NULL,
  total_yen bigint NOT NULL,
  covers_from date,
  covers_until date,
  faults jsonb NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  received_by text NOT NULL,
  received_by_name text NOT NULL,
  PRIMARY KEY (municipality, file_id),
  FOREIGN KEY (municipality, format, format_version) REFERENCES statement_formats (municipality, code, version),
  CHECK ((status IN ('received', 'late')) = (faults = '[]'::jsonb))
);
COMMENT ON TABLE statement_files IS 'what came in, also what could not be read: that left nothing but this row';
COMMENT ON COLUMN statement_files.new_lines IS 'those that no earlier file had brought';
COMMENT ON COLUMN statement_files.total_yen IS 'integer yen, signed: the sum of its lines';
COMMENT ON COLUMN statement_files.faults IS 'line, column and reason of each';
CREATE UNIQUE INDEX statement_files_once ON statement_files (municipality, sha256)
  WHERE status IN ('received', 'late');
CREATE UNIQUE INDEX statement_files_refused_once ON statement_files (municipality, sha256, format, format_version)
  WHERE status IN ('unreadable', 'control_differs');
CREATE TRIGGER statement_files_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON statement_files
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE statement_lines (
  municipality text NOT NULL,
  counter text NOT NULL,
  line_id bigint GENERATED ALWAYS AS IDENTITY,
  file_id bigint NOT NULL,
  line_number integer NOT NULL,
  book text NOT NULL CHECK (book IN ('provider', 'bank')),
  acquirer text NOT NULL,
  fingerprint uuid NOT NULL,
  occurrence integer NOT NULL CHECK (occurrence > 0),
  kind text NOT NULL CHECK (kind IN
    ('sale', 'refund', 'chargeback', 'refund_failed', 'fee', 'carried', 'deposit', 'withdrawal')),
  yen integer NOT NULL,
  fee_yen integer,
  on_date date NOT NULL,
  at timestamptz,
  brand text,
  terminal_id text,
  slip text,
  approval text,
  provider_id text,
  reference text,
  batch text,
  pays_on date,
  payer text,
  PRIMARY KEY (municipality, counter, line_id),
  UNIQUE (municipality, book, acquirer, fingerprint, occurrence),
  CHECK (kind <> 'sale' OR yen > 0),
  CHECK (kind NOT IN ('refund', 'chargeback') OR yen < 0),
  CHECK ((book = 'bank') = (kind IN ('deposit', 'withdrawal')))
);
COMMENT ON TABLE statement_lines IS 'lines of providers'' statements and of the bank''s, each once however often it is sent';
COMMENT ON COLUMN statement_lines.acquirer IS 'whose line it is; ? on a bank''s line, whose payer says it';
COMMENT ON COLUMN statement_lines.fingerprint IS 'MD5 over what the line says, without its place in the file';
COMMENT ON COLUMN statement_lines.occurrence IS 'which of several equal lines of one file';
COMMENT ON COLUMN statement_lines.yen IS 'integer yen, positive: towards the city';
COMMENT ON COLUMN statement_lines.fee_yen IS 'integer yen with tax, positive: kept by the acquirer; null: the line does not say';
COMMENT ON COLUMN statement_lines.on_date IS 'the business date as the provider counts it; a bank''s value date';
COMMENT ON COLUMN statement_lines.provider_id IS 'the provider''s own number of the transaction';
COMMENT ON COLUMN statement_lines.reference IS 'our number of it: the operation''s id';
COMMENT ON COLUMN statement_lines.batch IS 'what is paid together; on a bank line, if it names one';
COMMENT ON COLUMN statement_lines.pays_on IS 'when the statement says it will be paid';
CREATE INDEX statement_lines_by_provider_id ON statement_lines (municipality, provider_id) WHERE provider_id IS NOT NULL;
CREATE INDEX statement_lines_by_reference ON statement_lines (municipality, reference) WHERE reference IS NOT NULL;
CREATE INDEX statement_lines_by_slip ON statement_lines (municipality, terminal_id, slip, on_date) WHERE slip IS NOT NULL;
CREATE INDEX statement_lines_of_file ON statement_lines (municipality, file_id, line_number);
CREATE INDEX statement_lines_of_batch ON statement_lines (municipality, acquirer, batch, on_date);
CREATE TRIGGER statement_lines_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON statement_lines
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE INDEX payments_by_slip ON payments (municipality, terminal_id, business_date);
CREATE INDEX payments_by_trace ON payments (municipality, trace_number) WHERE trace_number IS NOT NULL;
`;

const RESULTS = `
CREATE TABLE match_runs (
  municipality text NOT NULL,
  run_id bigint NOT NULL CHECK (run_id > 0),
  at timestamptz NOT NULL DEFAULT now(),
  as_of date NOT NULL,
  cause text NOT NULL,
  seen_line bigint NOT NULL,
  ours integer NOT NULL,
  theirs integer NOT NULL,
  changed integer NOT NULL,
  summary jsonb NOT NULL,
  PRIMARY KEY (municipality, run_id)
);
COMMENT ON TABLE match_runs IS 'each comparison of our book with the providers'' and the bank''s that found anything new';
COMMENT ON COLUMN match_runs.seen_line IS 'the newest line_id that it knew';
COMMENT ON COLUMN match_runs.ours IS 'rows of ours that were compared again: what new data touched, and what was open';
COMMENT ON COLUMN match_runs.summary IS 'the differences and how they are explained, as src/reconcile/books/view.ts has it';
CREATE TRIGGER match_runs_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON match_runs
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE match_results (
  municipality text NOT NULL,
  counter text NOT NULL,
  run_id bigint NOT NULL,
  acquirer text NOT NULL,
  operation_id text,
  line_id bigint,
  status text NOT NULL,
  matched_by smallint,
  ours_yen integer NOT NULL,
  theirs_yen integer NOT NULL,
  due date,
  CHECK (operation_id IS NOT NULL OR line_id IS NOT NULL)
);
COMMENT ON TABLE match_results IS 'one row per pair or lonely row; the newest run that names a row says what became of it';
COMMENT ON COLUMN match_results.counter IS 'of our payment; of a line alone, the line''s';
COMMENT ON COLUMN match_results.matched_by IS '1 provider''s id, 2 our reference, 3 terminal and slip, 4 amount in a time, 5 taken back before it was sent';
COMMENT ON COLUMN match_results.ours_yen IS 'integer yen, signed, as booked: 0 while the result is unknown';
COMMENT ON COLUMN match_results.theirs_yen IS 'integer yen, signed; 0: there is no line';
-- Each row is used at most once a run: the database itself refuses a second use.
CREATE UNIQUE INDEX match_results_operation_once ON match_results (operation_id, counter, municipality, run_id)
  WHERE operation_id IS NOT NULL;
CREATE UNIQUE INDEX match_results_line_once ON match_results (line_id, run_id, municipality)
  WHERE line_id IS NOT NULL;
CREATE INDEX match_results_exceptions ON match_results (municipality, status, run_id) WHERE status <> 'matched';
CREATE TRIGGER match_results_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON match_results
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE batch_results (
  municipality text NOT NULL,
  counter text NOT NULL,
  run_id bigint NOT NULL,
  acquirer text NOT NULL,
  settlement text NOT NULL,
  status text NOT NULL,
  batches text[] NOT NULL,
  deposits bigint[] NOT NULL,
  gross_yen bigint NOT NULL,
  fee_yen bigint NOT NULL,
  expected_fee_yen bigint,
  chargeback_yen bigint NOT NULL,
  carried_yen bigint NOT NULL,
  net_yen bigint NOT NULL,
  deposited_yen bigint NOT NULL,
  due date,
  paid_on date,
  faults text[] NOT NULL,
  PRIMARY KEY (municipality, counter, run_id, acquirer, settlement)
);
COMMENT ON TABLE batch_results IS 'what an acquirer pays together, and the bank lines that paid it; the newest run holds';
COMMENT ON COLUMN batch_results.settlement IS 'names the group: its batches, or the bank line that belongs to none';
COMMENT ON COLUMN batch_results.net_yen IS 'gross - fee - chargebacks + carried, in integer yen: what has to arrive';
COMMENT ON COLUMN batch_results.expected_fee_yen IS 'by the declared rate; null: none is declared';
COMMENT ON COLUMN batch_results.faults IS 'what else differs: fee_differs, fee_missing';
CREATE TRIGGER batch_results_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON batch_results
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
`;

const VIEWS = `
CREATE VIEW current_matches AS
  SELECT r.* FROM match_results r
  WHERE NOT EXISTS (
      SELECT FROM match_results n
      WHERE n.operation_id = r.operation_id AND n.counter = r.counter AND n.municipality = r.municipality
        AND n.run_id > r.run_id)
    AND NOT EXISTS (
      SELECT FROM match_results n
      WHERE n.line_id = r.line_id AND n.municipality = r.municipality AND n.run_id > r.run_id);
COMMENT ON VIEW current_matches IS 'every row of both books once, as the newest run that names it says';

CREATE VIEW current_batches AS
  SELECT b.* FROM batch_results b
  WHERE b.run_id = (SELECT max(n.run_id) FROM batch_results n WHERE n.municipality = b.municipality);
COMMENT ON VIEW current_batches IS 'the newest word on every settlement; a run that changes one writes them all anew';
`;
