/** Everything that a house keeps, byte by byte: for tests that look for what must not be kept. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../src/db/schema.ts';

/** The files of the data folder: name below it, content. */
export function readFiles(dataDir: string): [string, Buffer][] {
  return readdirSync(dataDir, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(dataDir, name)).isFile())
    .map((name) => [name, readFileSync(join(dataDir, name))]);
}

/** Every row of every table, as text. */
export async function readRows(db: Kysely<Database>): Promise<[string, Buffer][]> {
  const { rows } = await sql<{ name: string }>`
    SELECT table_name AS name FROM information_schema.tables
    WHERE table_schema = 'public' AND table_name NOT LIKE 'kysely%'`.execute(db);
  return Promise.all(
    rows.map(async ({ name }): Promise<[string, Buffer]> => {
      const { rows: all } = await sql<{
        row: string;
      }>`SELECT t::text AS row FROM ${sql.table(name)} t`.execute(db);
      return [`table ${name}`, Buffer.from(all.map(({ row }) => row).join('\n'))];
    }),
  );
}
