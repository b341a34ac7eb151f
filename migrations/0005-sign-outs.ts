/** Which PIN was tried, and who has signed out at the office. */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `
ALTER TABLE staff_tries ADD COLUMN pin_set_at timestamptz;
COMMENT ON COLUMN staff_tries.pin_set_at IS 'of the PIN that was tried: a new one starts anew; null in rows of before';

CREATE TABLE staff_sign_outs (
  municipality text NOT NULL,
  number text NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE staff_sign_outs IS 'at the office; those at a counter are events of its journal';
CREATE INDEX staff_sign_outs_of_number ON staff_sign_outs (municipality, number);
CREATE TRIGGER staff_sign_outs_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON staff_sign_outs
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
`,
    )
    .execute(db);
}
