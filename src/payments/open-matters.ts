/** What the office has to look at, of any day: what the counters' unknown desks hold, and what was noticed. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { Method } from '../terminal/terminal.ts';
import type { PaymentState } from './lifecycle.ts';
import { isDecisionOpen } from './net.ts';
import type { OfficePayment } from './office.ts';

/** A payment that somebody has to look at, of whatever day. */
export interface OpenPayment {
  counter: string;
  number: number;
  kind: OfficePayment['kind'];
  state: PaymentState;
  amountYen: number;
  method: Method;
  brand: string | null;
  windowNameJa: string;
  receiptNumber: string | null;
  businessDate: string;
  late: boolean;
  contradicted: boolean;
}

/** Something about the records that somebody has to know. Instants in UTC. */
export interface Notice {
  counter: string;
  at: string;
  kind: 'card_data_masked' | 'clock_confirmed' | 'repeated_id' | 'quarantined';
  /** The numbers (伝票番号) in the order of the counters, who confirmed, or a journal; null: nothing more is known. */
  about: string | null;
}

export interface OpenMatters {
  payments: OpenPayment[];
  notices: Notice[];
}

/** How far back a notice is shown. */
const NOTICED_DAYS = 31;

/** What the counters' unknown desks hold, as far as it has arrived; and what was noticed about the records. */
export async function readOpenMatters(
  db: Kysely<Database>,
  municipality: string,
  now: Date,
): Promise<OpenMatters> {
  const payments = await readOpenPayments(db, municipality);
  const since = new Date(now.getTime() - NOTICED_DAYS * 86_400_000).toISOString();
  const { rows: notices } = await sql<Notice>`
    SELECT counter, at, type AS kind, payload ->> 'clerk' AS about FROM events
      WHERE municipality = ${municipality} AND at >= ${since}
        AND type IN ('card_data_masked', 'clock_confirmed')
    UNION ALL SELECT array_to_string(counters, '・'), last_at, 'repeated_id', array_to_string(sequences, '・')
      FROM repeated_ids WHERE municipality = ${municipality} AND last_at >= ${since}
    UNION ALL SELECT counter, coalesce(drained_at, now()), 'quarantined', journal_id::text FROM journals
      WHERE municipality = ${municipality} AND status = 'quarantined'
    ORDER BY at DESC`.execute(db);
  return { payments, notices };
}

/** By the counters' own rule: a decision is open until it is done (net.ts). */
async function readOpenPayments(db: Kysely<Database>, municipality: string): Promise<OpenPayment[]> {
  const rows = await db
    .selectFrom('payments as p')
    .select([
      'p.counter as counter',
      'p.sequence as number',
      'p.kind as kind',
      'p.state as state',
      'p.amount_yen as amountYen',
      'p.method as method',
      'p.brand as brand',
      'p.window_name_ja as windowNameJa',
      'p.receipt_number as receiptNumber',
      'p.business_date as businessDate',
      'p.late as late',
      'p.contradicted as contradicted',
      'p.decision as decision',
      sql<PaymentState[]>`ARRAY(
        SELECT b.state FROM payments b
        WHERE b.municipality = p.municipality AND b.counter = p.counter AND b.of_operation_id = p.operation_id
          AND b.kind <> 'sale'
      )`.as('returns'),
      sql<boolean>`EXISTS (
        SELECT FROM outside_refunds r LEFT JOIN outside_refund_outcomes o USING (municipality, counter, refund_id)
        WHERE r.municipality = p.municipality AND r.counter = p.counter AND r.of_operation_id = p.operation_id
          AND o.way IS DISTINCT FROM 'withdrawn'
      )`.as('isPromised'),
    ])
    .where('p.municipality', '=', municipality)
    .where(
      sql<boolean>`(p.state = 'unknown' OR p.contradicted
        OR (p.kind = 'sale' AND p.late AND p.decision IS DISTINCT FROM 'keep'))`,
    )
    .orderBy('p.armed_at')
    .orderBy('p.counter')
    .orderBy('p.sequence')
    .execute();
  return rows.flatMap(({ decision, returns, isPromised, ...payment }) => {
    const { state, contradicted, late, kind } = payment;
    const sale = { state, late, armed: { kind }, decision, returns, isPromised };
    return state === 'unknown' || contradicted || isDecisionOpen(sale) ? [payment] : [];
  });
}
