/** GET /payments?date= : the payments of a day as PostgreSQL holds them, for the office. */
import { Router } from 'express';
import { sql, type Kysely } from 'kysely';
import { z } from 'zod';
import { businessDateOf } from '../business-date.ts';
import type { Database } from '../db/schema.ts';

const ON_DATE = z.object({ date: z.iso.date().optional() });

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

export function createOfficePaymentRoutes(
  db: Kysely<Database>,
  municipality: string,
  now: () => Date,
): Router {
  const router = Router();
  router.get('/payments', async (request, response) => {
    const { date } = ON_DATE.parse(request.query);
    response.json(await readPaymentsOn(db, municipality, date ?? businessDateOf(now())));
  });
  return router;
}

async function readPaymentsOn(
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
