/** Pairs by hand: a row of ours and a line of a statement that two people say are one, and what may be one. */
import { sql, type Kysely, type Transaction } from 'kysely';
import type { Database } from '../../db/schema.ts';
import { AppError } from '../../errors.ts';
import { QUIET } from '../books/view.ts';
import type { Actor, CaseFacts, Resolution, Side } from './case.ts';
import type { Candidate } from './reasons.ts';
import { LINE_SIDE, PAYMENT_SIDE } from './rows.ts';

export interface Pair {
  municipality: string;
  counter: string;
  operationId: string;
  lineId: number;
  caseId: number;
}

/**
 * Writes the pair down; the next comparison takes it as given, before any key. Both rows have to be open, and of one
 * acquirer: what is matched is taken apart by nobody's click. @throws AppError `pair_not_open`
 */
export async function notePair(
  trx: Transaction<Database>,
  { municipality, counter, operationId, lineId, caseId }: Pair,
  { by, confirmedBy }: { by: Actor; confirmedBy: Actor },
): Promise<void> {
  const { rows } = await sql<{ open: boolean; taken: boolean; version: number }>`
    SELECT
      EXISTS (SELECT FROM current_matches o JOIN current_matches t USING (municipality, acquirer)
        WHERE municipality = ${municipality} AND o.counter = ${counter} AND o.operation_id = ${operationId}
          AND o.line_id IS NULL AND o.status NOT IN ('matched', 'not_taken') AND t.line_id = ${lineId}
          AND t.operation_id IS NULL AND t.status NOT IN (${sql.join([...QUIET])})) AS open,
      EXISTS (SELECT FROM current_pairs WHERE municipality = ${municipality}
        AND ((counter, operation_id) = (${counter}, ${operationId}) OR line_id = ${lineId})) AS taken,
      (SELECT coalesce(max(version), 0) FROM manual_pairs WHERE municipality = ${municipality}
        AND counter = ${counter} AND operation_id = ${operationId}) AS version`.execute(trx);
  const [found] = rows;
  if (found?.open !== true || found.taken) throw new AppError('pair_not_open');
  await trx
    .insertInto('manual_pairs')
    .values({
      ...{ municipality, counter, operation_id: operationId, version: found.version + 1, line_id: lineId },
      ...{ case_id: caseId, by_number: by.number, by_name: by.name },
      ...{ confirmed_by: confirmedBy.number, confirmed_by_name: confirmedBy.name },
    })
    .execute();
}

/**
 * Takes the pair apart that this case has made: the next comparison has its rows alone again. @throws AppError
 * `pair_not_open` if it stands no more
 */
export async function notePairApart(
  trx: Transaction<Database>,
  { municipality, caseId }: Pick<Pair, 'municipality' | 'caseId'>,
  { by, confirmedBy }: { by: Actor; confirmedBy: Actor },
): Promise<void> {
  const pair = await findPairOf(trx, municipality, caseId);
  if (pair === undefined) throw new AppError('pair_not_open');
  const { counter, operation_id, version } = pair;
  await trx
    .insertInto('manual_pairs')
    .values({
      ...{ municipality, counter, operation_id, version: version + 1, line_id: null, case_id: caseId },
      ...{ by_number: by.number, by_name: by.name },
      ...{ confirmed_by: confirmedBy.number, confirmed_by_name: confirmedBy.name },
    })
    .execute();
}

/** The pair by hand that a case has made and that stands; undefined: none does. */
export const findPairOf = (db: Kysely<Database>, municipality: string, caseId: number) =>
  db
    .selectFrom('current_pairs')
    .select(['counter', 'operation_id', 'version'])
    .where('municipality', '=', municipality)
    .where('case_id', '=', caseId)
    .executeTakeFirst();

/** The other row of the pair that is proposed, or that stands, whoever's case has made it; null: there is none. */
export async function findPartner(
  db: Kysely<Database>,
  municipality: string,
  counter: string,
  { facts, proposed }: { facts: CaseFacts; proposed: Resolution['pair'] },
): Promise<Side | null> {
  const { operationId, lineId, ours, statement } = facts;
  if ((ours === null) === (statement === null)) return null;
  const pair =
    proposed === undefined
      ? sql`SELECT counter, operation_id, line_id FROM current_pairs WHERE municipality = ${municipality}
          AND ((counter = ${counter} AND operation_id = ${operationId ?? ''}) OR line_id = ${lineId ?? 0})`
      : sql`SELECT ${proposed.counter}, ${proposed.operationId}, ${proposed.lineId}::bigint`;
  const { rows } = await sql<{ side: Side }>`
    SELECT ${sql.raw(ours === null ? PAYMENT_SIDE : LINE_SIDE)} AS side
    FROM (${pair}) pair (counter, operation_id, line_id)
    JOIN payments p ON (p.municipality, p.counter, p.operation_id) = (${municipality}, pair.counter, pair.operation_id)
    JOIN statement_lines l ON (l.municipality, l.line_id) = (${municipality}, pair.line_id)`.execute(db);
  return rows[0]?.side ?? null;
}

const MOST_CANDIDATES = 8;
/** A provider's day may be some days off ours over a holiday. */
const AROUND_DAYS = 7;

/** Open rows of the other side with the same acquirer, amount and kind, the nearest day first. */
export async function findCandidates(
  db: Kysely<Database>,
  municipality: string,
  counter: string,
  { status, operationId, lineId }: CaseFacts,
): Promise<Candidate[]> {
  const pairable = ['ambiguous', 'missing_at_provider', 'missing_in_ledger', 'duplicate_in_ledger'];
  if (!pairable.includes(status)) return [];
  const isOurs = operationId !== undefined;
  const own = isOurs
    ? sql`co.counter = ${counter} AND co.operation_id = ${operationId}`
    : sql`ct.line_id = ${lineId ?? 0}`;
  const other = sql.raw(isOurs ? 'l' : 'p');
  const [on, at, slip] = isOurs
    ? [sql`l.on_date`, sql`l.at`, sql`l.slip`]
    : [sql`p.business_date`, sql`p.armed_at`, sql`p.slip`];
  const approval = isOurs ? sql`l.approval` : sql`p.approval_code`;
  const { rows } = await sql<Candidate>`
    SELECT co.counter, co.operation_id AS "operationId", ct.line_id AS "lineId",
      ${sql.raw(isOurs ? 'l.yen' : 'p.signed_yen')} AS yen, ${on} AS "onDate", ${at} AS at, ${other}.brand,
      ${slip} AS slip, ${other}.terminal_id AS "terminalId", ${approval} AS approval
    FROM current_matches co
    JOIN payments p ON (p.municipality, p.counter, p.operation_id) = (co.municipality, co.counter, co.operation_id)
    JOIN statement_lines l ON l.municipality = co.municipality AND l.yen = p.signed_yen
      AND l.acquirer = co.acquirer AND (l.kind = 'sale') = (p.kind = 'sale')
      AND l.on_date BETWEEN p.business_date - ${AROUND_DAYS}::int AND p.business_date + ${AROUND_DAYS}::int
      AND coalesce(l.brand = p.brand, true)
    JOIN current_matches ct ON ct.municipality = l.municipality AND ct.line_id = l.line_id AND ct.operation_id IS NULL
    WHERE co.municipality = ${municipality} AND co.line_id IS NULL AND p.state = 'approved' AND ${own}
      AND co.status NOT IN ('matched', 'not_taken') AND ct.status NOT IN (${sql.join([...QUIET])})
    ORDER BY abs(l.on_date - p.business_date), abs(extract(epoch FROM l.at - p.armed_at)), l.line_id, p.sequence
    LIMIT ${MOST_CANDIDATES}`.execute(db);
  return rows;
}
