/** What was recorded in a span of days, added up by PostgreSQL in one pass over each table; in no order. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { CounterSum, LineSum, PaymentSum } from './view.ts';

export interface Span {
  municipality: string;
  /** Both included, `YYYY-MM-DD`. */
  from: string;
  until: string;
}

/** Every kind of line once, over the whole span or `byDay`. */
export async function sumLines(
  db: Kysely<Database>,
  { municipality, from, until }: Span,
  byDay: boolean,
): Promise<LineSum[]> {
  const day = byDay ? sql`on_date` : sql`NULL::date`;
  const { rows } = await sql<LineSum>`
    SELECT ${day} AS day, entry, revenue_account AS account, window_code AS "window", code, name_ja AS "nameJa", unit,
      tax_category AS tax, method, brand, exemption_ground AS ground, exemption_kind AS "groundKind",
      sum(quantity)::bigint AS quantity, sum(amount_yen)::bigint AS "amountYen",
      coalesce(sum(waived_yen), 0)::bigint AS "waivedYen"
    FROM entry_lines
    WHERE municipality = ${municipality} AND on_date BETWEEN ${from}::date AND ${until}::date
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12`.execute(db);
  return rows;
}

/** Payments and counted sales, each once. */
const ENTRIES_OF = ({ municipality, from, until }: Span) => sql`(
  SELECT posted_on AS day, counter, window_code, method, brand, signed_yen AS yen,
    CASE WHEN state = 'approved' THEN kind WHEN kind = 'sale' THEN 'unknown_sale' ELSE 'unknown_return' END AS entry
  FROM payments
  WHERE municipality = ${municipality} AND posted_on BETWEEN ${from}::date AND ${until}::date
    AND state IN ('approved', 'unknown', 'armed')
  UNION ALL
  SELECT business_date, counter, window_code, NULL, NULL, amount_yen, tender FROM counted_sales
  WHERE municipality = ${municipality} AND business_date BETWEEN ${from}::date AND ${until}::date
    AND withdrawn_at IS NULL
) AS entries`;

/** @param named counters that an acquirer is declared for; the others are added up as `*` */
export async function sumPayments(
  db: Kysely<Database>,
  span: Span,
  named: readonly string[],
): Promise<PaymentSum[]> {
  const { rows } = await sql<PaymentSum>`
    SELECT day, CASE WHEN counter = ANY(${named}::text[]) THEN counter ELSE '*' END AS counter, window_code AS "window",
      entry, method, brand, count(*) AS count, sum(yen)::bigint AS "amountYen"
    FROM ${ENTRIES_OF(span)} GROUP BY 1, 2, 3, 4, 5, 6`.execute(db);
  return rows;
}

export async function sumCounters(db: Kysely<Database>, span: Span): Promise<CounterSum[]> {
  const { rows } = await sql<CounterSum>`
    SELECT counter, entry, count(*) AS count, sum(yen)::bigint AS "amountYen"
    FROM ${ENTRIES_OF(span)} GROUP BY 1, 2`.execute(db);
  return rows;
}
