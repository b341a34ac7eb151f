/** What reports are made of: every line of every book entry, on the day under which it counts, with its sign. */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statements of [INDEXES, LINES]) await sql.raw(statements).execute(db);
}

const INDEXES = `
CREATE INDEX payments_by_posting ON payments (municipality, posted_on);
CREATE INDEX corrections_by_day ON corrections (municipality, business_date);
`;

/**
 * One view in the place of two. A void takes away on its own day what was handed over without charge, as it does with
 * the income: the report of a day that is over does not change.
 */
const LINES = `
DROP VIEW income_lines;
DROP VIEW exempted_lines;
CREATE VIEW entry_lines AS
  SELECT p.municipality, p.counter, p.operation_id, p.posted_on AS on_date, p.window_code,
    CASE WHEN p.state = 'approved' THEN p.kind WHEN p.kind = 'sale' THEN 'unknown_sale' ELSE 'unknown_return' END AS entry,
    p.method, p.brand, l.code, l.name_ja, l.unit, l.tax_category, l.revenue_account,
    CASE WHEN p.kind = 'sale' THEN l.quantity ELSE -l.quantity END AS quantity,
    CASE WHEN p.kind = 'sale' THEN l.amount_yen ELSE -l.amount_yen END AS amount_yen,
    l.exemption_ground, l.exemption_kind, l.exemption_approver,
    CASE WHEN p.kind = 'sale' THEN l.waived_yen ELSE -l.waived_yen END AS waived_yen
  FROM payments p JOIN payment_lines l USING (municipality, counter, operation_id)
  WHERE p.state IN ('approved', 'unknown', 'armed')
  UNION ALL
  SELECT c.municipality, c.counter, c.of_operation_id, c.business_date, c.window_code, 'correction',
    p.method, p.brand, l."code", l."nameJa", l."unit", l."taxCategory", l."revenueAccount",
    sign.of * l."quantity", sign.of * l."amountYen",
    l."exemption" ->> 'ground', l."exemption" ->> 'kind', l."exemption" -> 'approver' ->> 'number',
    sign.of * (l."exemption" ->> 'waivedYen')::integer
  FROM corrections c
  JOIN payments p ON p.municipality = c.municipality AND p.counter = c.counter AND p.operation_id = c.of_operation_id
  CROSS JOIN LATERAL (VALUES (-1, c.replaced), (1, c.lines)) AS sign (of, list)
  CROSS JOIN LATERAL jsonb_to_recordset(sign.list) AS l (
    "code" text, "nameJa" text, "unit" text, "taxCategory" text, "revenueAccount" text, "quantity" integer,
    "amountYen" integer, "exemption" jsonb)
  UNION ALL
  SELECT s.municipality, s.counter, s.operation_id, s.business_date, s.window_code, s.tender,
    NULL, NULL, l.code, l.name_ja, l.unit, l.tax_category, l.revenue_account, l.quantity, l.amount_yen,
    l.exemption_ground, l.exemption_kind, l.exemption_approver, l.waived_yen
  FROM counted_sales s JOIN counted_sale_lines l USING (municipality, counter, operation_id)
  WHERE s.withdrawn_at IS NULL;
COMMENT ON VIEW entry_lines IS 'sales, less voids and refunds; corrections as taken from one account and put to another; cash and what costs nothing; what nobody knows yet';
COMMENT ON COLUMN entry_lines.entry IS 'sale, void, refund and correction (which adds up to 0) are income; cash and nothing are counted only; unknown_sale, unknown_return: in no total';
COMMENT ON COLUMN entry_lines.on_date IS 'the day at the counter; of a late approval the day on which it was found';
COMMENT ON COLUMN entry_lines.amount_yen IS 'integer yen, negative: given back or taken from this account';
COMMENT ON COLUMN entry_lines.method IS 'null: paid in cash, or nothing to pay';
`;
