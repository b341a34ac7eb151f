/**
 * A slip as it is compared, in the row: a statement's has no leading zeros. Computed in the query it could not be looked
 * up, as row-level security lets no function look at rows before it (`ltrim` is not leakproof), and every payment of
 * that terminal and day was read for each slip.
 */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}

const STATEMENTS = `
ALTER TABLE payments ADD COLUMN slip text GENERATED ALWAYS AS (ltrim(receipt_number, '0')) STORED;
COMMENT ON COLUMN payments.slip IS 'receipt_number as statements have it, without leading zeros';
DROP INDEX payments_by_slip;
CREATE INDEX payments_by_slip ON payments (municipality, terminal_id, business_date, slip);
`;
