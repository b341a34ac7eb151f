/**
 * What a night needs of the whole books is added up where it comes in: a statement's lines by the statement that inserts
 * them (whoever it is), our own by business day and by the run that saw the day change. Before, every night read every
 * line and payment that there ever was, and wrote every settlement anew.
 */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statements of [THEIRS, OURS, SETTLEMENTS]) await sql.raw(statements).execute(db);
}

/** Lines never change, so that their sums only grow by rows. */
const ADDED_UP = (lines: string): string => `
  INSERT INTO statement_sums (municipality, counter, file_id, acquirer, batch, on_date, brand, pays_on,
    gross_yen, fee_yen, chargeback_yen, returned_yen, carried_yen)
  SELECT municipality, '*', file_id, acquirer, batch, on_date, brand, max(pays_on),
    coalesce(sum(yen) FILTER (WHERE kind IN ('sale', 'refund')), 0),
    sum(coalesce(fee_yen, 0) - CASE WHEN kind = 'fee' THEN yen ELSE 0 END)
      FILTER (WHERE fee_yen IS NOT NULL OR kind = 'fee'),
    coalesce(sum(yen) FILTER (WHERE kind = 'chargeback'), 0),
    coalesce(sum(yen) FILTER (WHERE kind = 'refund_failed'), 0),
    coalesce(sum(yen) FILTER (WHERE kind = 'carried'), 0)
  FROM ${lines} WHERE book = 'provider'
  GROUP BY municipality, file_id, acquirer, batch, on_date, brand`;

const THEIRS = `
CREATE TABLE statement_sums (
  municipality text NOT NULL,
  counter text NOT NULL,
  sum_id bigint GENERATED ALWAYS AS IDENTITY,
  file_id bigint NOT NULL,
  acquirer text NOT NULL,
  batch text,
  on_date date NOT NULL,
  brand text,
  pays_on date,
  gross_yen bigint NOT NULL,
  fee_yen bigint,
  chargeback_yen bigint NOT NULL,
  returned_yen bigint NOT NULL,
  carried_yen bigint NOT NULL,
  PRIMARY KEY (municipality, counter, sum_id)
);
COMMENT ON TABLE statement_sums IS 'the lines of providers, added up by the statement that inserted them; several rows of one batch add up';
COMMENT ON COLUMN statement_sums.gross_yen IS 'sales less refunds, integer yen';
COMMENT ON COLUMN statement_sums.fee_yen IS 'integer yen with tax, positive: kept by the acquirer; null: no line says';
COMMENT ON COLUMN statement_sums.returned_yen IS 'refunds that came back, integer yen';
${ADDED_UP('statement_lines')};
CREATE FUNCTION add_up_lines() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  ${ADDED_UP('added')};
  RETURN NULL;
END $$;
CREATE TRIGGER statement_lines_are_added_up AFTER INSERT ON statement_lines
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION add_up_lines();
CREATE TRIGGER statement_sums_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON statement_sums
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What a night asks of the lines themselves: those after the last it saw, and the bank's.
CREATE INDEX statement_lines_in_order ON statement_lines (municipality, line_id);
CREATE INDEX statement_lines_of_bank ON statement_lines (municipality, on_date) WHERE book = 'bank';
`;

const OURS = `
CREATE TABLE ledger_sums (
  municipality text NOT NULL,
  counter text NOT NULL,
  run_id bigint NOT NULL,
  business_date date NOT NULL,
  acquirer text NOT NULL,
  approved integer NOT NULL,
  yen bigint NOT NULL,
  PRIMARY KEY (municipality, counter, business_date, acquirer, run_id)
);
COMMENT ON TABLE ledger_sums IS 'our payments by business day, as the run found them that wrote the row; the newest of a day and acquirer holds';
COMMENT ON COLUMN ledger_sums.acquirer IS '? where nobody has declared whose the brand is';
COMMENT ON COLUMN ledger_sums.approved IS 'how many payments; unknown ones are in the books with 0 yen and not counted';
COMMENT ON COLUMN ledger_sums.yen IS 'integer yen, signed: refunds are taken off';
CREATE TRIGGER ledger_sums_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_sums
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
`;

const SETTLEMENTS = `
DROP VIEW current_batches;
COMMENT ON TABLE batch_results IS 'what an acquirer pays together, and the bank lines that paid it; the newest row that names a batch or a bank line holds';
COMMENT ON COLUMN batch_results.settlement IS 'its number among those that the run wrote';
COMMENT ON COLUMN batch_results.status IS 'gone: what it names is in no settlement any more';
`;
