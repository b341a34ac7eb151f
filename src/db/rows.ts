/** Many rows in one statement with one parameter: a batch of the drain costs the server one parse, not thousands. */
import { sql, type RawBuilder } from 'kysely';
import type { Database } from './schema.ts';

/**
 * A SELECT of rows that are given as a JSON array of objects, to be inserted: a member that is left out is null.
 * @param json read by PostgreSQL as the table's own types; a jsonb column takes its value as it stands there
 */
export function selectRows(
  table: keyof Database,
  columns: readonly string[],
  json: string,
): RawBuilder<unknown> {
  const list = sql.join(columns.map((column) => sql.ref(column)));
  return sql`SELECT ${list} FROM json_populate_recordset(NULL::${sql.table(table)}, ${json}::json)`;
}
