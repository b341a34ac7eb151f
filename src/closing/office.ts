/** What the counters' closings of a day say, for accounting: who closed it, and why each terminal's totals differ. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { Closing } from './closing.ts';
import type { ComparedPeriod, LeftOut } from './comparison.ts';

/** A counter's last closing of a day, as it was recorded there. Older closings say less. */
export interface ClosedDay {
  counter: string;
  /** ISO 8601, UTC. */
  at: string;
  /** How often the day was closed. */
  times: number;
  clerk: string;
  /** The second person; null: none was asked for. */
  confirmedBy: string | null;
  /** Why it was closed with a difference that nothing explains; null: there was none. */
  note: string | null;
  periods: Omit<ComparedPeriod, 'rows'>[];
  leftOut: LeftOut[];
  lost: readonly string[];
}

/** In the order of the counters. */
export async function readClosedDays(
  db: Kysely<Database>,
  municipality: string,
  businessDate: string,
): Promise<ClosedDay[]> {
  const { rows } = await sql<{ counter: string; at: string; payload: Closing; times: number }>`
    SELECT DISTINCT ON (counter) counter, at, payload, count(*) OVER (PARTITION BY counter) AS times
    FROM events
    WHERE municipality = ${municipality} AND type = 'closed' AND operation_id IS NULL
      AND payload ->> 'businessDate' = ${businessDate}
    ORDER BY counter, at DESC, sequence DESC`.execute(db);
  return rows.map(({ counter, at, times, payload }) => ({
    ...{ counter, at, times },
    clerk: payload.clerk ?? '',
    confirmedBy: payload.confirmedBy?.clerk ?? null,
    note: payload.note ?? null,
    periods: payload.periods ?? [],
    leftOut: payload.leftOut ?? [],
    lost: payload.lost ?? [],
  }));
}
