/** On which days anything was recorded: where a report that would be empty has something to show. */
import { sql, type Kysely } from 'kysely';
import { dayAfter } from '../business-date.ts';
import type { Database } from '../db/schema.ts';
import type { Span } from './sums.ts';
import type { RecordedDays } from './view.ts';

/** The last day before the span and the first one after it, with a payment or a counted sale. */
export async function findRecordedDays(
  db: Kysely<Database>,
  { municipality, from, until }: Span,
): Promise<RecordedDays> {
  const payments = sql`payments WHERE municipality = ${municipality} AND state IN ('approved', 'unknown', 'armed')`;
  const counted = sql`counted_sales WHERE municipality = ${municipality} AND withdrawn_at IS NULL`;
  const { rows } = await sql<RecordedDays>`
    SELECT
      greatest((SELECT max(posted_on) FROM ${payments} AND posted_on < ${from}::date),
        (SELECT max(business_date) FROM ${counted} AND business_date < ${from}::date)) AS before,
      least((SELECT min(posted_on) FROM ${payments} AND posted_on > ${until}::date),
        (SELECT min(business_date) FROM ${counted} AND business_date > ${until}::date)) AS after`.execute(db);
  return rows[0] ?? { before: null, after: null };
}

/** Today, or the last day before it on which anything was recorded: where a report begins. */
export async function findNewestDay(
  db: Kysely<Database>,
  municipality: string,
  today: string,
): Promise<string> {
  const tomorrow = dayAfter(today);
  const { before } = await findRecordedDays(db, { municipality, from: tomorrow, until: tomorrow });
  return before ?? today;
}
