/** The payments of a day as PostgreSQL holds them, for the office. */
import { sql, type Kysely, type RawBuilder, type SqlBool } from 'kysely';
import type { Database } from '../db/schema.ts';

/** One payment as accounting reads it. Integer yen; instants in UTC. */
export interface OfficePayment {
  counter: string;
  id: string;
  kind: 'sale' | 'void' | 'refund';
  number: number;
  state: string;
  amountYen: number;
  /** Of a sale: what a terminal has given back of it since, on whatever day. */
  returnedYen: number;
  /** Of a void or refund: the number of its sale. */
  ofNumber: number | null;
  method: string;
  brand: string | null;
  windowNameJa: string;
  /** As they stand on the slip: where it was corrected, those that it was corrected to. */
  lines: readonly SoldLine[];
  receiptNumber: string | null;
  /** Entered from the terminal's slip later. */
  byHand: boolean;
  businessDate: string;
  armedAt: string;
}

interface SoldLine {
  nameJa: string;
  quantity: number;
  unit: string;
}

/** Newest first. */
export async function readPaymentsOn(
  db: Kysely<Database>,
  municipality: string,
  date: string,
): Promise<OfficePayment[]> {
  return listOf(db, municipality).where('payments.business_date', '=', date).execute();
}

/** What somebody has in hand, on whatever day; see search.ts for what a word finds. Newest first. */
export async function searchPayments(
  db: Kysely<Database>,
  municipality: string,
  search: string,
): Promise<OfficePayment[]> {
  let query = listOf(db, municipality);
  const words = search.normalize('NFKC').toLowerCase().split(/\s+/);
  for (const word of words.filter((each) => each !== '').slice(0, MOST_WORDS)) {
    query = query.where(wordCondition(word, municipality));
  }
  return query.limit(MOST_FOUND).execute();
}

const MOST_FOUND = 200;
const MOST_WORDS = 8;

function wordCondition(word: string, municipality: string): RawBuilder<SqlBool> {
  const digits = /^\d[\d,]*円?$/.test(word) ? word.replace(/[,円]/g, '').replace(/^0+(?=.)/, '') : null;
  const time = /^\d{1,2}:\d{0,2}$/.test(word)
    ? `${word.padStart(word.indexOf(':') === 1 ? word.length + 1 : 0, '0')}%`
    : null;
  const inLines = `%${word.replace(/[\\%_]/g, String.raw`\$&`)}%`;
  return sql<SqlBool>`(
    ${digits}::text IN (payments.sequence::text, payments.amount_yen::text, payments.slip,
      ltrim(payments.approval_code, '0'))
    OR to_char(payments.armed_at AT TIME ZONE 'Asia/Tokyo', 'HH24:MI') LIKE ${time}::text
    OR EXISTS (
      SELECT FROM payment_lines l
      WHERE l.municipality = payments.municipality AND l.counter = payments.counter
        AND l.operation_id = payments.operation_id
        AND (lower(l.name_ja) LIKE ${inLines} OR lower(l.inputs::text) LIKE ${inLines})
    )
    OR (payments.counter, payments.operation_id) IN (
      SELECT c.counter, c.of_operation_id FROM corrections c CROSS JOIN jsonb_array_elements(c.lines) AS l
      WHERE c.municipality = ${municipality}
        AND (lower(l ->> 'nameJa') LIKE ${inLines} OR lower(l ->> 'inputs') LIKE ${inLines})
    )
  )`;
}

/** What it was corrected to last; nothing where it never was. The corrections themselves have no order. */
const CORRECTED_LINES = sql<readonly SoldLine[] | null>`(
  SELECT json_agg(json_build_object('nameJa', l -> 'nameJa', 'quantity', l -> 'quantity', 'unit', l -> 'unit') ORDER BY place)
  FROM jsonb_array_elements((
    SELECT e.payload -> 'lines' FROM events e
    WHERE e.municipality = payments.municipality AND e.counter = payments.counter
      AND e.journal_id = payments.journal_id AND e.operation_id = payments.operation_id AND e.type = 'corrected'
    ORDER BY e.sequence DESC LIMIT 1
  )) WITH ORDINALITY AS corrected (l, place)
)`;
const SOLD_LINES = sql<readonly SoldLine[] | null>`(
  SELECT json_agg(json_build_object('nameJa', l.name_ja, 'quantity', l.quantity, 'unit', l.unit) ORDER BY l.position)
  FROM payment_lines l
  WHERE l.municipality = payments.municipality AND l.counter = payments.counter
    AND l.operation_id = payments.operation_id
)`;

function listOf(db: Kysely<Database>, municipality: string) {
  return db
    .selectFrom('payments')
    .select([
      'payments.counter as counter',
      'payments.operation_id as id',
      'payments.sequence as number',
      'payments.kind as kind',
      'payments.state as state',
      sql<number>`(
        SELECT coalesce(sum(back.amount_yen), 0)::integer FROM payments AS back
        WHERE back.municipality = payments.municipality AND back.counter = payments.counter
          AND back.of_operation_id = payments.operation_id AND back.kind <> 'sale' AND back.state = 'approved'
      )`.as('returnedYen'),
      sql<number | null>`(
        SELECT sale.sequence FROM payments AS sale
        WHERE sale.municipality = payments.municipality AND sale.counter = payments.counter
          AND sale.operation_id = payments.of_operation_id
      )`.as('ofNumber'),
      'payments.amount_yen as amountYen',
      'payments.method as method',
      'payments.brand as brand',
      'payments.window_name_ja as windowNameJa',
      sql<readonly SoldLine[]>`coalesce(${CORRECTED_LINES}, ${SOLD_LINES}, '[]')`.as('lines'),
      'payments.receipt_number as receiptNumber',
      'payments.by_hand as byHand',
      'payments.business_date as businessDate',
      'payments.armed_at as armedAt',
    ])
    .where('payments.municipality', '=', municipality)
    .orderBy('payments.armed_at', 'desc');
}
