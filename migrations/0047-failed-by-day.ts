/** A comparison that fails by day makes its night due again, and is tried again every ten minutes. */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(CAUSES).execute(db);
}

const CAUSES = `
ALTER TABLE nights DROP CONSTRAINT nights_cause_check;
ALTER TABLE nights ADD CONSTRAINT nights_cause_check CHECK (cause IN ('night', 'start', 'late', 'day'));
COMMENT ON COLUMN nights.cause IS 'late: tried again; day: no attempt of its own, a comparison of the day that failed';
`;
