/** The payments of a day as PostgreSQL holds them, for the office. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../db/schema.ts';

/** One payment as accounting reads it. Integer yen; instants in UTC. */
export interface OfficePayment {
  counter: string;
  id: string;
  number: number;
  state: string;
  amountYen: number;
  method: string;
  brand: string | null;
  windowNameJa: string;
  items: string;
  receiptNumber: string | null;
  armedAt: string;
}

/** Newest first. */
export async function readPaymentsOn(
  db: Kysely<Database>,
  municipality: string,
  date: string,
): Promise<OfficePayment[]> {
  return db
    .selectFrom('payments')
    .innerJoin('payment_lines', (join) =>
      join
        .onRef('payment_lines.municipality', '=', 'payments.municipality')
        .onRef('payment_lines.counter', '=', 'payments.counter')
        .onRef('payment_lines.operation_id', '=', 'payments.operation_id'),
    )
    .select([
      'payments.counter as counter',
      'payments.operation_id as id',
      'payments.sequence as number',
      'payments.state as state',
      'payments.amount_yen as amountYen',
      'payments.method as method',
      'payments.brand as brand',
      'payments.window_name_ja as windowNameJa',
      sql<string>`string_agg(concat(name_ja, ' ', quantity, unit), '、' ORDER BY position)`.as('items'),
      'payments.receipt_number as receiptNumber',
      'payments.armed_at as armedAt',
    ])
    .where('payments.municipality', '=', municipality)
    .where('payments.business_date', '=', date)
    .groupBy(['payments.municipality', 'payments.counter', 'payments.operation_id'])
    .orderBy('payments.armed_at', 'desc')
    .execute();
}
