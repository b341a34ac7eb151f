/**
 * Which rows have to be compared again: what is new or changed, what is still alone, what two people paired or took
 * apart, pairs without a key that something new may undo, and everything that shares a key or a pair with one of those.
 * The rest stays as it is: no row of it can find another partner than it has. A row is looked up once, with all that is
 * compared of it, and a night costs what it finds, however large the books are.
 */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../db/schema.ts';
import { ITS_ACQUIRER } from './brands.ts';
import { DOUBT_SETTLED, SETTLED } from './settled.ts';
import { byHash, byIndex, run } from './tables.ts';

/** As the last run left it; null: there was none, or what is declared has changed since, and everything is looked at. */
export interface Since {
  seenLine: number;
  at: string;
}

/** Transactions that began before a run and ended after it are looked at once more: it changes nothing. */
const OVERLAP = `interval '10 minutes'`;
/** Each round reaches one step further; real books end after two or three. */
const MOST_ROUNDS = 100;

const columns = (of: string, names: string): string =>
  names
    .split(' ')
    .map((name) => `${of}.${name}`)
    .join(', ');
/** What is compared of a payment `p` whose acquirer is `b`, and of a line `l`. A terminal's own trace number is no key. */
const PAYMENT = `${columns(
  'p',
  'counter operation_id of_operation_id kind signed_yen state business_date armed_at brand method terminal_id slip approval_code',
)}, b.acquirer, b.declared_for, CASE WHEN b.in_trace THEN p.trace_number END AS provider_id`;
const LINE = columns(
  'l',
  'line_id counter acquirer kind yen on_date at brand terminal_id slip approval provider_id reference',
);
const IS_COMPARED = `l.book = 'provider' AND l.kind IN ('sale', 'refund', 'chargeback', 'refund_failed')`;

/**
 * Both books as they are compared, for a FROM: payments `p` with their acquirer, and lines `l`, of the scope or all there
 * are; and the payments that have the days of ours. @param municipality as an SQL literal
 */
export const comparedRows = (
  municipality: string,
  since: Since | null,
): { ours: string; theirs: string; days: string } =>
  since === null
    ? {
        ours: `(SELECT ${PAYMENT} FROM payments p JOIN ${ITS_ACQUIRER} WHERE municipality = ${municipality}) p`,
        theirs: `(SELECT * FROM statement_lines l WHERE municipality = ${municipality} AND ${IS_COMPARED}) l`,
        days: `(SELECT business_date FROM payments WHERE municipality = ${municipality}) p`,
      }
    : {
        ours: '(SELECT * FROM match_scope_ours WHERE acquirer IS NOT NULL) p',
        theirs: 'match_scope_theirs l',
        days: 'match_scope_ours p',
      };

const AFTER = ({ at }: Since): string => `> timestamptz '${at}' - ${OVERLAP}`;

/** Whether a payment may be other than the last run saw it. */
export const IS_CHANGED = (since: Since | null): string =>
  since === null ? 'true' : `projected_at ${AFTER(since)}`;

/**
 * Alone, and may be called otherwise by the time, or by a row that shares no key with it. Whatever else a row is called
 * it stays until something touches it.
 */
const IS_ALONE = `status IN
  ('missing_at_provider', 'missing_in_ledger', 'timing', 'awaited', 'ambiguous', 'unknown_open')`;

/** Fills `match_scope_ours` and `match_scope_theirs`. @param municipality as an SQL literal */
export async function findScope(db: Kysely<Database>, municipality: string, since: Since): Promise<void> {
  await run(db, SCOPE);
  await byIndex(db, () => findNew(db, municipality, since));
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    await byHash(db, () =>
      run(db, round === 1 ? `INSERT INTO match_settled ${SETTLED}` : DOUBT_SETTLED(round)),
    );
    if ((await reachFurther(db, municipality, round)) === 0) {
      await run(db, 'ANALYZE match_before');
      return;
    }
  }
  throw new Error(`the rows that touch each other have no end after ${MOST_ROUNDS} rounds`);
}

/**
 * `round`: the step that reached it. `match_settled`: pairs that are certain by a key, the strongest (1) to the weakest
 * (3). `match_keys`: the keys of what one step has reached, each once. `match_amounts`: what has come or was let go, and
 * may be a candidate without a key. `match_before`: what the books have said so far of the rows that are compared, of
 * lines that are new nothing.
 */
const SCOPE = `
CREATE TEMP TABLE match_scope_ours ON COMMIT DROP AS
  SELECT ${PAYMENT}, 0 AS round FROM payments p LEFT JOIN ${ITS_ACQUIRER} WITH NO DATA;
CREATE TEMP TABLE match_scope_theirs ON COMMIT DROP AS SELECT ${LINE}, 0 AS round FROM statement_lines l WITH NO DATA;
ALTER TABLE match_scope_ours ADD PRIMARY KEY (counter, operation_id), ADD n integer GENERATED ALWAYS AS IDENTITY;
ALTER TABLE match_scope_theirs ADD PRIMARY KEY (line_id);
CREATE TEMP TABLE match_settled (n integer, line_id bigint, level integer) ON COMMIT DROP;
CREATE TEMP TABLE match_amounts (acquirer text, yen bigint, on_date date, is_line boolean) ON COMMIT DROP;
CREATE TEMP TABLE match_before ON COMMIT DROP AS SELECT c.*, 0 AS round FROM current_matches c WITH NO DATA;
CREATE TEMP TABLE match_keys (name text NOT NULL, key text NOT NULL, terminal_id text, on_date date) ON COMMIT DROP`;

/** From what was reached to the book. OFFSET 0: never the other way round, however the planner counts. */
const lookUp = (rows: string, as: string, table: string, municipality: string, where: string): string =>
  `${rows} CROSS JOIN LATERAL (SELECT * FROM ${table} WHERE municipality = ${municipality} AND ${where} OFFSET 0) ${as}`;
const lookUpPayments = (rows: string, municipality: string, where: string): string =>
  `SELECT ${PAYMENT} FROM ${lookUp(rows, 'p', 'payments p', municipality, where)} LEFT JOIN ${ITS_ACQUIRER}`;
const lookUpLines = (rows: string, municipality: string, where: string): string =>
  `SELECT ${LINE} FROM ${lookUp(rows, 'l', 'statement_lines l', municipality, `${IS_COMPARED} AND ${where}`)}`;
const SAID_OF_OURS = (municipality: string, rows: string): string =>
  `SELECT c.* FROM ${lookUp(`${rows} s`, 'c', 'current_matches', municipality, '(counter, operation_id) = (s.counter, s.operation_id)')}`;
const SAID_OF_THEIRS = (municipality: string, rows: string): string =>
  `SELECT c.* FROM ${lookUp(`${rows} s`, 'c', 'current_matches', municipality, 'line_id = s.line_id')}`;
const IS_ITS = '(p.counter, p.operation_id) =';

/** What is new or changed, what is alone, what two people paired or took apart, and pairs that what is new may undo. */
async function findNew(db: Kysely<Database>, municipality: string, since: Since): Promise<void> {
  const paired = `(SELECT * FROM manual_pairs WHERE municipality = ${municipality} AND at ${AFTER(since)})`;
  await run(
    db,
    `INSERT INTO match_scope_ours
       SELECT ${PAYMENT}, 0 FROM payments p LEFT JOIN ${ITS_ACQUIRER}
       WHERE municipality = ${municipality} AND ${IS_CHANGED(since)};
     INSERT INTO match_scope_theirs
       SELECT ${LINE}, 0 FROM statement_lines l
         WHERE municipality = ${municipality} AND ${IS_COMPARED} AND line_id > ${String(since.seenLine)};
     INSERT INTO match_amounts
       SELECT acquirer, signed_yen, business_date, false FROM match_scope_ours
       UNION SELECT acquirer, yen, on_date, true FROM match_scope_theirs;
     INSERT INTO match_before SELECT *, 0 FROM (
       ${SAID_OF_OURS(municipality, '(SELECT counter, operation_id FROM match_scope_ours ORDER BY operation_id)')}
       UNION ALL SELECT * FROM current_matches WHERE municipality = ${municipality} AND ${IS_ALONE}
       UNION ALL ${WITHOUT_KEY(municipality)}
       UNION ALL ${SAID_OF_OURS(municipality, paired)}
       UNION ALL ${SAID_OF_THEIRS(municipality, paired)}) c;
     INSERT INTO match_scope_ours
       SELECT *, 0 FROM (${lookUpPayments('match_before s', municipality, `${IS_ITS} (s.counter, s.operation_id)`)}) x
     ON CONFLICT DO NOTHING;
     INSERT INTO match_scope_theirs
       SELECT *, 0 FROM (${lookUpLines('match_before s', municipality, 'l.line_id = s.line_id')}) x
     ON CONFLICT DO NOTHING`,
  );
}

/**
 * Pairs that no key made, beside a row of the same amount and acquirer that has come or was let go: two that were each
 * other's only candidates may be so no more (each row of a pair is a day from the other at most), and a void that no
 * statement knew of may be on one now.
 */
const WITHOUT_KEY = (municipality: string): string => `
  SELECT c.* FROM ${lookUp(
    '(SELECT DISTINCT acquirer, yen, on_date FROM match_amounts) n',
    ...(['c', 'current_matches', municipality] as const),
    `acquirer = n.acquirer AND matched_by = 4 AND theirs_yen = n.yen AND on_date BETWEEN n.on_date - 2 AND n.on_date + 2`,
  )}
  UNION ALL
  SELECT c.* FROM ${lookUp(
    '(SELECT DISTINCT acquirer, yen FROM match_amounts WHERE is_line AND yen < 0) n',
    ...(['c', 'current_matches', municipality] as const),
    `acquirer = n.acquirer AND matched_by = 5 AND ours_yen = n.yen`,
  )}`;

/** Refunds that only their amount paired: while such a line is about, no void of its amount was taken back before it was sent. */
const GIVEN_BACK = (municipality: string, ours: string): string => `
  SELECT c.* FROM ${lookUp(
    `(SELECT DISTINCT acquirer, signed_yen FROM ${ours} p WHERE kind <> 'sale') n`,
    ...(['c', 'current_matches', municipality] as const),
    `acquirer = n.acquirer AND matched_by = 4 AND theirs_yen = n.signed_yen`,
  )}`;

/** One step from the rows that the step before has reached: partners, payments of the same sale, and rows with the same key. */
async function reachFurther(db: Kysely<Database>, municipality: string, round: number): Promise<number> {
  const before = (side: 'ours' | 'theirs'): string =>
    `(SELECT * FROM match_scope_${side} WHERE round = ${round - 1})`;
  // Of what the first step begins with, its own partners are known.
  if (round > 1)
    await byIndex(db, () =>
      run(
        db,
        `INSERT INTO match_before SELECT *, ${round} FROM (
           ${SAID_OF_OURS(municipality, before('ours'))} UNION ALL ${SAID_OF_THEIRS(municipality, before('theirs'))}) c`,
      ),
    );
  await byHash(db, () => run(db, `${LET_GO(round - 1)}; ${KEYS_OF(round - 1)}`));
  return byIndex(db, async () => {
    await run(
      db,
      `INSERT INTO match_before SELECT *, ${round} FROM (
         ${WITHOUT_KEY(municipality)} UNION ALL ${GIVEN_BACK(municipality, before('ours'))}) c`,
    );
    const said = `(SELECT * FROM match_before WHERE round = ${round}) c`;
    const keys = (name: string): string => `(SELECT * FROM match_keys WHERE name = '${name}') k`;
    // By an id alone `payments` has no index; what is not new is among the results.
    const referred = `(SELECT r.counter, r.operation_id FROM ${lookUp(keys('reference'), 'r', 'match_results', municipality, 'operation_id = k.key')}) k`;
    const open = `(SELECT * FROM match_scope_ours WHERE round = ${round - 1} AND n NOT IN (SELECT n FROM match_settled)) s`;
    const theirs = await sql`INSERT INTO match_scope_theirs SELECT *, ${sql.lit(round)} FROM (${sql.raw(
      [
        lookUpLines(said, municipality, 'l.line_id = c.line_id'),
        lookUpLines(keys('provider_id'), municipality, 'l.provider_id = k.key'),
        lookUpLines(keys('reference'), municipality, 'l.reference = k.key'),
        lookUpLines(keys('id'), municipality, 'l.reference = k.key'),
        lookUpLines(
          keys('slip'),
          municipality,
          '(l.terminal_id, l.slip, l.on_date) = (k.terminal_id, k.key, k.on_date)',
        ),
      ].join('\n    UNION ALL '),
    )}) x WHERE line_id NOT IN (SELECT line_id FROM match_scope_theirs) ON CONFLICT DO NOTHING`.execute(db);
    const ours = await sql`INSERT INTO match_scope_ours SELECT *, ${sql.lit(round)} FROM (${sql.raw(
      [
        lookUpPayments(said, municipality, `${IS_ITS} (c.counter, c.operation_id)`),
        lookUpPayments(open, municipality, `${IS_ITS} (s.counter, s.of_operation_id)`),
        lookUpPayments(
          open,
          municipality,
          `p.kind <> 'sale' AND (p.counter, p.of_operation_id) = (s.counter, s.operation_id)`,
        ),
        lookUpPayments(keys('provider_id'), municipality, 'p.trace_number = k.key'),
        lookUpPayments(referred, municipality, `${IS_ITS} (k.counter, k.operation_id)`),
        lookUpPayments(
          keys('slip'),
          municipality,
          '(p.terminal_id, p.slip, p.business_date) = (k.terminal_id, k.key, k.on_date)',
        ),
      ].join('\n    UNION ALL '),
    )}) x WHERE (counter, operation_id) NOT IN (SELECT counter, operation_id FROM match_scope_ours)
      ON CONFLICT DO NOTHING`.execute(db);
    return Number(theirs.numAffectedRows ?? 0) + Number(ours.numAffectedRows ?? 0);
  });
}

/** What a key had paired, or set aside, and may be a candidate without one now. */
const LET_GO = (round: number): string => {
  const said = `SELECT * FROM match_before WHERE NOT ${IS_ALONE} AND matched_by IS DISTINCT FROM 4`;
  return `
  TRUNCATE match_amounts;
  INSERT INTO match_amounts
    SELECT acquirer, signed_yen, business_date, false FROM match_scope_ours o WHERE round = ${round}
      AND EXISTS (SELECT FROM (${said}) b WHERE (b.counter, b.operation_id) = (o.counter, o.operation_id))
    UNION ALL SELECT acquirer, yen, on_date, true FROM match_scope_theirs t WHERE round = ${round}
      AND EXISTS (SELECT FROM (${said}) b WHERE b.line_id = t.line_id)`;
};

/** The keys of the rows that the step before has reached: all, or those that are as strong as the one that settles it. */
const KEYS_OF = (round: number): string => {
  const ours = `(SELECT * FROM match_scope_ours LEFT JOIN match_settled USING (n) WHERE round = ${round}) o`;
  const theirs = `(SELECT * FROM match_scope_theirs LEFT JOIN match_settled USING (line_id) WHERE round = ${round}) t`;
  return `
  TRUNCATE match_keys;
  INSERT INTO match_keys SELECT DISTINCT 'provider_id', provider_id FROM (
    SELECT provider_id FROM ${ours} UNION ALL SELECT provider_id FROM ${theirs}) x
    WHERE provider_id IS NOT NULL ORDER BY provider_id;
  INSERT INTO match_keys SELECT DISTINCT 'reference', reference FROM ${theirs}
    WHERE reference IS NOT NULL AND coalesce(level > 1, true) ORDER BY reference;
  INSERT INTO match_keys SELECT 'id', operation_id FROM ${ours} WHERE coalesce(level > 2, true) ORDER BY operation_id;
  INSERT INTO match_keys SELECT DISTINCT 'slip', slip, terminal_id, on_date FROM (
    SELECT terminal_id, slip, business_date AS on_date, level FROM ${ours}
    UNION ALL SELECT terminal_id, slip, on_date, level FROM ${theirs}) x
    WHERE slip IS NOT NULL AND terminal_id IS NOT NULL AND coalesce(level > 2, true) ORDER BY terminal_id, on_date, slip`;
};
