/** Voids and refunds, operations of their own `of` the sale; refunds outside the terminal; corrections; slips entered by hand. */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statements of [RETURNS, OUTSIDE, CORRECTIONS, VIEWS]) await sql.raw(statements).execute(db);
}

const RETURNS = `
ALTER TABLE payments
  ADD COLUMN kind text NOT NULL DEFAULT 'sale' CHECK (kind IN ('sale', 'void', 'refund')),
  ADD COLUMN by_hand boolean NOT NULL DEFAULT false,
  ADD COLUMN of_operation_id text,
  ADD COLUMN return_reason text,
  ADD COLUMN return_note text,
  ADD COLUMN confirmed_by text,
  ADD COLUMN signed_yen integer NOT NULL
    GENERATED ALWAYS AS (CASE WHEN kind = 'sale' THEN amount_yen ELSE -amount_yen END) STORED,
  ADD CONSTRAINT payments_return_of_a_sale CHECK ((kind = 'sale') = (of_operation_id IS NULL));
ALTER TABLE payments ALTER COLUMN kind DROP DEFAULT;
COMMENT ON COLUMN payments.kind IS 'void (取消) and refund (返金) are of a sale, which stays what it was';
COMMENT ON COLUMN payments.by_hand IS 'entered later from the terminal''s slip; armed_at is the slip''s time';
COMMENT ON COLUMN payments.of_operation_id IS 'the sale, in the same journal; null: it is one';
COMMENT ON COLUMN payments.amount_yen IS 'integer yen, as it was asked of the terminal; given back by a void or refund';
COMMENT ON COLUMN payments.signed_yen IS 'integer yen: what the operation adds to the day if it is approved';
COMMENT ON COLUMN payments.confirmed_by IS 'the second person; null: the amount needed none';
CREATE INDEX payments_of_sale ON payments (municipality, counter, of_operation_id) WHERE kind <> 'sale';

CREATE OR REPLACE VIEW tenders AS
  SELECT municipality, counter, operation_id, window_code, posted_on AS business_date, 'cashless' AS tender,
    signed_yen AS amount_yen
  FROM payments WHERE state = 'approved'
  UNION ALL
  SELECT municipality, counter, operation_id, window_code, business_date, tender, amount_yen
  FROM counted_sales WHERE withdrawn_at IS NULL;
COMMENT ON VIEW tenders IS 'every sale by how it was paid, and what was given back as less: what a cashless share is a share of';

CREATE OR REPLACE VIEW exempted_lines AS
  SELECT l.*, p.window_code, p.business_date
  FROM payment_lines l JOIN payments p USING (municipality, counter, operation_id)
  WHERE l.exemption_ground IS NOT NULL AND p.state = 'approved' AND p.kind = 'sale'
  UNION ALL
  SELECT l.*, s.window_code, s.business_date
  FROM counted_sale_lines l JOIN counted_sales s USING (municipality, counter, operation_id)
  WHERE l.exemption_ground IS NOT NULL AND s.withdrawn_at IS NULL;
`;

const OUTSIDE = `
CREATE TABLE outside_refunds (
  municipality text NOT NULL,
  counter text NOT NULL,
  journal_id uuid NOT NULL,
  refund_id text NOT NULL,
  of_operation_id text NOT NULL,
  window_code text NOT NULL,
  amount_yen integer NOT NULL CHECK (amount_yen > 0),
  business_date date NOT NULL,
  clerk text NOT NULL,
  confirmed_by text,
  reason text NOT NULL,
  note text NOT NULL,
  lines jsonb NOT NULL,
  PRIMARY KEY (municipality, counter, refund_id)
);
COMMENT ON TABLE outside_refunds IS 'promised back at a counter, for accounting to pay out; in no terminal''s totals';
COMMENT ON COLUMN outside_refunds.lines IS 'what of the sale goes back, as the journal has it';

CREATE TABLE outside_refund_payouts (
  municipality text NOT NULL,
  counter text NOT NULL,
  refund_id text NOT NULL,
  paid_on date NOT NULL,
  way text NOT NULL CHECK (way IN ('cash', 'transfer')),
  note text NOT NULL,
  by_number text NOT NULL,
  by_name text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (municipality, counter, refund_id),
  FOREIGN KEY (municipality, counter, refund_id) REFERENCES outside_refunds
);
COMMENT ON TABLE outside_refund_payouts IS 'paid out, once; a refund without a row here is still owed';
CREATE TRIGGER outside_refund_payouts_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON outside_refund_payouts
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
`;

const CORRECTIONS = `
CREATE TABLE corrections (
  municipality text NOT NULL,
  counter text NOT NULL,
  journal_id uuid NOT NULL,
  correction_id text NOT NULL,
  of_operation_id text NOT NULL,
  window_code text NOT NULL,
  business_date date NOT NULL,
  clerk text NOT NULL,
  confirmed_by text NOT NULL,
  note text NOT NULL,
  replaced jsonb NOT NULL,
  lines jsonb NOT NULL,
  PRIMARY KEY (municipality, counter, correction_id)
);
COMMENT ON TABLE corrections IS 'other items at the same total: no money moved; counts on its own day, the day of the sale stays';
COMMENT ON COLUMN corrections.replaced IS 'what it was until then';
`;

/** A voided sale is no sale, and what went back is no second one. */
const VIEWS = `
CREATE OR REPLACE VIEW tenders AS
  SELECT p.municipality, p.counter, p.operation_id, p.window_code, p.posted_on AS business_date, 'cashless' AS tender,
    p.amount_yen
  FROM payments p
  WHERE p.state = 'approved' AND p.kind = 'sale' AND NOT EXISTS (
    SELECT FROM payments v
    WHERE v.municipality = p.municipality AND v.counter = p.counter AND v.of_operation_id = p.operation_id
      AND v.kind = 'void' AND v.state = 'approved')
  UNION ALL
  SELECT municipality, counter, operation_id, window_code, business_date, tender, amount_yen
  FROM counted_sales WHERE withdrawn_at IS NULL;

CREATE VIEW income_lines AS
  SELECT p.municipality, p.counter, p.operation_id, p.posted_on, p.window_code, p.kind AS entry, p.method, p.brand,
    l.code, l.name_ja, l.tax_category, l.revenue_account,
    CASE WHEN p.kind = 'sale' THEN l.quantity ELSE -l.quantity END AS quantity,
    CASE WHEN p.kind = 'sale' THEN l.amount_yen ELSE -l.amount_yen END AS amount_yen
  FROM payments p JOIN payment_lines l USING (municipality, counter, operation_id)
  WHERE p.state = 'approved'
  UNION ALL
  SELECT c.municipality, c.counter, c.of_operation_id, c.business_date, c.window_code, 'correction', p.method, p.brand,
    l."code", l."nameJa", l."taxCategory", l."revenueAccount", sign.of * l."quantity", sign.of * l."amountYen"
  FROM corrections c
  JOIN payments p ON p.municipality = c.municipality AND p.counter = c.counter AND p.operation_id = c.of_operation_id
  CROSS JOIN LATERAL (VALUES (-1, c.replaced), (1, c.lines)) AS sign (of, list)
  CROSS JOIN LATERAL jsonb_to_recordset(sign.list) AS l (
    "code" text, "nameJa" text, "taxCategory" text, "revenueAccount" text, "quantity" integer, "amountYen" integer);
COMMENT ON VIEW income_lines IS 'every entry by 歳入科目 and day: sales, less voids and refunds, corrections as taken from one account and put to another';
`;
