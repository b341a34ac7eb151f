/**
 * A pair that only its amount made (0043) may be undone by a new row of the same acquirer, amount and day. Looked up by
 * the amount alone, of a few fees, a night read such pairs of all years: it is told by the day now too.
 */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}

const STATEMENTS = `
ALTER TABLE match_results ADD COLUMN on_date date;
COMMENT ON COLUMN match_results.on_date IS 'of our payment, where only its amount made the pair (matched_by 4): by what such pairs are looked up';

ALTER TABLE match_results DISABLE TRIGGER match_results_are_kept;
UPDATE match_results r SET on_date = p.business_date FROM payments p
WHERE r.matched_by = 4
  AND (p.municipality, p.counter, p.operation_id) = (r.municipality, r.counter, r.operation_id);
ALTER TABLE match_results ENABLE TRIGGER match_results_are_kept;

DROP INDEX match_results_without_key;
-- A void that was never sent has no line, and any line may be its own, however late.
CREATE INDEX match_results_by_amount ON match_results (municipality, acquirer, theirs_yen, on_date)
  WHERE matched_by = 4;
CREATE INDEX match_results_taken_back ON match_results (municipality, acquirer, ours_yen) WHERE matched_by = 5;

CREATE OR REPLACE VIEW current_matches WITH (security_invoker = true) AS
  SELECT r.* FROM match_results r
  WHERE NOT EXISTS (
      SELECT FROM match_results n
      WHERE n.operation_id = r.operation_id AND n.counter = r.counter AND n.municipality = r.municipality
        AND n.run_id > r.run_id)
    AND NOT EXISTS (
      SELECT FROM match_results n
      WHERE n.line_id = r.line_id AND n.municipality = r.municipality AND n.run_id > r.run_id);
`;
