/** Refunds outside the terminals, in the office: what is still owed, and what accounting has paid out. */
import type { Kysely } from 'kysely';
import type { Database } from '../db/schema.ts';
import { AppError } from '../errors.ts';
import type { Person } from '../staff/staff.ts';

export interface Payout {
  /** `YYYY-MM-DD` */
  paidOn: string;
  way: 'cash' | 'transfer';
  note: string;
}

export interface OfficeOutsideRefund {
  counter: string;
  id: string;
  /** Our number of the sale. */
  saleNumber: number;
  windowNameJa: string;
  method: string;
  brand: string | null;
  amountYen: number;
  requestedOn: string;
  clerk: string;
  confirmedBy: string | null;
  reason: string;
  note: string;
  /** Null: still owed. */
  paid: (Payout & { by: string }) | null;
}

const MOST = 500;

/** Those still owed first, the oldest on top; then the newest that were paid out. */
export async function readOutsideRefunds(
  db: Kysely<Database>,
  municipality: string,
): Promise<OfficeOutsideRefund[]> {
  const rows = await db
    .selectFrom('outside_refunds')
    .innerJoin('payments', (join) =>
      join
        .onRef('payments.municipality', '=', 'outside_refunds.municipality')
        .onRef('payments.counter', '=', 'outside_refunds.counter')
        .onRef('payments.operation_id', '=', 'outside_refunds.of_operation_id'),
    )
    .leftJoin('outside_refund_payouts as paid', (join) =>
      join
        .onRef('paid.municipality', '=', 'outside_refunds.municipality')
        .onRef('paid.counter', '=', 'outside_refunds.counter')
        .onRef('paid.refund_id', '=', 'outside_refunds.refund_id'),
    )
    .select([
      'outside_refunds.counter as counter',
      'outside_refunds.refund_id as id',
      'payments.sequence as saleNumber',
      'payments.window_name_ja as windowNameJa',
      'payments.method as method',
      'payments.brand as brand',
      'outside_refunds.amount_yen as amountYen',
      'outside_refunds.business_date as requestedOn',
      'outside_refunds.clerk as clerk',
      'outside_refunds.confirmed_by as confirmedBy',
      'outside_refunds.reason as reason',
      'outside_refunds.note as note',
      'paid.paid_on as paidOn',
      'paid.way as way',
      'paid.note as paidNote',
      'paid.by_name as by',
    ])
    .where('outside_refunds.municipality', '=', municipality)
    .orderBy('paid.paid_on', (order) => order.desc().nullsFirst())
    .orderBy('outside_refunds.business_date')
    .orderBy('payments.sequence')
    .limit(MOST)
    .execute();
  return rows.map(({ paidOn, way, paidNote, by, ...refund }) => ({
    ...refund,
    paid: paidOn === null || way === null ? null : { paidOn, way, note: paidNote ?? '', by: by ?? '' },
  }));
}

/** Records that accounting has paid it out; once. @throws AppError where it is paid already, or there is none */
export async function notePayout(
  db: Kysely<Database>,
  { municipality, counter, id }: { municipality: string; counter: string; id: string },
  { paidOn, way, note }: Payout,
  by: Person,
): Promise<OfficeOutsideRefund[]> {
  const of = { municipality, counter, refund_id: id };
  const known = await db
    .selectFrom('outside_refunds')
    .select('refund_id')
    .where('municipality', '=', municipality)
    .where('counter', '=', counter)
    .where('refund_id', '=', id)
    .executeTakeFirst();
  if (known === undefined) throw new AppError('not_found');
  const written = await db
    .insertInto('outside_refund_payouts')
    .values({ ...of, paid_on: paidOn, way, note, by_number: by.number, by_name: by.name })
    .onConflict((conflict) => conflict.doNothing())
    .returning('refund_id')
    .executeTakeFirst();
  if (written === undefined) throw new AppError('paid_out_already');
  return readOutsideRefunds(db, municipality);
}
