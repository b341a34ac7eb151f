/** Refunds outside the terminals, in the office: what is still owed, what was paid out, and what was withdrawn. */
import type { ExpressionBuilder, Kysely } from 'kysely';
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
  /** Paid out, or withdrawn at the counter; null: still owed. */
  ended: { on: string; way: Payout['way'] | 'withdrawn'; note: string; by: string } | null;
}

const MOST = 500;

/** Those still owed first, the oldest on top; then the newest that were paid out or withdrawn. */
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
    .leftJoin('outside_refund_outcomes as ended', (join) =>
      join
        .onRef('ended.municipality', '=', 'outside_refunds.municipality')
        .onRef('ended.counter', '=', 'outside_refunds.counter')
        .onRef('ended.refund_id', '=', 'outside_refunds.refund_id'),
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
      'ended.on_date as endedOn',
      'ended.way as way',
      'ended.note as endedNote',
      'ended.by_name as by',
    ])
    .where('outside_refunds.municipality', '=', municipality)
    .orderBy('ended.on_date', (order) => order.desc().nullsFirst())
    .orderBy('outside_refunds.business_date')
    .orderBy('payments.sequence')
    .limit(MOST)
    .execute();
  return rows.map(({ endedOn, way, endedNote, by, ...refund }) => ({
    ...refund,
    ended:
      endedOn === null || way === null ? null : { on: endedOn, way, note: endedNote ?? '', by: by ?? '' },
  }));
}

/**
 * Records that accounting has paid it out; once.
 * @throws AppError `paid_out_already`, `payout_before_promise`, or `not_found`
 */
export async function notePayout(
  db: Kysely<Database>,
  key: PromiseKey,
  { paidOn, way, note }: Payout,
  by: Person,
): Promise<OfficeOutsideRefund[]> {
  const promise = await findPromise(db, key);
  if (promise === undefined) throw new AppError('not_found');
  if (paidOn < promise.requestedOn) throw new AppError('payout_before_promise');
  if (!(await endPromise(db, key, { onDate: paidOn, way, note }, by))) throw new AppError('paid_out_already');
  return readOutsideRefunds(db, key.municipality);
}

/**
 * Records that it is taken back before it was paid out; from then on nobody can pay it out. May be done again.
 * @throws AppError `paid_out_already`; `promise_on_its_way` while the drain has not brought it here yet
 */
export async function noteWithdrawal(
  db: Kysely<Database>,
  key: PromiseKey,
  { note, businessDate }: { note: string; businessDate: string },
  by: Person,
): Promise<void> {
  if ((await findPromise(db, key)) === undefined) throw new AppError('promise_on_its_way');
  if (await endPromise(db, key, { onDate: businessDate, way: 'withdrawn', note }, by)) return;
  const ended = await db
    .selectFrom('outside_refund_outcomes')
    .select('way')
    .where(isOf(key))
    .executeTakeFirstOrThrow();
  if (ended.way !== 'withdrawn') throw new AppError('paid_out_already');
}

interface PromiseKey {
  municipality: string;
  counter: string;
  id: string;
}

const isOf =
  ({ municipality, counter, id }: PromiseKey) =>
  (where: ExpressionBuilder<Database, 'outside_refunds' | 'outside_refund_outcomes'>) =>
    where.and({ municipality, counter, refund_id: id });

const findPromise = (db: Kysely<Database>, key: PromiseKey): Promise<{ requestedOn: string } | undefined> =>
  db.selectFrom('outside_refunds').select('business_date as requestedOn').where(isOf(key)).executeTakeFirst();

/** A promise ends once: its row has one key, whatever became of it. False: it has ended before. */
async function endPromise(
  db: Kysely<Database>,
  { municipality, counter, id }: PromiseKey,
  { onDate, way, note }: { onDate: string; way: Payout['way'] | 'withdrawn'; note: string },
  by: Person,
): Promise<boolean> {
  const written = await db
    .insertInto('outside_refund_outcomes')
    .values({
      ...{ municipality, counter, refund_id: id, on_date: onDate, way, note },
      ...{ by_number: by.number, by_name: by.name },
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('refund_id')
    .executeTakeFirst();
  return written !== undefined;
}
