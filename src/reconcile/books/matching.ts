/**
 * START of the matching: two books in temporary tables, each row of both used once, entirely inside PostgreSQL.
 *
 * One pass per key, strongest first; what a pass pairs is out of the next one. A weaker key never overrules a stronger
 * one: rows that both carry a stronger key and differ in it are not the same transaction. Where a choice would be a
 * guess, everything that it is between is `ambiguous`. Nothing depends on the order in which rows came.
 *
 * Acquirers never meet, and each one's statement begins to pair with the strongest key that it carries at all. These
 * first passes of all acquirers are one full join, over everything; the passes after it see what it has left.
 */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../db/schema.ts';
import { pairByAmount, pairTakenBack } from './last-passes.ts';
import { settleRepeated } from './repeated.ts';
import { findStrongest, KEYS, OTHER_PROVIDER_ID, OTHER_REFERENCE, type MatchingKey } from './keys.ts';
import { hasRows, LONELY_OURS, LONELY_THEIRS, PAIR_STATUS, run, takeLeft, type Input } from './tables.ts';

export interface MatchingDay {
  /** The business date on which the books are looked at. */
  asOf: string;
  /** Rows of this day and later may still find their counterpart beyond a cut-off or a holiday. */
  timingFrom: string;
}

/** Compares the two books; the result is in `match_found`, every row of both in it exactly once. */
export async function matchBooks(db: Kysely<Database>, day: MatchingDay): Promise<void> {
  // Every join here is an equality, and the planner knows little of tables that were made a moment ago: hash joins
  // are never bad, and a nested loop over two of them was quadratic. A small sample tells it enough.
  await run(
    db,
    `SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off; SET LOCAL default_statistics_target = 10; ANALYZE match_ours, match_theirs`,
  );
  await setAside(db);
  let input: Input = { ours: 'match_ours', theirs: 'match_theirs' };
  const strongest = await findStrongest(db);
  if (strongest !== undefined) input = await passBy(db, strongest, input);
  for (const key of KEYS) {
    if (await isCarried(db, key, input)) input = await passBy(db, key, input);
  }
  input = await pairTakenBack(db, input);
  input = await pairByAmount(db, input, `(${OTHER_PROVIDER_ID} OR ${OTHER_REFERENCE})`);
  await nameLonely(db, input, day);
  await run(
    db,
    'SET LOCAL enable_nestloop = on; SET LOCAL enable_mergejoin = on; SET LOCAL default_statistics_target = 100',
  );
}

/** A chargeback or a refund that came back is about a payment and is none itself: it uses up no row of ours. */
async function setAside(db: Kysely<Database>): Promise<void> {
  await run(
    db,
    `INSERT INTO match_found SELECT ${LONELY_THEIRS('t.kind')} FROM match_theirs t
     WHERE t.kind IN ('chargeback', 'refund_failed')`,
  );
}

async function isCarried(db: Kysely<Database>, key: MatchingKey, input: Input): Promise<boolean> {
  const { rows } = await sql<{ carried: boolean }>`SELECT ${sql.raw(
    `EXISTS (SELECT FROM ${input.theirs} t WHERE (${key.theirs}) IS NOT NULL AND t.kind IN ('sale', 'refund'))
     AND EXISTS (SELECT FROM ${input.ours} o WHERE (${key.ours}) IS NOT NULL)`,
  )} AS carried`.execute(db);
  return rows[0]?.carried === true;
}

/** Pairs by one key; what it leaves is the next pass's input. */
async function passBy(db: Kysely<Database>, key: MatchingKey, input: Input): Promise<Input> {
  const repeatedTable = `match_repeated_${key.name}`;
  const theirs = `${input.theirs} t WHERE t.kind IN ('sale', 'refund')`;
  const repeatedIn = (book: string, hash: string): string =>
    `SELECT hash FROM (SELECT ${hash} AS hash FROM ${book}) AS book WHERE hash IS NOT NULL
     GROUP BY hash HAVING count(*) > 1`;
  await run(
    db,
    `CREATE TEMP TABLE ${repeatedTable} ON COMMIT DROP AS
       ${repeatedIn(`${input.ours} o`, key.hash('o'))} UNION ${repeatedIn(theirs, key.hash('t'))};
     ANALYZE ${repeatedTable};
     TRUNCATE match_left_ours, match_left_theirs`,
  );
  const isRepeated = await hasRows(db, repeatedTable);
  // Rows without the key stay out of the join: a full join puts all of them into one bucket, and reads it for each.
  const once = `hash IS NOT NULL${isRepeated ? ` AND hash NOT IN (SELECT hash FROM ${repeatedTable})` : ''}`;
  // OFFSET 0: the hash is computed once a row, not for each of its uses.
  const hashed = (side: 'o' | 't', book: string): string =>
    `(SELECT * FROM (SELECT ${side}.*, ${key.hash(side)} AS hash FROM ${book} OFFSET 0) ${side} WHERE ${once}) ${side}`;
  const isPair = `o.n IS NOT NULL AND t.n IS NOT NULL AND o.acquirer = t.acquirer
    AND (${key.ours}) = (${key.theirs}) AND NOT ${key.contradicted}`;
  // What is left is written down with the pairs, without a status, and taken out again: it is little.
  await run(
    db,
    `INSERT INTO match_found
     SELECT coalesce(o.counter, t.counter), coalesce(o.acquirer, t.acquirer), o.id, t.n,
       CASE WHEN ${isPair} THEN ${PAIR_STATUS} END, ${key.by},
       CASE WHEN o.unknown THEN 0 ELSE coalesce(o.yen, 0) END, coalesce(t.yen, 0), o.due, o.n
     FROM ${hashed('o', `${input.ours} o`)} FULL JOIN ${hashed('t', theirs)} ON o.hash = t.hash;
     INSERT INTO match_left_ours SELECT ours_n FROM match_found WHERE status IS NULL AND ours_n IS NOT NULL;
     INSERT INTO match_left_theirs SELECT line_id FROM match_found WHERE status IS NULL AND line_id IS NOT NULL;
     DELETE FROM match_found WHERE status IS NULL;
     INSERT INTO match_left_ours SELECT n FROM ${input.ours} o WHERE (${key.ours}) IS NULL;
     INSERT INTO match_left_theirs SELECT n FROM ${theirs} AND (${key.theirs}) IS NULL`,
  );
  if (isRepeated) {
    const repeated = (side: 'o' | 't'): string => `${key.hash(side)} IN (SELECT hash FROM ${repeatedTable})`;
    await settleRepeated(db, key, {
      ours: `${input.ours} o WHERE ${repeated('o')}`,
      theirs: `${theirs} AND ${repeated('t')}`,
    });
  }
  return takeLeft(db, `after_${key.name}`, input);
}

/** The strongest key that a row carries, for telling which of several lonely rows are the same again. */
const STRONGEST = (provider: string, reference: string, slip: string): string =>
  `coalesce('1 ' || ${provider}, '2 ' || ${reference}, '3 ' || ${slip})`;

/** What is still alone: awaited, beyond a cut-off, the same again, or missing. */
async function nameLonely(
  db: Kysely<Database>,
  input: Input,
  { asOf, timingFrom }: MatchingDay,
): Promise<void> {
  const [, reference, slip] = KEYS;
  if (reference === undefined || slip === undefined) throw new Error('the keys are three');
  const again = (side: 'o' | 't', key: string, last: string): string =>
    `${key} IS NOT NULL AND row_number() OVER (
       PARTITION BY ${side}.acquirer, ${key}, ${side}.kind, ${side}.yen
       ORDER BY ${side}.on_date, ${side}.at, ${side}.approval, ${last}) > 1`;
  const ours = STRONGEST('o.provider_id', 'NULL', slip.ours);
  const theirs = STRONGEST('t.provider_id', reference.theirs, slip.theirs);
  await sql`
    INSERT INTO match_found SELECT ${sql.raw(
      LONELY_OURS(`CASE
        WHEN o.unknown THEN 'unknown_open'
        WHEN ${again('o', ours, 'o.id')} THEN 'duplicate_in_ledger'
        WHEN o.on_date > coalesce(c.until, '-infinity') AND $asOf <= coalesce(o.due, 'infinity') THEN 'awaited'
        WHEN o.on_date >= $timingFrom THEN 'timing'
        ELSE 'missing_at_provider' END`)
        .replaceAll('$asOf', `date '${asOf}'`)
        .replaceAll('$timingFrom', `date '${timingFrom}'`),
    )}
    FROM ${sql.raw(input.ours)} o LEFT JOIN match_covered c USING (acquirer)`.execute(db);
  await sql`
    INSERT INTO match_found SELECT ${sql.raw(
      LONELY_THEIRS(`CASE
        WHEN ${again('t', theirs, 't.n')} THEN 'duplicate_at_provider'
        WHEN t.on_date >= date '${timingFrom}' THEN 'timing'
        ELSE 'missing_in_ledger' END`),
    )}
    FROM ${sql.raw(input.theirs)} t`.execute(db);
}
