/** What the counters' closings of a day say, for accounting: who closed it, and why each terminal's totals differ. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../db/schema.ts';
import { notesOf, type Closing, type ClosingNote } from './closing.ts';
import type { ComparedPeriod, LeftOut } from './comparison.ts';
import type { TerminalNames } from '../terminal/offer.ts';

/** A counter's last closing of a day, as it was recorded there. Older closings say less. */
export interface CounterClosing {
  counter: string;
  /** ISO 8601, UTC. */
  at: string;
  /** How often the day was closed. */
  times: number;
  clerk: string;
  /** The second person; null: none was asked for. */
  confirmedBy: string | null;
  /** Why it was closed with differences that nothing explains; of all its closings, the oldest first. */
  notes: ClosingNote[];
  periods: Omit<ComparedPeriod, 'rows'>[];
  leftOut: LeftOut[];
  lost: readonly string[];
  names: TerminalNames;
}

/** In the order of the counters. */
export async function readCounterClosings(
  db: Kysely<Database>,
  municipality: string,
  businessDate: string,
): Promise<CounterClosing[]> {
  const { rows } = await sql<{ counter: string; at: string; payload: Closing }>`
    SELECT counter, at, payload FROM events
    WHERE municipality = ${municipality} AND type = 'closed' AND operation_id IS NULL
      AND payload ->> 'businessDate' = ${businessDate}
    ORDER BY counter, at, sequence`.execute(db);
  const closings = rows.map(({ counter, at, payload }) => ({ ...payload, counter, at }));
  return [...Map.groupBy(closings, ({ counter }) => counter).values()].flatMap((own) => {
    const newest = own.at(-1);
    if (newest === undefined) return [];
    const {
      counter,
      at,
      clerk = '',
      confirmedBy,
      periods = [],
      leftOut = [],
      lost = [],
      names = {},
    } = newest;
    return {
      ...{ counter, at, clerk, periods, leftOut, lost, names },
      confirmedBy: confirmedBy?.clerk ?? null,
      times: own.length,
      notes: notesOf(own),
    };
  });
}
