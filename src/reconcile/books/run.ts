/** One comparison of our book with the providers' and the bank's: what is due, written as a version if it says anything new. */
import { sql, type Kysely, type Transaction } from 'kysely';
import type { Database } from '../../db/schema.ts';
import { readAcquirers, readFormats } from '../statements/declared.ts';
import { dueOf, type Acquirer } from './acquirer.ts';
import { declareBrands } from './brands.ts';
import { addBusinessDays } from './calendar.ts';
import { takeGiven } from './given.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { matchBooks } from './matching.ts';
import { writeResults } from './results.ts';
import { comparedRows, findScope, type Since } from './scope.ts';
import { compareDeposits, writeSettlements } from './deposits.ts';
import { addUpChangedDays, isAddedUp, summarize } from './summary.ts';
import { byIndex, createBooks, run, sqlText } from './tables.ts';
import type { RunSummary } from './view.ts';

/** A row near the cut-off is missing once so many business days have gone. */
const TIMING_BUSINESS_DAYS = 3;

export interface MatchOutcome {
  /** Rows that are new or say something else; 0: no version was written. */
  changed: number;
  ours: number;
  theirs: number;
}

/** Compares what is due, as of a business date. However many offices are up, one at a time works on a municipality. */
export async function matchDue(
  db: Kysely<Database>,
  municipality: string,
  asOf: string,
  cause: string,
): Promise<MatchOutcome> {
  // By itself and first, as it holds its tables until it is committed: with it, paths go by what is there (0037).
  await sql`SELECT refresh_statistics()`.execute(db);
  return oneAtATime(db, `match ${municipality}`, async (trx) => {
    const acquirers = (await readAcquirers(trx, municipality)).map(({ definition }) => definition);
    const since = await readSince(trx, municipality);
    await createBooks(trx);
    await declareBrands(trx, municipality, acquirers);
    if (since !== null) await findScope(trx, sqlText(municipality), since);
    const covered = await readCovered(trx, municipality);
    const rows = comparedRows(sqlText(municipality), since);
    await declareDue(trx, rows.days, acquirers);
    await declareCovered(trx, covered);
    const loaded = await loadBooks(trx, rows);
    await takeGiven(trx, municipality);
    await matchBooks(trx, { asOf, timingFrom: addBusinessDays(asOf, -TIMING_BUSINESS_DAYS) });
    const runId = await nextRun(trx, municipality);
    if (runId > 1) await nameNotTaken(trx, municipality, since);
    const matched = await writeResults(trx, municipality, { runId, since });
    const settlements = await compareDeposits(trx, municipality, { acquirers, covered, asOf });
    const changed = matched + (await writeSettlements(trx, municipality, runId, settlements));
    if (changed === 0) return { changed, ...loaded };
    await addUpChangedDays(trx, municipality, runId, since);
    const summary = await summarize(trx, municipality, settlements);
    await writeRun(trx, municipality, { runId, asOf, cause, changed, ...loaded, summary });
    return { changed, ...loaded };
  });
}

/**
 * Null if anything about who settles what has been declared since, an acquirer or a brand (by its method a payment goes
 * whose brand nobody knows): then every row may have another acquirer. Null too where runs of an older version have not
 * added our days up.
 */
async function readSince(trx: Transaction<Database>, municipality: string): Promise<Since | null> {
  const last = await trx
    .selectFrom('match_runs')
    .select(['seen_line as seenLine', 'at'])
    .where('municipality', '=', municipality)
    .orderBy('run_id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (last === undefined || !(await isAddedUp(trx, municipality))) return null;
  const { rows } = await sql<{ declared: boolean }>`
    SELECT EXISTS (SELECT FROM acquirers WHERE municipality = ${municipality} AND at >= ${last.at})
      OR EXISTS (SELECT FROM catalogue_entries WHERE municipality = ${municipality} AND kind = 'brand' AND at >= ${last.at})
      AS declared`.execute(trx);
  return rows[0]?.declared === true ? null : last;
}

/** Per acquirer, the last day that its statements have reached. */
async function readCovered(trx: Transaction<Database>, municipality: string): Promise<Map<string, string>> {
  const acquirerOf = new Map(
    (await readFormats(trx, municipality)).map(({ definition }) => [definition.code, definition.acquirer]),
  );
  const files = await trx
    .selectFrom('statement_files')
    .select(['format', ({ fn }) => fn.max('covers_until').as('until')])
    .where('municipality', '=', municipality)
    .where('status', 'in', ['received', 'late'])
    .groupBy('format')
    .execute();
  const covered = new Map<string, string>();
  for (const { format, until } of files) {
    const acquirer = acquirerOf.get(format) ?? null;
    if (acquirer !== null && until !== null && until > (covered.get(acquirer) ?? ''))
      covered.set(acquirer, until);
  }
  return covered;
}

/** When payments of each day have to be in each acquirer's statement, by what is declared for a counter: `match_due`. */
async function declareDue(
  trx: Transaction<Database>,
  payments: string,
  acquirers: readonly Acquirer[],
): Promise<void> {
  const { rows: days } = await sql<{ day: string }>`
    SELECT DISTINCT business_date AS day FROM ${sql.raw(payments)}`.execute(trx);
  const dues = days.flatMap(({ day }) =>
    acquirers.map((acquirer) => ({
      ...{ acquirer: acquirer.code, declaredFor: acquirer.counter },
      ...{ day, due: dueOf(acquirer, day).statementOn },
    })),
  );
  await sql`
    CREATE TEMP TABLE match_due ON COMMIT DROP AS
    SELECT acquirer, "declaredFor" AS declared_for, day, due
    FROM json_to_recordset(${JSON.stringify(dues)}::json)
      AS d (acquirer text, "declaredFor" text, day date, due date)`.execute(trx);
  await run(trx, 'ANALYZE match_due');
}

/** How far each acquirer's statements have come. */
async function declareCovered(
  trx: Transaction<Database>,
  covered: ReadonlyMap<string, string>,
): Promise<void> {
  const until = JSON.stringify([...covered].map(([acquirer, day]) => ({ acquirer, until: day })));
  await sql`INSERT INTO match_covered SELECT * FROM json_populate_recordset(NULL::match_covered, ${until}::json)`.execute(
    trx,
  );
}

/** @param rows as `comparedRows` has them */
async function loadBooks(
  trx: Transaction<Database>,
  rows: { ours: string; theirs: string },
): Promise<{ ours: number; theirs: number }> {
  const theirs = await sql`
    INSERT INTO match_theirs
    SELECT line_id, counter, acquirer, kind, yen, on_date, at, brand, terminal_id, slip, approval, provider_id, reference
    FROM ${sql.raw(rows.theirs)}`.execute(trx);
  const ours = await sql`
    INSERT INTO match_ours
    SELECT row_number() OVER (), p.counter, operation_id, of_operation_id, p.acquirer,
      CASE WHEN kind = 'sale' THEN 'sale' ELSE 'refund' END, signed_yen, state = 'unknown', business_date, armed_at,
      p.brand, terminal_id, slip, approval_code, provider_id, due
    FROM ${sql.raw(rows.ours)} LEFT JOIN match_due d
      ON d.acquirer = p.acquirer AND d.declared_for = p.declared_for AND d.day = p.business_date
    WHERE state IN ('approved', 'unknown')`.execute(trx);
  return { ours: Number(ours.numAffectedRows ?? 0), theirs: Number(theirs.numAffectedRows ?? 0) };
}

/** A payment that was open and is known now not to have been taken: it is in no book, and its row says so. */
async function nameNotTaken(
  trx: Transaction<Database>,
  municipality: string,
  since: Since | null,
): Promise<void> {
  const known = since === null ? 'current_matches WHERE operation_id IS NOT NULL' : 'match_scope_ours';
  await run(
    trx,
    `CREATE TEMP TABLE match_gone ON COMMIT DROP AS
       SELECT counter, operation_id FROM ${known} EXCEPT SELECT counter, id FROM match_found;
     ANALYZE match_gone`,
  );
  await byIndex(trx, () =>
    sql`
      INSERT INTO match_found
      SELECT c.counter, c.acquirer, c.operation_id, NULL, 'not_taken', NULL, 0, 0, NULL
      FROM match_gone JOIN current_matches c USING (counter, operation_id) WHERE c.municipality = ${municipality}`.execute(
      trx,
    ),
  );
}

/** The lock is held: nobody else takes the same number. */
async function nextRun(trx: Transaction<Database>, municipality: string): Promise<number> {
  const { last } = await trx
    .selectFrom('match_runs')
    .select(({ fn }) => fn.max<number | null>('run_id').as('last'))
    .where('municipality', '=', municipality)
    .executeTakeFirstOrThrow();
  return (last ?? 0) + 1;
}

interface NewRun extends MatchOutcome {
  runId: number;
  asOf: string;
  cause: string;
  summary: RunSummary;
}

async function writeRun(trx: Transaction<Database>, municipality: string, run_: NewRun): Promise<void> {
  const { seen } = await trx
    .selectFrom('statement_lines')
    .select(({ fn }) => fn.max<number | null>('line_id').as('seen'))
    .where('municipality', '=', municipality)
    .executeTakeFirstOrThrow();
  await trx
    .insertInto('match_runs')
    .values({
      municipality,
      run_id: run_.runId,
      as_of: run_.asOf,
      cause: run_.cause,
      seen_line: seen ?? 0,
      ours: run_.ours,
      theirs: run_.theirs,
      changed: run_.changed,
      summary: JSON.stringify(run_.summary),
    })
    .execute();
}
