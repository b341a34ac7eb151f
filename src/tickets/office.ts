/** The charge tickets of a day as PostgreSQL holds them, over all counters. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { CancelReason } from './reasons.ts';
import type { TicketState } from './state.ts';

export interface OfficeTicket {
  reference: string;
  counter: string;
  key: string;
  windowNameJa: string;
  until: string;
  businessDate: string;
  firstAt: string;
  state: TicketState;
  /** Used while the city's record could not be asked, on the resident's word. */
  isUnsure: boolean;
  /** 伝票番号 and amount of the last sale that carried it; null: none. */
  number: number | null;
  amountYen: number | null;
  cancelled: { reason: CancelReason; note: string; clerk: string } | null;
  /** Other counters at which it is used or held too: somebody may have paid twice. */
  alsoAt: string[];
}

const MOST = 500;

/** First seen on a day, newest first; before them, of any day, what two counters have used. */
export async function readTicketsOn(
  db: Kysely<Database>,
  municipality: string,
  date: string,
): Promise<OfficeTicket[]> {
  const { rows } = await sql<Row>`
    SELECT t.reference, t.counter, t.key_id AS key, coalesce(p.window_name_ja, c.window_name_ja, w.name, t.window_code) AS "windowNameJa",
      t.until, t.business_date AS "businessDate", t.first_at AS "firstAt", t.state, t.unsure AS "isUnsure",
      coalesce(p.sequence, c.sequence) AS number, coalesce(p.amount_yen, c.amount_yen) AS "amountYen",
      t.cancel_reason AS "cancelReason", t.cancel_note AS "cancelNote", t.cancelled_by AS "cancelledBy", twice.counters AS "alsoAt"
    FROM tickets t
    LEFT JOIN payments p USING (municipality, counter, operation_id)
    LEFT JOIN counted_sales c USING (municipality, counter, operation_id)
    LEFT JOIN LATERAL (
      SELECT definition ->> 'nameJa' AS name FROM catalogue_entries e
      WHERE e.municipality = t.municipality AND e.kind = 'window' AND e.code = t.window_code ORDER BY version DESC LIMIT 1) w ON true
    CROSS JOIN LATERAL (
      SELECT coalesce(array_agg(o.counter ORDER BY o.counter), '{}') AS counters FROM tickets o
      WHERE o.municipality = t.municipality AND o.reference = t.reference AND o.counter <> t.counter
        AND o.state NOT IN ('open', 'cancelled') AND t.state NOT IN ('open', 'cancelled')) twice
    WHERE t.municipality = ${municipality} AND (t.business_date = ${date} OR cardinality(twice.counters) > 0)
    ORDER BY cardinality(twice.counters) = 0, t.first_at DESC LIMIT ${MOST}`.execute(db);
  return rows.map(({ cancelReason, cancelNote, cancelledBy, ...row }) => ({
    ...row,
    cancelled:
      cancelReason === null
        ? null
        : { reason: cancelReason, note: cancelNote ?? '', clerk: cancelledBy ?? '' },
  }));
}

type Row = Omit<OfficeTicket, 'cancelled'> & {
  cancelReason: CancelReason | null;
  cancelNote: string | null;
  cancelledBy: string | null;
};
