/** What does not agree now, in all four books, each with a subject that is the same in every run. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../db/schema.ts';
import { readSettlements } from '../books/deposits.ts';
import { QUIET, type LineStatus, type RunSummary, type SettlementView } from '../books/view.ts';
import { isDifferent } from '../compare.ts';
import { findUncovered } from '../due.ts';
import { yenJa } from '../day.ts';
import type { FileFault } from '../statements/format.ts';
import type { ReconciliationView } from '../view.ts';
import type { CaseFacts, CaseStatus, Side } from './case.ts';

export interface FoundException {
  counter: string;
  subject: string;
  facts: CaseFacts;
}

/** Subjects: what is asked of the books again when a case is gone from them. */
export const operationSubject = (operationId: string): string => `op ${operationId}`;
export const lineSubject = (lineId: number): string => `line ${String(lineId)}`;

export async function findExceptions(
  db: Kysely<Database>,
  municipality: string,
  today: string,
): Promise<FoundException[]> {
  const lines = await findLines(db, municipality);
  const known = new Set(lines.map(({ counter, subject }) => `${counter} ${subject}`));
  const open = await findOpenPayments(db, municipality);
  return [
    ...lines,
    ...open.filter(({ counter, subject }) => !known.has(`${counter} ${subject}`)),
    ...(await readSettlements(db, municipality)).flatMap(settlementException),
    ...(await findFiles(db, municipality)),
    ...(await findDays(db, municipality)),
    ...(await findClosings(db, municipality, today)),
    ...(await findOfRun(db, municipality)),
  ];
}

interface LineRow {
  counter: string;
  acquirer: string;
  status: Exclude<LineStatus, (typeof QUIET)[number]>;
  operationId: string | null;
  lineId: number | null;
  fileId: number | null;
  oursYen: number;
  theirsYen: number;
  ours: Side | null;
  theirs: Side | null;
}

/** The same text whatever the server's time zone: facts are compared as texts. */
const instant = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

/** Our payment `p` as a side. The slip's number is the one that is printed. */
const PAYMENT_SIDE = `json_build_object('yen', p.signed_yen, 'kind', p.kind, 'onDate', p.business_date,
  'at', ${instant('p.armed_at')}, 'brand', p.brand, 'terminalId', p.terminal_id, 'slip', ltrim(p.receipt_number, '0'),
  'approval', p.approval_code, 'state', p.state, 'name', lpad(p.sequence::text, 6, '0'))`;

const LINE_SIDE = `json_build_object('yen', l.yen, 'kind', l.kind, 'onDate', l.on_date, 'at', ${instant('l.at')}, 'brand', l.brand,
  'terminalId', l.terminal_id, 'slip', l.slip, 'approval', l.approval,
  'reference', coalesce(l.provider_id, l.reference), 'name', l.batch, 'feeYen', l.fee_yen)`;

async function findLines(db: Kysely<Database>, municipality: string): Promise<FoundException[]> {
  const { rows } = await sql<LineRow>`
    SELECT c.counter, c.acquirer, c.status, c.operation_id AS "operationId", c.line_id AS "lineId",
      l.file_id AS "fileId", c.ours_yen AS "oursYen", c.theirs_yen AS "theirsYen",
      CASE WHEN p.operation_id IS NOT NULL THEN ${sql.raw(PAYMENT_SIDE)} END AS ours,
      CASE WHEN l.line_id IS NOT NULL THEN ${sql.raw(LINE_SIDE)} END AS theirs
    FROM current_matches c
    LEFT JOIN payments p ON (p.municipality, p.counter, p.operation_id) = (c.municipality, c.counter, c.operation_id)
    LEFT JOIN statement_lines l ON l.municipality = c.municipality AND l.line_id = c.line_id
    WHERE c.municipality = ${municipality} AND c.status NOT IN (${sql.join([...QUIET])})`.execute(db);
  return rows.map((row) => {
    const { counter, acquirer, status, operationId, lineId, fileId, ours, theirs } = row;
    const differenceYen = row.theirsYen - row.oursYen;
    const ids = {
      ...(operationId === null ? {} : { operationId }),
      ...(lineId === null ? {} : { lineId }),
      ...(fileId === null ? {} : { fileId }),
    };
    return {
      counter,
      subject: operationId === null ? lineSubject(lineId ?? 0) : operationSubject(operationId),
      facts: {
        ...{ status, acquirer, differenceYen, ours, statement: theirs, terminal: null, bank: null },
        onDate: ours?.onDate ?? theirs?.onDate ?? null,
        atStakeYen: Math.abs(differenceYen) || Math.abs(ours?.yen ?? theirs?.yen ?? 0),
        ...ids,
      },
    };
  });
}

/** Payments of which nobody knows, or of which the evidence differs, whoever settles them. */
async function findOpenPayments(db: Kysely<Database>, municipality: string): Promise<FoundException[]> {
  const { rows } = await sql<{ counter: string; operationId: string; isUnknown: boolean; ours: Side }>`
    SELECT p.counter, p.operation_id AS "operationId", p.state = 'unknown' AS "isUnknown",
      ${sql.raw(PAYMENT_SIDE)} AS ours
    FROM payments p WHERE p.municipality = ${municipality} AND (p.state = 'unknown' OR p.contradicted)`.execute(
    db,
  );
  return rows.map(({ counter, operationId, isUnknown, ours }) => ({
    counter,
    subject: operationSubject(operationId),
    facts: {
      status: isUnknown ? ('unknown_open' as const) : ('contradicted' as const),
      ...{ acquirer: null, onDate: ours.onDate ?? null, atStakeYen: Math.abs(ours.yen ?? 0) },
      ...{ differenceYen: 0, ours, terminal: null, statement: null, bank: null, operationId },
    },
  }));
}

const SETTLED_WELL: readonly string[] = ['matched', 'deposit_awaited', 'statement_awaited'];

function settlementException(settlement: SettlementView): FoundException[] {
  const { acquirer, status, batches, deposits, faults } = settlement;
  const [fault] = faults;
  const named = SETTLED_WELL.includes(status) ? fault : (status as CaseStatus);
  if (named === undefined) return [];
  const isFee = named === 'fee_differs' || named === 'fee_missing';
  const feeOff = settlement.feeYen - (settlement.expectedFeeYen ?? settlement.feeYen);
  const differenceYen = isFee ? -feeOff : settlement.depositedYen - settlement.netYen;
  const statement: Side = {
    ...{ yen: settlement.netYen, feeYen: settlement.feeYen, onDate: settlement.due },
    name: batches.join('、') || null,
  };
  const bank: Side = { yen: settlement.depositedYen, onDate: settlement.paidOn, count: deposits.length };
  return [
    {
      counter: '*',
      subject: `settlement ${acquirer} ${batches.length > 0 ? batches.join(' ') : `deposit ${deposits.join(' ')}`}`,
      facts: {
        ...{ status: named, acquirer, onDate: settlement.due ?? settlement.paidOn, differenceYen },
        atStakeYen: Math.abs(differenceYen) || Math.abs(settlement.netYen),
        ...{ ours: null, terminal: null, statement: batches.length === 0 ? null : statement },
        bank: deposits.length === 0 ? null : bank,
        ...(isFee ? { notes: [feeNote(settlement)] } : {}),
      },
    },
  ];
}

const feeNote = ({ feeYen, expectedFeeYen }: SettlementView): string =>
  `登録した料率では手数料は ${yenJa(expectedFeeYen ?? 0)}、明細では ${yenJa(feeYen)} です。`;

async function findFiles(db: Kysely<Database>, municipality: string): Promise<FoundException[]> {
  const rows = await db
    .selectFrom('statement_files as f')
    .select(['file_id', 'name', 'format', 'status', 'lines', 'total_yen', 'covers_until', 'faults'])
    .where('municipality', '=', municipality)
    .where('status', '<>', 'received')
    // The very file was taken after all, by a format that was mended.
    .where(
      sql<boolean>`NOT (status <> 'late' AND EXISTS (
        SELECT FROM statement_files t WHERE t.municipality = f.municipality AND t.sha256 = f.sha256
          AND t.status IN ('received', 'late')))`,
    )
    .execute();
  return rows.map((row) => {
    const faults = row.faults as FileFault[];
    const isRead = row.status === 'late';
    return {
      counter: '*',
      subject: `file ${String(row.file_id)}`,
      facts: {
        status: isRead
          ? 'file_late'
          : row.status === 'unreadable'
            ? 'file_unreadable'
            : 'file_control_differs',
        ...{ acquirer: null, onDate: row.covers_until, differenceYen: 0, fileId: row.file_id },
        ...{ atStakeYen: isRead ? Math.abs(row.total_yen) : 0, ours: null, terminal: null, bank: null },
        statement: { yen: isRead ? row.total_yen : null, count: row.lines, name: row.name },
        notes: faults
          .slice(0, 5)
          .map(({ line, message }) => `${line === 0 ? 'ファイル全体' : `${String(line)}行目`}：${message}`),
      },
    };
  });
}

/** Days of a counter on which its terminals' totals and our record differ, or could not be compared. */
async function findDays(db: Kysely<Database>, municipality: string): Promise<FoundException[]> {
  const { rows } = await sql<{ result: ReconciliationView }>`
    SELECT result FROM (
      SELECT DISTINCT ON (counter, business_date) result FROM reconciliations
      WHERE municipality = ${municipality} ORDER BY counter, business_date, version DESC
    ) newest WHERE result ->> 'status' <> 'matched'`.execute(db);
  return rows.flatMap(({ result: day }) => {
    const uncompared = day.uncompared ?? { count: 0, amountYen: 0 };
    if (day.status !== 'different' && uncompared.count === 0) return [];
    const differing = day.rows.filter((row) => isDifferent(row) && row.isExplained !== true);
    const differs = day.status === 'different';
    const gross = differing.reduce((sum, row) => sum + Math.abs(row.differenceYen), 0);
    return [
      {
        counter: day.counter,
        subject: `day ${day.businessDate}`,
        facts: {
          status: differs ? ('terminal_differs' as const) : ('terminal_uncompared' as const),
          ...{ acquirer: null, onDate: day.businessDate, differenceYen: day.differenceYen },
          atStakeYen: differs ? gross : uncompared.amountYen,
          ours: { yen: day.ours.amountYen, count: day.ours.count },
          terminal: { yen: day.theirs.amountYen, count: day.theirs.count },
          ...{ statement: null, bank: null },
          notes: [
            ...differing.map(
              (row) =>
                `端末 ${row.terminal} の${row.nameJa}：記録 ${String(row.ours.count)}件 ${yenJa(row.ours.amountYen)}、端末 ${String(row.theirs.count)}件 ${yenJa(row.theirs.amountYen)}。`,
            ),
            ...day.notes,
          ],
        },
      },
    ];
  });
}

/** Days that were never closed: the terminals' totals of that day are compared with nothing. */
async function findClosings(
  db: Kysely<Database>,
  municipality: string,
  today: string,
): Promise<FoundException[]> {
  const waiting = await findUncovered(db, municipality, today);
  return waiting
    .filter(({ kind }) => kind === 'closing')
    .map(({ counter, businessDate, payments }) => ({
      counter,
      subject: `closing ${businessDate}`,
      facts: {
        ...{ status: 'closing_missing' as const, acquirer: null, onDate: businessDate, differenceYen: 0 },
        atStakeYen: payments.amountYen,
        ours: { yen: payments.amountYen, count: payments.count },
        ...{ terminal: null, statement: null, bank: null },
      },
    }));
}

/** What the newest run says of whole books. */
async function findOfRun(db: Kysely<Database>, municipality: string): Promise<FoundException[]> {
  const run = await db
    .selectFrom('match_runs')
    .select('summary')
    .where('municipality', '=', municipality)
    .orderBy('run_id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (run === undefined) return [];
  const { edges, bank, undeclared } = run.summary as RunSummary;
  const whole = (
    status: CaseStatus,
    subject: string,
    yen: number,
    rest: Partial<CaseFacts>,
  ): FoundException => ({
    ...{ counter: '*', subject },
    facts: {
      ...{ status, acquirer: null, onDate: null, atStakeYen: Math.abs(yen), differenceYen: 0 },
      ...{ ours: null, terminal: null, statement: null, bank: null },
      ...rest,
    },
  });
  const unexplained = edges
    .filter(({ remainderYen }) => remainderYen !== 0)
    .map((edge) =>
      whole('unexplained', `edge ${edge.acquirer}`, edge.remainderYen, {
        ...{ acquirer: edge.acquirer, differenceYen: edge.remainderYen },
        ...{ ours: { yen: edge.oursYen }, statement: { yen: edge.theirsYen } },
      }),
    );
  if (bank.remainderYen !== 0)
    unexplained.push(
      whole('unexplained', 'edge bank', bank.remainderYen, {
        ...{
          differenceYen: bank.remainderYen,
          statement: { yen: bank.netYen },
          bank: { yen: bank.depositedYen },
        },
      }),
    );
  const { count, amountYen } = undeclared;
  if (count === 0) return unexplained;
  return [...unexplained, whole('undeclared', 'undeclared', amountYen, { ours: { yen: amountYen, count } })];
}
