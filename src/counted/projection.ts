/** The drained events of counted sales as rows that reports read, in the drain's transaction. */
import { sql, type Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { JournalKey } from '../journal/archive.ts';
import { lineRow } from '../payments/projection.ts';
import { foldCounted, type CountedSale } from './counted.ts';

/** Folds the counted sales among these operations again. Repeating it changes nothing. */
export async function projectCounted(
  trx: Transaction<Database>,
  key: JournalKey,
  operationIds: readonly string[],
): Promise<void> {
  if (operationIds.length === 0) return;
  const { municipality, counter, journalId } = key;
  const events = await trx
    .selectFrom('events')
    .select(['operation_id', 'sequence', 'at', 'type', 'payload'])
    .where('municipality', '=', municipality)
    .where('counter', '=', counter)
    .where('journal_id', '=', journalId)
    .where('operation_id', '=', sql<string>`ANY(${operationIds})`)
    .where('type', 'in', ['counted', 'counted_withdrawn'])
    .orderBy('sequence')
    .execute();
  for (const [id, rows] of Map.groupBy(events, ({ operation_id }) => operation_id ?? '')) {
    const sale = foldCounted(id, rows);
    if (sale !== undefined) await writeSale(trx, key, sale);
  }
}

async function writeSale(trx: Transaction<Database>, key: JournalKey, sale: CountedSale): Promise<void> {
  const { municipality, counter, journalId } = key;
  const own = await trx
    .insertInto('counted_sales')
    .values({
      municipality,
      counter,
      operation_id: sale.id,
      journal_id: journalId,
      sequence: sale.number,
      ticket: sale.ticket,
      tender: sale.tender,
      amount_yen: sale.amountYen,
      window_code: sale.window,
      window_name_ja: sale.windowNameJa,
      business_date: sale.businessDate,
      catalogue_version: sale.catalogueVersion,
      clerk: sale.clerk,
      counted_at: sale.countedAt,
      withdrawn_at: sale.withdrawn?.at ?? null,
      withdrawn_by: sale.withdrawn?.clerk ?? null,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['municipality', 'counter', 'operation_id'])
        .doUpdateSet((excluded) => ({
          withdrawn_at: excluded.ref('excluded.withdrawn_at'),
          withdrawn_by: excluded.ref('excluded.withdrawn_by'),
        }))
        // Another journal's sale stays as it is, as another's payment does (payments/projection.ts).
        .whereRef('counted_sales.journal_id', '=', 'excluded.journal_id'),
    )
    .returning('operation_id')
    .executeTakeFirst();
  if (own === undefined) return;
  const lines = sale.lines.map((line, index) => {
    const row = lineRow(key, sale.id, line, index + 1);
    // One statement of values: here the driver, and not PostgreSQL, has to make JSON of it.
    return { ...row, inputs: row.inputs === null ? null : JSON.stringify(row.inputs) };
  });
  await trx
    .insertInto('counted_sale_lines')
    .values(lines)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
