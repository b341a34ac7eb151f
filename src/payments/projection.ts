/**
 * What the drained events make of payments, in tables that offices read. Runs inside the drain's transaction, so
 * that an event and what it means arrive together; the same fold as on the counter (lifecycle.ts).
 */
import { sql, type Transaction } from 'kysely';
import { selectRows } from '../db/rows.ts';
import type { Database, NewPayment, NewPaymentLine } from '../db/schema.ts';
import type { PricedLine } from '../fees/pricing.ts';
import type { JournalKey } from '../journal/archive.ts';
import { foldPayment, type Payment, type Recorded } from './lifecycle.ts';
import type { OperationEvent } from './operation-events.ts';
import { insertAfterwards } from './afterwards-projection.ts';
import { paidWith } from './view.ts';

/** What an event can change; the rest is frozen when the operation is armed. */
const CHANGING = [
  ...(['last_sequence', 'state', 'state_at', 'method', 'brand', 'terminal_id', 'receipt_number'] as const),
  ...([
    'trace_number',
    'approval_code',
    'brand_name',
    'result_code',
    'late',
    'posted_on',
    'decision',
  ] as const),
  ...(['lock_released', 'contradicted', 'cancel_requested', 'queries', 'reason'] as const),
];

/** Folds the operations again and writes what they now are. Repeating it changes nothing. */
export async function projectPayments(
  trx: Transaction<Database>,
  key: JournalKey,
  operationIds: readonly string[],
): Promise<void> {
  if (operationIds.length === 0) return;
  const folded = await foldOperations(trx, key, operationIds);
  if (folded.length === 0) return;
  const rows = folded.map(({ payment, lastSequence }) => paymentRow(key, payment, lastSequence));
  const paymentColumns = columnsOf(rows);
  const written = await trx
    .insertInto('payments')
    .columns(paymentColumns)
    .expression(selectRows('payments', paymentColumns, JSON.stringify(rows)))
    .onConflict((conflict) =>
      conflict
        .columns(['municipality', 'counter', 'operation_id'])
        .doUpdateSet((excluded) => ({
          ...Object.fromEntries(CHANGING.map((column) => [column, excluded.ref(`excluded.${column}`)])),
          projected_at: sql`DEFAULT`,
        }))
        // Another journal's payment is not overwritten by one that has come by the same id (repeated_ids).
        .whereRef('payments.journal_id', '=', 'excluded.journal_id'),
    )
    .returning('operation_id')
    .execute();
  const own = new Set(written.map(({ operation_id }) => operation_id));
  const payments = folded.map(({ payment }) => payment).filter(({ id }) => own.has(id));
  await insertAfterwards(trx, key, payments);
  // Lines are frozen when the sale is armed: there is nothing to update.
  const lines = payments.flatMap((payment) => lineRows(key, payment));
  if (lines.length === 0) return;
  const lineColumns = columnsOf(lines);
  await trx
    .insertInto('payment_lines')
    .columns(lineColumns)
    .expression(selectRows('payment_lines', lineColumns, JSON.stringify(lines)))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The payments among these operations, as their events make them. */
async function foldOperations(
  trx: Transaction<Database>,
  key: JournalKey,
  operationIds: readonly string[],
): Promise<{ payment: Payment; lastSequence: number }[]> {
  const events = await trx
    .selectFrom('events')
    .select(['operation_id', 'sequence', 'at', 'type', 'payload'])
    .where('municipality', '=', key.municipality)
    .where('counter', '=', key.counter)
    .where('journal_id', '=', key.journalId)
    .where('operation_id', '=', sql<string>`ANY(${operationIds})`)
    .orderBy('sequence')
    .execute();
  const byOperation = Map.groupBy(events, ({ operation_id }) => operation_id ?? '');
  // What is counted without a terminal, and a charge ticket itself, have rooms of their own.
  const sales = [...byOperation].filter(([, [first]]) => first?.type === 'armed');
  return sales.map(([id, rows]) => ({
    // What the counter wrote under these types is what lifecycle.ts says of them; the hash chain covers it.
    payment: foldPayment(id, rows as unknown as Recorded<OperationEvent>[]),
    lastSequence: rows.at(-1)?.sequence ?? 0,
  }));
}

/** All rows of a table are made in one place, with the same columns. */
function columnsOf<Row extends object>([row]: readonly Row[]): (keyof Row & string)[] {
  return Object.keys(row ?? {}) as (keyof Row & string)[];
}

function paymentRow(key: JournalKey, payment: Payment, lastSequence: number): NewPayment {
  const { armed, answer } = payment;
  const { method, brand } = paidWith(payment);
  return {
    municipality: key.municipality,
    counter: key.counter,
    operation_id: payment.id,
    journal_id: key.journalId,
    sequence: payment.sequence,
    last_sequence: lastSequence,
    ...kindRow(payment),
    state: payment.state,
    amount_yen: armed.amountYen,
    method,
    brand,
    asked_method: armed.method,
    asked_brand: armed.brand,
    window_code: armed.window,
    window_name_ja: armed.windowNameJa,
    business_date: armed.businessDate,
    catalogue_version: armed.catalogueVersion,
    clerk: armed.clerk,
    terminal: armed.terminal,
    terminal_id: answer?.terminalId ?? null,
    receipt_number: answer?.receiptNumber ?? null,
    trace_number: answer?.traceNumber ?? null,
    approval_code: answer?.approvalCode ?? null,
    brand_name: answer?.brandName ?? null,
    result_code: payment.resultCode,
    late: payment.late,
    posted_on: payment.postedOn,
    decision: payment.decision,
    lock_released: payment.lockReleased,
    contradicted: payment.contradicted,
    cancel_requested: payment.cancelRequested,
    queries: payment.queries,
    reason: payment.reason,
    armed_at: payment.armedAt,
    state_at: payment.stateAt,
  };
}

type KindColumns =
  'ticket' | 'by_hand' | 'kind' | 'of_operation_id' | 'return_reason' | 'return_note' | 'confirmed_by';

/** What tells a void or refund from a sale; frozen when it was armed. */
function kindRow({ armed }: Payment): Pick<NewPayment, KindColumns> {
  const by_hand = armed.byHand !== undefined;
  if (armed.kind === 'sale') {
    return {
      ticket: armed.ticket?.reference ?? null,
      by_hand,
      kind: 'sale',
      of_operation_id: null,
      return_reason: null,
      return_note: null,
      confirmed_by: null,
    };
  }
  return {
    ticket: null,
    by_hand,
    kind: armed.kind,
    of_operation_id: armed.of,
    return_reason: armed.reason,
    return_note: armed.note,
    confirmed_by: armed.confirmedBy?.clerk ?? null,
  };
}

function lineRows(key: JournalKey, { id, armed }: Payment): NewPaymentLine[] {
  return armed.lines.map((line, index) => lineRow(key, id, line, index + 1));
}

/** A frozen line as a row; counted sales have the same. */
export function lineRow(
  key: JournalKey,
  operationId: string,
  line: PricedLine,
  position: number,
): NewPaymentLine {
  return {
    municipality: key.municipality,
    counter: key.counter,
    operation_id: operationId,
    position,
    code: line.code,
    name_ja: line.nameJa,
    name_en: line.nameEn,
    unit: line.unit,
    quantity: line.quantity,
    unit_price_yen: line.unitPriceYen,
    amount_yen: line.amountYen,
    tax_category: line.taxCategory,
    revenue_account: line.revenueAccount,
    price_confirmed: line.priceConfirmed,
    count: line.count ?? null,
    inputs: line.inputs ?? null,
    priced_on: line.pricedOn ?? null,
    registration_number: line.registrationNumber ?? null,
    exemption_ground: line.exemption?.ground ?? null,
    exemption_kind: line.exemption?.kind ?? null,
    exemption_approver: line.exemption?.approver.number ?? null,
    waived_yen: line.exemption?.waivedYen ?? null,
  };
}
