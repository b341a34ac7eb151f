/**
 * Several municipalities on one server never see each other: row-level security by municipality, for whoever does not
 * own the tables. A connection says whose it is (`openDb`); one that does not say sees nothing and writes nothing, and
 * a query whose WHERE was forgotten gives the rows of one municipality only.
 *
 * It guards against mistakes of the program. Somebody who holds the application's password can name any municipality:
 * cities that do not trust each other have a database each.
 */
import { sql, type Kysely, type Transaction } from 'kysely';
import type { Database } from './schema.ts';

/** What a connection says of itself. */
export const MUNICIPALITY_SETTING = 'app.municipality';
const POLICY = 'own_municipality';

/**
 * Every table with a municipality gets the policy, every view reads with the rights of who asks: also those of later
 * migrations, and those of which somebody took it away. May be repeated. COPY FROM is refused on such tables: copy
 * into a temporary one, and insert from it.
 */
export async function keepRowsApart(owner: Kysely<Database>): Promise<void> {
  // The setting in a sub-select: read once a statement, and a condition that an index can use.
  await sql
    .raw(
      `DO $do$
DECLARE name regclass;
BEGIN
  FOR name IN
    SELECT c.oid FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'municipality' AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity
      AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = '${POLICY}'))
  LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('DROP POLICY IF EXISTS ${POLICY} ON %s', name);
    EXECUTE format('CREATE POLICY ${POLICY} ON %s USING (municipality = '
      '(SELECT current_setting(''${MUNICIPALITY_SETTING}'', true)))', name);
  END LOOP;
  FOR name IN
    SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v'
      AND NOT coalesce('security_invoker=true' = ANY (reloptions), false)
  LOOP
    EXECUTE format('ALTER VIEW %s SET (security_invoker = true)', name);
  END LOOP;
END $do$`,
    )
    .execute(owner);
}

/** For the rest of a transaction: whose rows it sees, where one program reads the books of several. */
export async function actFor(trx: Transaction<Database>, municipality: string): Promise<void> {
  await sql`SELECT set_config(${MUNICIPALITY_SETTING}, ${municipality}, true)`.execute(trx);
}
