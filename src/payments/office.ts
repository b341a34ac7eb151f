/** The payments of a day as PostgreSQL holds them, for the office. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../db/schema.ts';

/** One payment as accounting reads it. Integer yen; instants in UTC. */
export interface OfficePayment {
  counter: string;
  id: string;
  kind: 'sale' | 'void' | 'refund';
  number: number;
  state: string;
  amountYen: number;
  /** Of a sale: what a terminal has given back of it since, on whatever day. */
  returnedYen: number;
  /** Of a void or refund: the number of its sale. */
  ofNumber: number | null;
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
      'payments.kind as kind',
      'payments.state as state',
      sql<number>`(
        SELECT coalesce(sum(back.amount_yen), 0)::integer FROM payments AS back
        WHERE back.municipality = payments.municipality AND back.counter = payments.counter
          AND back.of_operation_id = payments.operation_id AND back.kind <> 'sale' AND back.state = 'approved'
      )`.as('returnedYen'),
      sql<number | null>`(
        SELECT sale.sequence FROM payments AS sale
        WHERE sale.municipality = payments.municipality AND sale.counter = payments.counter
          AND sale.operation_id = payments.of_operation_id
      )`.as('ofNumber'),
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
