/**
 * The lines behind a figure of another book: a terminal's totals, a provider's statement, the bank, what accounting owes.
 * As with our own lines, their sum is what stands in the figure; where one of our payments belongs to a line, it says which.
 */
import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Database } from '../db/schema.ts';
import { dueOf, type Acquirer } from '../reconcile/books/acquirer.ts';
import { readSettlements } from '../reconcile/books/deposits.ts';
import { readAcquirers } from '../reconcile/statements/declared.ts';
import { isSettledWithin } from './beside.ts';
import type { Names } from './names.ts';
import type { Span } from './sums.ts';
import type { EntryList, Part, Told, ToldLine } from './view.ts';

/** A line as PostgreSQL has it; `what` is named in Japanese afterwards. */
type FoundLine = Omit<ToldLine, 'placeJa' | 'whatJa'> & { place: string; what: string; brand: string | null };
type Lines = RawBuilder<FoundLine>;
type ToldOf<Of extends Told['of']> = Extract<Told, { of: Of }>;

/** @param page how many lines of the list, and behind how many others */
export async function readTold(
  db: Kysely<Database>,
  span: Span,
  { told, part }: { told: Told; part: Part },
  { names, skip, most }: { names: Names; skip: number; most: number },
): Promise<EntryList> {
  const lines = await linesOf(db, span, told, part);
  const { rows: sums } = await sql<{ lines: number; amountYen: number }>`
    SELECT count(*) AS lines, coalesce(sum("amountYen"), 0)::bigint AS "amountYen" FROM (${lines}) t`.execute(
    db,
  );
  const { rows } = await sql<FoundLine>`
    SELECT t.* FROM (${lines}) t
    ORDER BY "onDate", place, counter, number, what, "amountYen" LIMIT ${most} OFFSET ${skip}`.execute(db);
  const [sum = { lines: 0, amountYen: 0 }] = sums;
  return {
    total: { ...sum, payments: sum.lines, quantity: 0, waivedYen: 0 },
    lines: [],
    told: rows.map(({ place, what, brand, ...line }) => ({
      ...line,
      placeJa: PLACES[place] ?? place,
      whatJa: [WORDS[what] ?? what, brand === null ? '' : names.brand(brand)].join(' ').trim(),
    })),
  };
}

const PLACES: Record<string, string> = { ours: '窓口の記録', declared: '登録した料率', record: '突合の記録' };
const WORDS: Record<string, string> = {
  sale: '売上',
  void: '取消',
  refund: '返金',
  chargeback: 'チャージバック',
  refund_failed: '返金の戻り',
  fee: '手数料',
  carried: '繰り越し',
  deposit: '入金',
  expected_fee: '明細に記載のない手数料',
  explained: '記録で説明できる分',
  ours: '窓口の記録（1件ごとの控えを残す前の突合）',
};

async function linesOf(db: Kysely<Database>, span: Span, told: Told, part: Part): Promise<Lines> {
  switch (told.of) {
    case 'terminals':
      return terminalLines(span, told, part);
    case 'matches':
      return matchLines(span, told, part);
    case 'settlements':
      return settlementLines(db, span, told, part);
    case 'refunds':
      return refundLines(span, told);
  }
}

const ALL = (some: readonly Lines[]): Lines => sql<FoundLine>`${sql.join([...some], sql` UNION ALL `)}`;

/** What each part is made of: `sign` 1 as it stands, -1 taken away. */
const OURS_IN: Partial<Record<Part, number>> = { ours: 1, difference: -1, unexplained: -1, rows: 1 };
const THEIRS_IN: Partial<Record<Part, number>> = { theirs: 1, difference: 1, unexplained: 1, rows: 1 };

/** Our payments by the operations that the result names, the terminal's totals as it has them. */
function terminalLines(
  { municipality, from, until }: Span,
  { counter, businessDate }: ToldOf<'terminals'>,
  part: Part,
): Lines {
  const days = sql`(
    SELECT DISTINCT ON (business_date, counter) business_date, counter, result FROM reconciliations
    WHERE municipality = ${municipality} AND business_date BETWEEN ${from}::date AND ${until}::date
      ${counter === undefined ? sql`` : sql`AND counter = ${counter}`}
      ${businessDate === undefined ? sql`` : sql`AND business_date = ${businessDate}::date`}
    ORDER BY business_date, counter, version DESC) d`;
  const shown = counter === undefined ? sql`d.result ->> 'status' <> 'matched'` : sql`true`;
  const some: Lines[] = [];
  const [ours, theirs] = [OURS_IN[part], THEIRS_IN[part]];
  if (ours !== undefined)
    some.push(
      sql<FoundLine>`
      SELECT d.business_date AS "onDate", 'ours' AS place, p.kind AS what, p.brand, p.counter, p.sequence AS number,
        ${ours}::bigint * p.signed_yen AS "amountYen"
      FROM ${days} CROSS JOIN LATERAL jsonb_array_elements_text(d.result -> 'compared') id
      JOIN payments p ON p.municipality = ${municipality} AND p.counter = d.counter AND p.operation_id = id
      WHERE ${shown}`,
      sql<FoundLine>`
      SELECT d.business_date, 'record', 'ours', NULL, d.counter, NULL::bigint,
        ${ours} * (d.result -> 'ours' ->> 'amountYen')::bigint
      FROM ${days} WHERE ${shown} AND NOT d.result ? 'compared'`,
    );
  if (theirs !== undefined)
    some.push(sql<FoundLine>`
      SELECT d.business_date AS "onDate", ${TERMINAL_NAME} AS place, r ->> 'nameJa' AS what, NULL AS brand,
        d.counter, NULL::bigint AS number, ${theirs} * (r -> 'theirs' ->> 'amountYen')::bigint AS "amountYen"
      FROM ${days} CROSS JOIN LATERAL jsonb_array_elements(d.result -> 'rows') r WHERE ${shown}`);
  if (part === 'unexplained')
    some.push(sql<FoundLine>`
      SELECT * FROM (
        SELECT d.business_date, 'record', 'explained', NULL, d.counter, NULL::bigint,
          coalesce((d.result ->> 'unexplainedYen')::bigint, 0) - (d.result ->> 'differenceYen')::bigint AS yen
        FROM ${days} WHERE ${shown}) e WHERE yen <> 0`);
  return ALL(some);
}

/** As `terminalJa` has it. */
const TERMINAL_NAME = sql.raw(
  `CASE WHEN r ->> 'terminal' ~ '^[0-9]+(（|$)' THEN '端末 ' ELSE '' END || (r ->> 'terminal')`,
);

/** Rows of our book and of a statement that are not simply the same. */
function matchLines(
  { municipality, from, until }: Span,
  { acquirer, status }: ToldOf<'matches'>,
  part: Part,
): Lines {
  const rows = sql`FROM current_matches m
    LEFT JOIN payments p ON p.municipality = m.municipality AND p.counter = m.counter AND p.operation_id = m.operation_id
    LEFT JOIN statement_lines l ON l.municipality = m.municipality AND l.line_id = m.line_id
    LEFT JOIN statement_files f ON f.municipality = l.municipality AND f.file_id = l.file_id
    WHERE m.municipality = ${municipality} AND m.status NOT IN ('matched', 'not_taken')
      AND coalesce(p.posted_on, l.on_date) BETWEEN ${from}::date AND ${until}::date
      ${acquirer === undefined ? sql`` : sql`AND m.acquirer = ${acquirer}`}
      ${status === undefined ? sql`` : sql`AND m.status = ${status}`}`;
  const some: Lines[] = [];
  const [ours, theirs] = [OURS_IN[part], THEIRS_IN[part]];
  if (ours !== undefined)
    some.push(sql<FoundLine>`
      SELECT p.posted_on AS "onDate", 'ours' AS place, p.kind AS what, p.brand, p.counter, p.sequence AS number,
        ${ours} * m.ours_yen::bigint AS "amountYen" ${rows} AND m.operation_id IS NOT NULL`);
  if (theirs !== undefined)
    some.push(sql<FoundLine>`
      SELECT l.on_date AS "onDate", ${FILE_LINE} AS place, l.kind AS what, l.brand, p.counter, p.sequence AS number,
        ${theirs} * m.theirs_yen::bigint AS "amountYen" ${rows}
        AND m.line_id IS NOT NULL ${part === 'rows' ? sql`AND m.operation_id IS NULL` : sql``}`);
  return ALL(some);
}

const FILE_LINE = sql`f.name || ' ' || l.line_number || '行目'`;

/** The statements' lines that settlements pay, and the bank's. */
async function settlementLines(
  db: Kysely<Database>,
  span: Span,
  { acquirer, batches, deposits }: ToldOf<'settlements'>,
  part: Part,
): Promise<Lines> {
  const { municipality } = span;
  const isMeant = (each: { acquirer: string; batches: string[]; deposits: number[] }): boolean =>
    acquirer === undefined ||
    (each.acquirer === acquirer &&
      each.batches.join('\n') === batches?.join('\n') &&
      each.deposits.join(' ') === deposits?.join(' '));
  const meant = (await readSettlements(db, municipality)).filter(
    (each) => isSettledWithin(span)(each) && isMeant(each),
  );
  const some: Lines[] = [];
  const owed = part === 'difference' ? meant.filter(({ paidOn }) => paidOn !== null) : meant;
  if (part !== 'received') some.push(...(await batchLines(db, municipality, owed, part)));
  if (part === 'received' || part === 'difference')
    some.push(sql<FoundLine>`
      SELECT l.on_date AS "onDate", ${FILE_LINE} AS place, l.kind AS what, NULL AS brand, NULL AS counter,
        NULL::bigint AS number, l.yen::bigint AS "amountYen"
      FROM statement_lines l JOIN statement_files f USING (municipality, file_id)
      WHERE l.municipality = ${municipality} AND l.line_id = ANY(${meant.flatMap((each) => each.deposits)}::bigint[])`);
  return ALL(some);
}

/** What of a statement's line `l` is in a part; null: nothing. A line of fees is negative, a fee is not. */
const FEE = sql`CASE WHEN l.fee_yen IS NOT NULL OR l.kind = 'fee'
  THEN coalesce(l.fee_yen, 0) - CASE WHEN l.kind = 'fee' THEN l.yen ELSE 0 END END`;
const YEN_OF: Partial<Record<Part, RawBuilder<unknown>>> = {
  gross: sql`CASE WHEN l.kind IN ('sale', 'refund') THEN l.yen END`,
  fee: FEE,
  net: sql`l.yen - coalesce(l.fee_yen, 0)`,
  difference: sql`coalesce(l.fee_yen, 0) - l.yen`,
};
const FEE_SIGN: Partial<Record<Part, number>> = { fee: 1, net: -1, difference: 1 };

type Settled = Awaited<ReturnType<typeof readSettlements>>[number];

async function batchLines(
  db: Kysely<Database>,
  municipality: string,
  meant: readonly Settled[],
  part: Part,
): Promise<Lines[]> {
  const settled = JSON.stringify(meant.map(({ due, feeYen }, s) => ({ s, due, fee_yen: feeYen })));
  const named = JSON.stringify([
    ...meant.flatMap((each, s) => each.batches.map((batch) => ({ s, acquirer: each.acquirer, batch }))),
    ...(await unnamedDays(db, municipality, meant)),
  ]);
  // A line without a batch belongs to the one that its day closes.
  const lines = sql`(
    WITH named AS (SELECT * FROM json_to_recordset(${named}::json) AS n (s integer, acquirer text, batch text, on_date date))
    SELECT n.s, l.* FROM named n JOIN statement_lines l ON l.municipality = ${municipality} AND l.book = 'provider'
      AND l.acquirer = n.acquirer AND l.batch = n.batch
    UNION ALL
    SELECT n.s, l.* FROM named n JOIN statement_lines l ON l.municipality = ${municipality} AND l.book = 'provider'
      AND l.acquirer = n.acquirer AND l.batch IS NULL AND l.on_date = n.on_date
  ) l`;
  const of = YEN_OF[part];
  const some: Lines[] = [];
  if (of !== undefined)
    some.push(sql<FoundLine>`
      SELECT l.on_date AS "onDate", ${FILE_LINE} AS place, l.kind AS what, l.brand, p.counter, p.sequence AS number,
        (${of})::bigint AS "amountYen"
      FROM ${lines} JOIN statement_files f USING (municipality, file_id)
      LEFT JOIN current_matches m ON m.municipality = l.municipality AND m.line_id = l.line_id
      LEFT JOIN payments p ON (p.municipality, p.counter, p.operation_id) = (m.municipality, m.counter, m.operation_id)
      WHERE (${of}) IS NOT NULL`);
  const sign = FEE_SIGN[part];
  if (sign !== undefined)
    some.push(sql<FoundLine>`
      SELECT due, 'declared', 'expected_fee', NULL, NULL, NULL::bigint, ${sign} * (fee_yen - coalesce(stated, 0))::bigint
      FROM json_to_recordset(${settled}::json) AS e (s integer, due date, fee_yen bigint)
      LEFT JOIN (SELECT s, sum(${FEE}) AS stated FROM ${lines} GROUP BY s) said USING (s)
      WHERE fee_yen <> coalesce(stated, 0)`);
  return some;
}

/** Days whose lines name no batch: theirs is called by the day on which it was closed. */
async function unnamedDays(
  db: Kysely<Database>,
  municipality: string,
  meant: readonly Settled[],
): Promise<{ s: number; acquirer: string; on_date: string }[]> {
  const { rows } = await sql<{ acquirer: string; onDate: string }>`
    SELECT DISTINCT acquirer, on_date AS "onDate" FROM statement_lines
    WHERE municipality = ${municipality} AND book = 'provider' AND batch IS NULL`.execute(db);
  const declared = await readAcquirers(db, municipality);
  const known = new Map<string, Acquirer>(declared.map(({ definition }) => [definition.code, definition]));
  return rows.flatMap(({ acquirer, onDate }) => {
    const cycle = known.get(acquirer);
    const closesOn = cycle === undefined ? onDate : dueOf(cycle, onDate).closesOn;
    const s = meant.findIndex((each) => each.acquirer === acquirer && each.batches.includes(closesOn));
    return s === -1 ? [] : [{ s, acquirer, on_date: onDate }];
  });
}

function refundLines({ municipality }: Span, { counter, refundId }: ToldOf<'refunds'>): Lines {
  return sql<FoundLine>`
    SELECT r.business_date AS "onDate", 'ours' AS place, l."nameJa" AS what, NULL AS brand, p.counter,
      p.sequence AS number, l."amountYen"::bigint AS "amountYen"
    FROM outside_refunds r
    JOIN payments p ON p.municipality = r.municipality AND p.counter = r.counter AND p.operation_id = r.of_operation_id
    CROSS JOIN LATERAL jsonb_to_recordset(r.lines) AS l ("nameJa" text, "amountYen" integer)
    WHERE r.municipality = ${municipality} AND r.counter = ${counter} AND r.refund_id = ${refundId}`;
}
