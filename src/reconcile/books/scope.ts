/**
 * Which rows have to be compared again: what is new or changed, what is still alone, what two people paired or took
 * apart, pairs without a key that something new may undo, and everything that shares a key or a pair with one of those.
 * The rest stays as it is: no row of it can find another partner than it has. A row is looked up once, with all that is
 * compared of it, and a night costs what it finds, however large the books are.
 */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../db/schema.ts';
import type { Acquirer } from './acquirer.ts';
import { byIndex, run } from './tables.ts';

/** As the last run left it; null: there was none, or what is declared has changed since, and everything is looked at. */
export interface Since {
  seenLine: number;
  at: string;
}

/** Transactions that began before a run and ended after it are looked at once more: it changes nothing. */
const OVERLAP = `interval '10 minutes'`;
/** Each round reaches one step further; real books end after two or three. */
const MOST_ROUNDS = 100;

/**
 * Who settles what and when, as a table: `match_brands`. A brand that nobody knows yet (the answer was lost) goes by its
 * method, in the time in which one acquirer has all of that method.
 */
export async function declareBrands(
  db: Kysely<Database>,
  municipality: string,
  acquirers: readonly Acquirer[],
): Promise<void> {
  const rows = acquirers.flatMap(({ code, counter, brands, providerIdIn, since = null, until = null }) =>
    brands.map((brand) => ({
      ...{ acquirer: code, counter, brand, in_trace: providerIdIn === 'trace_number', since, until },
    })),
  );
  await run(
    db,
    `CREATE TEMP TABLE match_brands (acquirer text, counter text, brand text, method text, in_trace boolean,
       since date NOT NULL, until date NOT NULL) ON COMMIT DROP`,
  );
  await sql`
    INSERT INTO match_brands
    SELECT r.acquirer, r.counter, r.brand, entry.method, r.in_trace, coalesce(r.since, '-infinity'), coalesce(r.until, 'infinity')
    FROM json_to_recordset(${JSON.stringify(rows)}::json)
      AS r (acquirer text, counter text, brand text, in_trace boolean, since date, until date)
    LEFT JOIN (
      SELECT DISTINCT ON (code) code, definition ->> 'method' AS method FROM catalogue_entries
      WHERE municipality = ${municipality} AND kind = 'brand' ORDER BY code, version DESC
    ) entry ON entry.code = r.brand`.execute(db);
  await run(
    db,
    `INSERT INTO match_brands
     SELECT min(acquirer), counter, NULL, method, bool_or(in_trace), edge, last FROM (
       SELECT counter, method, edge, lead(edge, 1, 'infinity') OVER (PARTITION BY counter, method ORDER BY edge) - 1 AS last
       FROM (SELECT DISTINCT counter, method, edge FROM match_brands CROSS JOIN LATERAL (VALUES (since), (until + 1)) e (edge)) x
     ) times JOIN match_brands USING (counter, method)
     WHERE since <= edge AND edge <= until AND edge < 'infinity'
     GROUP BY counter, method, edge, last HAVING min(acquirer) = max(acquirer);
     ANALYZE match_brands`,
  );
}

/** The acquirer of a payment `p`, as `b`; a declaration for the counter goes before one for all. */
export const ITS_ACQUIRER = `LATERAL (
    SELECT acquirer, counter AS declared_for, in_trace FROM match_brands b
    WHERE b.brand IS NOT DISTINCT FROM p.brand AND (p.brand IS NOT NULL OR b.method = p.method)
      AND b.counter IN (p.counter, '*') AND p.business_date BETWEEN b.since AND b.until
    ORDER BY b.counter = '*', b.acquirer LIMIT 1
  ) b ON true`;

const columns = (of: string, names: string): string =>
  names
    .split(' ')
    .map((name) => `${of}.${name}`)
    .join(', ');
/** What is compared of a payment `p`, and of a line `l`. */
const PAYMENT = columns(
  'p',
  'counter operation_id of_operation_id kind signed_yen state business_date armed_at brand method terminal_id slip approval_code trace_number',
);
const LINE = columns(
  'l',
  'line_id counter acquirer kind yen on_date at brand terminal_id slip approval provider_id reference',
);
const IS_COMPARED = `l.book = 'provider' AND l.kind IN ('sale', 'refund', 'chargeback', 'refund_failed')`;

/**
 * Both books as they are compared, for a FROM: payments `p` and lines `l`, of the scope or all there are.
 * @param municipality as an SQL literal
 */
export const comparedRows = (municipality: string, since: Since | null): { ours: string; theirs: string } =>
  since === null
    ? {
        ours: `(SELECT * FROM payments WHERE municipality = ${municipality}) p`,
        theirs: `(SELECT * FROM statement_lines l WHERE municipality = ${municipality} AND ${IS_COMPARED}) l`,
      }
    : { ours: 'match_scope_ours p', theirs: 'match_scope_theirs l' };

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
  await byIndex(db, async () => {
    await findNew(db, municipality, since);
    for (let round = 1; round <= MOST_ROUNDS; round += 1) {
      if ((await reachFurther(db, municipality, round)) === 0) return;
    }
    throw new Error(`the rows that touch each other have no end after ${MOST_ROUNDS} rounds`);
  });
}

/**
 * `round`: the step that reached it. `match_keys`: the keys of what one step has reached, each once. `match_before`: what
 * the books have said so far of the rows that are compared, of lines that are new nothing.
 */
const SCOPE = `
CREATE TEMP TABLE match_scope_ours ON COMMIT DROP AS SELECT ${PAYMENT}, 0 AS round FROM payments p WITH NO DATA;
CREATE TEMP TABLE match_scope_theirs ON COMMIT DROP AS SELECT ${LINE}, 0 AS round FROM statement_lines l WITH NO DATA;
ALTER TABLE match_scope_ours ADD PRIMARY KEY (counter, operation_id);
ALTER TABLE match_scope_theirs ADD PRIMARY KEY (line_id);
CREATE TEMP TABLE match_new (acquirer text, yen bigint, on_date date, PRIMARY KEY (acquirer, yen, on_date)) ON COMMIT DROP;
CREATE TEMP TABLE match_before ON COMMIT DROP AS SELECT c.*, 0 AS round FROM current_matches c WITH NO DATA;
CREATE TEMP TABLE match_keys (name text NOT NULL, key text NOT NULL, terminal_id text, on_date date) ON COMMIT DROP`;

/** What is new or changed, what is alone, what two people paired or took apart, and pairs that what is new may undo. */
async function findNew(db: Kysely<Database>, municipality: string, since: Since): Promise<void> {
  const paired = `(SELECT * FROM manual_pairs WHERE municipality = ${municipality} AND at ${AFTER(since)})`;
  await run(
    db,
    `INSERT INTO match_scope_ours
       SELECT ${PAYMENT}, 0 FROM payments p WHERE municipality = ${municipality} AND ${IS_CHANGED(since)};
     INSERT INTO match_scope_theirs
       SELECT ${LINE}, 0 FROM statement_lines l
         WHERE municipality = ${municipality} AND ${IS_COMPARED} AND line_id > ${String(since.seenLine)};
     INSERT INTO match_new
       SELECT acquirer, signed_yen, business_date FROM match_scope_ours p JOIN ${ITS_ACQUIRER}
       UNION SELECT acquirer, yen, on_date FROM match_scope_theirs;
     ANALYZE match_new;
     INSERT INTO match_before SELECT *, 0 FROM (
       SELECT c.* FROM ${SAID_OF_OURS(municipality, 'match_scope_ours')}
       UNION ALL SELECT * FROM current_matches WHERE municipality = ${municipality} AND ${IS_ALONE}
       UNION ALL ${WITHOUT_KEY(municipality)}
       UNION ALL SELECT c.* FROM ${SAID_OF_OURS(municipality, paired)}
       UNION ALL SELECT c.* FROM ${SAID_OF_THEIRS(municipality, paired)}) c;
     INSERT INTO match_scope_ours
       SELECT ${PAYMENT}, 0 FROM match_before s CROSS JOIN LATERAL (SELECT * FROM payments
         WHERE municipality = ${municipality} AND (counter, operation_id) = (s.counter, s.operation_id) OFFSET 0) p
     ON CONFLICT DO NOTHING;
     INSERT INTO match_scope_theirs
       SELECT ${LINE}, 0 FROM match_before s CROSS JOIN LATERAL (SELECT * FROM statement_lines
         WHERE municipality = ${municipality} AND line_id = s.line_id OFFSET 0) l
     ON CONFLICT DO NOTHING`,
  );
}

// OFFSET 0: from what was reached to the book, and never the other way round, however the planner counts.
const SAID_OF_OURS = (municipality: string, rows: string): string =>
  `${rows} s CROSS JOIN LATERAL (SELECT * FROM current_matches
     WHERE municipality = ${municipality} AND (counter, operation_id) = (s.counter, s.operation_id) OFFSET 0) c`;
const SAID_OF_THEIRS = (municipality: string, rows: string): string =>
  `${rows} s CROSS JOIN LATERAL (SELECT * FROM current_matches
     WHERE municipality = ${municipality} AND line_id = s.line_id OFFSET 0) c`;

/**
 * Pairs that no key made, beside a new row of the same amount and acquirer: two that were each other's only candidates
 * may be so no more (each row of a pair is a day from the other at most), and a void that no statement knew of may be on
 * one now.
 */
const WITHOUT_KEY = (municipality: string): string => `
  SELECT c.* FROM match_new n
    CROSS JOIN LATERAL (SELECT * FROM current_matches WHERE municipality = ${municipality} AND acquirer = n.acquirer
      AND matched_by = 4 AND theirs_yen = n.yen AND on_date BETWEEN n.on_date - 2 AND n.on_date + 2 OFFSET 0) c
  UNION ALL
  SELECT c.* FROM (SELECT DISTINCT acquirer, yen FROM match_scope_theirs WHERE kind = 'refund') n
    CROSS JOIN LATERAL (SELECT * FROM current_matches WHERE municipality = ${municipality} AND acquirer = n.acquirer
      AND matched_by = 5 AND ours_yen = n.yen OFFSET 0) c`;

/** Refunds that only their amount paired: while such a line is about, no void of its amount was taken back before it was sent. */
const GIVEN_BACK = (municipality: string, ours: string): string => `
  SELECT c.* FROM (SELECT DISTINCT acquirer, signed_yen FROM ${ours} p JOIN ${ITS_ACQUIRER} WHERE p.kind <> 'sale') n
    CROSS JOIN LATERAL (SELECT * FROM current_matches WHERE municipality = ${municipality} AND acquirer = n.acquirer
      AND matched_by = 4 AND theirs_yen = n.signed_yen OFFSET 0) c`;

/** One step from the rows that the step before has reached: partners, payments of the same sale, and rows with the same key. */
async function reachFurther(db: Kysely<Database>, municipality: string, round: number): Promise<number> {
  const before = (side: 'ours' | 'theirs'): string =>
    `(SELECT * FROM match_scope_${side} WHERE round = ${round - 1})`;
  // Of what the first step begins with, its own partners are known.
  const known = `
    SELECT c.* FROM ${SAID_OF_OURS(municipality, before('ours'))}
    UNION ALL SELECT c.* FROM ${SAID_OF_THEIRS(municipality, before('theirs'))} UNION ALL`;
  await run(
    db,
    `INSERT INTO match_before SELECT *, ${round} FROM (
       ${round === 1 ? '' : known} ${GIVEN_BACK(municipality, before('ours'))}) c`,
  );
  await run(db, `TRUNCATE match_keys; ${KEYS_OF(round - 1)}`);
  const line = (from: string, where: string): string =>
    `SELECT ${LINE} FROM ${from} CROSS JOIN LATERAL (SELECT * FROM statement_lines l
       WHERE l.municipality = ${municipality} AND ${IS_COMPARED} AND ${where} OFFSET 0) l`;
  const payment = (from: string, where: string): string =>
    `SELECT ${PAYMENT} FROM ${from} CROSS JOIN LATERAL (SELECT * FROM payments p
       WHERE p.municipality = ${municipality} AND ${where} OFFSET 0) p`;
  const oursBefore = `${before('ours')} s`;
  const said = `(SELECT * FROM match_before WHERE round = ${round}) c`;
  const keys = (name: string): string => `(SELECT * FROM match_keys WHERE name = '${name}') k`;
  const theirs = await sql`INSERT INTO match_scope_theirs SELECT *, ${sql.lit(round)} FROM (${sql.raw(
    [
      line(said, 'l.line_id = c.line_id'),
      line(oursBefore, 'l.reference = s.operation_id'),
      line(keys('provider_id'), 'l.provider_id = k.key'),
      line(keys('reference'), 'l.reference = k.key'),
      line(keys('slip'), '(l.terminal_id, l.slip, l.on_date) = (k.terminal_id, k.key, k.on_date)'),
    ].join('\n    UNION ALL '),
  )}) x ON CONFLICT DO NOTHING`.execute(db);
  const isIts = '(p.counter, p.operation_id) =';
  const ours = await sql`INSERT INTO match_scope_ours SELECT *, ${sql.lit(round)} FROM (${sql.raw(
    [
      payment(said, `${isIts} (c.counter, c.operation_id)`),
      payment(oursBefore, `${isIts} (s.counter, s.of_operation_id)`),
      payment(
        oursBefore,
        `p.kind <> 'sale' AND (p.counter, p.of_operation_id) = (s.counter, s.operation_id)`,
      ),
      payment(keys('provider_id'), 'p.trace_number = k.key'),
      payment(keys('reference'), 'p.operation_id = k.key'),
      payment(keys('slip'), '(p.terminal_id, p.slip, p.business_date) = (k.terminal_id, k.key, k.on_date)'),
    ].join('\n    UNION ALL '),
  )}) x ON CONFLICT DO NOTHING`.execute(db);
  return Number(theirs.numAffectedRows ?? 0) + Number(ours.numAffectedRows ?? 0);
}

/** The keys of the rows that the step before has reached. A terminal's own trace number comes again, and is none. */
const KEYS_OF = (round: number): string => `
  INSERT INTO match_keys SELECT DISTINCT name, key, terminal_id, on_date FROM (
    SELECT each_.* FROM (SELECT p.*, b.in_trace FROM match_scope_ours p LEFT JOIN ${ITS_ACQUIRER}) s
      CROSS JOIN LATERAL (VALUES
        ('provider_id', CASE WHEN in_trace THEN trace_number END, NULL, NULL::date),
        ('slip', slip, terminal_id, business_date)
      ) AS each_ (name, key, terminal_id, on_date)
      WHERE round = ${round}
    UNION ALL SELECT each_.* FROM match_scope_theirs s CROSS JOIN LATERAL (VALUES
        ('provider_id', provider_id, NULL, NULL::date), ('reference', reference, NULL, NULL),
        ('slip', slip, terminal_id, on_date)
      ) AS each_ (name, key, terminal_id, on_date)
      WHERE round = ${round}
  ) x WHERE key IS NOT NULL AND (name <> 'slip' OR terminal_id IS NOT NULL)
  ORDER BY name, terminal_id, on_date, key`;
