/**
 * The first comparison of a large book writes more results than there are, and filed each one by one into indexes of
 * random ids: more than a third of its whole time. There the indexes are taken down before and made anew after it, in its own
 * transaction, so that nobody ever sees the table without them. An ordinary night keeps them.
 *
 * That no payment is used twice is a unique index's again to refuse, as a line's is: made at once it costs less than the
 * hash index and the trigger of 0030, and a night's rows are few. It holds across statements too, so that nobody has to
 * note which run has written.
 */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}

const STATEMENTS = `
DROP TRIGGER match_results_use_each_once ON match_results;
DROP FUNCTION refuse_second_use();
DROP TABLE match_writes;
DROP INDEX match_results_operation;

CREATE FUNCTION take_down_result_indexes(coming bigint) RETURNS boolean LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  -- A row takes some hundred bytes. Below so many, or beside more than come, it does not pay.
  IF coming < 100000 OR coming * 100 < pg_relation_size('match_results') THEN RETURN false; END IF;
  BEGIN
    LOCK TABLE match_results IN ACCESS EXCLUSIVE MODE NOWAIT;
  EXCEPTION WHEN lock_not_available THEN
    -- Somebody reads them: nobody waits for the other.
    RETURN false;
  END;
  DROP INDEX match_results_operation_once, match_results_line_once, match_results_exceptions;
  RETURN true;
END $$;
COMMENT ON FUNCTION take_down_result_indexes(bigint) IS 'before more results are written than there are; false: it does not pay, or cannot be';

CREATE FUNCTION put_up_result_indexes() RETURNS void LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp SET maintenance_work_mem = '256MB' AS $$
BEGIN
  CREATE UNIQUE INDEX IF NOT EXISTS match_results_operation_once
    ON match_results (operation_id, counter, municipality, run_id) WHERE operation_id IS NOT NULL;
  CREATE UNIQUE INDEX IF NOT EXISTS match_results_line_once ON match_results (line_id, run_id, municipality)
    WHERE line_id IS NOT NULL;
  CREATE INDEX IF NOT EXISTS match_results_exceptions ON match_results (municipality, status, run_id)
    WHERE status <> 'matched';
END $$;
COMMENT ON FUNCTION put_up_result_indexes() IS 'makes those that are not there; refuses rows that were used twice';
SELECT put_up_result_indexes();
`;
