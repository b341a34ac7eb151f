/** How sales were paid, for the office, from PostgreSQL: as far as the counters' records have arrived. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { TenderCount } from './share.ts';

/**
 * Sales between two business dates, both included, by month, window and how they were paid. A voided sale is none; what
 * was refunded later was still paid that way.
 */
export async function readTenders(
  db: Kysely<Database>,
  municipality: string,
  { from, until }: { from: string; until: string },
): Promise<TenderCount[]> {
  const month = sql<string>`to_char(business_date, 'YYYY-MM')`;
  return db
    .selectFrom('tenders')
    .select(({ fn }) => [
      month.as('month'),
      'window_code as window',
      'tender',
      fn.countAll<number>().as('count'),
      fn.sum<number>('amount_yen').as('amountYen'),
    ])
    .where('municipality', '=', municipality)
    .where('business_date', '>=', from)
    .where('business_date', '<=', until)
    .groupBy([month, 'window_code', 'tender'])
    .orderBy(month)
    .orderBy('window_code')
    .orderBy('tender')
    .execute();
}
