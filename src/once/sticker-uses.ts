/** A sticker's sales as PostgreSQL holds them, of all counters. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../db/schema.ts';
import { plainSticker } from './keys.ts';
import type { StickerHistory, StickerUse } from './stickers.ts';

/** Those of every series, oldest first. Lines are as they were corrected last. */
export async function readUses(
  db: Kysely<Database>,
  municipality: string,
  { number, year }: { number: string; year: number },
): Promise<StickerUse[]> {
  const place = `:${String(year)}:${plainSticker(number)}`;
  const { rows } = await sql<StickerUse>`
    WITH uses AS (
      SELECT counter, operation_id, bool_and(dropped) AS dropped, bool_and(given_back) AS given_back FROM once_uses
      WHERE municipality = ${municipality} AND right(key, ${place.length}) = ${place}
        AND (key LIKE 'sticker:%' OR key LIKE 'replaced:%')
      GROUP BY counter, operation_id
    )
    SELECT u.counter, u.operation_id AS "saleId", u.dropped,
      coalesce(p.sequence, c.sequence) AS number,
      coalesce(p.business_date, c.business_date) AS "businessDate",
      coalesce(p.armed_at, c.counted_at) AS at,
      coalesce(c.tender, 'cashless') AS tender,
      coalesce(p.amount_yen, c.amount_yen) AS "amountYen",
      (SELECT coalesce(sum(back.amount_yen), 0)::integer FROM payments back
        WHERE back.municipality = ${municipality} AND back.counter = u.counter
          AND back.of_operation_id = u.operation_id AND back.kind <> 'sale' AND back.state = 'approved') AS "returnedYen",
      CASE WHEN u.given_back THEN 'undone' ELSE once_state(${municipality}, u.counter, u.operation_id) END AS state,
      coalesce(p.by_hand, false) AS "byHand",
      last.lines
    FROM uses u
    LEFT JOIN payments p ON p.municipality = ${municipality} AND p.counter = u.counter AND p.operation_id = u.operation_id
    LEFT JOIN counted_sales c
      ON c.municipality = ${municipality} AND c.counter = u.counter AND c.operation_id = u.operation_id
    CROSS JOIN LATERAL (
      SELECT e.payload -> 'lines' AS lines FROM events e
      WHERE e.municipality = ${municipality} AND e.counter = u.counter AND e.operation_id = u.operation_id
        AND e.type IN ('armed', 'counted', 'corrected')
      ORDER BY e.sequence DESC LIMIT 1) last
    WHERE p.operation_id IS NOT NULL OR c.operation_id IS NOT NULL
    ORDER BY at, u.counter, number`.execute(db);
  return rows;
}

/** Whatever the city knows of one sticker. @param asked `year`: the fiscal year of use */
export async function readStickerHistory(
  db: Kysely<Database>,
  municipality: string,
  { number, year }: { number: string; year: number },
): Promise<StickerHistory> {
  const uses = await readUses(db, municipality, { number, year });
  return { sticker: plainSticker(number), year, uses, isComplete: true };
}
