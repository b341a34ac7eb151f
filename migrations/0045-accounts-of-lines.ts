/**
 * Two bank accounts may have wholly identical lines (the same payer, day and amount): each is one of its own account. Of
 * lines and files from before nobody knows the account; they stand for whichever has them.
 */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}

const STATEMENTS = `
ALTER TABLE statement_lines ADD COLUMN account text NOT NULL DEFAULT '';
COMMENT ON COLUMN statement_lines.account IS 'of a bank''s line, as accountOf in src/reconcile/statements/format.ts has it; empty: nobody knows';
ALTER TABLE statement_files ADD COLUMN account text NOT NULL DEFAULT '';
COMMENT ON COLUMN statement_files.account IS 'of a bank''s file that does not name its account: the one for which its format is declared';

DO $$
DECLARE name text;
BEGIN
  SELECT conname INTO STRICT name FROM pg_constraint WHERE conrelid = 'statement_lines'::regclass AND contype = 'u';
  EXECUTE format('ALTER TABLE statement_lines DROP CONSTRAINT %I', name);
END $$;
ALTER TABLE statement_lines ADD CONSTRAINT statement_lines_once
  UNIQUE (municipality, book, acquirer, fingerprint, occurrence, account);

DROP INDEX statement_files_once;
CREATE UNIQUE INDEX statement_files_once ON statement_files (municipality, sha256, account)
  WHERE status IN ('received', 'late');
`;
