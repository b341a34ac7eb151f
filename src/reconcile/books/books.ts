/** The four books as an office reads them: the newest run, sums by status, settlements, and what needs a person. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../db/schema.ts';
import { readSettlements } from './deposits.ts';
import { QUIET, type BooksView, type ExceptionView, type RunSummary, type StatusSum } from './view.ts';

const MOST_EXCEPTIONS = 500;

/** The last matching with its sums, and at most 500 of what does not agree. */
export async function readBooks(db: Kysely<Database>, municipality: string): Promise<BooksView> {
  const run = await db
    .selectFrom('match_runs')
    .select(['run_id', 'at', 'as_of', 'summary'])
    .where('municipality', '=', municipality)
    .orderBy('run_id', 'desc')
    .limit(1)
    .executeTakeFirst();
  const { rows: statuses } = await sql<StatusSum>`
    SELECT status, count(*) AS count, sum(theirs_yen - ours_yen)::bigint AS "differenceYen",
      sum(ours_yen)::bigint AS "oursYen", sum(theirs_yen)::bigint AS "theirsYen"
    FROM current_matches WHERE municipality = ${municipality} GROUP BY status ORDER BY status`.execute(db);
  return {
    run:
      run === undefined
        ? null
        : { runId: run.run_id, at: run.at, asOf: run.as_of, summary: run.summary as RunSummary },
    statuses,
    settlements: await readSettlements(db, municipality),
    exceptions: await readExceptions(db, municipality),
  };
}

async function readExceptions(db: Kysely<Database>, municipality: string): Promise<ExceptionView[]> {
  const { rows } = await sql<ExceptionView>`
    SELECT c.counter, c.acquirer, c.status, c.operation_id AS "operationId", c.line_id AS "lineId",
      coalesce(p.business_date, l.on_date) AS "onDate", coalesce(p.brand, l.brand) AS brand,
      c.ours_yen AS "oursYen", c.theirs_yen AS "theirsYen", c.due
    FROM current_matches c
    LEFT JOIN payments p ON (p.municipality, p.counter, p.operation_id) = (c.municipality, c.counter, c.operation_id)
    LEFT JOIN statement_lines l ON l.municipality = c.municipality AND l.line_id = c.line_id
    WHERE c.municipality = ${municipality} AND c.status NOT IN (${sql.join(QUIET)})
    ORDER BY coalesce(p.business_date, l.on_date), c.status, c.counter, c.operation_id, c.line_id
    LIMIT ${MOST_EXCEPTIONS}`.execute(db);
  return rows;
}
