/**
 * Each row once a run, at a third of the price. Payments' ids are random: a unique B-tree over a million of them took
 * longer than to find the pairs. A payment is looked up by a hash now, and lines keep their unique index, which grows
 * at its end.
 *
 * That no payment is used twice is still the database's to refuse, for whoever writes, and nobody can go around it: a
 * run's results are one statement, because `match_writes` takes its number once (its primary key also makes a second
 * transaction wait and fail), and when that statement ends, a trigger counts each payment of it. The application's
 * account can neither write that table nor change a result.
 */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}

const STATEMENTS = `
DROP INDEX match_results_operation_once;
CREATE INDEX match_results_operation ON match_results USING hash (operation_id) WHERE operation_id IS NOT NULL;

CREATE TABLE match_writes (
  municipality text NOT NULL,
  run_id bigint NOT NULL,
  PRIMARY KEY (municipality, run_id)
);
COMMENT ON TABLE match_writes IS 'runs whose results are written: a run writes them in one statement';
INSERT INTO match_writes SELECT DISTINCT municipality, run_id FROM match_results;
CREATE TRIGGER match_writes_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON match_writes
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refuse_second_use() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  own record;
  suspects bigint[];
BEGIN
  SELECT municipality, run_id INTO own FROM added LIMIT 1;
  IF NOT FOUND THEN RETURN NULL; END IF;
  INSERT INTO match_writes VALUES (own.municipality, own.run_id);
  -- One pass over what may be a million rows: a payment as a hash of its id, a row of another run as null.
  SELECT array_agg(hash) INTO suspects FROM (
    SELECT hash FROM (
      SELECT CASE WHEN (municipality, run_id) = (own.municipality, own.run_id)
        THEN hashtextextended(coalesce(operation_id, 'line ' || line_id), 0) END AS hash
      FROM added
    ) AS row_ GROUP BY hash HAVING count(*) > 1 OR hash IS NULL
  ) AS suspect;
  IF array_position(suspects, NULL) IS NOT NULL THEN
    RAISE EXCEPTION 'the results of two comparisons in one statement' USING ERRCODE = 'unique_violation';
  END IF;
  -- Two ids may share a hash.
  IF suspects IS NOT NULL AND EXISTS (
    SELECT FROM added WHERE hashtextextended(operation_id, 0) = ANY (suspects)
    GROUP BY counter, operation_id HAVING count(*) > 1
  ) THEN
    RAISE EXCEPTION 'a payment is used twice in one comparison' USING ERRCODE = 'unique_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER match_results_use_each_once AFTER INSERT ON match_results
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION refuse_second_use();
`;
