/**
 * The last table without a municipality gets one: a server may hold several, and a distributed PostgreSQL splits by it.
 * Who sees which rows is no migration's: src/db/own-rows.ts, for these tables and for all that come later.
 */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `
ALTER TABLE survey_answers ADD COLUMN municipality text;
-- Until now a database was one municipality's.
UPDATE survey_answers SET municipality = coalesce((SELECT min(municipality) FROM journals), '000000');
ALTER TABLE survey_answers
  ALTER COLUMN municipality SET NOT NULL,
  ALTER COLUMN municipality SET DEFAULT current_setting('app.municipality'),
  DROP CONSTRAINT survey_answers_pkey,
  DROP CONSTRAINT survey_answers_store_number_key,
  ADD PRIMARY KEY (municipality, nonce),
  ADD UNIQUE (municipality, store, number);
COMMENT ON COLUMN survey_answers.municipality IS 'of the connection that fetched it';
`,
    )
    .execute(db);
}
