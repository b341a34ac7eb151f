/**
 * How PostgreSQL finds its way through the books depends on what it believes to be in them. A book that has just been
 * filled is believed to be empty until autovacuum has been there, and then a night of 1,200 payments took longer than
 * any statement may. Only the owner of a table may count it anew, so the application asks for it through this function.
 */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(FUNCTION).execute(db);
}

const FUNCTION = `
CREATE FUNCTION refresh_statistics() RETURNS void LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  ANALYZE payments, statement_lines, match_results;
END $$;
COMMENT ON FUNCTION refresh_statistics() IS 'a sample of the books is counted anew (ANALYZE), before they are compared';
`;
