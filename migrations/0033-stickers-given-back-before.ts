/**
 * What 0022 began to note, for the sales of before: a sticker whose every line was given back then is free. Computed from the
 * events, as the drain does it (once/given-back.ts); running it again changes nothing.
 */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `
WITH kept AS MATERIALIZED (
  SELECT u.municipality, u.counter, u.journal_id, u.operation_id, u.key,
    CASE WHEN u.key LIKE 'replaced:%' THEN 'replaces' ELSE 'sticker' END AS input,
    regexp_replace(u.key, '^.*:', '') AS number
  FROM once_uses u
  WHERE NOT u.given_back AND u.key NOT LIKE 'ticket:%'
), part AS (
  SELECT r.municipality, r.counter, r.of_operation_id AS operation_id, e.payload
  FROM payments r JOIN events e ON e.municipality = r.municipality AND e.counter = r.counter
    AND e.operation_id = r.operation_id AND e.type = 'armed'
  WHERE r.kind <> 'sale' AND r.state = 'approved'
  UNION ALL
  SELECT e.municipality, e.counter, e.operation_id, e.payload FROM events e
  WHERE e.type = 'refund_requested' AND e.operation_id IN (SELECT operation_id FROM kept) AND NOT EXISTS (
    SELECT FROM events w
    WHERE w.operation_id = e.operation_id AND w.municipality = e.municipality AND w.counter = e.counter
      AND w.type = 'refund_withdrawn' AND w.payload ->> 'refund' = e.payload ->> 'id')
), gone AS MATERIALIZED (
  SELECT p.municipality, p.counter, p.operation_id, (line ->> 'position')::integer AS position,
    sum((line ->> 'quantity')::integer) AS quantity
  FROM part p CROSS JOIN LATERAL jsonb_array_elements(p.payload -> 'lines') AS line
  WHERE p.operation_id IN (SELECT operation_id FROM kept)
  GROUP BY p.municipality, p.counter, p.operation_id, position
), sold AS (
  SELECT DISTINCT ON (e.municipality, e.counter, e.operation_id)
    e.municipality, e.counter, e.operation_id, e.payload -> 'lines' AS lines
  FROM events e
  WHERE e.operation_id IN (SELECT operation_id FROM gone) AND e.type IN ('armed', 'corrected') AND NOT e.payload ? 'of'
  ORDER BY e.municipality, e.counter, e.operation_id, e.sequence DESC
), remaining AS MATERIALIZED (
  SELECT s.municipality, s.counter, s.operation_id, line -> 'inputs' AS inputs,
    (line ->> 'quantity')::integer - coalesce(g.quantity, 0) AS quantity
  FROM sold s CROSS JOIN LATERAL jsonb_array_elements(s.lines) WITH ORDINALITY AS each (line, position)
  LEFT JOIN gone g ON g.municipality = s.municipality AND g.counter = s.counter
    AND g.operation_id = s.operation_id AND g.position = each.position
)
UPDATE once_uses u SET given_back = true FROM kept k
WHERE u.municipality = k.municipality AND u.counter = k.counter AND u.operation_id = k.operation_id AND u.key = k.key
  AND (
    SELECT bool_and(r.quantity = 0) FROM remaining r
    WHERE r.municipality = k.municipality AND r.counter = k.counter AND r.operation_id = k.operation_id
      AND EXISTS (
        SELECT FROM jsonb_array_elements(r.inputs) AS given
        WHERE given ->> 'code' = k.input AND upper(btrim(normalize(given ->> 'value', NFKC))) = k.number))
`,
    )
    .execute(db);
}
