/** The two books and what is found, as temporary tables of one transaction, and the SQL that all passes share. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../db/schema.ts';

/** What is compared, filled by `run.ts`: `n` is any number that is the row's own. */
const BOOKS = `
CREATE TEMP TABLE match_ours (
  n bigint NOT NULL, counter text NOT NULL, id text NOT NULL, of_id text, acquirer text NOT NULL,
  kind text NOT NULL, yen integer NOT NULL, unknown boolean NOT NULL, on_date date NOT NULL, at timestamptz,
  brand text, terminal_id text, slip text, approval text, provider_id text, due date
) ON COMMIT DROP;
CREATE TEMP TABLE match_theirs (
  n bigint NOT NULL, counter text NOT NULL, acquirer text NOT NULL, kind text NOT NULL, yen integer NOT NULL,
  on_date date NOT NULL, at timestamptz, brand text, terminal_id text, slip text, approval text, provider_id text,
  reference text
) ON COMMIT DROP;
CREATE TEMP TABLE match_covered (acquirer text NOT NULL, until date NOT NULL) ON COMMIT DROP;
CREATE TEMP TABLE match_found (
  counter text NOT NULL, acquirer text NOT NULL, id text, line_id bigint, status text, matched_by smallint,
  ours_yen integer NOT NULL, theirs_yen integer NOT NULL, due date, ours_tid tid, theirs_tid tid, on_date date,
  met bigint
) ON COMMIT DROP;
CREATE TEMP TABLE match_repeated (hash bigint NOT NULL) ON COMMIT DROP;
CREATE TEMP TABLE match_left_ours (tid tid NOT NULL) ON COMMIT DROP;
CREATE TEMP TABLE match_left_theirs (tid tid NOT NULL) ON COMMIT DROP;
`;

/** What a pair is, by what its rows say. Dates are no difference: a provider's day ends when it likes. */
export const PAIR_STATUS = `CASE
  WHEN o.kind <> t.kind THEN 'kind_differs'
  WHEN abs(t.yen) > abs(o.yen) THEN 'amount_over'
  WHEN abs(t.yen) < abs(o.yen) THEN 'amount_under'
  WHEN o.unknown THEN 'unknown_resolved'
  WHEN o.brand <> t.brand OR o.terminal_id <> t.terminal_id OR o.slip <> t.slip OR o.approval <> t.approval
    THEN 'data_differs'
  ELSE 'matched' END`;

/** The columns of `match_found`, for a pair. */
export const PAIR_COLUMNS = (by: string): string =>
  `o.counter, o.acquirer, o.id, t.n AS line_id, ${PAIR_STATUS} AS status, (${by})::smallint AS matched_by,
   CASE WHEN o.unknown THEN 0 ELSE o.yen END AS ours_yen, t.yen AS theirs_yen, o.due`;

/** The columns of `match_found`, for a row of ours without a counterpart. @param status an SQL expression */
export const LONELY_OURS = (status: string): string =>
  `o.counter, o.acquirer, o.id, NULL::bigint, ${status}, NULL::smallint,
   CASE WHEN o.unknown THEN 0 ELSE o.yen END, 0, o.due`;

/** The columns of `match_found`, for a line of theirs without one. @param status an SQL expression */
export const LONELY_THEIRS = (status: string): string =>
  `t.counter, t.acquirer, NULL::text, t.n, ${status}, NULL::smallint, 0, t.yen, NULL::date`;

export interface Input {
  ours: string;
  theirs: string;
}

/** A text as an SQL literal. */
export const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export const run = async (db: Kysely<Database>, statements: string): Promise<void> => {
  await sql.raw(statements).execute(db);
};

/** The empty books, until the transaction ends. */
export async function createBooks(db: Kysely<Database>): Promise<void> {
  // Hash tables of a million rows fit, and so does what the results' trigger looks at; beyond it PostgreSQL goes to disk
  // by itself.
  await run(
    db,
    `SET LOCAL work_mem = '256MB'; SET LOCAL jit = off; SET LOCAL hash_mem_multiplier = 1;
     SET LOCAL default_statistics_target = 10; ${BOOKS}`,
  );
}

/**
 * Work on a few rows of large books: each looks its counterpart up. The planner would rather read a whole book than look
 * some hundredth of it up, and a night would cost what there is instead of what is new.
 */
export async function byIndex<Result>(db: Kysely<Database>, work: () => Promise<Result>): Promise<Result> {
  const allow = (how: 'on' | 'off'): Promise<void> =>
    run(
      db,
      `SET LOCAL enable_seqscan = ${how}; SET LOCAL enable_hashjoin = ${how}; SET LOCAL enable_mergejoin = ${how}`,
    );
  await allow('off');
  const result = await work();
  await allow('on');
  return result;
}

/** Joins of tables that were made a moment ago, of which the planner knows little: a nested loop over two is quadratic. */
export async function byHash<Result>(db: Kysely<Database>, work: () => Promise<Result>): Promise<Result> {
  const allow = (how: 'on' | 'off'): Promise<void> =>
    run(db, `SET LOCAL enable_nestloop = ${how}; SET LOCAL enable_mergejoin = ${how}`);
  await allow('off');
  const result = await work();
  await allow('on');
  return result;
}

export async function hasRows(db: Kysely<Database>, table: string): Promise<boolean> {
  const { rows } = await sql<{
    some: boolean;
  }>`SELECT EXISTS (SELECT FROM ${sql.table(table)}) AS some`.execute(db);
  return rows[0]?.some === true;
}

/** The rows of the input of which the two tables of what is left say where they lie: no row of it ever moves. */
export async function takeLeft(db: Kysely<Database>, name: string, input: Input): Promise<Input> {
  const [ours, theirs] = [`match_ours_${name}`, `match_theirs_${name}`];
  const left = (side: 'ours' | 'theirs'): string =>
    `SELECT * FROM ${input[side]} WHERE ctid = ANY (ARRAY(SELECT tid FROM match_left_${side}))`;
  await run(
    db,
    `CREATE TEMP TABLE ${ours} ON COMMIT DROP AS ${left('ours')};
     CREATE TEMP TABLE ${theirs} ON COMMIT DROP AS ${left('theirs')};
     ANALYZE ${ours}, ${theirs}`,
  );
  return { ours, theirs };
}
