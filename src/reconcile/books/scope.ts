/**
 * Which rows have to be compared again: what is new or changed, what is still open, what two people took apart, and
 * everything that shares a key or a pair with one of those. The rest stays as it is: no row of it can find another
 * partner than it has. Everything here is looked up, and costs what it finds, however large the books are.
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
 * Who settles what, as a table: `match_brands`. A brand that nobody knows yet (the answer was lost) goes by its method,
 * where one acquirer has all of that method.
 */
export async function declareBrands(
  db: Kysely<Database>,
  municipality: string,
  acquirers: readonly Acquirer[],
): Promise<void> {
  const rows = acquirers.flatMap(({ code, counter, brands, providerIdIn }) =>
    brands.map((brand) => ({ acquirer: code, counter, brand, in_trace: providerIdIn === 'trace_number' })),
  );
  await run(
    db,
    `CREATE TEMP TABLE match_brands (acquirer text, counter text, brand text, method text, in_trace boolean) ON COMMIT DROP`,
  );
  await sql`
    INSERT INTO match_brands
    SELECT r.acquirer, r.counter, r.brand, entry.method, r.in_trace
    FROM json_to_recordset(${JSON.stringify(rows)}::json) AS r (acquirer text, counter text, brand text, in_trace boolean)
    LEFT JOIN (
      SELECT DISTINCT ON (code) code, definition ->> 'method' AS method FROM catalogue_entries
      WHERE municipality = ${municipality} AND kind = 'brand' ORDER BY code, version DESC
    ) entry ON entry.code = r.brand`.execute(db);
  await run(
    db,
    `INSERT INTO match_brands
     SELECT min(acquirer), counter, NULL, method, bool_or(in_trace) FROM match_brands
     WHERE method IS NOT NULL GROUP BY counter, method HAVING min(acquirer) = max(acquirer);
     ANALYZE match_brands`,
  );
}

/** The acquirer of a payment `p`, as `b`; a declaration for the counter goes before one for all. */
export const ITS_ACQUIRER = `LATERAL (
    SELECT acquirer, in_trace FROM match_brands b
    WHERE b.brand IS NOT DISTINCT FROM p.brand AND (p.brand IS NOT NULL OR b.method = p.method)
      AND b.counter IN (p.counter, '*')
    ORDER BY b.counter = '*', b.acquirer LIMIT 1
  ) b ON true`;

/** Our payments that somebody settles. */
export const OURS = (municipality: string): string => `
  SELECT p.counter, p.operation_id, p.of_operation_id, b.acquirer, p.kind, p.signed_yen, p.state, p.business_date,
    p.armed_at, p.brand, p.terminal_id, p.slip, p.approval_code,
    CASE WHEN b.in_trace THEN p.trace_number END AS provider_id
  FROM payments p JOIN ${ITS_ACQUIRER}
  WHERE p.municipality = ${municipality} AND p.state IN ('approved', 'unknown')`;

const COMPARED_KINDS = `('sale', 'refund', 'chargeback', 'refund_failed')`;

/** Whether a payment may be other than the last run saw it. */
export const IS_CHANGED = (since: Since | null): string =>
  since === null ? 'true' : `projected_at > timestamptz '${since.at}' - ${OVERLAP}`;

/** Fills `match_scope_ours` and `match_scope_theirs`. @param municipality as an SQL literal */
export async function findScope(
  db: Kysely<Database>,
  municipality: string,
  since: Since | null,
): Promise<void> {
  await run(db, SCOPE);
  if (since === null) return findNew(db, municipality, since);
  await byIndex(db, async () => {
    await findNew(db, municipality, since);
    for (let round = 1; round <= MOST_ROUNDS; round += 1) {
      if ((await reachFurther(db, municipality, round)) === 0) return;
    }
    throw new Error(`the rows that touch each other have no end after ${MOST_ROUNDS} rounds`);
  });
}

/** What is new or changed, what is open, and what two people took apart. */
async function findNew(db: Kysely<Database>, municipality: string, since: Since | null): Promise<void> {
  const isNew = since === null ? 'true' : `line_id > ${String(since.seenLine)}`;
  const open = `FROM current_matches WHERE municipality = ${municipality} AND status NOT IN ('matched', 'not_taken')`;
  await run(
    db,
    `INSERT INTO match_scope_ours (counter, operation_id)
       SELECT counter, operation_id FROM payments WHERE municipality = ${municipality} AND ${IS_CHANGED(since)}
       UNION SELECT counter, operation_id ${open} AND operation_id IS NOT NULL
       UNION SELECT c.counter, c.operation_id FROM manual_pairs p JOIN current_matches c USING (municipality, counter, operation_id)
         WHERE p.municipality = ${municipality} AND p.line_id IS NULL AND c.matched_by = 0;
     INSERT INTO match_scope_theirs (line_id)
       SELECT line_id FROM statement_lines
       WHERE municipality = ${municipality} AND book = 'provider' AND kind IN ${COMPARED_KINDS} AND ${isNew}
       UNION SELECT line_id ${open} AND line_id IS NOT NULL`,
  );
}

/** `round`: the step that reached it. A key is looked up in both books once, whoever carries it. */
const SCOPE = `
CREATE TEMP TABLE match_scope_ours (
  counter text, operation_id text, round integer DEFAULT 0, PRIMARY KEY (counter, operation_id)
) ON COMMIT DROP;
CREATE TEMP TABLE match_scope_theirs (line_id bigint PRIMARY KEY, round integer DEFAULT 0) ON COMMIT DROP;
CREATE TEMP TABLE match_keys (
  name text NOT NULL, key text NOT NULL, terminal_id text, on_date date, round integer NOT NULL,
  UNIQUE NULLS NOT DISTINCT (name, key, terminal_id, on_date)
) ON COMMIT DROP`;

/** One step from the rows that the step before has reached: partners, payments of the same sale, and rows with the same key. */
async function reachFurther(db: Kysely<Database>, municipality: string, round: number): Promise<number> {
  const before = `round = ${round - 1}`;
  await run(
    db,
    `ANALYZE match_scope_ours, match_scope_theirs; ${KEYS_OF(municipality, round)}; ANALYZE match_keys`,
  );
  const byKey = (row: string, ways: Record<string, string>): string =>
    Object.entries(ways)
      .map(
        ([name, same]) =>
          `UNION ALL SELECT ${row} AND ${same} WHERE k.name = '${name}' AND k.round = ${round}`,
      )
      .join('\n    ');
  const theirs = await sql`INSERT INTO match_scope_theirs SELECT *, ${sql.lit(round)} FROM (${sql.raw(`
    SELECT c.line_id FROM match_scope_ours s JOIN current_matches c USING (counter, operation_id)
      WHERE ${before} AND c.municipality = ${municipality} AND c.line_id IS NOT NULL
    ${byKey(
      `l.line_id FROM match_keys k JOIN statement_lines l
        ON l.municipality = ${municipality} AND l.book = 'provider' AND l.kind IN ${COMPARED_KINDS}`,
      {
        provider_id: 'l.provider_id = k.key',
        reference: 'l.reference = k.key',
        operation_id: 'l.reference = k.key',
        slip: '(l.terminal_id, l.slip, l.on_date) = (k.terminal_id, k.key, k.on_date)',
      },
    )}`)}) x
    ON CONFLICT DO NOTHING`.execute(db);
  const ours = await sql`INSERT INTO match_scope_ours SELECT *, ${sql.lit(round)} FROM (${sql.raw(`
    SELECT c.counter, c.operation_id FROM match_scope_theirs s JOIN current_matches c USING (line_id)
      WHERE ${before} AND c.municipality = ${municipality} AND c.operation_id IS NOT NULL
    UNION ALL SELECT s.counter, p.of_operation_id FROM match_scope_ours s CROSS JOIN LATERAL (
      SELECT of_operation_id FROM payments WHERE municipality = ${municipality}
        AND (counter, operation_id) = (s.counter, s.operation_id) OFFSET 0) p
      WHERE ${before} AND p.of_operation_id IS NOT NULL
    UNION ALL SELECT s.counter, p.operation_id FROM match_scope_ours s CROSS JOIN LATERAL (
      SELECT operation_id FROM payments WHERE municipality = ${municipality} AND kind <> 'sale'
        AND (counter, of_operation_id) = (s.counter, s.operation_id) OFFSET 0) p
      WHERE ${before}
    ${byKey(
      `p.counter, p.operation_id FROM match_keys k JOIN payments p ON p.municipality = ${municipality}`,
      {
        provider_id: 'p.trace_number = k.key',
        reference: 'p.operation_id = k.key',
        slip: '(p.terminal_id, p.slip, p.business_date) = (k.terminal_id, k.key, k.on_date)',
      },
    )}`)}) x
    ON CONFLICT DO NOTHING`.execute(db);
  return Number(theirs.numAffectedRows ?? 0) + Number(ours.numAffectedRows ?? 0);
}

/** The keys of the rows that the step before has reached. A terminal's own trace number comes again, and is none. */
const KEYS_OF = (municipality: string, round: number): string => `
  INSERT INTO match_keys
  SELECT name, key, terminal_id, on_date, ${round} FROM (
    SELECT each_.* FROM match_scope_ours s
      JOIN payments p ON p.municipality = ${municipality} AND (p.counter, p.operation_id) = (s.counter, s.operation_id)
      LEFT JOIN ${ITS_ACQUIRER} CROSS JOIN LATERAL (VALUES
        ('provider_id', CASE WHEN b.in_trace THEN p.trace_number END, NULL, NULL::date),
        ('operation_id', p.operation_id, NULL, NULL),
        ('slip', p.slip, p.terminal_id, p.business_date)
      ) AS each_ (name, key, terminal_id, on_date)
      WHERE s.round = ${round - 1}
    UNION ALL SELECT each_.* FROM match_scope_theirs s
      JOIN statement_lines l ON l.municipality = ${municipality} AND l.line_id = s.line_id CROSS JOIN LATERAL (VALUES
        ('provider_id', l.provider_id, NULL, NULL::date),
        ('reference', l.reference, NULL, NULL),
        ('slip', l.slip, l.terminal_id, l.on_date)
      ) AS each_ (name, key, terminal_id, on_date)
      WHERE s.round = ${round - 1}
  ) x WHERE key IS NOT NULL AND (name <> 'slip' OR terminal_id IS NOT NULL)
  ON CONFLICT DO NOTHING`;
