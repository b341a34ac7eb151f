/**
 * The database's own clock during the play: what it writes by itself (`DEFAULT now()`: when a statement was received, a
 * day compared, a run begun) is of the half year too. Everything is put back at the end.
 */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../src/db/schema.ts';

export interface DatabaseClock {
  /** From now on it is this late for the database. */
  set(at: Date): Promise<void>;
  /** The columns have PostgreSQL's own clock again, and nothing is left of this one. */
  restore(): Promise<void>;
}

/** @param owner of the tables */
export async function installDatabaseClock(owner: Kysely<Database>, at: Date): Promise<DatabaseClock> {
  await sql`CREATE SCHEMA demo`.execute(owner);
  await sql`GRANT USAGE ON SCHEMA demo TO PUBLIC`.execute(owner);
  await sql`CREATE TABLE demo.clock (at timestamptz NOT NULL)`.execute(owner);
  // As the owner: whoever writes a row may not read the clock's table.
  await sql`CREATE FUNCTION demo.now() RETURNS timestamptz LANGUAGE sql STABLE SECURITY DEFINER
    AS 'SELECT at FROM demo.clock'`.execute(owner);
  await sql`INSERT INTO demo.clock VALUES (${at})`.execute(owner);
  const { rows: columns } = await sql<{ table: string; column: string }>`
    SELECT table_name AS table, column_name AS column FROM information_schema.columns
    WHERE table_schema = 'public' AND column_default = 'now()' AND is_generated = 'NEVER'`.execute(owner);
  const setDefault = async (clock: string): Promise<void> => {
    for (const { table, column } of columns)
      await sql`ALTER TABLE ${sql.table(table)} ALTER COLUMN ${sql.ref(column)} SET DEFAULT ${sql.raw(clock)}`.execute(
        owner,
      );
  };
  await setDefault('demo.now()');
  return {
    async set(now) {
      await sql`UPDATE demo.clock SET at = ${now}`.execute(owner);
    },
    async restore() {
      await setDefault('now()');
      // The one instant that is written by name: when the last of a journal arrived.
      await sql`UPDATE journals j SET drained_at = (SELECT max(projected_at) FROM payments p
        WHERE p.municipality = j.municipality AND p.journal_id = j.journal_id)`.execute(owner);
      await sql`DROP SCHEMA demo CASCADE`.execute(owner);
    },
  };
}
