/** Who works at the counters and in the office, and their tries at signing in. */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `
CREATE TABLE staff (
  municipality text NOT NULL,
  number text NOT NULL CHECK (number ~ '^[0-9]{1,10}$'),
  version integer NOT NULL CHECK (version > 0),
  at timestamptz NOT NULL DEFAULT now(),
  changed_by text NOT NULL,
  name_ja text NOT NULL,
  roles text[] NOT NULL,
  windows text[],
  pin_hash text NOT NULL,
  pin_set_at timestamptz NOT NULL,
  is_active boolean NOT NULL,
  is_sample boolean NOT NULL,
  PRIMARY KEY (municipality, number, version)
);
COMMENT ON TABLE staff IS 'a change is a new version; nobody is ever deleted, and no number goes to another person';
COMMENT ON COLUMN staff.number IS '職員番号';
COMMENT ON COLUMN staff.changed_by IS '職員番号 of the administrator; setup: made by the first-run set-up';
COMMENT ON COLUMN staff.windows IS 'the windows at which this person works; null: all that the roles allow';
COMMENT ON COLUMN staff.pin_hash IS 'argon2id in PHC form';
COMMENT ON COLUMN staff.is_sample IS 'of a trial or training; a live book reads none of them';
CREATE TRIGGER staff_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON staff
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE staff_tries (
  municipality text NOT NULL,
  number text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  is_right boolean NOT NULL,
  purpose text NOT NULL
);
COMMENT ON TABLE staff_tries IS 'PINs typed at the office; those typed at a counter are events of its journal';
CREATE INDEX staff_tries_of_number ON staff_tries (municipality, number, at);
CREATE TRIGGER staff_tries_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON staff_tries
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
`,
    )
    .execute(db);
}
