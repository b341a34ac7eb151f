/** What does not agree now, in all four books, each with a subject that is the same in every run. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../db/schema.ts';
import { readSettlements } from '../books/deposits.ts';
import { QUIET, type LineStatus, type RunSummary, type SettlementView } from '../books/view.ts';
import { yenJa } from '../day.ts';
import type { FileFault } from '../statements/format.ts';
import { UNSAID, type CaseFacts, type CaseStatus, type FoundException, type Side } from './case.ts';
import { findClosings, findDays } from './days.ts';
import { readTestimony, withTestimony } from './testimony.ts';

/** Subjects: what is asked of the books again when a case is gone from them. */
export const operationSubject = (operationId: string): string => `op ${operationId}`;
export const lineSubject = (lineId: number): string => `line ${String(lineId)}`;

export async function findExceptions(
  db: Kysely<Database>,
  municipality: string,
  today: string,
): Promise<FoundException[]> {
  const lines = await findLines(db, municipality);
  const open = await findOpenPayments(db, municipality);
  const byPlace = new Map(open.map((each) => [placeOf(each), each]));
  const known = new Set(lines.map(placeOf));
  return [
    ...lines.map((line) => withTestimony(line, byPlace.get(placeOf(line))?.facts.testimony)),
    ...open.filter((each) => !known.has(placeOf(each))),
    ...(await readSettlements(db, municipality)).flatMap(settlementException),
    ...(await findFailedPayouts(db, municipality)),
    ...(await findFiles(db, municipality)),
    ...(await findDays(db, municipality)),
    ...(await findClosings(db, municipality, today)),
    ...(await findOfRun(db, municipality)),
  ];
}

const placeOf = ({ counter, subject }: FoundException): string => `${counter} ${subject}`;

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
export const PAYMENT_SIDE = `json_build_object('yen', p.signed_yen, 'kind', p.kind, 'onDate', p.business_date,
  'at', ${instant('p.armed_at')}, 'brand', p.brand, 'terminalId', p.terminal_id, 'slip', p.slip,
  'approval', p.approval_code, 'state', p.state, 'name', lpad(p.sequence::text, 6, '0'))`;

/** A statement's line `l` as a side. */
export const LINE_SIDE = `json_build_object('yen', l.yen, 'kind', l.kind, 'onDate', l.on_date, 'at', ${instant('l.at')}, 'brand', l.brand,
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
    return {
      counter,
      subject: operationId === null ? lineSubject(lineId ?? 0) : operationSubject(operationId),
      facts: {
        ...UNSAID,
        status,
        acquirer,
        onDate: ours?.onDate ?? theirs?.onDate ?? null,
        atStakeYen: Math.abs(differenceYen) || Math.abs(ours?.yen ?? theirs?.yen ?? 0),
        differenceYen,
        ours,
        statement: theirs,
        ...(operationId !== null && { operationId }),
        ...(lineId !== null && { lineId }),
        ...(fileId !== null && { fileId }),
      },
    };
  });
}

/** Payments of which nobody knows, or of which the evidence differs, whoever settles them. */
async function findOpenPayments(db: Kysely<Database>, municipality: string): Promise<FoundException[]> {
  const { rows } = await sql<{
    counter: string;
    operationId: string;
    isUnknown: boolean;
    ours: Side;
    theirs: Side | null;
  }>`
    SELECT p.counter, p.operation_id AS "operationId", p.state = 'unknown' AS "isUnknown",
      ${sql.raw(PAYMENT_SIDE)} AS ours, CASE WHEN l.line_id IS NOT NULL THEN ${sql.raw(LINE_SIDE)} END AS theirs
    FROM payments p
    LEFT JOIN current_matches c ON (c.municipality, c.counter, c.operation_id) = (p.municipality, p.counter, p.operation_id)
    LEFT JOIN statement_lines l ON l.municipality = c.municipality AND l.line_id = c.line_id
    WHERE p.municipality = ${municipality} AND (p.state = 'unknown' OR p.contradicted)`.execute(db);
  const testimony = await readTestimony(
    db,
    municipality,
    rows.flatMap(({ isUnknown, operationId }) => (isUnknown ? [] : [operationId])),
  );
  return rows.map(({ counter, operationId, isUnknown, ours, theirs }) => ({
    counter,
    subject: operationSubject(operationId),
    facts: {
      ...UNSAID,
      status: isUnknown ? ('unknown_open' as const) : ('contradicted' as const),
      acquirer: null,
      onDate: ours.onDate ?? null,
      atStakeYen: Math.abs(ours.yen ?? 0),
      differenceYen: 0,
      ours,
      statement: theirs,
      operationId,
      ...(!isUnknown && { testimony: testimony.get(`${counter} ${operationId}`) ?? [] }),
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
    yen: settlement.netYen,
    feeYen: named === 'fee_missing' ? null : settlement.feeYen,
    onDate: settlement.due,
    name: batches.join('、') || null,
  };
  const bank: Side = { yen: settlement.depositedYen, onDate: settlement.paidOn, count: deposits.length };
  return [
    {
      counter: '*',
      subject: `settlement ${acquirer} ${batches.length > 0 ? batches.join(' ') : `deposit ${deposits.join(' ')}`}`,
      facts: {
        ...UNSAID,
        status: named,
        acquirer,
        onDate: settlement.due ?? settlement.paidOn,
        atStakeYen: Math.abs(differenceYen) || Math.abs(settlement.netYen),
        differenceYen,
        ours: isFee ? { yen: null, feeYen: settlement.expectedFeeYen, name: '登録した料率' } : null,
        statement: batches.length === 0 ? null : statement,
        bank: deposits.length === 0 ? null : bank,
        ...(isFee && { notes: [feeNote(settlement)] }),
      },
    },
  ];
}

const feeNote = ({ feeYen, expectedFeeYen, faults }: SettlementView): string =>
  faults[0] === 'fee_missing'
    ? `明細に手数料がないため、登録した料率の ${yenJa(feeYen)} を引いて入金と比べています。`
    : `登録した料率では手数料は ${yenJa(expectedFeeYen ?? 0)}、明細では ${yenJa(feeYen)} です。`;

/** A case until a person closes it: that it is sent again is another payout, of which the next statement tells. */
async function findFailedPayouts(db: Kysely<Database>, municipality: string): Promise<FoundException[]> {
  const rows = await db
    .selectFrom('failed_payouts')
    .select(['source', 'payout_id', 'yen', 'due', 'is_canceled', 'reason'])
    .where('municipality', '=', municipality)
    .execute();
  return rows.map(({ source, payout_id: id, yen, due, is_canceled: isCanceled, reason }) => ({
    counter: '*',
    subject: `payout ${source} ${id}`,
    facts: {
      ...UNSAID,
      status: 'payout_failed' as const,
      acquirer: null,
      onDate: due,
      atStakeYen: Math.abs(yen),
      differenceYen: -yen,
      statement: { yen, onDate: due, name: id },
      notes: [
        isCanceled
          ? '送る前に取り消されました。お金は決済会社の残高にあり、次の入金に入るかを確かめてください。'
          : '銀行で受け付けられず、決済会社に戻りました。振込先の口座の登録を決済会社で確かめてください。',
        ...(reason === '' ? [] : [`決済会社の示す理由：${reason}`]),
      ],
    },
  }));
}

const FILE_STATUS = {
  received: 'file_late',
  late: 'file_late',
  unreadable: 'file_unreadable',
  control_differs: 'file_control_differs',
  foreign: 'file_foreign',
} as const;

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
        ...UNSAID,
        status: FILE_STATUS[row.status],
        acquirer: null,
        onDate: row.covers_until,
        atStakeYen: isRead ? Math.abs(row.total_yen) : 0,
        differenceYen: 0,
        fileId: row.file_id,
        statement: { yen: isRead ? row.total_yen : null, count: row.lines, name: row.name },
        notes: faults
          .slice(0, 5)
          .map(({ line, message }) => `${line === 0 ? 'ファイル全体' : `${String(line)}行目`}：${message}`),
      },
    };
  });
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
  const found = edges.map((edge) =>
    ofWhole('unexplained', `edge ${edge.acquirer}`, edge.remainderYen, {
      acquirer: edge.acquirer,
      differenceYen: edge.remainderYen,
      ours: { yen: edge.oursYen },
      statement: { yen: edge.theirsYen },
    }),
  );
  found.push(
    ofWhole('unexplained', 'edge bank', bank.remainderYen, {
      differenceYen: bank.remainderYen,
      statement: { yen: bank.netYen },
      bank: { yen: bank.depositedYen },
    }),
  );
  const unexplained = found.filter(({ facts }) => facts.differenceYen !== 0);
  const { count, amountYen } = undeclared;
  if (count === 0) return unexplained;
  return [
    ...unexplained,
    ofWhole('undeclared', 'undeclared', amountYen, { ours: { yen: amountYen, count } }),
  ];
}

/** An exception of no one day and counter. */
const ofWhole = (
  status: CaseStatus,
  subject: string,
  yen: number,
  said: Partial<CaseFacts>,
): FoundException => ({
  counter: '*',
  subject,
  facts: {
    ...UNSAID,
    status,
    acquirer: null,
    onDate: null,
    atStakeYen: Math.abs(yen),
    differenceYen: 0,
    ...said,
  },
});
