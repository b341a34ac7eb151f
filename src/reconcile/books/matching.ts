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
import { explainDifference } from './results.ts';
import { findPasses, OTHER_PROVIDER_ID, OTHER_REFERENCE, REFERENCE, SLIP_OF_DAY, type Pass } from './keys.ts';
import { hasRows, LONELY_OURS, LONELY_THEIRS, PAIR_STATUS, run, takeLeft, type Input } from './tables.ts';
import type { EdgeDifference } from './view.ts';

export interface MatchingDay {
  /** The business date on which the books are looked at. */
  asOf: string;
  /** Rows of this day and later may still find their counterpart beyond a cut-off or a holiday. */
  timingFrom: string;
}

/**
 * Compares the two books; the result is in `match_found`, every row of both in it exactly once.
 * @returns the difference of each acquirer's books, and what of it the result explains
 * @throws Error if a row of the books was used twice, or not at all
 */
export async function matchBooks(db: Kysely<Database>, day: MatchingDay): Promise<EdgeDifference[]> {
  // Every join here is an equality, and the planner knows little of tables that were made a moment ago: hash joins
  // are never bad, and a nested loop over two of them was quadratic.
  await run(
    db,
    `SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off; ANALYZE match_ours, match_theirs`,
  );
  let input: Input = { ours: 'match_ours', theirs: 'match_theirs' };
  for (const pass of await findPasses(db)) input = await passBy(db, pass, input);
  await setAside(db, input);
  input = await pairTakenBack(db, input);
  input = await pairByAmount(db, input, `(${OTHER_PROVIDER_ID} OR ${OTHER_REFERENCE})`);
  await nameLonely(db, input, day);
  const edges = await explainDifference(db);
  await run(db, 'SET LOCAL enable_nestloop = on; SET LOCAL enable_mergejoin = on');
  return edges;
}

/** A chargeback or a refund that came back is about a payment and is none itself: it uses up no row of ours. */
async function setAside(db: Kysely<Database>, { theirs }: Input): Promise<void> {
  await run(
    db,
    `INSERT INTO match_found SELECT ${LONELY_THEIRS('t.kind')} FROM ${theirs} t
     WHERE t.kind IN ('chargeback', 'refund_failed')`,
  );
}

/** Pairs by one key of each acquirer; what it leaves is the next pass's input. */
async function passBy(db: Kysely<Database>, pass: Pass, input: Input): Promise<Input> {
  await run(
    db,
    'TRUNCATE match_repeated, match_twice, match_left_ours, match_left_theirs; DROP TABLE IF EXISTS match_met',
  );
  // Keys that the statement carries more than once: each of ours meets one line at most.
  const keys = `SELECT ${pass.hash('t')} FROM ${input.theirs} t OFFSET 0`;
  await keepSeveral(db, 'match_repeated', keys);
  await meet(db, pass, { ...input, isRepeated: await hasRows(db, 'match_repeated') });
  // A line that met several of ours: they carry its key more than once.
  await keepSeveral(db, 'match_twice', `SELECT line_id FROM match_met`);
  // What is left was written down with the pairs, without a status, and is taken out again: it is little.
  await run(
    db,
    `WITH gone AS (
       DELETE FROM match_met WHERE status IS NULL OR line_id IN (SELECT n FROM match_twice) RETURNING ours_tid, theirs_tid
     ), ours AS (INSERT INTO match_left_ours SELECT ours_tid FROM gone WHERE ours_tid IS NOT NULL)
     INSERT INTO match_left_theirs SELECT theirs_tid FROM gone WHERE theirs_tid IS NOT NULL`,
  );
  // The first pass finds nearly everything: what was found before it joins it, instead of the other way round.
  await run(
    db,
    pass.name === 'strongest'
      ? `INSERT INTO match_met SELECT * FROM match_found; DROP TABLE match_found; ALTER TABLE match_met RENAME TO match_found`
      : 'INSERT INTO match_found SELECT * FROM match_met',
  );
  const left = await takeLeft(db, `after_${pass.name}`, input);
  await run(
    db,
    `INSERT INTO match_repeated SELECT ${pass.hash('t')} FROM ${left.theirs} t WHERE n IN (SELECT n FROM match_twice);
     ANALYZE match_repeated`,
  );
  if (await hasRows(db, 'match_repeated')) await settleRepeated(db, pass, left);
  return left;
}

/**
 * Fills a table with the numbers that come more than once. Sorted: of a million that are nearly all different, a hash
 * table takes twice as long, and of more it does not fit.
 */
async function keepSeveral(db: Kysely<Database>, table: string, numbers: string): Promise<void> {
  await run(
    db,
    `SET LOCAL enable_hashagg = off;
     INSERT INTO ${table} SELECT number FROM (${numbers}) AS each_ (number)
     WHERE number IS NOT NULL GROUP BY number HAVING count(*) > 1;
     SET LOCAL enable_hashagg = on;
     ANALYZE ${table}`,
  );
}

/**
 * Fills `match_met`: every row of both books, with the one that it meets if there is one. A row without the key, or a
 * line with one that the statement repeats, meets nobody: it goes through the join under a number of its own. As NULL,
 * all of them would be in one bucket, and it would be read for each. Whoever meets it by chance has another key.
 *
 * Of what meets nobody only its place is written: a line takes no more through the join than pairs are made of. A table
 * that its query makes is written in half the time of an INSERT.
 */
async function meet(
  db: Kysely<Database>,
  pass: Pass,
  { ours, theirs, isRepeated }: Input & { isRepeated: boolean },
): Promise<void> {
  const repeated = isRepeated ? 'hash IN (SELECT hash FROM match_repeated)' : 'false';
  const isPair = `o.acquirer = t.acquirer AND (${pass.same}) AND NOT ${pass.contradicted}`;
  // OFFSET 0: the numbers are computed once a row, not for each of their uses.
  await run(
    db,
    `CREATE TEMP TABLE match_met ON COMMIT DROP AS
     SELECT coalesce(o.counter, '') AS counter, coalesce(o.acquirer, '') AS acquirer, o.id, t.n AS line_id,
       CASE WHEN ${isPair} THEN ${PAIR_STATUS} END AS status, (${pass.by})::smallint AS matched_by,
       CASE WHEN o.unknown THEN 0 ELSE coalesce(o.yen, 0) END AS ours_yen, coalesce(t.yen, 0) AS theirs_yen, o.due,
       o.tid AS ours_tid, t.tid AS theirs_tid, NULL::date AS on_date
     FROM (
       SELECT o.*, o.ctid AS tid, coalesce(${pass.hash('o')}, hashint8extended(n, 1)) AS met FROM ${ours} o OFFSET 0
     ) o FULL JOIN (
       SELECT *, CASE WHEN hash IS NULL OR ${repeated} THEN hashint8extended(n, 2) ELSE hash END AS met
       FROM (SELECT t.*, t.ctid AS tid, ${pass.hash('t')} AS hash FROM ${theirs} t OFFSET 0) t OFFSET 0
     ) t ON o.met = t.met`,
  );
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
  const again = (side: 'o' | 't', key: string, last: string): string =>
    `${key} IS NOT NULL AND row_number() OVER (
       PARTITION BY ${side}.acquirer, ${key}, ${side}.kind, ${side}.yen
       ORDER BY ${side}.on_date, ${side}.at, ${side}.approval, ${last}) > 1`;
  const ours = STRONGEST('o.provider_id', 'NULL', SLIP_OF_DAY.ours);
  const theirs = STRONGEST('t.provider_id', REFERENCE.theirs, SLIP_OF_DAY.theirs);
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
