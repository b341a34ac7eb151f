/** How a statement is read decides what the books of others say: two people declare it, as they do an acquirer's terms. */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(BY_TWO).execute(db);
}

const BY_TWO = `
ALTER TABLE statement_formats
  ADD COLUMN reason text NOT NULL DEFAULT '',
  ADD COLUMN confirmed_by text,
  ADD COLUMN confirmed_by_name text,
  ADD CHECK (confirmed_by IS NULL OR confirmed_by <> changed_by);
COMMENT ON COLUMN statement_formats.confirmed_by IS 'the second person; null: a sample, or from before there was one';
`;
