/** Batches and deposits out of the statements' lines, and their settlements as they are stored. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../db/schema.ts';
import type { Acquirer } from './acquirer.ts';
import { batchesOf, settle, type BatchPart, type Deposit } from './settlements.ts';
import type { SettlementStatus, SettlementView } from './view.ts';

export async function compareDeposits(
  db: Kysely<Database>,
  municipality: string,
  {
    acquirers,
    covered,
    asOf,
  }: { acquirers: readonly Acquirer[]; covered: ReadonlyMap<string, string>; asOf: string },
): Promise<SettlementView[]> {
  const { rows: parts } = await sql<BatchPart>`
    SELECT acquirer, batch, on_date AS "onDate", max(pays_on) AS "paysOn", brand,
      coalesce(sum(yen) FILTER (WHERE kind IN ('sale', 'refund')), 0)::bigint AS "grossYen",
      (sum(coalesce(fee_yen, 0) - CASE WHEN kind = 'fee' THEN yen ELSE 0 END)
        FILTER (WHERE fee_yen IS NOT NULL OR kind = 'fee'))::bigint AS "feeYen",
      coalesce(sum(yen) FILTER (WHERE kind = 'chargeback'), 0)::bigint AS "chargebackYen",
      coalesce(sum(yen) FILTER (WHERE kind IN ('carried', 'refund_failed')), 0)::bigint AS "carriedYen"
    FROM statement_lines WHERE municipality = ${municipality} AND book = 'provider'
    GROUP BY acquirer, batch, on_date, brand`.execute(db);
  const { rows: lines } = await sql<Deposit & { payer: string | null }>`
    SELECT line_id AS "lineId", acquirer, on_date AS "onDate", yen, payer FROM statement_lines
    WHERE municipality = ${municipality} AND book = 'bank' AND kind = 'deposit'`.execute(db);
  // The city's account has other payers too: what nobody has declared is none of ours.
  const deposits = lines.flatMap(({ payer, ...line }) => {
    const acquirer = payerOf(payer, acquirers);
    return acquirer === undefined ? [] : [{ ...line, acquirer }];
  });
  const bankUntil = lines.reduce((last, { onDate }) => (onDate > last ? onDate : last), '');
  return settle(batchesOf(parts, acquirers), deposits, { asOf, coveredUntil: covered, bankUntil });
}

/** Banks write payers in half-width katakana without small letters and with a hyphen for a long vowel. */
const SMALL = 'ァィゥェォッャュョ';
const LARGE = 'アイウエオツヤユヨ';
const letters = (name: string): string =>
  name
    .normalize('NFKC')
    .replaceAll(/[\s()・.ー-]/g, '')
    .replaceAll(new RegExp(`[${SMALL}]`, 'g'), (small) => LARGE[SMALL.indexOf(small)] ?? small)
    .toUpperCase();

function payerOf(payer: string | null, acquirers: readonly Acquirer[]): string | undefined {
  const name = letters(payer ?? '');
  return acquirers.find(({ payerNames }) => payerNames.some((each) => name.includes(letters(each))))?.code;
}

/** As the newest run that changed any has them. */
export async function readSettlements(db: Kysely<Database>, municipality: string): Promise<SettlementView[]> {
  // Which run is the newest is asked once: the view `current_batches` asks it of every settlement that there ever was.
  const rows = await db
    .selectFrom('batch_results')
    .selectAll()
    .where('municipality', '=', municipality)
    .where('run_id', '=', (eb) =>
      eb
        .selectFrom('batch_results')
        .select(({ fn }) => fn.max('run_id').as('newest'))
        .where('municipality', '=', municipality),
    )
    .orderBy('settlement')
    .execute();
  return rows.map((row) => ({
    acquirer: row.acquirer,
    status: row.status as SettlementStatus,
    batches: row.batches,
    deposits: row.deposits.map(Number),
    grossYen: row.gross_yen,
    feeYen: row.fee_yen,
    expectedFeeYen: row.expected_fee_yen,
    chargebackYen: row.chargeback_yen,
    carriedYen: row.carried_yen,
    netYen: row.net_yen,
    depositedYen: row.deposited_yen,
    due: row.due,
    paidOn: row.paid_on,
    faults: row.faults as SettlementView['faults'],
  }));
}

/** In the order in which they were made: `settlement` is a number that sorts as text. */
export async function writeSettlements(
  db: Kysely<Database>,
  municipality: string,
  runId: number,
  settlements: readonly SettlementView[],
): Promise<void> {
  if (settlements.length === 0) return;
  const rows = settlements.map((each, index) => ({
    municipality,
    counter: '*',
    run_id: runId,
    acquirer: each.acquirer,
    settlement: String(index).padStart(6, '0'),
    status: each.status,
    batches: each.batches,
    deposits: each.deposits,
    gross_yen: each.grossYen,
    fee_yen: each.feeYen,
    expected_fee_yen: each.expectedFeeYen,
    chargeback_yen: each.chargebackYen,
    carried_yen: each.carriedYen,
    net_yen: each.netYen,
    deposited_yen: each.depositedYen,
    due: each.due,
    paid_on: each.paidOn,
    faults: each.faults,
  }));
  await sql`INSERT INTO batch_results SELECT * FROM json_populate_recordset(NULL::batch_results, ${JSON.stringify(rows)}::json)`.execute(
    db,
  );
}
