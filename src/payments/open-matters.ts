/** What the office has to look at, of any day: what the counters' unknown desks hold, and what was noticed. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { Method } from '../terminal/terminal.ts';
import type { PaymentState } from './lifecycle.ts';
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
  /** A payment's id, or who confirmed; null: nothing more is known. */
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
  const payments = await db
    .selectFrom('payments')
    .select([
      'counter',
      'sequence as number',
      'kind',
      'state',
      'amount_yen as amountYen',
      'method',
      'brand',
      'window_name_ja as windowNameJa',
      'receipt_number as receiptNumber',
      'business_date as businessDate',
      'late',
      'contradicted',
    ])
    .where('municipality', '=', municipality)
    .where(sql<boolean>`(state = 'unknown' OR contradicted OR (kind = 'sale' AND late AND decision IS NULL))`)
    .orderBy('armed_at')
    .execute();
  const since = new Date(now.getTime() - NOTICED_DAYS * 86_400_000).toISOString();
  const { rows: notices } = await sql<Notice>`
    SELECT counter, at, type AS kind, payload ->> 'clerk' AS about FROM events
      WHERE municipality = ${municipality} AND at >= ${since}
        AND type IN ('card_data_masked', 'clock_confirmed')
    UNION ALL SELECT array_to_string(counters, '・'), last_at, 'repeated_id', operation_id FROM repeated_ids
      WHERE municipality = ${municipality} AND last_at >= ${since}
    UNION ALL SELECT counter, coalesce(drained_at, now()), 'quarantined', journal_id::text FROM journals
      WHERE municipality = ${municipality} AND status = 'quarantined'
    ORDER BY at DESC`.execute(db);
  return { payments, notices };
}
