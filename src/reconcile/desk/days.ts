/** Days of a counter whose totals are not in order: compared and different, not compared, never closed. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../db/schema.ts';
import { isDifferent } from '../compare.ts';
import { yenJa } from '../day.ts';
import { findUncovered } from '../due.ts';
import { terminalJa, type ReconciliationView } from '../view.ts';
import { UNSAID, type FoundException, type SettledBy } from './case.ts';

/** Days of a counter on which its terminals' totals and our record differ, or could not be compared. */
export async function findDays(db: Kysely<Database>, municipality: string): Promise<FoundException[]> {
  const { rows } = await sql<{ result: ReconciliationView }>`
    SELECT result FROM (
      SELECT DISTINCT ON (counter, business_date) result FROM reconciliations
      WHERE municipality = ${municipality} ORDER BY counter, business_date, version DESC
    ) newest WHERE result ->> 'status' <> 'matched'`.execute(db);
  return rows.flatMap(({ result: day }) => {
    const uncompared = day.uncompared ?? { count: 0, amountYen: 0 };
    if (day.status !== 'different' && uncompared.count === 0) return [];
    const differing = day.rows.filter((row) => isDifferent(row) && row.isExplained !== true);
    const differs = day.status === 'different';
    const gross = differing.reduce((sum, row) => sum + Math.abs(row.differenceYen), 0);
    return [
      {
        counter: day.counter,
        subject: `day ${day.businessDate}`,
        facts: {
          ...UNSAID,
          status: differs ? ('terminal_differs' as const) : ('terminal_uncompared' as const),
          acquirer: null,
          onDate: day.businessDate,
          atStakeYen: differs ? gross : uncompared.amountYen,
          differenceYen: day.differenceYen,
          ours: differs
            ? { yen: day.ours.amountYen, count: day.ours.count }
            : { yen: uncompared.amountYen, count: uncompared.count },
          terminal: differs ? { yen: day.theirs.amountYen, count: day.theirs.count } : null,
          notes: [
            ...differing.map(
              (row) =>
                `${terminalJa(row)} の${row.nameJa}：記録 ${String(row.ours.count)}件 ${yenJa(row.ours.amountYen)}、端末 ${String(row.theirs.count)}件 ${yenJa(row.theirs.amountYen)}。`,
            ),
            ...day.notes,
          ],
        },
      },
    ];
  });
}

/** Days that were never closed: the terminals' totals of that day are compared with nothing. */
export async function findClosings(
  db: Kysely<Database>,
  municipality: string,
  today: string,
): Promise<FoundException[]> {
  const waiting = await findUncovered(db, municipality, today);
  return waiting
    .filter(({ kind }) => kind === 'closing')
    .map(({ counter, businessDate, payments }) => ({
      counter,
      subject: `closing ${businessDate}`,
      facts: {
        ...UNSAID,
        status: 'closing_missing' as const,
        acquirer: null,
        onDate: businessDate,
        atStakeYen: payments.amountYen,
        differenceYen: 0,
        ours: { yen: payments.amountYen, count: payments.count },
      },
    }));
}

/** What became of a day whose case of a missing closing is gone: it was closed, or nothing of it was ever taken. */
export async function explainClosings(
  db: Kysely<Database>,
  municipality: string,
  days: readonly string[],
): Promise<(gone: { counter: string; onDate: string | null }) => SettledBy> {
  const { rows } = await sql<{ counter: string; onDate: string }>`
    SELECT DISTINCT counter, business_date AS "onDate" FROM payments
    WHERE municipality = ${municipality} AND business_date = ANY(${days}::date[])
      AND state IN ('approved', 'unknown', 'armed')`.execute(db);
  const taken = new Set(rows.map(({ counter, onDate }) => `${counter} ${onDate}`));
  return ({ counter, onDate }) => (taken.has(`${counter} ${onDate ?? ''}`) ? 'closing' : 'not_taken');
}
