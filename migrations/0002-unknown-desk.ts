/** What people decide about payments that were found late, and the date under which the money counts. */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `
ALTER TABLE payments
  ADD COLUMN posted_on date,
  ADD COLUMN decision text CHECK (decision IN ('keep', 'void', 'refund_outside')),
  ADD COLUMN lock_released boolean NOT NULL DEFAULT false;
UPDATE payments SET posted_on = business_date;
ALTER TABLE payments ALTER COLUMN posted_on SET NOT NULL;
COMMENT ON COLUMN payments.posted_on IS 'the business date, or the date on which a late approval was found: a closed day never changes';
COMMENT ON COLUMN payments.decision IS 'about a late approval: keep, void, refund_outside; null while nobody has decided';
COMMENT ON COLUMN payments.lock_released IS 'the terminal was freed by the 出納員 before it had been asked';
`,
    )
    .execute(db);
}
