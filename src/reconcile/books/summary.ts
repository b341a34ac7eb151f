/**
 * What a run says of the books as a whole. Nothing here reads all rows: the statements' lines are added up as they come
 * in (migrations/0034-sums-of-books.ts), and ours by business day, each day again when a payment of it has changed.
 */
import { sql, type Transaction } from 'kysely';
import type { Database } from '../../db/schema.ts';
import { ITS_ACQUIRER } from './brands.ts';
import { IS_CHANGED, type Since } from './scope.ts';
import { byIndex } from './tables.ts';
import type { EdgeDifference, RunSummary, SettlementView } from './view.ts';

/** Whose payments nobody has declared to settle. */
const NOBODYS = '?';

/** The newest word on every day; fewer rows than days times acquirers times their changes. */
const CURRENT_SUMS = sql.raw(`
  SELECT DISTINCT ON (municipality, business_date, acquirer) municipality, business_date, acquirer, approved, yen
  FROM ledger_sums ORDER BY municipality, business_date, acquirer, run_id DESC`);

export async function isAddedUp(trx: Transaction<Database>, municipality: string): Promise<boolean> {
  const { rows } = await sql<{ is: boolean }>`
    SELECT EXISTS (SELECT FROM ledger_sums WHERE municipality = ${municipality}) AS is`.execute(trx);
  return rows[0]?.is === true;
}

/** Adds up the days of which a payment has changed, from the payments themselves; writes what is other than before. */
export async function addUpChangedDays(
  trx: Transaction<Database>,
  municipality: string,
  runId: number,
  since: Since | null,
): Promise<void> {
  const addUp = sql`
    WITH days AS MATERIALIZED (
      SELECT DISTINCT business_date FROM payments WHERE municipality = ${municipality} AND ${sql.raw(IS_CHANGED(since))}
    ), added AS MATERIALIZED (
      -- Added up before anybody asks whose they are: few kinds of them, however many payments.
      SELECT business_date, counter, method, brand,
        count(*) FILTER (WHERE state = 'approved') AS approved, sum(signed_yen) FILTER (WHERE state = 'approved') AS yen
      FROM payments WHERE municipality = ${municipality} AND state IN ('approved', 'unknown')
        AND business_date IN (SELECT business_date FROM days)
      GROUP BY 1, 2, 3, 4
    ), found AS (
      SELECT p.business_date, coalesce(b.acquirer, ${NOBODYS}) AS acquirer, sum(p.approved) AS approved,
        coalesce(sum(p.yen), 0) AS yen
      FROM added p LEFT JOIN ${sql.raw(ITS_ACQUIRER)} GROUP BY 1, 2
    ), known AS (
      SELECT * FROM (${CURRENT_SUMS}) s WHERE municipality = ${municipality}
        AND business_date IN (SELECT business_date FROM days)
    )
    INSERT INTO ledger_sums (municipality, counter, run_id, business_date, acquirer, approved, yen)
    SELECT ${municipality}, '*', ${runId}, business_date, acquirer, coalesce(f.approved, 0), coalesce(f.yen, 0)
    FROM found f FULL JOIN known k USING (business_date, acquirer)
    WHERE (coalesce(f.approved, 0), coalesce(f.yen, 0)) IS DISTINCT FROM (k.approved, k.yen)`;
  await (since === null ? addUp.execute(trx) : byIndex(trx, () => addUp.execute(trx)));
}

/**
 * The whole difference of each edge from the books' sums, and what the exceptions explain of it from the results: a row
 * that was lost, or that changed unseen, leaves a remainder.
 */
export async function summarize(
  trx: Transaction<Database>,
  municipality: string,
  settlements: readonly SettlementView[],
): Promise<RunSummary> {
  // Exceptions are few among the results; of each it is looked up whether there is a newer word.
  const { rows: edges } = await byIndex(trx, () =>
    sql<EdgeDifference>`
    WITH books AS (
      SELECT acquirer, sum(ours) AS ours, sum(theirs) AS theirs FROM (
        SELECT acquirer, yen AS ours, 0 AS theirs FROM (${CURRENT_SUMS}) s
        WHERE municipality = ${municipality} AND acquirer <> ${NOBODYS}
        UNION ALL SELECT acquirer, 0, gross_yen + chargeback_yen + returned_yen FROM statement_sums
        WHERE municipality = ${municipality}
      ) each_ GROUP BY acquirer
    ), exceptions AS (
      SELECT acquirer, count(*) AS many, sum(theirs_yen - ours_yen) AS yen FROM current_matches
      WHERE municipality = ${municipality} AND status <> 'matched' GROUP BY acquirer
    )
    SELECT acquirer, ours::bigint AS "oursYen", theirs::bigint AS "theirsYen", (theirs - ours)::bigint AS "differenceYen",
      coalesce(yen, 0)::bigint AS "explainedYen", (theirs - ours - coalesce(yen, 0))::bigint AS "remainderYen",
      coalesce(many, 0)::bigint AS exceptions
    FROM books LEFT JOIN exceptions USING (acquirer) ORDER BY acquirer`.execute(trx),
  );
  const { rows: undeclared } = await sql<RunSummary['undeclared']>`
    SELECT coalesce(sum(approved), 0)::bigint AS count, coalesce(sum(yen), 0)::bigint AS "amountYen"
    FROM (${CURRENT_SUMS}) s WHERE municipality = ${municipality} AND acquirer = ${NOBODYS}`.execute(trx);
  const sum = (yen: (each: SettlementView) => number, of = settlements): number =>
    of.reduce((total, each) => total + yen(each), 0);
  const [netYen, depositedYen] = [sum((each) => each.netYen), sum((each) => each.depositedYen)];
  const open = settlements.filter(({ status }) => status !== 'matched');
  const explainedYen = sum((each) => each.depositedYen - each.netYen, open);
  const differenceYen = depositedYen - netYen;
  return {
    edges,
    bank: { netYen, depositedYen, differenceYen, explainedYen, remainderYen: differenceYen - explainedYen },
    undeclared: undeclared[0] ?? { count: 0, amountYen: 0 },
  };
}
