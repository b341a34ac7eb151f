/**
 * One night's work, once, however many offices are up: a lock of PostgreSQL that goes with its connection, and a ledger
 * of what was begun and how far it came. Each step may be done again with the same result, so that a night that was
 * cut off is simply begun anew; a later night does what the missed ones have left. A comparison of the day that fails
 * is an attempt that failed: until one is done, the night is due again.
 */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../db/schema.ts';
import { addDays } from './books/calendar.ts';
import type { NightView } from './morning.ts';

/** The steps in their order; what each returns is kept in the ledger. */
export interface NightSteps {
  /** Our journals against the terminals' totals, for every day whose closing has arrived. */
  terminals: () => Promise<object>;
  /** Our book against statements and bank. */
  books: () => Promise<object>;
  /** The cases follow. */
  cases: () => Promise<object>;
}

const STEPS = ['terminals', 'books', 'cases'] as const;

export type NightOutcome =
  | { kind: 'done'; night: string; attempt: number }
  /** It is done already. */
  | { kind: 'done_before'; night: string }
  /** Another office is at it. */
  | { kind: 'elsewhere'; night: string };

const NIGHT_HOUR_MS = 3 * 3_600_000;
const TOKYO_MS = 9 * 3_600_000;
/** A night is the whole city's. */
const EVERY_COUNTER = '*';

/** The date of the last 03:00 in Asia/Tokyo. */
export function nightOf(now: Date): string {
  return new Date(now.getTime() + TOKYO_MS - NIGHT_HOUR_MS).toISOString().slice(0, 10);
}

/** @throws what a step throws; the ledger says so, and the night is due again */
export async function runNight(
  db: Kysely<Database>,
  municipality: string,
  {
    now,
    cause,
    office,
    steps,
  }: { now: Date; cause: 'night' | 'start' | 'late'; office: string; steps: NightSteps },
): Promise<NightOutcome> {
  const night = nightOf(now);
  const key = { municipality, counter: EVERY_COUNTER, night };
  return db.connection().execute(async (held) => {
    // Of the session, not of a transaction: the steps have their own, and a dead office's lock goes with its connection.
    if (!(await tryLock(held, municipality))) return { kind: 'elsewhere', night };
    try {
      const { attempt, isDone, lastDone } = await readLedger(held, key);
      if (isDone) return { kind: 'done_before', night };
      const row = { ...key, attempt: attempt + 1 };
      await held
        .insertInto('nights')
        .values({ ...row, office, cause })
        .execute();
      const note = async (
        step: (typeof STEPS)[number] | 'done' | 'failed',
        outcome: object,
      ): Promise<void> => {
        await held
          .insertInto('night_steps')
          .values({ ...row, step, outcome: JSON.stringify(outcome) })
          .execute();
      };
      const faults: unknown[] = [];
      // What one step can't do keeps no other from its own: a terminal's difference is a case though the books fail.
      for (const step of STEPS) {
        try {
          await note(step, await steps[step]());
        } catch (error) {
          faults.push(error);
        }
      }
      if (faults.length > 0) {
        await note('failed', { messages: faults.map(messageOf) });
        throw faults[0];
      }
      await note('done', { missed: missedBetween(lastDone, night) });
      return { kind: 'done', night, attempt: row.attempt };
    } finally {
      await sql`SELECT pg_advisory_unlock(hashtextextended(${`night ${municipality}`}, 0))`.execute(held);
    }
  });
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A comparison outside the night has failed: the night is due again, and the morning page says so. */
export async function noteFailure(
  db: Kysely<Database>,
  municipality: string,
  { now, office, error }: { now: Date; office: string; error: unknown },
): Promise<void> {
  const key = { municipality, counter: EVERY_COUNTER, night: nightOf(now) };
  await db.transaction().execute(async (trx) => {
    const { attempt } = await readLedger(trx, key);
    const row = { ...key, attempt: attempt + 1 };
    await trx
      .insertInto('nights')
      .values({ ...row, office, cause: 'day' })
      .execute();
    await trx
      .insertInto('night_steps')
      .values({ ...row, step: 'failed', outcome: JSON.stringify({ messages: [messageOf(error)] }) })
      .execute();
  });
}

async function tryLock(db: Kysely<Database>, municipality: string): Promise<boolean> {
  const { rows } = await sql<{ locked: boolean }>`
    SELECT pg_try_advisory_lock(hashtextextended(${`night ${municipality}`}, 0)) AS locked`.execute(db);
  return rows[0]?.locked === true;
}

async function readLedger(
  db: Kysely<Database>,
  { municipality, counter, night }: { municipality: string; counter: string; night: string },
): Promise<{ attempt: number; isDone: boolean; lastDone: string | null }> {
  const { rows } = await sql<{ attempt: number; isDone: boolean; lastDone: string | null }>`
    SELECT (SELECT coalesce(max(attempt), 0) FROM nights
        WHERE municipality = ${municipality} AND counter = ${counter} AND night = ${night}) AS attempt,
      EXISTS (SELECT FROM night_steps WHERE municipality = ${municipality} AND counter = ${counter}
        AND night = ${night} AND step = 'done' AND attempt = (SELECT max(attempt) FROM nights
          WHERE municipality = ${municipality} AND counter = ${counter} AND night = ${night})) AS "isDone",
      (SELECT max(night) FROM night_steps
        WHERE municipality = ${municipality} AND counter = ${counter} AND step = 'done') AS "lastDone"`.execute(
    db,
  );
  return rows[0] ?? { attempt: 0, isDone: false, lastDone: null };
}

/** Nights on which no office was up; this one has done their work. */
function missedBetween(lastDone: string | null, night: string): string[] {
  const missed: string[] = [];
  for (let day = addDays(lastDone ?? night, 1); day < night; day = addDays(day, 1)) missed.push(day);
  return missed;
}

/** The newest attempt at a night; null: none, or that of this night has not been begun. */
export async function readLastNight(
  db: Kysely<Database>,
  municipality: string,
  now: Date,
): Promise<NightView | null> {
  const { rows } = await sql<{
    night: string;
    attempt: number;
    startedAt: string;
    step: 'done' | 'failed' | null;
    endedAt: string | null;
    missed: string[] | null;
    busy: boolean;
  }>`
    SELECT n.night, n.attempt, n.started_at AS "startedAt", s.step, s.at AS "endedAt",
      s.outcome -> 'missed' AS missed,
      EXISTS (
        SELECT FROM pg_locks l, LATERAL (SELECT hashtextextended(${`night ${municipality}`}, 0) AS key) k
        WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND (l.classid::bigint << 32 | l.objid::bigint) = k.key
      ) AS busy
    FROM nights n LEFT JOIN night_steps s
      ON (s.municipality, s.counter, s.night, s.attempt) = (n.municipality, n.counter, n.night, n.attempt)
        AND s.step IN ('done', 'failed')
    WHERE n.municipality = ${municipality} ORDER BY n.night DESC, n.attempt DESC LIMIT 1`.execute(db);
  const [last] = rows;
  if (last === undefined || (last.step === 'done' && last.night < nightOf(now))) return null;
  const { night, attempt, startedAt, step, endedAt, busy } = last;
  return {
    ...{ night, attempt, startedAt, endedAt, missed: last.missed?.length ?? 0 },
    state: step ?? (busy ? 'running' : 'cut_off'),
  };
}
