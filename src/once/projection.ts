/** What the drained sales use up, in the drain's transaction, after the sales themselves; so the others are kept from it. */
import { sql, type Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { JournalKey } from '../journal/archive.ts';
import { markGivenBack, salesOf } from './given-back.ts';

/**
 * Repeating it changes nothing. What was sold without network is claimed now, unless another counter has it: then both
 * stand in `once_doubles`, and nobody's claim is taken away.
 */
export async function projectOnce(
  trx: Transaction<Database>,
  key: JournalKey,
  operationIds: readonly string[],
): Promise<void> {
  if (operationIds.length === 0) return;
  const { municipality, counter, journalId } = key;
  const ids = await salesOf(trx, key, operationIds);
  await sql`
    INSERT INTO once_uses (municipality, counter, operation_id, key, journal_id, sequence)
    SELECT e.municipality, e.counter, e.operation_id, k.key, e.journal_id, min(e.sequence)
    FROM events e
    CROSS JOIN LATERAL jsonb_array_elements_text(
      CASE WHEN e.type = 'ticket_cancelled' THEN jsonb_build_array(e.operation_id) ELSE e.payload -> 'once' END) AS k (key)
    WHERE e.municipality = ${municipality} AND e.counter = ${counter} AND e.journal_id = ${journalId}
      AND e.operation_id = ANY(${ids})
      AND (e.type = 'ticket_cancelled' OR e.type IN ('armed', 'counted', 'corrected') AND e.payload ? 'once')
    GROUP BY e.municipality, e.counter, e.operation_id, k.key, e.journal_id
    ON CONFLICT DO NOTHING`.execute(trx);
  const { rows } = await sql<{ operation_id: string }>`
    SELECT DISTINCT operation_id FROM once_uses
    WHERE municipality = ${municipality} AND counter = ${counter} AND operation_id = ANY(${ids})`.execute(
    trx,
  );
  if (rows.length === 0) return;
  await sql`
    UPDATE once_uses u SET dropped = NOT (last.once ? u.key)
    FROM (
      SELECT DISTINCT ON (e.operation_id) e.operation_id, e.payload -> 'once' AS once FROM events e
      WHERE e.municipality = ${municipality} AND e.counter = ${counter} AND e.journal_id = ${journalId}
        AND e.operation_id = ANY(${ids}) AND e.type = 'corrected' AND e.payload ? 'once'
      ORDER BY e.operation_id, e.sequence DESC) last
    WHERE u.municipality = ${municipality} AND u.counter = ${counter} AND u.operation_id = last.operation_id`.execute(
    trx,
  );
  await markGivenBack(
    trx,
    key,
    rows.map(({ operation_id }) => operation_id),
  );
  // In one order, as the counters claim: so that nobody waits for each other.
  await sql`
    INSERT INTO once_claims (municipality, key, counter, operation_id)
    SELECT DISTINCT ON (u.key) u.municipality, u.key, u.counter, u.operation_id FROM once_uses u
    WHERE u.municipality = ${municipality} AND u.counter = ${counter} AND u.operation_id = ANY(${ids})
      AND NOT u.dropped AND NOT u.given_back
      AND coalesce(once_state(u.municipality, u.counter, u.operation_id), 'used') IN ('held', 'used')
    ORDER BY u.key, u.sequence DESC
    ON CONFLICT (municipality, key) DO UPDATE
      SET counter = excluded.counter, operation_id = excluded.operation_id, released = false, at = now()
      WHERE once_is_free(once_claims)`.execute(trx);
}
