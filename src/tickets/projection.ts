/** What the drained events make of charge tickets, in the drain's transaction, after the sales themselves. */
import { sql, type Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { JournalKey } from '../journal/archive.ts';
import { foldTicket, type TicketUse } from './state.ts';
import type { TicketEvent } from './tickets.ts';
import type { TicketMark } from './format.ts';

/** Folds the tickets among these operations, and those of the sales that they are or give back, again. Repeating it changes nothing. */
export async function projectTickets(
  trx: Transaction<Database>,
  key: JournalKey,
  operationIds: readonly string[],
): Promise<void> {
  if (operationIds.length === 0) return;
  const { rows } = await sql<{ reference: string }>`
    SELECT DISTINCT coalesce(payload -> 'ticket' ->> 'reference', substring(operation_id FROM '^ticket:(.*)$')) AS reference
    FROM events
    WHERE municipality = ${key.municipality} AND counter = ${key.counter} AND journal_id = ${key.journalId}
      AND operation_id = ANY(${operationIds})
      AND (operation_id LIKE 'ticket:%' OR type IN ('armed', 'counted') AND payload ? 'ticket')
    UNION
    SELECT sale.ticket FROM payments back
    JOIN payments sale ON sale.municipality = back.municipality AND sale.counter = back.counter
      AND sale.operation_id = back.of_operation_id
    WHERE back.municipality = ${key.municipality} AND back.counter = ${key.counter}
      AND back.operation_id = ANY(${operationIds}) AND back.kind <> 'sale' AND sale.ticket IS NOT NULL`.execute(
    trx,
  );
  for (const { reference } of rows) await projectOne(trx, key, reference);
}

interface Seen {
  key: string;
  window: string;
  until: string;
  businessDate: string;
  at: string;
}

async function projectOne(trx: Transaction<Database>, key: JournalKey, reference: string): Promise<void> {
  const { municipality, counter, journalId } = key;
  const own = await trx
    .selectFrom('events')
    .select(['sequence', 'at', 'type', 'payload'])
    .where('municipality', '=', municipality)
    .where('counter', '=', counter)
    .where('journal_id', '=', journalId)
    .where('operation_id', '=', `ticket:${reference}`)
    .orderBy('sequence')
    .execute();
  const uses = await readUses(trx, key, reference);
  const events = own as unknown as (TicketEvent & { sequence: number; at: string })[];
  const cancelled = events.find((event) => event.type === 'ticket_cancelled');
  const seen = firstSeen(events) ?? (await seenWithSale(trx, key, uses[0]?.operationId));
  if (seen === undefined) return;
  const state = foldTicket([
    ...uses,
    ...(cancelled === undefined ? [] : [{ kind: 'cancellation' as const, sequence: cancelled.sequence }]),
  ]);
  const changing = {
    state,
    operation_id: uses.at(-1)?.operationId ?? null,
    cancel_reason: cancelled?.payload.reason ?? null,
    cancel_note: cancelled?.payload.note ?? null,
    cancelled_by: cancelled?.payload.clerk ?? null,
    unsure: uses.some(({ isUnsure }) => isUnsure),
  };
  await trx
    .insertInto('tickets')
    .values({
      ...{ municipality, counter, reference, journal_id: journalId },
      ...{ key_id: seen.key, window_code: seen.window, until: seen.until },
      ...{ business_date: seen.businessDate, first_at: seen.at },
      ...changing,
    })
    .onConflict((conflict) =>
      conflict.columns(['municipality', 'counter', 'reference']).doUpdateSet(changing),
    )
    .execute();
}

function firstSeen(events: readonly (TicketEvent & { at: string })[]): Seen | undefined {
  const [first] = events;
  if (first?.type !== 'ticket_presented') return undefined;
  return { ...first.payload, at: first.at };
}

/** A script may sell a ticket that was never read on a screen: then the sale is where it was first seen. */
async function seenWithSale(
  trx: Transaction<Database>,
  { municipality, counter, journalId }: JournalKey,
  operationId: string | undefined,
): Promise<Seen | undefined> {
  if (operationId === undefined) return undefined;
  const event = await trx
    .selectFrom('events')
    .select(['at', 'payload'])
    .where('municipality', '=', municipality)
    .where('counter', '=', counter)
    .where('journal_id', '=', journalId)
    .where('operation_id', '=', operationId)
    .where('type', 'in', ['armed', 'counted'])
    .executeTakeFirst();
  if (event === undefined) return undefined;
  const { ticket, window, businessDate } = event.payload as {
    ticket: TicketMark;
    window: string;
    businessDate: string;
  };
  return { key: ticket.key, until: ticket.until, window, businessDate, at: event.at };
}

/** The sales of this counter that carry it, oldest first. */
async function readUses(
  trx: Transaction<Database>,
  { municipality, counter }: JournalKey,
  reference: string,
): Promise<(TicketUse & { operationId: string; isUnsure: boolean })[]> {
  const payments = await trx
    .selectFrom('payments')
    .select(['operation_id as operationId', 'sequence', 'state', isReturned, isUnsureOf('payments')])
    .where('municipality', '=', municipality)
    .where('counter', '=', counter)
    .where('ticket', '=', reference)
    .execute();
  const counted = await trx
    .selectFrom('counted_sales')
    .select([
      ...(['operation_id as operationId', 'sequence', 'tender', 'withdrawn_at'] as const),
      isUnsureOf('counted_sales'),
    ])
    .where('municipality', '=', municipality)
    .where('counter', '=', counter)
    .where('ticket', '=', reference)
    .execute();
  return [
    ...payments.map((row) => ({ ...row, kind: 'payment' as const })),
    ...counted.map(({ withdrawn_at, ...row }) => ({
      ...row,
      kind: 'counted' as const,
      isWithdrawn: withdrawn_at !== null,
    })),
  ].sort((a, b) => a.sequence - b.sequence);
}

const isReturned =
  sql<boolean>`coalesce(once_state(municipality, counter, operation_id) = 'undone', false)`.as('isReturned');

/** Whether the sale's first event says that the city's record could not be asked. */
const isUnsureOf = (table: 'payments' | 'counted_sales') =>
  sql<boolean>`EXISTS (
    SELECT FROM events e
    WHERE e.municipality = ${sql.ref(`${table}.municipality`)} AND e.counter = ${sql.ref(`${table}.counter`)}
      AND e.operation_id = ${sql.ref(`${table}.operation_id`)} AND e.type IN ('armed', 'counted')
      AND e.payload -> 'ticket' ->> 'unsure' = 'true')`.as('isUnsure');
