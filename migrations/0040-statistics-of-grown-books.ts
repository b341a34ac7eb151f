/**
 * A book is counted anew before it is compared (0037) only where it is small, or has grown by a fifth since it was
 * counted: counting three books of a million rows took as long as comparing a night's payments. By its size on disk,
 * which is true at once; the server's own count of changes may be a minute late. The rest is autovacuum's.
 */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(FUNCTION).execute(db);
}

const FUNCTION = `
CREATE OR REPLACE FUNCTION refresh_statistics() RETURNS void LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  book regclass;
BEGIN
  FOR book IN
    SELECT oid FROM pg_class
    WHERE oid IN ('payments'::regclass, 'statement_lines'::regclass, 'match_results'::regclass)
      -- Eight megabytes are small: some ten thousand rows.
      AND (relpages < 1000
        OR pg_relation_size(oid) > 1.2 * relpages * current_setting('block_size')::integer)
  LOOP
    EXECUTE format('ANALYZE %s', book);
  END LOOP;
END $$;
`;
