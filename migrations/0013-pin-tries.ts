/** Whose number is locked, for the administrator: the counters' tries are found without reading every event. */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `
CREATE INDEX events_pins ON events (municipality, at) WHERE type IN ('pin_accepted', 'pin_refused');
COMMENT ON COLUMN staff.pin_set_at IS 'when the PIN was set, or a lock of it released: tries before it count no more';
`,
    )
    .execute(db);
}
