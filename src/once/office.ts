/** What the office has to look at and may decide about what is sold once, over all counters. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../db/schema.ts';
import { AppError } from '../errors.ts';
import type { Person } from '../staff/staff.ts';

/** Used by more than one sale that stands: money was perhaps taken twice. */
export interface DoubleUse {
  key: string;
  sales: {
    counter: string;
    number: number;
    businessDate: string;
    amountYen: number;
    tender: 'cashless' | 'cash' | 'nothing';
    windowNameJa: string;
  }[];
}

/** Claimed by a counter that has recorded no sale with it: it keeps the other counters from it. */
export interface SilentClaim {
  key: string;
  counter: string;
  /** ISO 8601, UTC. */
  claimedAt: string;
  /** When the counter's record arrived last; null: never. */
  heardAt: string | null;
}

export interface OnceMatters {
  doubles: DoubleUse[];
  silent: SilentClaim[];
}

/** A counter that runs gives up, or records, what it has claimed within seconds. */
const SILENT_AFTER = '30 minutes';
const MOST = 200;

/**
 * What was sold twice, and which claims of a silent counter somebody has to look at; the newest first, of each at
 * most 200.
 */
export async function readOnceMatters(db: Kysely<Database>, municipality: string): Promise<OnceMatters> {
  const doubles = await sql<DoubleUse>`
    SELECT d.key, (
      SELECT jsonb_agg(jsonb_build_object(
        'counter', each.counter, 'number', coalesce(p.sequence, c.sequence),
        'businessDate', coalesce(p.business_date, c.business_date), 'amountYen', coalesce(p.amount_yen, c.amount_yen),
        'tender', coalesce(c.tender, 'cashless'), 'windowNameJa', coalesce(p.window_name_ja, c.window_name_ja))
        ORDER BY coalesce(p.armed_at, c.counted_at))
      FROM unnest(d.counters, d.operation_ids) AS each (counter, id)
      LEFT JOIN payments p ON p.municipality = d.municipality AND p.counter = each.counter AND p.operation_id = each.id
      LEFT JOIN counted_sales c
        ON c.municipality = d.municipality AND c.counter = each.counter AND c.operation_id = each.id) AS sales
    FROM once_doubles d WHERE d.municipality = ${municipality} ORDER BY d.key LIMIT ${MOST}`.execute(db);
  const silent = await sql<SilentClaim>`
    SELECT c.key, c.counter, c.at AS "claimedAt",
      (SELECT max(j.drained_at) FROM journals j
        WHERE j.municipality = c.municipality AND j.counter = c.counter AND j.status = 'active') AS "heardAt"
    FROM once_claims c WHERE ${isSilent(municipality)} ORDER BY c.at LIMIT ${MOST}`.execute(db);
  return { doubles: doubles.rows, silent: silent.rows };
}

/** Of `once_claims c`. */
const isSilent = (municipality: string) => sql<boolean>`
  c.municipality = ${municipality} AND NOT c.released AND c.at < now() - ${SILENT_AFTER}::interval AND NOT EXISTS (
    SELECT FROM once_uses u
    WHERE u.municipality = c.municipality AND u.counter = c.counter AND u.operation_id = c.operation_id AND u.key = c.key)`;

/**
 * Lets the other counters have what a silent counter keeps from them. If that one has sold it after all, both sales stand
 * in the doubles once its record arrives. @throws AppError `claim_not_silent`
 */
export async function releaseClaim(
  db: Kysely<Database>,
  municipality: string,
  { key, note }: { key: string; note: string },
  by: Person,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ id: string }>`
      UPDATE once_claims c SET released = true WHERE ${isSilent(municipality)} AND c.key = ${key}
      RETURNING c.operation_id AS id`.execute(trx);
    const [claim] = rows;
    if (claim === undefined) throw new AppError('claim_not_silent');
    await decide(trx, municipality, { key, kind: 'released', operation_ids: [claim.id], note }, by);
  });
}

/** Somebody has looked into a double use: it is told no more, unless another sale joins it. @throws AppError `not_found` */
export async function settleDouble(
  db: Kysely<Database>,
  municipality: string,
  { key, note }: { key: string; note: string },
  by: Person,
): Promise<void> {
  const double = await db
    .selectFrom('once_doubles')
    .select('operation_ids')
    .where('municipality', '=', municipality)
    .where('key', '=', key)
    .executeTakeFirst();
  if (double === undefined) throw new AppError('not_found');
  await decide(db, municipality, { key, kind: 'settled', operation_ids: double.operation_ids, note }, by);
}

async function decide(
  db: Kysely<Database>,
  municipality: string,
  decision: { key: string; kind: 'released' | 'settled'; operation_ids: string[]; note: string },
  { number, name }: Person,
): Promise<void> {
  await db
    .insertInto('once_decisions')
    .values({ municipality, ...decision, decided_by: number, decided_by_name: name })
    .execute();
}
