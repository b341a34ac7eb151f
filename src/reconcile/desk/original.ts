/** What a case repeats or takes back: the payment behind a second line, the line of a payment's twin. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../db/schema.ts';
import type { CaseFacts, Side } from './case.ts';
import { LINE_SIDE, PAYMENT_SIDE } from './rows.ts';

/** Null: the case is about no other transaction, or none is known. */
export async function findOriginal(
  db: Kysely<Database>,
  municipality: string,
  counter: string,
  { status, operationId, lineId }: CaseFacts,
): Promise<Side | null> {
  if (status === 'duplicate_in_ledger' && operationId !== undefined)
    return lineOfTwin(db, municipality, counter, operationId);
  if (lineId === undefined) return null;
  if (status === 'duplicate_at_provider' || status === 'chargeback')
    return paymentOf(db, municipality, lineId, 'sale');
  return status === 'refund_failed' ? paymentOf(db, municipality, lineId, 'refund') : null;
}

/** The payment that is matched with another line of the same number; the wanted kind first. */
async function paymentOf(
  db: Kysely<Database>,
  municipality: string,
  lineId: number,
  wanted: 'sale' | 'refund',
): Promise<Side | null> {
  const { rows } = await sql<{ side: Side }>`
    SELECT ${sql.raw(PAYMENT_SIDE)} AS side
    FROM statement_lines l
    JOIN statement_lines o ON o.municipality = l.municipality AND o.acquirer = l.acquirer AND o.line_id <> l.line_id
      AND (o.provider_id = l.provider_id OR o.reference = l.reference
        OR (o.terminal_id, o.slip, o.on_date) = (l.terminal_id, l.slip, l.on_date))
    JOIN current_matches m ON m.municipality = o.municipality AND m.line_id = o.line_id
    JOIN payments p ON (p.municipality, p.counter, p.operation_id) = (m.municipality, m.counter, m.operation_id)
    WHERE l.municipality = ${municipality} AND l.line_id = ${lineId}
    ORDER BY (p.kind = 'sale') = ${wanted === 'sale'} DESC, p.sequence LIMIT 1`.execute(db);
  return rows[0]?.side ?? null;
}

/** The line that is matched with the other payment of the same slip. */
async function lineOfTwin(
  db: Kysely<Database>,
  municipality: string,
  counter: string,
  operationId: string,
): Promise<Side | null> {
  const { rows } = await sql<{ side: Side }>`
    SELECT ${sql.raw(LINE_SIDE)} AS side
    FROM payments p
    JOIN payments twin ON twin.municipality = p.municipality AND twin.operation_id <> p.operation_id
      AND (twin.terminal_id, twin.receipt_number, twin.business_date) = (p.terminal_id, p.receipt_number, p.business_date)
    JOIN current_matches m ON (m.municipality, m.counter, m.operation_id) = (twin.municipality, twin.counter, twin.operation_id)
    JOIN statement_lines l ON l.municipality = m.municipality AND l.line_id = m.line_id
    WHERE p.municipality = ${municipality} AND p.counter = ${counter} AND p.operation_id = ${operationId}
    ORDER BY l.line_id LIMIT 1`.execute(db);
  return rows[0]?.side ?? null;
}
