/** Keys that a book carries more than once: what is the same again, what differs, and what nobody can tell. */
import type { Kysely } from 'kysely';
import type { Database } from '../../db/schema.ts';
import type { Pass } from './keys.ts';
import { LONELY_OURS, LONELY_THEIRS, PAIR_COLUMNS, run, type Input } from './tables.ts';

/** What has to be equal beside the key, for one of several to be meant. */
const NARROWER = [['kind', 'yen', 'on_date'], ['kind', 'yen'], ['kind']] as const;

/**
 * Rows of a repeated key are paired where day, amount and kind, or fewer of them, single out one on each side; then
 * where one side has only one. Of what is left, a row whose kind has been paired is there a second time; where both
 * sides still have several, they are ambiguous; else they go on to the next pass.
 */
export async function settleRepeated(db: Kysely<Database>, pass: Pass, left: Input): Promise<void> {
  const isRepeated = (side: 'o' | 't'): string => `${pass.hash(side)} IN (SELECT hash FROM match_repeated)`;
  await run(
    db,
    `DROP TABLE IF EXISTS match_many_ours, match_many_theirs, match_many_pairs;
     CREATE TEMP TABLE match_many_ours ON COMMIT DROP AS
       SELECT o.*, o.ctid AS tid, o.acquirer || ' ' || (${pass.ours}) AS k FROM ${left.ours} o WHERE ${isRepeated('o')};
     CREATE TEMP TABLE match_many_theirs ON COMMIT DROP AS
       SELECT t.*, t.ctid AS tid, t.acquirer || ' ' || (${pass.theirs}) AS k FROM ${left.theirs} t WHERE ${isRepeated('t')};
     TRUNCATE match_left_ours, match_left_theirs;
     CREATE TEMP TABLE match_many_pairs (k text, kind_ours text, kind_theirs text, ours_n bigint, theirs_n bigint)
       ON COMMIT DROP;
     ANALYZE match_many_ours, match_many_theirs`,
  );
  for (const columns of NARROWER) {
    const same = ['k', ...columns].join(', ');
    const lonely = (side: string): string =>
      `(SELECT ${same}, min(n) AS n FROM match_many_${side} GROUP BY ${same} HAVING count(*) = 1)`;
    await takePairs(
      db,
      `SELECT o.k, o.kind, t.kind, o.n, t.n
       FROM ${lonely('ours')} a JOIN ${lonely('theirs')} b USING (${same})
       JOIN match_many_ours o ON o.n = a.n JOIN match_many_theirs t ON t.n = b.n
       WHERE NOT ${pass.contradicted}`,
      pass.by,
    );
  }
  await takePairs(db, oneAgainstSeveral(pass), pass.by);
  await nameTheRest(db);
  await run(
    db,
    `DELETE FROM ${left.ours} o WHERE ${isRepeated('o')} AND ctid NOT IN (SELECT tid FROM match_left_ours);
     DELETE FROM ${left.theirs} t WHERE ${isRepeated('t')} AND ctid NOT IN (SELECT tid FROM match_left_theirs)`,
  );
}

/** The only one of its side goes to the one that fits best; equal ones are told apart by nothing that matters. */
function oneAgainstSeveral(pass: Pass): string {
  return `
    SELECT DISTINCT ON (o.k) o.k, o.kind, t.kind, o.n, t.n
    FROM match_many_ours o JOIN match_many_theirs t USING (k)
    JOIN (SELECT k, count(*) AS many FROM match_many_ours GROUP BY k) co USING (k)
    JOIN (SELECT k, count(*) AS many FROM match_many_theirs GROUP BY k) ct USING (k)
    WHERE least(co.many, ct.many) = 1 AND NOT ${pass.contradicted}
    ORDER BY o.k, o.kind = t.kind DESC, o.yen = t.yen DESC, o.unknown, abs(o.on_date - t.on_date),
      o.on_date, t.on_date, o.at, t.at, o.approval, t.approval, o.id, t.n`;
}

async function takePairs(db: Kysely<Database>, pairs: string, by: string): Promise<void> {
  await run(
    db,
    `WITH pairs (k, kind_ours, kind_theirs, ours_n, theirs_n) AS MATERIALIZED (${pairs}), noted AS (
       INSERT INTO match_many_pairs SELECT * FROM pairs
     ), ours_gone AS (DELETE FROM match_many_ours o USING pairs p WHERE o.n = p.ours_n RETURNING o.*
     ), theirs_gone AS (DELETE FROM match_many_theirs t USING pairs p WHERE t.n = p.theirs_n RETURNING t.*)
     INSERT INTO match_found SELECT ${PAIR_COLUMNS(by)}
     FROM pairs p JOIN ours_gone o ON o.n = p.ours_n JOIN theirs_gone t ON t.n = p.theirs_n`,
  );
}

async function nameTheRest(db: Kysely<Database>): Promise<void> {
  const statusOf = (side: 'ours' | 'theirs', again: string): string => `CASE
    WHEN several.k IS NOT NULL THEN 'ambiguous'
    WHEN EXISTS (SELECT FROM match_many_pairs p WHERE p.k = x.k AND p.kind_${side} = x.kind) THEN '${again}' END`;
  const named = (side: 'ours' | 'theirs', again: string): string => `
    SELECT x.*, ${statusOf(side, again)} AS status FROM match_many_${side} x
    LEFT JOIN (
      SELECT k FROM (SELECT k, count(*) AS many FROM match_many_ours GROUP BY k) a
      JOIN (SELECT k, count(*) AS many FROM match_many_theirs GROUP BY k) b USING (k)
      WHERE a.many > 1 AND b.many > 1
    ) several ON several.k = x.k`;
  await run(
    db,
    `WITH o AS MATERIALIZED (${named('ours', 'duplicate_in_ledger')}), gone AS (
       INSERT INTO match_found SELECT ${LONELY_OURS('o.status')} FROM o WHERE o.status IS NOT NULL)
     INSERT INTO match_left_ours SELECT tid FROM o WHERE status IS NULL;
     WITH t AS MATERIALIZED (${named('theirs', 'duplicate_at_provider')}), gone AS (
       INSERT INTO match_found SELECT ${LONELY_THEIRS('t.status')} FROM t WHERE t.status IS NOT NULL)
     INSERT INTO match_left_theirs SELECT tid FROM t WHERE status IS NULL`,
  );
}
