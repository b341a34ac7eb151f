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
  /** In their order on the slip. */
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
    query = query.where(wordCondition(word));
  }
  return query.limit(MOST_FOUND).execute();
}

const MOST_FOUND = 200;
const MOST_WORDS = 8;

function wordCondition(word: string): RawBuilder<SqlBool> {
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
  )`;
}

function listOf(db: Kysely<Database>, municipality: string) {
  return db
    .selectFrom('payments')
    .innerJoin('payment_lines', (join) =>
      join
        .onRef('payment_lines.municipality', '=', 'payments.municipality')
        .onRef('payment_lines.counter', '=', 'payments.counter')
        .onRef('payment_lines.operation_id', '=', 'payments.operation_id'),
    )
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
      sql<SoldLine[]>`json_agg(
        json_build_object('nameJa', name_ja, 'quantity', quantity, 'unit', unit) ORDER BY position
      )`.as('lines'),
      'payments.receipt_number as receiptNumber',
      'payments.by_hand as byHand',
      'payments.business_date as businessDate',
      'payments.armed_at as armedAt',
    ])
    .where('payments.municipality', '=', municipality)
    .groupBy(['payments.municipality', 'payments.counter', 'payments.operation_id'])
    .orderBy('payments.armed_at', 'desc');
}
