/** A promise of money back ends once, paid out or withdrawn; what was handed over without charge follows voids and corrections. */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statements of [OUTCOMES, EXEMPTED]) await sql.raw(statements).execute(db);
}

/** One table with one key for both ends: neither a lock nor a check can be forgotten between them. */
const OUTCOMES = `
ALTER TABLE outside_refund_payouts RENAME TO outside_refund_outcomes;
ALTER TABLE outside_refund_outcomes RENAME COLUMN paid_on TO on_date;
ALTER TABLE outside_refund_outcomes DROP CONSTRAINT outside_refund_payouts_way_check;
ALTER TABLE outside_refund_outcomes
  ADD CONSTRAINT outside_refund_outcomes_way_check CHECK (way IN ('cash', 'transfer', 'withdrawn'));
ALTER TRIGGER outside_refund_payouts_are_kept ON outside_refund_outcomes RENAME TO outside_refund_outcomes_are_kept;
COMMENT ON TABLE outside_refund_outcomes IS 'how a promise ended, once: paid out, or withdrawn; a refund without a row here is still owed';
COMMENT ON COLUMN outside_refund_outcomes.way IS 'withdrawn: taken back at the counter by two people before anything was paid out';
`;

/**
 * A voided sale was no sale, so nothing was handed over without charge. Refunds and corrections count with their sign, on
 * their own day, as in income_lines.
 */
const EXEMPTED = `
DROP VIEW exempted_lines;
CREATE VIEW exempted_lines AS
  WITH standing AS (
    SELECT p.municipality, p.counter, p.operation_id, p.window_code, p.business_date FROM payments p
    WHERE p.state = 'approved' AND p.kind = 'sale' AND NOT EXISTS (
      SELECT FROM payments v
      WHERE v.municipality = p.municipality AND v.counter = p.counter AND v.of_operation_id = p.operation_id
        AND v.kind = 'void' AND v.state = 'approved')
  )
  SELECT p.municipality, p.counter, p.operation_id, p.window_code, p.business_date, l.code, l.quantity,
    l.exemption_ground, l.exemption_kind, l.exemption_approver, l.waived_yen
  FROM payment_lines l JOIN standing p USING (municipality, counter, operation_id)
  WHERE l.exemption_ground IS NOT NULL
  UNION ALL
  SELECT r.municipality, r.counter, r.of_operation_id, r.window_code, r.business_date, l.code, -l.quantity,
    l.exemption_ground, l.exemption_kind, l.exemption_approver, -l.waived_yen
  FROM payment_lines l JOIN payments r USING (municipality, counter, operation_id)
  WHERE l.exemption_ground IS NOT NULL AND r.state = 'approved' AND r.kind = 'refund'
  UNION ALL
  SELECT c.municipality, c.counter, c.of_operation_id, c.window_code, c.business_date, l."code",
    sign.of * l."quantity", l."exemption" ->> 'ground', l."exemption" ->> 'kind',
    l."exemption" -> 'approver' ->> 'number', sign.of * (l."exemption" ->> 'waivedYen')::integer
  FROM corrections c
  JOIN standing p ON p.municipality = c.municipality AND p.counter = c.counter AND p.operation_id = c.of_operation_id
  CROSS JOIN LATERAL (VALUES (-1, c.replaced), (1, c.lines)) AS sign (of, list)
  CROSS JOIN LATERAL jsonb_to_recordset(sign.list) AS l ("code" text, "quantity" integer, "exemption" jsonb)
  WHERE l."exemption" ->> 'ground' IS NOT NULL
  UNION ALL
  SELECT s.municipality, s.counter, s.operation_id, s.window_code, s.business_date, l.code, l.quantity,
    l.exemption_ground, l.exemption_kind, l.exemption_approver, l.waived_yen
  FROM counted_sale_lines l JOIN counted_sales s USING (municipality, counter, operation_id)
  WHERE l.exemption_ground IS NOT NULL AND s.withdrawn_at IS NULL;
COMMENT ON VIEW exempted_lines IS 'what was handed over without charge, with its ground; less what was given back or corrected away';
`;
