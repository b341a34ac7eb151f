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
`;
