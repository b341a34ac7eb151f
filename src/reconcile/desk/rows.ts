/** Payments and lines of statements that do not agree, each book's word on them as a side. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../db/schema.ts';
import { QUIET, type LineStatus } from '../books/view.ts';
import { UNSAID, type FoundException, type Side } from './case.ts';
import { readTestimony } from './testimony.ts';

/** Subjects: what is asked of the books again when a case is gone from them. */
export const operationSubject = (operationId: string): string => `op ${operationId}`;
export const lineSubject = (lineId: number): string => `line ${String(lineId)}`;

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

/** What the newest comparison says of payments and lines, but what is quiet. */
export async function findLines(db: Kysely<Database>, municipality: string): Promise<FoundException[]> {
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
export async function findOpenPayments(
  db: Kysely<Database>,
  municipality: string,
): Promise<FoundException[]> {
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
