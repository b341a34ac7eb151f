/** What is sold once, between counters; and what became of each charge ticket. */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statements of [SALES, CLAIMS, TICKETS]) await sql.raw(statements).execute(db);
}

const SALES = `
ALTER TABLE payments ADD COLUMN ticket text;
ALTER TABLE counted_sales ADD COLUMN ticket text;
COMMENT ON COLUMN payments.ticket IS 'reference of the charge ticket (会計票) that it closes; null: none';
COMMENT ON COLUMN counted_sales.ticket IS 'reference of the charge ticket (会計票) that it closes; null: none';
CREATE INDEX payments_of_ticket ON payments (municipality, ticket) WHERE ticket IS NOT NULL;
CREATE INDEX counted_sales_of_ticket ON counted_sales (municipality, ticket) WHERE ticket IS NOT NULL;
`;

const CLAIMS = `
CREATE TABLE once_claims (
  municipality text NOT NULL,
  key text NOT NULL,
  counter text NOT NULL,
  operation_id text NOT NULL,
  released boolean NOT NULL DEFAULT false,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (municipality, key)
);
COMMENT ON TABLE once_claims IS 'which counter has a charge ticket or a sticker; asked before the sale is recorded there';
COMMENT ON COLUMN once_claims.released IS 'the counter itself says that the sale was never recorded';
CREATE INDEX once_claims_of_sale ON once_claims (municipality, counter, operation_id);

CREATE FUNCTION once_is_free(claim once_claims) RETURNS boolean STABLE LANGUAGE sql AS $$
  SELECT claim.released
    OR EXISTS (
      SELECT FROM payments p
      WHERE p.municipality = claim.municipality AND p.counter = claim.counter AND p.operation_id = claim.operation_id
        AND (p.state IN ('declined', 'cancelled', 'not_charged', 'not_sent')
          OR p.state = 'approved' AND claim.key LIKE 'sticker:%' AND p.amount_yen = (
            SELECT sum(back.amount_yen) FROM payments back
            WHERE back.municipality = p.municipality AND back.counter = p.counter
              AND back.of_operation_id = p.operation_id AND back.kind <> 'sale' AND back.state = 'approved')))
    OR EXISTS (
      SELECT FROM counted_sales s
      WHERE s.municipality = claim.municipality AND s.counter = claim.counter
        AND s.operation_id = claim.operation_id AND s.withdrawn_at IS NOT NULL)
$$;
COMMENT ON FUNCTION once_is_free IS 'the sale that holds it came to nothing, or was given back whole: another counter may have it';
`;

const TICKETS = `
CREATE TABLE tickets (
  municipality text NOT NULL,
  counter text NOT NULL,
  reference text NOT NULL,
  journal_id uuid NOT NULL,
  key_id text NOT NULL,
  window_code text NOT NULL,
  until date NOT NULL,
  business_date date NOT NULL,
  first_at timestamptz NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'held', 'paid', 'cash', 'exempt', 'cancelled')),
  operation_id text,
  cancel_reason text,
  cancel_note text,
  cancelled_by text,
  PRIMARY KEY (municipality, counter, reference)
);
COMMENT ON TABLE tickets IS 'charge tickets (会計票) by the counter that saw them; can be computed again from the events';
COMMENT ON COLUMN tickets.business_date IS 'when it was first seen at this counter';
COMMENT ON COLUMN tickets.operation_id IS 'the last sale that carried it; null: none';
CREATE INDEX tickets_of_day ON tickets (municipality, business_date);
CREATE INDEX tickets_used ON tickets (municipality, reference) WHERE state NOT IN ('open', 'cancelled');
`;
