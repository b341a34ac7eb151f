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

/**
 * Every kind of line once, over the whole span or `byDay`. PostgreSQL would sort a year's lines on disk, where a hash of
 * the few sums fits in memory (measured: half of the time); the other figures are found faster in order.
 */
export async function sumLines(
  db: Kysely<Database>,
  { municipality, from, until }: Span,
  byDay: boolean,
): Promise<LineSum[]> {
  const day = byDay ? sql`on_date` : sql`NULL::date`;
  await sql`SET LOCAL enable_sort = off`.execute(db);
  const { rows } = await sql<LineSum>`
    SELECT ${day} AS day, entry, revenue_account AS account, window_code AS "window", code, name_ja AS "nameJa", unit,
      tax_category AS tax, method, brand, exemption_ground AS ground, exemption_kind AS "groundKind",
      sum(quantity)::bigint AS quantity, sum(amount_yen)::bigint AS "amountYen",
      coalesce(sum(waived_yen), 0)::bigint AS "waivedYen"
    FROM entry_lines
    WHERE municipality = ${municipality} AND on_date BETWEEN ${from}::date AND ${until}::date
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12`.execute(db);
  await sql`SET LOCAL enable_sort = on`.execute(db);
  return rows;
}

/** Payments and counted sales, each once. */
const ENTRIES_OF = ({ municipality, from, until }: Span) => sql`(
  SELECT posted_on AS day, business_date, counter, window_code, method, brand, signed_yen AS yen,
    CASE WHEN state = 'approved' THEN kind WHEN kind = 'sale' THEN 'unknown_sale' ELSE 'unknown_return' END AS entry
  FROM payments
  WHERE municipality = ${municipality} AND posted_on BETWEEN ${from}::date AND ${until}::date
    AND state IN ('approved', 'unknown', 'armed')
  UNION ALL
  SELECT business_date, business_date, counter, window_code, NULL, NULL, amount_yen, tender FROM counted_sales
  WHERE municipality = ${municipality} AND business_date BETWEEN ${from}::date AND ${until}::date
    AND withdrawn_at IS NULL
) AS entries`;

/**
 * By day and way, and by counter, in one pass.
 * @param named counters that an acquirer is declared for; the others are added up as `*`
 */
export async function sumPayments(
  db: Kysely<Database>,
  span: Span,
  named: readonly string[],
): Promise<{ payments: PaymentSum[]; counters: CounterSum[] }> {
  const { rows } = await sql<PaymentSum & { own: string | null }>`
    SELECT day, business_date AS "businessDate", CASE WHEN counter = ANY(${named}::text[]) THEN counter ELSE '*' END AS counter, window_code AS "window",
      entry, method, brand, counter AS own, count(*) AS count, sum(yen)::bigint AS "amountYen"
    FROM ${ENTRIES_OF(span)} GROUP BY GROUPING SETS ((1, 2, 3, 4, 5, 6, 7), (entries.counter, entry))`.execute(
    db,
  );
  return {
    payments: rows.flatMap(({ own, ...sum }) => (own === null ? [sum] : [])),
    counters: rows.flatMap(({ own, entry, count, amountYen }) =>
      own === null ? [] : [{ counter: own, entry, count, amountYen }],
    ),
  };
}

/** Approved payments of these days at the counter that count on another day, beyond the span: few. */
export async function sumLatePayments(
  db: Kysely<Database>,
  { municipality, from, until }: Span,
  named: readonly string[],
): Promise<PaymentSum[]> {
  const { rows } = await sql<PaymentSum>`
    SELECT posted_on AS day, business_date AS "businessDate",
      CASE WHEN counter = ANY(${named}::text[]) THEN counter ELSE '*' END AS counter, window_code AS "window",
      kind AS entry, method, brand, count(*) AS count, sum(signed_yen)::bigint AS "amountYen"
    FROM payments
    WHERE municipality = ${municipality} AND business_date BETWEEN ${from}::date AND ${until}::date
      AND business_date <> posted_on AND posted_on NOT BETWEEN ${from}::date AND ${until}::date AND state = 'approved'
    GROUP BY 1, 2, 3, 4, 5, 6, 7`.execute(db);
  return rows;
}
