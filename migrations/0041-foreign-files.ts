/** A statement that is somebody else's: refused as such, and recorded once like every other that was not taken. */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATUS).execute(db);
}

const STATUS = `
ALTER TABLE statement_files DROP CONSTRAINT statement_files_status_check;
ALTER TABLE statement_files ADD CONSTRAINT statement_files_status_check
  CHECK (status IN ('received', 'late', 'unreadable', 'control_differs', 'foreign'));
DROP INDEX statement_files_refused_once;
CREATE UNIQUE INDEX statement_files_refused_once ON statement_files (municipality, sha256, format, format_version)
  WHERE status IN ('unreadable', 'control_differs', 'foreign');
`;
