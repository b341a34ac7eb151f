/** What came out, counted by PostgreSQL: nothing here has heard of the plan. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../src/db/schema.ts';
import { readSettlements } from '../../src/reconcile/books/deposits.ts';
import type { RunSummary } from '../../src/reconcile/books/view.ts';
import { readSurveyResult } from '../../src/survey/office.ts';
import type { Plant } from './plants.ts';
import type { DemoYear } from './year.ts';

export interface DemoFigures {
  businessDays: number;
  /** Approved sales that were not undone, as the cashless share counts them. */
  payments: number;
  paymentsYen: number;
  /** By window, by method, and everything that ended otherwise or was given back. */
  byWindow: Record<string, number>;
  byMethod: Record<string, number>;
  beside: Record<string, number>;
  counted: Record<string, number>;
  survey: { answers: number; mean: number };
  /** Days by what their reconciliation with the terminal says. */
  days: Record<string, number>;
  /** Yen that no exception explains, per edge and of the bank. */
  remainders: number[];
  /** Rows and settlements that are not simply matched, by what they are. */
  exceptions: Record<string, number>;
  planted: number;
  /** Plants that the reconciliation has not found. */
  notFound: string[];
}

export async function readFigures(
  db: Kysely<Database>,
  municipality: string,
  { from, until }: Pick<DemoYear, 'from' | 'until'>,
  planted: readonly Plant[],
): Promise<DemoFigures> {
  const counts = async (query: ReturnType<typeof sql<{ name: string; count: number }>>) =>
    Object.fromEntries((await query.execute(db)).rows.map(({ name, count }) => [name, count]));
  const standing = sql`tenders t JOIN payments p USING (municipality, counter, operation_id)
    WHERE t.municipality = ${municipality} AND t.tender = 'cashless' AND t.business_date BETWEEN ${from} AND ${until}`;
  const { rows: sums } = await sql<{ count: number; yen: number }>`
    SELECT count(*) AS count, coalesce(sum(t.amount_yen), 0)::bigint AS yen FROM ${standing}`.execute(db);
  const { rows: closed } = await sql<{ days: number }>`
    SELECT count(DISTINCT payload ->> 'businessDate') AS days FROM events
    WHERE municipality = ${municipality} AND type = 'closed'`.execute(db);
  const { rows: runs } = await sql<{ summary: RunSummary }>`
    SELECT summary FROM match_runs WHERE municipality = ${municipality} ORDER BY run_id DESC LIMIT 1`.execute(
    db,
  );
  const summary = runs[0]?.summary;
  const found = await findAll(db, municipality);
  const survey = await readSurveyResult(db);
  return {
    businessDays: closed[0]?.days ?? 0,
    payments: sums[0]?.count ?? 0,
    paymentsYen: sums[0]?.yen ?? 0,
    byWindow: await counts(
      sql`SELECT p.window_code AS name, count(*) AS count FROM ${standing} GROUP BY 1 ORDER BY 1`,
    ),
    byMethod: await counts(
      sql`SELECT p.method AS name, count(*) AS count FROM ${standing} GROUP BY 1 ORDER BY 1`,
    ),
    beside: await counts(sql`
      SELECT CASE WHEN kind = 'sale' THEN state ELSE kind END AS name, count(*) AS count FROM payments
      WHERE municipality = ${municipality} AND (state <> 'approved' OR kind <> 'sale') GROUP BY 1 ORDER BY 1`),
    counted: await counts(sql`
      SELECT tender AS name, count(*) AS count FROM counted_sales
      WHERE municipality = ${municipality} AND withdrawn_at IS NULL GROUP BY 1 ORDER BY 1`),
    survey: { answers: survey.count, mean: survey.mean ?? 0 },
    days: await counts(sql`
      SELECT result ->> 'status' AS name, count(*) AS count FROM (
        SELECT DISTINCT ON (counter, business_date) result FROM reconciliations
        WHERE municipality = ${municipality} ORDER BY counter, business_date, version DESC) newest
      GROUP BY 1 ORDER BY 1`),
    remainders:
      summary === undefined ? [] : [...summary.edges, summary.bank].map(({ remainderYen }) => remainderYen),
    exceptions: found,
    planted: planted.length,
    notFound: planted.map(keyOf).filter((key) => (found[key] ?? 0) === 0),
  };
}

const keyOf = ({ where, acquirer, status }: Plant): string => `${where} ${acquirer} ${status}`;

/** Everything that the books name as other than in order, under the names that plants have. */
async function findAll(db: Kysely<Database>, municipality: string): Promise<Record<string, number>> {
  const { rows } = await sql<{ name: string; count: number }>`
    SELECT 'line ' || acquirer || ' ' || status AS name, count(*) AS count FROM current_matches
      WHERE municipality = ${municipality} AND status NOT IN ('matched', 'not_taken') GROUP BY 1
    UNION ALL SELECT 'file ' || (f.definition ->> 'acquirer') || ' ' || s.status, count(*)
      FROM statement_files s JOIN statement_formats f ON (f.municipality, f.code, f.version) = (s.municipality, s.format, s.format_version)
      WHERE s.municipality = ${municipality} AND s.status <> 'received' GROUP BY 1
    ORDER BY 1`.execute(db);
  const found: Record<string, number> = Object.fromEntries(rows.map(({ name, count }) => [name, count]));
  for (const { acquirer, status, faults } of await readSettlements(db, municipality)) {
    const names = [
      ...(status === 'matched' ? [] : [`settlement ${acquirer} ${status}`]),
      ...faults.map((fault) => `fee ${acquirer} ${fault}`),
    ];
    for (const name of names) found[name] = (found[name] ?? 0) + 1;
  }
  return found;
}
