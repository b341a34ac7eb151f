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
  await addUpStatements(db);
  let input: Input = { ours: 'match_ours', theirs: 'match_theirs' };
  for (const pass of await findPasses(db)) input = await passBy(db, pass, input);
  await setAside(db, input);
  await pairTakenBack(db, input);
  input = await pairByAmount(db, input, `(${OTHER_PROVIDER_ID} OR ${OTHER_REFERENCE})`);
  await nameLonely(db, input, day);
  const edges = await explainDifference(db);
  await run(db, 'SET LOCAL enable_nestloop = on; SET LOCAL enable_mergejoin = on');
  return edges;
}

/** What each acquirer's lines are together, and which keys any of them carries: read at once, as the books are large. */
async function addUpStatements(db: Kysely<Database>): Promise<void> {
  await run(
    db,
    `CREATE TEMP TABLE match_statements ON COMMIT DROP AS
     SELECT acquirer, sum(yen) AS yen, count(*) AS many, sum(hashint8extended(n, 0)) AS hashes,
       ARRAY[count(provider_id) > 0, count(reference) > 0, count(terminal_id || slip) > 0] AS carried
     FROM match_theirs GROUP BY acquirer`,
  );
}

/** A chargeback or a refund that came back is about a payment and is none itself: it uses up no row of ours. */
async function setAside(db: Kysely<Database>, { theirs }: Input): Promise<void> {
  await run(
    db,
    `WITH t AS (DELETE FROM ${theirs} WHERE kind IN ('chargeback', 'refund_failed') RETURNING *)
     INSERT INTO match_found SELECT ${LONELY_THEIRS('t.kind')} FROM t`,
  );
}

/** Pairs by one key of each acquirer; what it leaves is the next pass's input. */
async function passBy(db: Kysely<Database>, pass: Pass, input: Input): Promise<Input> {
  await run(
    db,
    'TRUNCATE match_repeated, match_left_ours, match_left_theirs; DROP TABLE IF EXISTS match_met',
  );
  // Where keys are none, each of ours meets one line at most: what the statement repeats is known before.
  if (
    (await isOftenRepeated(db, pass, 'o', input.ours)) ||
    (await isOftenRepeated(db, pass, 't', input.theirs))
  )
    await keepSeveral(db, `SELECT ${pass.hash('t')} FROM ${input.theirs} t OFFSET 0`);
  await meet(db, pass, { ...input, isRepeated: await hasRows(db, 'match_repeated') });
  // Else several rows of a key, on either side, have met under it.
  await keepSeveral(
    db,
    'SELECT met FROM match_met WHERE ours_tid IS NOT NULL AND theirs_tid IS NOT NULL OFFSET 0',
  );
  // What is left was written down with the pairs, without a status, and is taken out again: it is little.
  await run(
    db,
    `WITH gone AS (
       DELETE FROM match_met WHERE status IS NULL OR met IN (SELECT hash FROM match_repeated)
       RETURNING ours_tid, theirs_tid
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
  if (await hasRows(db, 'match_repeated')) await settleRepeated(db, pass, left);
  return left;
}

/** Of a book of n rows, so many times the root of n are looked at. */
const SAMPLE = 30;
/**
 * The sample with itself, joined by a key that several rows of it share. Below it in both books, their join has at most
 * some five rows for each that there is, whatever the keys are: by the inequality of Cauchy and Schwarz.
 */
const MOST_PAIRS = 4_000;

/** Whether so many rows of a book share their keys that a join of both could be without end. */
async function isOftenRepeated(
  db: Kysely<Database>,
  pass: Pass,
  side: 'o' | 't',
  book: string,
): Promise<boolean> {
  const { rows } = await sql<{ rows: number }>`
    SELECT greatest(reltuples, 1) AS rows FROM pg_class WHERE oid = ${book}::regclass`.execute(db);
  const percent = Math.min(100, (100 * SAMPLE) / Math.sqrt(rows[0]?.rows ?? 1));
  const { rows: sampled } = await sql<{ often: boolean }>`
    SELECT coalesce(sum(many * many), 0) > ${MOST_PAIRS} AS often FROM (
      SELECT count(*) AS many FROM (
        SELECT ${sql.raw(pass.hash(side))} AS number
        FROM ${sql.raw(`${book} ${side}`)} TABLESAMPLE SYSTEM (${percent}) REPEATABLE (0) OFFSET 0) each_
      WHERE number IS NOT NULL GROUP BY number HAVING count(*) > 1) several`.execute(db);
  return sampled[0]?.often === true;
}

/**
 * Adds the numbers that come more than once to `match_repeated`. Sorted: of a million that are nearly all different, a
 * hash table takes twice as long, and of more it does not fit.
 */
async function keepSeveral(db: Kysely<Database>, numbers: string): Promise<void> {
  await run(
    db,
    `SET LOCAL enable_hashagg = off;
     INSERT INTO match_repeated SELECT number FROM (${numbers}) AS each_ (number)
     WHERE number IS NOT NULL GROUP BY number HAVING count(*) > 1;
     SET LOCAL enable_hashagg = on;
     ANALYZE match_repeated`,
  );
}

/**
 * Fills `match_met`: every row of both books, with those that it meets if there are any. A row without the key, or a
 * line with one of `match_repeated`, meets nobody: it goes through the join under a number of its own. As NULL, all of
 * them would be in one bucket, and it would be read for each. Whoever meets it by chance has another key.
 *
 * Of what meets nobody only its place is written: a line takes no more through the join than pairs are made of. A table
 * that its query makes is written in half the time of an INSERT.
 */
async function meet(
  db: Kysely<Database>,
  pass: Pass,
  { ours, theirs, isRepeated }: Input & { isRepeated: boolean },
): Promise<void> {
  // OFFSET 0: the numbers are computed once a row, not for each of their uses.
  const numbered = (side: 'o' | 't', book: string): string =>
    `(SELECT ${side}.*, ${side}.ctid AS tid,
        coalesce(${pass.hash(side)}, hashint8extended(n, ${side === 'o' ? 1 : 2})) AS met FROM ${book} ${side} OFFSET 0)`;
  const itsMet = isRepeated
    ? 'CASE WHEN t.met IN (SELECT hash FROM match_repeated) THEN hashint8extended(t.n, 2) ELSE t.met END'
    : 't.met';
  const isPair = `o.acquirer = t.acquirer AND (${pass.same}) AND NOT ${pass.contradicted}`;
  await run(
    db,
    `CREATE TEMP TABLE match_met ON COMMIT DROP AS
     SELECT coalesce(o.counter, '') AS counter, coalesce(o.acquirer, '') AS acquirer, o.id, t.n AS line_id,
       CASE WHEN ${isPair} THEN ${PAIR_STATUS} END AS status, (${pass.by})::smallint AS matched_by,
       CASE WHEN o.unknown THEN 0 ELSE coalesce(o.yen, 0) END AS ours_yen, coalesce(t.yen, 0) AS theirs_yen, o.due,
       o.tid AS ours_tid, t.tid AS theirs_tid, NULL::date AS on_date, o.met
     FROM ${numbered('o', ours)} o FULL JOIN ${numbered('t', theirs)} t ON o.met = ${itsMet}`,
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
