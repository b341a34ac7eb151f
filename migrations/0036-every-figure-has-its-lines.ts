/**
 * What reports look into besides: the day at the counter beside the day on which a line counts, which is how acquirers
 * pay; and payouts that did not arrive, each kept for ever.
 */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statements of [LATE, LINES, FAILED]) await sql.raw(statements).execute(db);
}

const LATE = `
CREATE INDEX payments_late_by_day ON payments (municipality, business_date) WHERE business_date <> posted_on;
`;

/** As in 0018, with one more column at its end. */
const LINES = `
CREATE OR REPLACE VIEW entry_lines AS
  SELECT p.municipality, p.counter, p.operation_id, p.posted_on AS on_date, p.window_code,
    CASE WHEN p.state = 'approved' THEN p.kind WHEN p.kind = 'sale' THEN 'unknown_sale' ELSE 'unknown_return' END AS entry,
    p.method, p.brand, l.code, l.name_ja, l.unit, l.tax_category, l.revenue_account,
    CASE WHEN p.kind = 'sale' THEN l.quantity ELSE -l.quantity END AS quantity,
    CASE WHEN p.kind = 'sale' THEN l.amount_yen ELSE -l.amount_yen END AS amount_yen,
    l.exemption_ground, l.exemption_kind, l.exemption_approver,
    CASE WHEN p.kind = 'sale' THEN l.waived_yen ELSE -l.waived_yen END AS waived_yen,
    p.business_date
  FROM payments p JOIN payment_lines l USING (municipality, counter, operation_id)
  WHERE p.state IN ('approved', 'unknown', 'armed')
  UNION ALL
  SELECT c.municipality, c.counter, c.of_operation_id, c.business_date, c.window_code, 'correction',
    p.method, p.brand, l."code", l."nameJa", l."unit", l."taxCategory", l."revenueAccount",
    sign.of * l."quantity", sign.of * l."amountYen",
    l."exemption" ->> 'ground', l."exemption" ->> 'kind', l."exemption" -> 'approver' ->> 'number',
    sign.of * (l."exemption" ->> 'waivedYen')::integer,
    c.business_date
  FROM corrections c
  JOIN payments p ON p.municipality = c.municipality AND p.counter = c.counter AND p.operation_id = c.of_operation_id
  CROSS JOIN LATERAL (VALUES (-1, c.replaced), (1, c.lines)) AS sign (of, list)
  CROSS JOIN LATERAL jsonb_to_recordset(sign.list) AS l (
    "code" text, "nameJa" text, "unit" text, "taxCategory" text, "revenueAccount" text, "quantity" integer,
    "amountYen" integer, "exemption" jsonb)
  UNION ALL
  SELECT s.municipality, s.counter, s.operation_id, s.business_date, s.window_code, s.tender,
    NULL, NULL, l.code, l.name_ja, l.unit, l.tax_category, l.revenue_account, l.quantity, l.amount_yen,
    l.exemption_ground, l.exemption_kind, l.exemption_approver, l.waived_yen,
    s.business_date
  FROM counted_sales s JOIN counted_sale_lines l USING (municipality, counter, operation_id)
  WHERE s.withdrawn_at IS NULL;
COMMENT ON COLUMN entry_lines.business_date IS 'the day at the counter, by which acquirers pay; on_date is the later one where a result was found later';
`;

const FAILED = `
CREATE TABLE failed_payouts (
  municipality text NOT NULL,
  source text NOT NULL,
  payout_id text NOT NULL,
  yen bigint NOT NULL,
  due date NOT NULL,
  is_canceled boolean NOT NULL,
  reason text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (municipality, source, payout_id)
);
COMMENT ON TABLE failed_payouts IS 'what a provider sent and no bank took, or took back before it was sent: a case of the exceptions desk';
COMMENT ON COLUMN failed_payouts.source IS 'which service told it, by its driver''s name';
COMMENT ON COLUMN failed_payouts.yen IS 'integer yen that did not arrive';
COMMENT ON COLUMN failed_payouts.due IS 'the day on which it was to arrive';
COMMENT ON COLUMN failed_payouts.reason IS 'the provider''s own code; empty: none was given';
CREATE TRIGGER failed_payouts_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON failed_payouts
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
`;
