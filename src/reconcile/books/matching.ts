/**
 * START of the matching: two books in temporary tables, each row of both used once, entirely inside PostgreSQL.
 *
 * One pass per key, strongest first; what a pass pairs is out of the next one. A weaker key never overrules a stronger
 * one: rows that both carry a stronger key and differ in it are not the same transaction. Where a choice would be a
 * guess, everything that it is between is `ambiguous`. Nothing depends on the order in which rows came.
 */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../db/schema.ts';
import { pairByAmount, pairTakenBack } from './last-passes.ts';
import { settleRepeated } from './repeated.ts';
import {
  hasRows,
  LONELY_OURS,
  LONELY_THEIRS,
  PAIR_COLUMNS,
  run,
  takeLeft,
  type Input,
  type MatchingKey,
} from './tables.ts';

const OTHER_PROVIDER_ID = 'coalesce(o.provider_id <> t.provider_id, false)';
const OTHER_REFERENCE = 'coalesce(o.id <> t.reference, false)';

const KEYS: readonly MatchingKey[] = [
  {
    by: 1,
    ours: 'o.provider_id',
    theirs: 't.provider_id',
    join: 'o.provider_id = t.provider_id',
    contradicted: 'false',
  },
  {
    by: 2,
    ours: 'o.id',
    theirs: 't.reference',
    join: 'o.id = t.reference',
    contradicted: OTHER_PROVIDER_ID,
  },
  {
    by: 3,
    ours: `o.terminal_id || ' ' || o.slip || ' ' || (o.on_date - date '2000-01-01')`,
    theirs: `t.terminal_id || ' ' || t.slip || ' ' || (t.on_date - date '2000-01-01')`,
    join: 'o.terminal_id = t.terminal_id AND o.slip = t.slip AND o.on_date = t.on_date',
    contradicted: `(${OTHER_PROVIDER_ID} OR ${OTHER_REFERENCE})`,
  },
];

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
    `SET LOCAL enable_nestloop = off; SET LOCAL default_statistics_target = 10; ANALYZE match_ours, match_theirs`,
  );
  await setAside(db);
  let input = { ours: 'match_ours', theirs: 'match_theirs' };
  for (const key of KEYS) {
    if (await isCarried(db, key, input)) input = await passBy(db, key, input);
  }
  input = await pairTakenBack(db, input);
  input = await pairByAmount(db, input, `(${OTHER_PROVIDER_ID} OR ${OTHER_REFERENCE})`);
  await nameLonely(db, input, day);
  await run(db, 'SET LOCAL enable_nestloop = on; SET LOCAL default_statistics_target = 100');
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

const hashOf = (side: 'o' | 't', key: string): string =>
  `hashtextextended(${side}.acquirer || ' ' || ${key}, 0)`;

/** Pairs by one key; what it leaves is the next pass's input. */
async function passBy(db: Kysely<Database>, key: MatchingKey, input: Input): Promise<Input> {
  const [repeatedTable, hashOurs, hashTheirs] = [
    `match_repeated_${key.by}`,
    hashOf('o', key.ours),
    hashOf('t', key.theirs),
  ];
  const theirs = `(SELECT * FROM ${input.theirs} WHERE kind IN ('sale', 'refund'))`;
  await run(
    db,
    `CREATE TEMP TABLE ${repeatedTable} ON COMMIT DROP AS
     SELECT ${hashOurs} AS hash FROM ${input.ours} o WHERE (${key.ours}) IS NOT NULL GROUP BY 1 HAVING count(*) > 1
     UNION SELECT ${hashTheirs} FROM ${theirs} t WHERE (${key.theirs}) IS NOT NULL GROUP BY 1 HAVING count(*) > 1;
     TRUNCATE match_left_ours, match_left_theirs`,
  );
  const isRepeated = await hasRows(db, repeatedTable);
  // Rows without the key stay out of the join: a full join puts all of them into one bucket, and reads it for each.
  const once = (hash: string, keyText: string): string =>
    `WHERE ${keyText} IS NOT NULL${isRepeated ? ` AND ${hash} NOT IN (SELECT hash FROM ${repeatedTable})` : ''}`;
  await run(
    db,
    `WITH joined AS MATERIALIZED (
       SELECT o.n AS ours_n, t.n AS theirs_n, ${key.contradicted} AS contradicted, ${PAIR_COLUMNS(key.by)}
       FROM (SELECT * FROM ${input.ours} o ${once(hashOurs, `(${key.ours})`)}) o
       FULL JOIN (SELECT * FROM ${theirs} t ${once(hashTheirs, `(${key.theirs})`)}) t
         ON o.acquirer = t.acquirer AND ${key.join}
     ), found AS (
       INSERT INTO match_found
       SELECT counter, acquirer, id, line_id, status, matched_by, ours_yen, theirs_yen, due FROM joined
       WHERE ours_n IS NOT NULL AND theirs_n IS NOT NULL AND NOT contradicted
     ), left_ours AS (
       INSERT INTO match_left_ours SELECT ours_n FROM joined
       WHERE ours_n IS NOT NULL AND (theirs_n IS NULL OR contradicted)
     )
     INSERT INTO match_left_theirs SELECT theirs_n FROM joined
     WHERE theirs_n IS NOT NULL AND (ours_n IS NULL OR contradicted);
     INSERT INTO match_left_ours SELECT n FROM ${input.ours} o WHERE (${key.ours}) IS NULL;
     INSERT INTO match_left_theirs SELECT n FROM ${theirs} t WHERE (${key.theirs}) IS NULL`,
  );
  if (isRepeated) {
    const repeatedIn = (hash: string): string => `${hash} IN (SELECT hash FROM ${repeatedTable})`;
    await settleRepeated(db, key, {
      ours: `${input.ours} o WHERE (${key.ours}) IS NOT NULL AND ${repeatedIn(hashOurs)}`,
      theirs: `${theirs} t WHERE (${key.theirs}) IS NOT NULL AND ${repeatedIn(hashTheirs)}`,
    });
  }
  return takeLeft(db, `after_${key.by}`, input);
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
