/** What the drained events make of charge tickets, in the drain's transaction, after the sales themselves. */
import { sql, type Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import { foldTicket, type TicketUse } from './state.ts';
import type { TicketEvent } from './tickets.ts';
import type { TicketMark } from './format.ts';

interface JournalKey {
  municipality: string;
  counter: string;
  journalId: string;
}

/** Folds the tickets among these operations, and those that their sales carry, again. Repeating it changes nothing. */
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
      AND (operation_id LIKE 'ticket:%' OR type IN ('armed', 'counted') AND payload ? 'ticket')`.execute(trx);
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
): Promise<(TicketUse & { operationId: string })[]> {
  const payments = await trx
    .selectFrom('payments')
    .select(['operation_id as operationId', 'sequence', 'state'])
    .where('municipality', '=', municipality)
    .where('counter', '=', counter)
    .where('ticket', '=', reference)
    .execute();
  const counted = await trx
    .selectFrom('counted_sales')
    .select(['operation_id as operationId', 'sequence', 'tender', 'withdrawn_at'])
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
