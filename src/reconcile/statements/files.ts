/** The files that came, and the lines that each has brought. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../db/schema.ts';
import { fileView, type FileLineView, type StatementFileView } from './view.ts';

const MOST_FILES = 200;
const PAGE = 200;

/** All that an office sees of files, each with the version of its format that read it. */
export const selectFiles = (db: Kysely<Database>, municipality: string) =>
  db
    .selectFrom('statement_files')
    .innerJoin('statement_formats', (join) =>
      join
        .onRef('statement_formats.municipality', '=', 'statement_files.municipality')
        .onRef('statement_formats.code', '=', 'statement_files.format')
        .onRef('statement_formats.version', '=', 'statement_files.format_version'),
    )
    .selectAll('statement_files')
    .select(sql<boolean>`jsonb_exists(statement_formats.definition, 'merchant')`.as('is_merchant_checked'))
    .where('statement_files.municipality', '=', municipality);

/** The files that were brought in, the newest first. */
export async function readFiles(db: Kysely<Database>, municipality: string): Promise<StatementFileView[]> {
  const rows = await selectFiles(db, municipality).orderBy('file_id', 'desc').limit(MOST_FILES).execute();
  return rows.map(fileView);
}

/** A page of the lines that this file brought first, in its own order, with what became of each. */
export async function readFileLines(
  db: Kysely<Database>,
  municipality: string,
  fileId: number,
  from: number,
): Promise<FileLineView[]> {
  const rows = await db
    .selectFrom('statement_lines')
    .leftJoin('current_matches', (join) =>
      join
        .onRef('current_matches.line_id', '=', 'statement_lines.line_id')
        .onRef('current_matches.municipality', '=', 'statement_lines.municipality'),
    )
    .selectAll('statement_lines')
    .select('current_matches.status')
    .where('statement_lines.municipality', '=', municipality)
    .where('file_id', '=', fileId)
    .orderBy('line_number')
    .offset(from)
    .limit(PAGE)
    .execute();
  return rows.map((row) => ({
    ...{
      lineId: row.line_id,
      lineNumber: row.line_number,
      acquirer: row.acquirer,
      kind: row.kind,
      yen: row.yen,
    },
    ...{
      feeYen: row.fee_yen,
      onDate: row.on_date,
      at: row.at,
      brand: row.brand,
      terminalId: row.terminal_id,
    },
    ...{ slip: row.slip, approval: row.approval, providerId: row.provider_id, reference: row.reference },
    ...{
      batch: row.batch,
      paysOn: row.pays_on,
      payer: row.payer,
      account: row.account,
      status: row.status as FileLineView['status'],
    },
  }));
}
