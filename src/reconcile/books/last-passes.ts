/** The passes without a key: what was taken back before it was sent, and amounts that are alone in their time. */
import type { Kysely } from 'kysely';
import type { Database } from '../../db/schema.ts';
import { LONELY_OURS, LONELY_THEIRS, PAIR_COLUMNS, run, takeLeft, type Input } from './tables.ts';

/** Both clocks may be off by this much; without clocks, a business day may. */
const IN_TIME = `coalesce(o.at - t.at BETWEEN interval '-10 minutes' AND interval '10 minutes', true)`;
/** A bucket with more possible pairs than this is ambiguous without being looked into. */
const MOST_PAIRS = 10_000;

/**
 * A sale that was voided before the acquirer's cut-off is in no statement, and its void neither: together they are
 * nothing, in both books. Not where the statement knows of such an amount going back, nor where a sale was voided twice.
 */
export async function pairTakenBack(db: Kysely<Database>, { ours, theirs }: Input): Promise<void> {
  await run(
    db,
    `CREATE TEMP TABLE match_taken_back ON COMMIT DROP AS
       SELECT s.n AS sale, min(v.n) AS void FROM ${ours} s
       JOIN ${ours} v ON v.of_id = s.id AND v.counter = s.counter AND v.yen = -s.yen
       WHERE NOT s.unknown AND NOT v.unknown AND NOT EXISTS (
         SELECT FROM ${theirs} t WHERE t.kind = 'refund' AND t.acquirer = s.acquirer AND t.yen = v.yen)
       GROUP BY s.n HAVING count(*) = 1;
     WITH o AS (
       DELETE FROM ${ours} WHERE n IN (SELECT sale FROM match_taken_back UNION ALL SELECT void FROM match_taken_back)
       RETURNING *)
     INSERT INTO match_found SELECT o.counter, o.acquirer, o.id, NULL, 'matched', 5, o.yen, 0, o.due FROM o`,
  );
}

/**
 * Amount, brand, terminal and time, only where each is the other's only candidate; every other candidate is ambiguous.
 * @param contradicted true where a stronger key forbids the pair
 */
export async function pairByAmount(db: Kysely<Database>, input: Input, contradicted: string): Promise<Input> {
  const forbidden = `(${contradicted} OR coalesce(o.slip <> t.slip, false) OR coalesce(o.approval <> t.approval, false))`;
  const isUncrowded = `(o.acquirer, o.brand, o.yen, o.on_date) NOT IN (SELECT acquirer, brand, yen, day FROM match_crowds)`;
  // Terminals that both sides name are part of the join: with few fees, a day has thousands of each amount.
  const candidates = (terminals: string): string => `
    SELECT o.n AS ours_n, t.n AS theirs_n FROM ${input.ours} o JOIN match_days t
      ON o.acquirer = t.acquirer AND o.brand = t.brand AND o.yen = t.yen AND o.on_date = t.day AND ${terminals}
    WHERE o.kind = t.kind AND NOT ${forbidden} AND ${IN_TIME}`;
  await run(
    db,
    `TRUNCATE match_left_ours, match_left_theirs;
     CREATE TEMP TABLE match_days ON COMMIT DROP AS
       SELECT t.*, t.on_date + around AS day FROM ${input.theirs} t CROSS JOIN (VALUES (-1), (0), (1)) AS d (around)
       WHERE t.brand IS NOT NULL;
     CREATE TEMP TABLE match_crowds ON COMMIT DROP AS
       SELECT acquirer, brand, yen, day FROM (
         SELECT acquirer, brand, yen, day, count(*) AS theirs FROM match_days
         WHERE terminal_id IS NULL AND at IS NULL GROUP BY 1, 2, 3, 4) t
       JOIN (SELECT acquirer, brand, yen, on_date AS day, count(*) AS ours FROM ${input.ours} GROUP BY 1, 2, 3, 4) o
         USING (acquirer, brand, yen, day)
       WHERE theirs * ours > ${MOST_PAIRS};
     ANALYZE match_days, match_crowds;
     CREATE TEMP TABLE match_candidates ON COMMIT DROP AS
       ${candidates('o.terminal_id = t.terminal_id')}
       UNION ALL ${candidates(`t.terminal_id IS NULL AND ${isUncrowded}`)}
       UNION ALL ${candidates(`t.terminal_id IS NOT NULL AND o.terminal_id IS NULL AND ${isUncrowded}`)};
     CREATE TEMP TABLE match_unique ON COMMIT DROP AS
       SELECT min(c.ours_n) AS ours_n, c.theirs_n FROM match_candidates c
       GROUP BY c.theirs_n HAVING count(*) = 1;
     DELETE FROM match_unique WHERE ours_n IN (
       SELECT ours_n FROM match_candidates GROUP BY ours_n HAVING count(*) > 1)`,
  );
  await run(
    db,
    `ANALYZE match_unique;
     INSERT INTO match_found SELECT ${PAIR_COLUMNS('4')}, NULL, NULL, o.on_date FROM match_unique u
       JOIN ${input.ours} o ON o.n = u.ours_n JOIN ${input.theirs} t ON t.n = u.theirs_n;
     CREATE TEMP TABLE match_unsure_ours ON COMMIT DROP AS
       SELECT ours_n AS n FROM match_candidates UNION
       SELECT o.n FROM ${input.ours} o JOIN match_crowds c
         ON (c.acquirer, c.brand, c.yen, c.day) = (o.acquirer, o.brand, o.yen, o.on_date)
       EXCEPT SELECT ours_n FROM match_unique;
     CREATE TEMP TABLE match_unsure_theirs ON COMMIT DROP AS
       SELECT theirs_n AS n FROM match_candidates UNION
       SELECT t.n FROM match_days t JOIN match_crowds USING (acquirer, brand, yen, day)
       WHERE t.terminal_id IS NULL AND t.at IS NULL
       EXCEPT SELECT theirs_n FROM match_unique;
     INSERT INTO match_found SELECT ${LONELY_OURS(`'ambiguous'`)} FROM ${input.ours} o
       WHERE n IN (SELECT n FROM match_unsure_ours);
     INSERT INTO match_found SELECT ${LONELY_THEIRS(`'ambiguous'`)} FROM ${input.theirs} t
       WHERE n IN (SELECT n FROM match_unsure_theirs);
     INSERT INTO match_left_ours SELECT ctid FROM ${input.ours} WHERE n NOT IN (
       SELECT n FROM match_unsure_ours UNION ALL SELECT ours_n FROM match_unique);
     INSERT INTO match_left_theirs SELECT ctid FROM ${input.theirs} WHERE n NOT IN (
       SELECT n FROM match_unsure_theirs UNION ALL SELECT theirs_n FROM match_unique)`,
  );
  return takeLeft(db, 'after_amount', input);
}
