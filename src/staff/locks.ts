/** Whose number is locked after too many wrong PINs, and where: in the office, or at a counter whose record has arrived. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../db/schema.ts';
import { lockedUntil, type Try } from './gate.ts';
import type { Lock, StaffMember } from './staff.ts';

const LOOKS_BACK_MS = 24 * 3600_000;

interface PlacedTry extends Try {
  number: string;
  /** A counter's id; null: the office. */
  counter: string | null;
}

/** The locks that hold at an instant, by 職員番号. Each place counts its own tries. */
export async function readLocks(
  db: Kysely<Database>,
  municipality: string,
  staff: readonly StaffMember[],
  now: Date,
): Promise<Map<string, Lock[]>> {
  const since = new Date(now.getTime() - LOOKS_BACK_MS).toISOString();
  const inOffice = await db
    .selectFrom('staff_tries')
    .select(['number', 'at', 'is_right as isRight', 'pin_set_at as pinSetAt'])
    .where('municipality', '=', municipality)
    .where('at', '>=', since)
    .orderBy('at')
    .execute();
  const { rows: atCounters } = await sql<PlacedTry>`
    SELECT counter, payload ->> 'staff' AS number, at, type = 'pin_accepted' AS "isRight",
      payload ->> 'pinSetAt' AS "pinSetAt"
    FROM events
    WHERE municipality = ${municipality} AND at >= ${since} AND type IN ('pin_accepted', 'pin_refused')
    ORDER BY at`.execute(db);
  const tries: PlacedTry[] = [...inOffice.map((each) => ({ ...each, counter: null })), ...atCounters];
  return new Map(staff.map((member) => [member.number, locksOf(member, tries, now)]));
}

function locksOf({ number, pinSetAt }: StaffMember, tries: readonly PlacedTry[], now: Date): Lock[] {
  const own = tries.filter((each) => each.number === number && each.pinSetAt === pinSetAt);
  return [...Map.groupBy(own, ({ counter }) => counter)].flatMap(([counter, made]) => {
    const until = lockedUntil(made, now);
    return until === undefined ? [] : [{ counter, until: until.toISOString() }];
  });
}
