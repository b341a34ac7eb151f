/** Payments that count on another day than that of the counter: few, and every report names them. */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE INDEX payments_late ON payments (municipality, posted_on) WHERE business_date <> posted_on`.execute(
    db,
  );
}
