/**
 * New pairs that are certain by a key, as SQL. Two rows that are each other's only one by a key are a pair whatever comes
 * after it: their weaker keys are nobody's business, and only that key and those above it are looked up in the books.
 * Most of what a night finds is so.
 */

/** Of a payment `o` and a line `t`, the strongest first: a pair's `level` is 1, 2 or 3. */
const KEYS = [
  'o.provider_id = t.provider_id',
  'o.operation_id = t.reference',
  '(o.terminal_id, o.slip, o.business_date) = (t.terminal_id, t.slip, t.on_date)',
];

/**
 * Of what is reached, rows that were never compared and meet each other, and nobody else, by any key; not where they carry
 * one in which they differ. What was compared before may have held another row back: it is looked up by all that it carries.
 */
export const SETTLED = `
  WITH ours AS (
    SELECT *, (counter, operation_id) NOT IN (
      SELECT counter, operation_id FROM match_before WHERE operation_id IS NOT NULL) AS is_new
    FROM match_scope_ours WHERE state IN ('approved', 'unknown')
  ), theirs AS (
    SELECT *, line_id NOT IN (SELECT line_id FROM match_before WHERE line_id IS NOT NULL) AS is_new
    FROM match_scope_theirs WHERE kind IN ('sale', 'refund')
  ), met AS (
    ${KEYS.map(
      (key, index) => `
      SELECT n, line_id, ${index + 1} AS level, o.is_new AND t.is_new AND coalesce(o.provider_id = t.provider_id, true)
        AND coalesce(o.operation_id = t.reference, true) AS is_sure
      FROM ours o JOIN theirs t ON o.acquirer = t.acquirer AND ${key}`,
    ).join(' UNION ALL ')}
  )
  SELECT n, line_id, level FROM (
    SELECT n, line_id, min(level) AS level, bool_and(is_sure) AS is_sure,
      count(*) OVER (PARTITION BY n) AS theirs, count(*) OVER (PARTITION BY line_id) AS ours
    FROM met GROUP BY n, line_id
  ) pairs WHERE is_sure AND theirs = 1 AND ours = 1`;

/**
 * What was reached meanwhile may meet one of a pair too: both are looked up again, by all that they carry.
 * @param round the step that comes next
 */
export const DOUBT_SETTLED = (round: number): string => `
  WITH settled AS (${SETTLED}), doubted AS (
    DELETE FROM match_settled s WHERE NOT EXISTS (SELECT FROM settled WHERE line_id = s.line_id) RETURNING *
  ), ours AS (
    UPDATE match_scope_ours o SET round = ${round - 1} FROM doubted d WHERE d.n = o.n
  )
  UPDATE match_scope_theirs t SET round = ${round - 1} FROM doubted d WHERE d.line_id = t.line_id`;
