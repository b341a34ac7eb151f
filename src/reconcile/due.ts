/** Which days can be compared now, and which payments no closing has reached yet. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../db/schema.ts';
import { dateJa, sumJa } from './day.ts';
import type { Waiting } from './view.ts';

/**
 * Closed days without a result, with a closing more than the result knows, or with a payment that changed since: one
 * of the day, or of an earlier day after the closing before it. Ten minutes of overlap cover a transaction that began
 * before the result and ended after it; looking at a day once too often changes nothing.
 */
export async function findDueDays(
  db: Kysely<Database>,
  municipality: string,
): Promise<{ counter: string; businessDate: string }[]> {
  const { rows } = await sql<{ counter: string; businessDate: string }>`
    WITH closed AS (
      SELECT counter, (payload ->> 'businessDate')::date AS business_date, count(*) AS closings,
        -- A day that was forgotten is closed on a later one, whose first payments it then reaches.
        max((at AT TIME ZONE 'Asia/Tokyo')::date) AS closed_on
      FROM events
      WHERE municipality = ${municipality} AND type = 'closed' AND operation_id IS NULL
      GROUP BY 1, 2
    ), spans AS (
      SELECT *, lag(business_date) OVER (PARTITION BY counter ORDER BY business_date) AS previous
      FROM closed
    ), known AS (
      SELECT DISTINCT ON (counter, business_date) counter, business_date, closings, at
      FROM reconciliations
      WHERE municipality = ${municipality}
      ORDER BY counter, business_date, version DESC
    )
    SELECT spans.counter, spans.business_date AS "businessDate"
    FROM spans LEFT JOIN known USING (counter, business_date)
    WHERE known.at IS NULL
      OR known.closings < spans.closings
      OR EXISTS (
        SELECT FROM payments
        WHERE payments.municipality = ${municipality}
          AND payments.counter = spans.counter
          AND payments.business_date BETWEEN coalesce(spans.previous, '-infinity')
            AND greatest(spans.business_date, spans.closed_on)
          AND payments.projected_at > known.at - interval '10 minutes'
      )
    ORDER BY spans.business_date, spans.counter`.execute(db);
  return rows;
}

/** Payments of earlier days that lie behind the last closing of their terminal: they wait for the next one. */
export async function findUncovered(
  db: Kysely<Database>,
  municipality: string,
  today: string,
): Promise<Waiting[]> {
  const { rows } = await sql<{
    counter: string;
    businessDate: string;
    count: number;
    amountYen: number;
    closed: boolean;
  }>`
    WITH reached AS (
      SELECT counter, journal_id, terminal, max(sequence) AS sequence, max(at) AS at
      FROM events CROSS JOIN LATERAL (
        SELECT payload ->> 'terminal' AS terminal WHERE type = 'totals' AND payload ->> 'purpose' IN ('closing', 'settlement')
        UNION ALL
        -- Closed without it: the day's result names what it took.
        SELECT jsonb_array_elements_text(payload -> 'lost') WHERE type = 'closed'
      ) AS read
      WHERE municipality = ${municipality} AND type IN ('totals', 'closed') AND operation_id IS NULL
      GROUP BY 1, 2, 3
    )
    SELECT payments.counter, payments.business_date AS "businessDate",
      count(*) AS count, sum(payments.amount_yen)::bigint AS "amountYen",
      EXISTS (
        SELECT FROM events
        WHERE events.municipality = ${municipality} AND events.counter = payments.counter
          AND events.type = 'closed' AND events.operation_id IS NULL
          AND events.payload ->> 'businessDate' = payments.business_date::text
      ) AS closed
    FROM payments LEFT JOIN reached USING (counter, journal_id, terminal)
    WHERE payments.municipality = ${municipality}
      AND payments.state IN ('approved', 'unknown', 'armed')
      AND payments.business_date < ${today}::date
      AND CASE WHEN payments.by_hand THEN payments.armed_at > coalesce(reached.at, '-infinity')
        ELSE payments.sequence > coalesce(reached.sequence, 0) END
    GROUP BY payments.counter, payments.business_date
    ORDER BY payments.business_date, payments.counter`.execute(db);
  return rows.map(({ counter, businessDate, count, amountYen, closed }) => {
    const payments = { count, amountYen };
    const sentence = closed
      ? `窓口 ${counter} で ${dateJa(businessDate)} の締めのあとに受けた ${sumJa(payments)}は、次の締めで突合します。`
      : `窓口 ${counter} の締めを待っています（${dateJa(businessDate)}、${sumJa(payments)}）。`;
    return { kind: closed ? 'next_closing' : 'closing', counter, businessDate, sentence, payments };
  });
}
