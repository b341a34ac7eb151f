/** Whose a payment is, for SQL: by its brand and day, at its counter, as it is declared. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../db/schema.ts';
import type { Acquirer } from './acquirer.ts';
import { run } from './tables.ts';

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
