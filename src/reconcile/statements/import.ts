/**
 * A file into the books, whole or not at all. The same file twice changes nothing; a full file after a partial one
 * adds only what is new: a line is known by what it says, and by which of several equal ones it is. What two bank
 * accounts say alike is two lines; where nobody knows of which account one is, it may be of any.
 */
import { createHash } from 'node:crypto';
import { sql, type Insertable, type Kysely, type RawBuilder, type SqlBool, type Transaction } from 'kysely';
import type { Database } from '../../db/schema.ts';
import { copyLine, copyRows } from '../../db/copy.ts';
import { maskCardNumbers, maskCardNumbersIn } from '../../card-mask.ts';
import { canonicalJson } from '../../journal/chain.ts';
import { selectFiles } from './files.ts';
import { accountOf, type StatementFormat, type StatementLine } from './format.ts';
import { givingWay, isSliceEnd, type InSlices } from './slices.ts';
import { readStatementAsOf, type ReadStatement } from './statement.ts';
import { fileView, type ImportProgress, type StatementFileView } from './view.ts';

export interface IncomingFile {
  name: string;
  bytes: Uint8Array;
  format: StatementFormat;
  formatVersion: number;
  origin: 'upload' | 'folder' | 'service';
  by: { number: string; name: string };
}

export type ImportOutcome =
  | { kind: 'imported'; file: StatementFileView }
  /** Recorded with its faults; no line of it was taken. */
  | { kind: 'refused'; file: StatementFileView }
  /** This very file is here already, as that one; nothing has changed. */
  | { kind: 'duplicate'; file: StatementFileView };

/** Lines that are written at once; between two, whoever waits is told how far it is. */
const BATCH = 50_000;
const NO_PROGRESS = (): void => undefined;

type IsLate = (acquirer: string, until: string) => boolean;

/**
 * @param today in Tokyo
 * @param isLate whether a statement up to a day should have been here before now
 */
export async function importStatement(
  db: Kysely<Database>,
  municipality: string,
  file: IncomingFile,
  { today, isLate }: { today: string; isLate: IsLate },
  onProgress: (progress: ImportProgress) => void = NO_PROGRESS,
): Promise<ImportOutcome> {
  const sha256 = createHash('sha256').update(file.bytes).digest('hex');
  onProgress({ step: 'reading', done: 0, of: 0 });
  const known = await findTaken(db, municipality, sha256, file);
  if (known !== undefined) return known;
  const { lines, faults, status } = await givingWay(
    readStatementAsOf(file.bytes, file.format, today),
    (slice) => onProgress({ step: 'reading', ...slice }),
  );
  const rows = await givingWay(rowsOf(status === 'readable' ? lines : [], file.format));
  const head = headOf(municipality, file, { sha256, lines, faults, status }, isLate);
  return db.transaction().execute(async (trx): Promise<ImportOutcome> => {
    // Two that bring the same lines at the same time: the second one sees what the first one wrote.
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`statements ${municipality}`}, 0))`.execute(
      trx,
    );
    const again = await findTaken(trx, municipality, sha256, file);
    if (again !== undefined) return again;
    const note = async (newLines: number): Promise<StatementFileView> => {
      const written = await trx
        .insertInto('statement_files')
        .values({ ...head, new_lines: newLines })
        .returningAll()
        .executeTakeFirstOrThrow();
      return fileView({ ...written, is_merchant_checked: file.format.merchant !== undefined });
    };
    if (status !== 'readable') {
      const before = await findRefused(trx, municipality, sha256, file);
      return { kind: 'refused', file: before ?? (await note(0)) };
    }
    await sendRows(trx, rows);
    const newLines = rows.length - (await leaveKnownOut(trx, municipality));
    const written = await note(newLines);
    let done = 0;
    for (let at = 0; at < rows.length; at += BATCH) {
      done += await takeRows(trx, municipality, written.fileId, at);
      onProgress({ step: 'writing', done: Math.min(at + BATCH, rows.length), of: rows.length });
    }
    if (done !== newLines) throw new Error(`${newLines} new lines were announced, ${done} written`);
    return { kind: 'imported', file: written };
  });
}

type Head = Omit<Insertable<Database['statement_files']>, 'new_lines'>;

function headOf(
  municipality: string,
  { name, bytes, format, formatVersion, origin, by }: IncomingFile,
  read: { sha256: string } & Pick<ReadStatement, 'lines' | 'faults' | 'status'>,
  isLate: IsLate,
): Head {
  const { sha256, lines, faults, status } = read;
  const { from, until } = spanOf(lines);
  const late = until !== null && format.acquirer !== null && isLate(format.acquirer, until);
  return {
    municipality,
    sha256,
    name: maskCardNumbers(name),
    bytes: bytes.length,
    origin,
    lines: lines.length,
    format: format.code,
    format_version: formatVersion,
    account: accountOfFile(format),
    covers_from: from,
    covers_until: until,
    received_by: by.number,
    received_by_name: by.name,
    faults: JSON.stringify(maskCardNumbersIn(faults)),
    status: status !== 'readable' ? status : late ? 'late' : 'received',
    total_yen: lines.reduce((sum, { yen }) => sum + yen, 0),
  };
}

/** The first day and the last; of a month's lines, sorting them all would keep others waiting. */
function spanOf(lines: readonly StatementLine[]): { from: string | null; until: string | null } {
  let from: string | null = null;
  let until: string | null = null;
  for (const { onDate } of lines) {
    if (from === null || onDate < from) from = onDate;
    if (until === null || onDate > until) until = onDate;
  }
  return { from, until };
}

/** This very file, of the same account as far as anybody knows. */
async function findTaken(
  db: Kysely<Database>,
  municipality: string,
  sha256: string,
  { format }: IncomingFile,
): Promise<ImportOutcome | undefined> {
  const row = await selectFiles(db, municipality)
    .where('sha256', '=', sha256)
    .where('status', 'in', ['received', 'late'])
    .where(mayBeOne(sql.ref('statement_files.account'), sql.val(accountOfFile(format))))
    .orderBy('file_id')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : { kind: 'duplicate', file: fileView(row) };
}

/** It is read anew each time (a day may have come since, or a version of the program), and recorded once. */
async function findRefused(
  db: Kysely<Database>,
  municipality: string,
  sha256: string,
  { format, formatVersion }: IncomingFile,
): Promise<StatementFileView | undefined> {
  const row = await selectFiles(db, municipality)
    .where('sha256', '=', sha256)
    .where('format', '=', format.code)
    .where('format_version', '=', formatVersion)
    .executeTakeFirst();
  return row === undefined ? undefined : fileView(row);
}

const accountOfFile = ({ account }: StatementFormat): string => accountOf([account ?? '']);

interface Row extends StatementLine {
  book: 'provider' | 'bank';
  acquirer: string;
  fingerprint: string;
  occurrence: number;
}

/** A bank's line: its payer says whose it is, by what is declared of payers when it is compared. */
const BY_PAYER = '?';

function* rowsOf(lines: readonly StatementLine[], format: StatementFormat): InSlices<Row[]> {
  const seen = new Map<string, number>();
  const rows: Row[] = [];
  for (const [index, line] of lines.entries()) {
    if (isSliceEnd(index)) yield { done: index, of: lines.length };
    const { account, ...said } = line;
    // Its place in the file is no part of what it says.
    const says = canonicalJson({ ...said, lineNumber: 0 });
    const fingerprint = createHash('md5').update(says).digest('hex');
    const occurrence = (seen.get(`${fingerprint}${account}`) ?? 0) + 1;
    seen.set(`${fingerprint}${account}`, occurrence);
    rows.push({ ...line, book: format.book, acquirer: format.acquirer ?? BY_PAYER, fingerprint, occurrence });
  }
  return rows;
}

/** As a statement's lines have them, and the place of each in the file. */
const COLUMNS = `place integer, line_number integer, book text, acquirer text, fingerprint uuid, occurrence integer,
  kind text, yen integer, fee_yen integer, on_date date, at timestamptz, brand text, terminal_id text, slip text,
  approval text, provider_id text, reference text, batch text, pays_on date, payer text, account text`;

/** By COPY into a table of the transaction's own: straight into one with row-level security PostgreSQL refuses it. */
async function sendRows(trx: Transaction<Database>, rows: readonly Row[]): Promise<void> {
  await sql.raw(`CREATE TEMP TABLE incoming_lines (${COLUMNS}) ON COMMIT DROP`).execute(trx);
  await copyRows(trx, 'incoming_lines', copyLines(rows));
  await sql`ANALYZE incoming_lines`.execute(trx);
}

function* copyLines(rows: readonly Row[]): Generator<string> {
  for (const [place, row] of rows.entries()) {
    const { lineNumber, book, acquirer, fingerprint, occurrence, kind, yen, feeYen, onDate, at } = row;
    const { brand, terminalId, slip, approval, providerId, reference, batch, paysOn, payer, account } = row;
    yield copyLine([
      ...[place, lineNumber, book, acquirer, fingerprint, occurrence, kind, yen, feeYen, onDate, at],
      ...[brand, terminalId, slip, approval, providerId, reference, batch, paysOn, payer, account],
    ]);
  }
}

/** Rows that an earlier file has brought are sent no further. @returns how many */
async function leaveKnownOut(trx: Transaction<Database>, municipality: string): Promise<number> {
  const { numAffectedRows } = await sql`
    DELETE FROM incoming_lines i USING statement_lines l
    WHERE l.municipality = ${municipality}
      AND (l.book, l.acquirer, l.fingerprint, l.occurrence) = (i.book, i.acquirer, i.fingerprint, i.occurrence)
      AND ${mayBeOne(sql.ref('l.account'), sql.ref('i.account'))}`.execute(trx);
  return Number(numAffectedRows ?? 0);
}

/** Two accounts as `accountOf` names them: one may be the end of the other, and nobody's is any. */
const mayBeOne = (one: RawBuilder<unknown>, other: RawBuilder<unknown>): RawBuilder<SqlBool> =>
  sql`(right(${one}, length(${other})) = ${other} OR right(${other}, length(${one})) = ${one})`;

/** The next rows from a place on. @returns how many of them were left */
async function takeRows(
  trx: Transaction<Database>,
  municipality: string,
  fileId: number,
  place: number,
): Promise<number> {
  // Whose counter a terminal stands at is known from the payments that it took.
  const { numAffectedRows } = await sql`
    INSERT INTO statement_lines (municipality, counter, file_id, line_number, book, acquirer, fingerprint, occurrence,
      kind, yen, fee_yen, on_date, at, brand, terminal_id, slip, approval, provider_id, reference, batch, pays_on, payer, account)
    SELECT ${municipality}, coalesce(own.counter, '*'), ${fileId}, line_number, book, acquirer, fingerprint, occurrence,
      kind, yen, fee_yen, on_date, at, brand, terminal_id, slip, approval, provider_id, reference, batch, pays_on, payer, account
    FROM incoming_lines LEFT JOIN (
      SELECT terminal_id, min(counter) AS counter FROM payments
      WHERE municipality = ${municipality} AND terminal_id IS NOT NULL GROUP BY terminal_id HAVING min(counter) = max(counter)
    ) own USING (terminal_id)
    WHERE place >= ${place} AND place < ${place + BATCH}
    ORDER BY place`.execute(trx);
  return Number(numAffectedRows ?? 0);
}
