/**
 * The index of what the office has to look at, as it asks since a decision is open until it is carried out: an index whose
 * condition is narrower than the question is of no use to it.
 */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `
DROP INDEX payments_open;
CREATE INDEX payments_open ON payments (municipality, armed_at)
  WHERE state = 'unknown' OR contradicted OR (kind = 'sale' AND late AND decision IS DISTINCT FROM 'keep');
`,
    )
    .execute(db);
}
