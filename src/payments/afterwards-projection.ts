/** What was promised back outside the terminals, and what was corrected, in tables that offices read. */
import type { Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { JournalKey } from '../journal/archive.ts';
import type { Payment } from './lifecycle.ts';

/** Written once: repeating it changes nothing. */
export async function insertAfterwards(
  trx: Transaction<Database>,
  { municipality, counter, journalId }: JournalKey,
  payments: readonly Payment[],
): Promise<void> {
  const of = { municipality, counter, journal_id: journalId };
  // What became of a promise stands with accounting's own word on it (outside-refunds.ts): the counter asks there first.
  const refunds = payments.flatMap(({ id, outside, armed }) =>
    outside.map((refund) => ({
      ...of,
      refund_id: refund.id,
      of_operation_id: id,
      window_code: armed.window,
      amount_yen: refund.amountYen,
      business_date: refund.businessDate,
      clerk: refund.clerk,
      confirmed_by: refund.confirmedBy?.clerk ?? null,
      reason: refund.reason,
      note: refund.note,
      lines: JSON.stringify(refund.lines),
    })),
  );
  const corrections = payments.flatMap(({ id, corrections: all, armed }) =>
    all.map((correction) => ({
      ...of,
      correction_id: correction.id,
      of_operation_id: id,
      window_code: armed.window,
      business_date: correction.businessDate,
      clerk: correction.clerk,
      confirmed_by: correction.confirmedBy.clerk,
      note: correction.note,
      replaced: JSON.stringify(correction.replaced),
      lines: JSON.stringify(correction.lines),
    })),
  );
  if (refunds.length > 0) {
    await trx
      .insertInto('outside_refunds')
      .values(refunds)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  if (corrections.length > 0) {
    await trx
      .insertInto('corrections')
      .values(corrections)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}
