/** Which stickers went back with a line of a sale that stands for the rest, as PostgreSQL holds it. */
import { sql, type Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { JournalKey } from '../journal/archive.ts';
import { givenBackKeys, type LineLeft } from './keys.ts';

interface SoldLines {
  id: string;
  keys: string[];
  lines: LineLeft[];
}

/** The sales among these operations, and those of which they give something back. */
export async function salesOf(
  trx: Transaction<Database>,
  { municipality, counter }: JournalKey,
  operationIds: readonly string[],
): Promise<string[]> {
  const returns = await trx
    .selectFrom('payments')
    .select('of_operation_id')
    .where('municipality', '=', municipality)
    .where('counter', '=', counter)
    .where('operation_id', '=', sql<string>`ANY(${[...operationIds]})`)
    .where('of_operation_id', 'is not', null)
    .execute();
  return [...new Set([...operationIds, ...returns.flatMap(({ of_operation_id }) => of_operation_id ?? [])])];
}

/** Repeating it changes nothing: a refund that is not approved any more, or a promise that is withdrawn, holds it again. */
export async function markGivenBack(
  trx: Transaction<Database>,
  key: JournalKey,
  saleIds: readonly string[],
): Promise<void> {
  for (const { id, keys, lines } of await readSoldLines(trx, key, saleIds)) {
    const back = givenBackKeys(keys, lines);
    await sql`
      UPDATE once_uses SET given_back = key = ANY(${back})
      WHERE municipality = ${key.municipality} AND counter = ${key.counter} AND operation_id = ${id}
        AND given_back <> (key = ANY(${back}))`.execute(trx);
  }
}

/** As on the counter: what a terminal has given back is gone from a line, and what is promised outside it. */
async function readSoldLines(
  trx: Transaction<Database>,
  { municipality, counter, journalId }: JournalKey,
  saleIds: readonly string[],
): Promise<SoldLines[]> {
  const { rows } = await sql<SoldLines>`
    WITH own AS MATERIALIZED (
      SELECT * FROM events
      WHERE municipality = ${municipality} AND counter = ${counter} AND journal_id = ${journalId}
        AND (operation_id = ANY(${[...saleIds]}) OR operation_id IN (
          SELECT operation_id FROM payments
          WHERE municipality = ${municipality} AND counter = ${counter} AND of_operation_id = ANY(${[...saleIds]})
            AND state = 'approved'))
    ), gone AS (
      SELECT part.id, (line ->> 'position')::integer AS position, sum((line ->> 'quantity')::integer) AS quantity
      FROM (
        SELECT e.payload ->> 'of' AS id, e.payload FROM own e WHERE e.type = 'armed' AND e.payload ? 'of'
        UNION ALL
        SELECT e.operation_id, e.payload FROM own e
        WHERE e.type = 'refund_requested' AND NOT EXISTS (
          SELECT FROM own w WHERE w.type = 'refund_withdrawn' AND w.payload ->> 'refund' = e.payload ->> 'id')
      ) part CROSS JOIN LATERAL jsonb_array_elements(part.payload -> 'lines') AS line
      GROUP BY part.id, position
    ), sold AS (
      SELECT DISTINCT ON (e.operation_id) e.operation_id AS id, e.payload -> 'lines' AS lines FROM own e
      WHERE e.type IN ('armed', 'corrected') AND NOT e.payload ? 'of'
      ORDER BY e.operation_id, e.sequence DESC
    )
    SELECT s.id,
      (SELECT array_agg(u.key) FROM once_uses u
        WHERE u.municipality = ${municipality} AND u.counter = ${counter} AND u.operation_id = s.id) AS keys,
      (SELECT jsonb_agg(jsonb_build_object(
          'quantity', (line ->> 'quantity')::integer - coalesce(g.quantity, 0), 'inputs', line -> 'inputs'))
        FROM jsonb_array_elements(s.lines) WITH ORDINALITY AS each (line, position)
        LEFT JOIN gone g ON g.id = s.id AND g.position = each.position) AS lines
    FROM sold s`.execute(trx);
  return rows;
}
