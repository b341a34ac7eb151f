/** Voids and refunds: operations of their own, `of` the sale. */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(RETURNS).execute(db);
}

const RETURNS = `
ALTER TABLE payments
  ADD COLUMN kind text NOT NULL DEFAULT 'sale' CHECK (kind IN ('sale', 'void', 'refund')),
  ADD COLUMN of_operation_id text,
  ADD COLUMN return_reason text,
  ADD COLUMN return_note text,
  ADD COLUMN confirmed_by text,
  ADD COLUMN signed_yen integer NOT NULL
    GENERATED ALWAYS AS (CASE WHEN kind = 'sale' THEN amount_yen ELSE -amount_yen END) STORED,
  ADD CONSTRAINT payments_return_of_a_sale CHECK ((kind = 'sale') = (of_operation_id IS NULL));
ALTER TABLE payments ALTER COLUMN kind DROP DEFAULT;
COMMENT ON COLUMN payments.kind IS 'void (取消) and refund (返金) are of a sale, which stays what it was';
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
