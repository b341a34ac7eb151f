/**
 * What the night after costs: payments and statement lines in the tables of the house, compared once, then 20,000 more of
 * each, all of one business day, compared as a night does it. Beside it the same 20,000 alone, in a municipality that
 * has nothing else.
 *
 * What is alone is compared again every night, and the generator leaves one row in a hundred so: at a million that is
 * half of what is new. `compared` counts both books' rows that the night looked at.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql, type Kysely } from 'kysely';
import pg from 'pg';
import { copyInto } from '../../src/db/copy.ts';
import { openDb } from '../../src/db/db.ts';
import { openEmbeddedPostgres } from '../../src/db/embedded.ts';
import { applicationUrl, prepareDatabase } from '../../src/db/roles.ts';
import type { Database } from '../../src/db/schema.ts';
import { readBooks } from '../../src/reconcile/books/books.ts';
import { matchDue, type MatchOutcome } from '../../src/reconcile/books/run.ts';
import { declareAcquirer, declareFormat } from '../../src/reconcile/statements/declared.ts';
import { sampleFormats } from '../../src/reconcile/statements/samples.ts';
import {
  generateBooks,
  OURS_COLUMNS,
  THEIRS_COLUMNS,
  type Group,
  type OursRow,
  type TheirsRow,
} from '../../test/reconcile/books/generator.ts';
import { readChunks, writeGroups, type Books } from './files.ts';
import { cpuOf, pidOf } from './server.ts';

const NEW_ROWS = 20_000;
const NEW_DAY = '2026-11-18';
const DAY_MS = 86_400_000;
/** Three business days before it is the day from which the generator plants what may still come. */
const AS_OF = '2026-11-25';
/** Of the generator: code, its only brand, and whether a statement of it has come. */
const ACQUIRERS = [
  ['psp', 'visa', true],
  ['gateway', 'jcb', true],
  ['card', 'mastercard', true],
  ['qr', 'paypay', true],
  ['month', 'diners', false],
] as const;

export async function secondNight(
  rows: number,
  seed: number,
  undo: (() => unknown)[],
): Promise<Record<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), 'madoguchi-bench-'));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  const postgres = await openEmbeddedPostgres({ dataDir: join(folder, 'pg'), binDir: process.env['PG_BIN'] });
  undo.push(() => postgres.stop());
  const appUrl = applicationUrl(postgres.url);
  await prepareDatabase(postgres.url, appUrl);
  const owner = new pg.Client({ connectionString: postgres.url });
  await owner.connect();
  undo.push(() => owner.end());

  const groups = generateBooks(rows + NEW_ROWS, seed);
  const before = await writeGroups(folder, upTo(groups, rows));
  const house = await openHouse('large', appUrl, owner, undo);
  await house.bring(before, "now() - interval '1 day'");
  const first = await house.compare();
  const fresh = await writeGroups(folder, onOneDay(groups));
  await house.bring(fresh, 'now()');
  const second = await house.compare();
  const alone = await openHouse('small', appUrl, owner, undo);
  await alone.bring(fresh, 'now()');
  const only = await alone.compare();
  const planted = new Map([...before.planted, ...fresh.planted]);
  const { found, others } = await judgeStatuses(house.db, planted);
  return {
    rows,
    newRows: NEW_ROWS,
    planted: planted.size,
    found,
    falseAlarms: others + (await countUnexplained(house.db)),
    firstNightSeconds: first.seconds,
    secondNightSeconds: second.seconds,
    secondNightCpuSeconds: second.cpu,
    compared: second.ours + second.theirs,
    aloneSeconds: only.seconds,
    aloneCpuSeconds: only.cpu,
    aloneCompared: only.ours + only.theirs,
    cpuRatio: second.cpu / only.cpu,
  };
}

/** Does not end the generator: what comes after is the next night's. */
function* upTo(groups: Iterator<Group, unknown>, many: number): Generator<Group> {
  for (let n = 0; n < many; n += 1) {
    const next: IteratorResult<Group, unknown> = groups.next();
    if (next.done === true) return;
    yield next.value;
  }
}

/** As a night finds them: of the day after all others. A terminal that had several days is several. */
function* onOneDay(groups: Iterable<Group>): Generator<Group> {
  const moved = <Row extends OursRow | TheirsRow>(row: Row): Row => {
    const days = Math.round((Date.parse(NEW_DAY) - Date.parse(row.on_date)) / DAY_MS);
    // What is on the other side of the cut-off stays there.
    if (days < 0) return row;
    const at = row.at === null ? null : new Date(Date.parse(row.at) + days * DAY_MS).toISOString();
    const terminal_id = row.terminal_id === null ? null : `${row.terminal_id}-${days}`;
    return { ...row, on_date: NEW_DAY, at, terminal_id };
  };
  for (const group of groups)
    yield { ...group, ours: group.ours.map(moved), theirs: group.theirs.map(moved) };
}

interface House {
  db: Kysely<Database>;
  /** @param projectedAt an SQL expression: changed payments are known by this server's clock */
  bring(books: Books, projectedAt: string): Promise<void>;
  compare(): Promise<MatchOutcome & { seconds: number; cpu: number }>;
}

/** A municipality of its own, with the generator's acquirers. */
async function openHouse(
  municipality: string,
  appUrl: string,
  owner: pg.Client,
  undo: (() => unknown)[],
): Promise<House> {
  const onLost = (error: Error): void => console.error(error.message);
  const db = openDb(appUrl, onLost, municipality, 'patient');
  undo.push(() => db.destroy());
  const by = { number: 'bench', name: 'bench' };
  const [format] = sampleFormats().filter(({ book }) => book === 'provider');
  if (format === undefined) throw new Error('there are samples');
  for (const [code, brand, hasCome] of ACQUIRERS) {
    const definition = {
      code,
      brands: [brand],
      counter: '*',
      nameJa: code,
      payerNames: [],
      fee: null,
    } as const;
    await declareAcquirer(db, municipality, {
      base: 0,
      by,
      definition: {
        ...{ ...definition, brands: [brand], payerNames: [] },
        ...{ providerIdIn: code === 'psp' ? 'trace_number' : 'none', statementAfterBusinessDays: 60 },
        cycle: { kind: 'daily', payAfterBusinessDays: 5 },
      },
    });
    await declareFormat(db, municipality, { base: 0, by, definition: { ...format, code, acquirer: code } });
    if (hasCome) await addFile(db, municipality, code);
  }
  return {
    db,
    bring: (books, projectedAt) => bring(owner, municipality, { books, projectedAt }),
    compare: async () => {
      const pid = await pidOf(owner);
      const [start, worked] = [performance.now(), cpuOf(pid)];
      const outcome = await matchDue(db, municipality, AS_OF, 'bench');
      return { ...outcome, seconds: (performance.now() - start) / 1000, cpu: cpuOf(pid) - worked };
    },
  };
}

/** A statement that reaches to the day itself; its lines come by themselves. */
async function addFile(db: Kysely<Database>, municipality: string, code: string): Promise<void> {
  await sql`
    INSERT INTO statement_files (municipality, sha256, name, bytes, format, format_version, origin, status, lines,
      new_lines, total_yen, covers_from, covers_until, faults, received_by, received_by_name)
    VALUES (${municipality}, ${code}, ${code}, 0, ${code}, 1, 'upload', 'received', 0, 0, 0, ${AS_OF}, ${AS_OF}, '[]',
      'bench', 'bench')`.execute(db);
}

/** As the drain and the import leave them. The statistics are those that autovacuum makes within minutes. */
async function bring(
  owner: pg.Client,
  municipality: string,
  { books: { ours, theirs }, projectedAt }: { books: Books; projectedAt: string },
): Promise<void> {
  await owner.query(`
    DROP TABLE IF EXISTS new_ours, new_theirs;
    CREATE TEMP TABLE new_ours (n bigint, counter text, id text, of_id text, acquirer text, kind text, yen integer,
      unknown boolean, on_date date, at timestamptz, brand text, terminal_id text, slip text, approval text,
      provider_id text, due date);
    CREATE TEMP TABLE new_theirs (n bigint, counter text, acquirer text, kind text, yen integer, on_date date,
      at timestamptz, brand text, terminal_id text, slip text, approval text, provider_id text, reference text)`);
  await copyInto(owner, `new_ours (${OURS_COLUMNS.join(', ')})`, readChunks(ours));
  await copyInto(owner, `new_theirs (${THEIRS_COLUMNS.join(', ')})`, readChunks(theirs));
  await owner.query(`
    INSERT INTO payments (municipality, counter, operation_id, journal_id, sequence, last_sequence, state, amount_yen,
      method, brand, asked_method, window_code, window_name_ja, business_date, posted_on, catalogue_version, clerk,
      terminal, terminal_id, receipt_number, trace_number, approval_code, late, contradicted, cancel_requested, queries,
      armed_at, state_at, kind, of_operation_id, projected_at)
    SELECT '${municipality}', counter, id, '00000000-0000-4000-8000-000000000000', n, n,
      CASE WHEN unknown THEN 'unknown' ELSE 'approved' END, abs(yen), 'credit', brand, 'credit', 'resident', '市民',
      on_date, on_date, 'bench', 'bench', '1', terminal_id, slip, provider_id, approval, false, false, false, 0, at, at,
      kind, of_id, ${projectedAt}
    FROM new_ours;
    INSERT INTO statement_lines (municipality, counter, file_id, line_number, book, acquirer, fingerprint, occurrence,
      kind, yen, fee_yen, on_date, at, brand, terminal_id, slip, approval, provider_id, reference, batch, pays_on)
    SELECT '${municipality}', '*', 1, row_number() OVER (), 'provider', acquirer, md5(n::text)::uuid, 1, kind, yen, 0,
      on_date, at, brand, terminal_id, slip, approval, provider_id, reference, to_char(on_date, 'YYYYMMDD'), NULL
    FROM new_theirs;
    ANALYZE payments, statement_lines, match_results`);
}

/** Rows of each status against how many were planted: which line is which, the tables of the house do not say. */
async function judgeStatuses(
  db: Kysely<Database>,
  planted: ReadonlyMap<string, string>,
): Promise<{ found: number; others: number }> {
  const expected = new Map<string, number>();
  for (const status of planted.values()) expected.set(status, (expected.get(status) ?? 0) + 1);
  const { rows } = await sql<{ status: string; many: number }>`
    SELECT status, count(operation_id) + count(line_id) AS many FROM current_matches WHERE status <> 'matched'
    GROUP BY status`.execute(db);
  const right = rows.map(({ status, many }) => Math.min(many, expected.get(status) ?? 0));
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
  return { found: sum(right), others: sum(rows.map(({ many }) => many)) - sum(right) };
}

async function countUnexplained(db: Kysely<Database>): Promise<number> {
  const { rows } = await sql<{ municipality: string }>`
    SELECT current_setting('app.municipality') AS municipality`.execute(db);
  const { run } = await readBooks(db, rows[0]?.municipality ?? '');
  return run?.summary.edges.filter(({ remainderYen }) => remainderYen !== 0).length ?? 1;
}
