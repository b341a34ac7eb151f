/** Batches and deposits out of the statements' lines, and their settlements as they are stored. */
import { sql, type Kysely, type Selectable } from 'kysely';
import type { Database } from '../../db/schema.ts';
import { canonicalJson } from '../../journal/chain.ts';
import type { Acquirer } from './acquirer.ts';
import { batchesOf, type BatchPart } from './batches.ts';
import { settle, type Deposit } from './settlements.ts';
import type { SettlementStatus, SettlementView } from './view.ts';

/**
 * What acquirers owe by their statements, against what the bank's register has, up to `asOf`. @param covered per
 * acquirer, the last day that its statements have reached
 */
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
    SELECT acquirer, batch, on_date AS "onDate", max(pays_on) AS "paysOn", brand, sum(gross_yen)::bigint AS "grossYen",
      sum(fee_yen)::bigint AS "feeYen", sum(chargeback_yen)::bigint AS "chargebackYen",
      sum(carried_yen + returned_yen)::bigint AS "carriedYen"
    FROM statement_sums WHERE municipality = ${municipality}
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

/** What a row of `batch_results` names is in no settlement any more: of a payer, for instance, that is declared no longer. */
const GONE = 'gone';
type Settled = Omit<SettlementView, 'status'> & { status: SettlementStatus | typeof GONE };

/** What it is about: each batch, and each of the bank's lines, is in one settlement. */
const membersOf = ({ acquirer, batches, deposits }: Settled): string[] => [
  ...batches.map((batch) => `${acquirer} ${batch}`),
  ...deposits.map((line) => `#${line}`),
];

/**
 * As the newest row has it that names a batch or a bank line; by acquirer and day. Rows are written where something
 * changed, so that there are not many more of them than there are settlements.
 */
export async function readSettlements(db: Kysely<Database>, municipality: string): Promise<SettlementView[]> {
  const rows = await db
    .selectFrom('batch_results')
    .selectAll()
    .where('municipality', '=', municipality)
    .orderBy('run_id', 'desc')
    .execute();
  const named = new Set<string>();
  const current: SettlementView[] = [];
  for (const ofRun of Map.groupBy(rows, (row) => row.run_id).values()) {
    const settled = ofRun.map(settledOf).map((each) => ({ each, members: membersOf(each) }));
    // Compared with newer runs only: rows of one run have no member in common.
    const newest = settled.filter(({ members }) => !members.some((member) => named.has(member)));
    current.push(...newest.map(({ each }) => each).filter(isThere));
    for (const member of settled.flatMap(({ members }) => members)) named.add(member);
  }
  const place = ({ acquirer, due, paidOn, batches, deposits }: SettlementView): string =>
    [acquirer, due ?? paidOn, batches[0], deposits[0]].join(' ');
  return current.toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
}

const isThere = (settled: Settled): settled is SettlementView => settled.status !== GONE;

const settledOf = (row: Selectable<Database['batch_results']>): Settled => ({
  acquirer: row.acquirer,
  status: row.status as Settled['status'],
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
});

/** Writes those that are other than before. @returns how many */
export async function writeSettlements(
  db: Kysely<Database>,
  municipality: string,
  runId: number,
  settlements: readonly SettlementView[],
): Promise<number> {
  const known = await readSettlements(db, municipality);
  const said = new Set(known.map((each) => canonicalJson(each)));
  const changed = [
    ...settlements.filter((each) => !said.has(canonicalJson(each))),
    ...goneOf(known, new Set(settlements.flatMap(membersOf))),
  ];
  const rows = changed.map((each, index) => ({
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
  if (rows.length > 0)
    await sql`INSERT INTO batch_results SELECT * FROM json_populate_recordset(NULL::batch_results, ${JSON.stringify(rows)}::json)`.execute(
      db,
    );
  return rows.length;
}

/** Members of settlements that are in none any more; those that are still there have a changed row of their own. */
function goneOf(known: readonly SettlementView[], present: ReadonlySet<string>): Settled[] {
  const nothing = { grossYen: 0, feeYen: 0, expectedFeeYen: null, chargebackYen: 0, carriedYen: 0 } as const;
  const empty = { ...nothing, netYen: 0, depositedYen: 0, due: null, paidOn: null, faults: [] };
  return known.flatMap(({ acquirer, batches, deposits }) => {
    const gone = {
      batches: batches.filter((batch) => !present.has(`${acquirer} ${batch}`)),
      deposits: deposits.filter((line) => !present.has(`#${line}`)),
    };
    if (gone.batches.length + gone.deposits.length === 0) return [];
    return [{ ...empty, acquirer, status: GONE, ...gone }];
  });
}
