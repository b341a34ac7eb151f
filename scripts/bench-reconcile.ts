/**
 * How long two books take to compare: `npm run bench:reconcile -- --rows 1000000 --json`.
 *
 * seconds: COPY of both books into the engine's tables, all passes, every status stored with its indexes, committed,
 * in a PostgreSQL of our own with its ordinary settings. bareSeconds: in the same server, COPY of the same rows into
 * two ordinary tables, ANALYZE, CREATE TABLE AS … FULL JOIN on the provider's id or our reference: it stores pairs, finds
 * no repeated key, and nothing by terminal and slip or by amount. duckdbSeconds: the bare work in DuckDB, from the same
 * files. planted, found and falseAlarms are rows. cpuSeconds, bareCpuSeconds and cpuRatio: the same two in time that the
 * server worked, all its processes, which says more than the clock on a machine that others use. rssMb: the most that this
 * process and its server process had, before DuckDB comes in; not the two processes that help with the indexes, when the
 * hash tables are gone.
 * Up to 100,000 rows everything is done three times, and the middle one counts. Generating and judging are not counted.
 *
 * `--second-night`: what a night costs that finds 20,000 new rows on top of so many (reconcile-bench/second-night.ts).
 * `--table`: the tables beside the engine, from 10,000 to 5,000,000 rows (reconcile-bench/table.ts); with `--rows`, one
 * line of the first, with `--second-night` of the second. 5,000,000 rows take some 12 GB of disk for the time being.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { copyInto } from '../src/db/copy.ts';
import { ROOM_FOR_BOOKS } from '../src/db/db.ts';
import { openEmbeddedPostgres } from '../src/db/embedded.ts';
import { MUNICIPALITY_SETTING } from '../src/db/own-rows.ts';
import { applicationUrl, prepareDatabase } from '../src/db/roles.ts';
import type { Database } from '../src/db/schema.ts';
import { matchBooks } from '../src/reconcile/books/matching.ts';
import { writeResults } from '../src/reconcile/books/results.ts';
import { createBooks, run } from '../src/reconcile/books/tables.ts';
import {
  AS_OF,
  COVERED,
  OURS_COLUMNS,
  THEIRS_COLUMNS,
  TIMING_FROM,
} from '../test/reconcile/books/generator.ts';
import { judge, type Found } from '../test/reconcile/books/judge.ts';
import { readChunks, writeBooks, type Books } from './reconcile-bench/files.ts';
import { secondNight } from './reconcile-bench/second-night.ts';
import { cpuOf, peakOf, pidOf } from './reconcile-bench/server.ts';
import { writeTable } from './reconcile-bench/table.ts';

const MANY_ROUNDS_UP_TO = 100_000;

async function copyBooks(client: pg.Client, { ours, theirs }: Books, to: [string, string]): Promise<void> {
  await copyInto(client, `${to[0]} (${OURS_COLUMNS.join(', ')})`, readChunks(ours));
  await copyInto(client, `${to[1]} (${THEIRS_COLUMNS.join(', ')})`, readChunks(theirs));
}

async function bareWork(owner: pg.Client, books: Books): Promise<void> {
  await copyBooks(owner, books, ['bare_ours', 'bare_theirs']);
  await owner.query('ANALYZE bare_ours, bare_theirs');
  await owner.query(`
    CREATE TABLE bare_result AS
    SELECT coalesce(o.counter, t.counter) AS counter, coalesce(o.acquirer, t.acquirer) AS acquirer, o.id, t.n,
      CASE WHEN t.n IS NULL THEN 'missing_at_provider' WHEN o.n IS NULL THEN 'missing_in_ledger'
        WHEN o.yen = t.yen THEN 'matched' ELSE 'amount' END AS status, o.yen AS ours_yen, t.yen AS theirs_yen
    FROM bare_ours o FULL JOIN bare_theirs t
      ON coalesce(o.provider_id, o.id) = coalesce(t.provider_id, t.reference, 'line ' || t.n)`);
}

/** As `match_ours` and `match_theirs`, but ordinary tables. */
async function makeBareTables(owner: pg.Client): Promise<void> {
  await owner.query(`DROP TABLE IF EXISTS bare_ours, bare_theirs, bare_result;
    CREATE TABLE bare_ours (n bigint, counter text, id text, of_id text, acquirer text, kind text, yen integer,
      unknown boolean, on_date date, at timestamptz, brand text, terminal_id text, slip text, approval text,
      provider_id text, due date);
    CREATE TABLE bare_theirs (n bigint, counter text, acquirer text, kind text, yen integer, on_date date,
      at timestamptz, brand text, terminal_id text, slip text, approval text, provider_id text, reference text);
    CHECKPOINT`);
}

interface Judged {
  seconds: number;
  cpu: number;
  found: number;
  falseAlarms: number;
}

/** One run of the engine for a municipality of its own, and what it said. */
async function engineWork(
  client: pg.Client,
  { books, round, pid }: { books: Books; round: number; pid: number },
): Promise<Judged> {
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: poolOf(client) }) });
  const [start, worked] = [performance.now(), cpuOf(pid)];
  await sql`SELECT set_config(${MUNICIPALITY_SETTING}, ${`bench${round}`}, false)`.execute(db);
  await run(db, 'BEGIN');
  await createBooks(db);
  await copyBooks(client, books, ['match_ours', 'match_theirs']);
  for (const { acquirer, until } of COVERED)
    await sql`INSERT INTO match_covered VALUES (${acquirer}, ${until})`.execute(db);
  const edges = await matchBooks(db, { asOf: AS_OF, timingFrom: TIMING_FROM });
  await writeResults(db, `bench${round}`, { runId: 1, since: null });
  const [judging, judgingCpu] = [performance.now(), cpuOf(pid)];
  const strays = await countStrays(db);
  const { rows: exceptions } = await sql<Found>`
    SELECT id, line_id AS line, status FROM match_found WHERE status <> 'matched'`.execute(db);
  const [judged, judgedCpu] = [performance.now() - judging, cpuOf(pid) - judgingCpu];
  await run(db, 'COMMIT');
  const [seconds, cpu] = [(performance.now() - start - judged) / 1000, cpuOf(pid) - worked - judgedCpu];
  const { right, wrong } = judge(exceptions, books.planted);
  for (const each of wrong.slice(0, 10)) console.error(each);
  const unexplained = edges.filter(({ remainderYen }) => String(remainderYen) !== '0').length;
  return { seconds, cpu, found: right, falseAlarms: wrong.length + strays + unexplained };
}

/** Rows that are in no result, and pairs of rows that do not belong together. */
async function countStrays(db: Kysely<Database>): Promise<number> {
  const { rows } = await sql<{ strays: string }>`
    SELECT (SELECT count(*) FROM match_ours) - count(f.id) + (SELECT count(*) FROM match_theirs) - count(f.line_id)
      + count(*) FILTER (WHERE f.line_id % 100000000 <> o.n % 100000000) AS strays
    FROM match_found f LEFT JOIN match_ours o USING (id)`.execute(db);
  return Number(rows[0]?.strays);
}

/** Kysely on the one connection that COPY goes through too: temporary tables are a session's own. */
function poolOf(client: pg.Client): ConstructorParameters<typeof PostgresDialect>[0]['pool'] {
  const lent = Object.assign(client, { release: () => undefined });
  return { options: {}, connect: () => Promise.resolve(lent), end: () => Promise.resolve() };
}

/** The same in DuckDB; undefined where this machine has no binary of it. */
async function duckdbWork(books: Books): Promise<number | undefined> {
  const duckdb = await import('@duckdb/node-api').catch(() => undefined);
  if (duckdb === undefined) return undefined;
  const instance = await duckdb.DuckDBInstance.create(':memory:', { temp_directory: dirname(books.ours) });
  const connection = await instance.connect();
  const read = (file: string, columns: readonly string[]): string =>
    `read_csv('${file}', auto_detect = false, delim = '\t', header = false, quote = '', escape = '', nullstr = '\\N',
      columns = {${columns.map((column) => `'${column}': 'VARCHAR'`).join(', ')}})`;
  const start = performance.now();
  await connection.run(`CREATE TABLE ours AS FROM ${read(books.ours, OURS_COLUMNS)}`);
  await connection.run(`CREATE TABLE theirs AS FROM ${read(books.theirs, THEIRS_COLUMNS)}`);
  await connection.run(`CREATE TABLE result AS SELECT o.counter, o.acquirer, o.id, t.n, o.yen = t.yen AS same
    FROM ours o FULL JOIN theirs t
      ON coalesce(o.provider_id, o.id) = coalesce(t.provider_id, t.reference, 'line ' || t.n)`);
  const seconds = (performance.now() - start) / 1000;
  connection.closeSync();
  instance.closeSync();
  return seconds;
}

async function connect(url: string, undo: (() => unknown)[], options = ''): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, options });
  await client.connect();
  undo.push(() => client.end());
  return client;
}

async function measure(
  rows: number,
  seed: number,
  undo: (() => unknown)[],
): Promise<Record<string, number | null>> {
  const folder = mkdtempSync(join(tmpdir(), 'madoguchi-bench-'));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  const books = await writeBooks(folder, rows, seed);
  const postgres = await openEmbeddedPostgres({ dataDir: join(folder, 'pg'), binDir: process.env['PG_BIN'] });
  undo.push(() => postgres.stop());
  const appUrl = applicationUrl(postgres.url);
  await prepareDatabase(postgres.url, appUrl);
  const [owner, client] = [await connect(postgres.url, undo), await connect(appUrl, undo, ROOM_FOR_BOOKS)];
  const [ownerPid, pid] = [await pidOf(owner), await pidOf(client)];
  const rounds: (Judged & { bare: number; bareCpu: number })[] = [];
  for (let round = 1; round <= (rows <= MANY_ROUNDS_UP_TO ? 3 : 1); round += 1) {
    await makeBareTables(owner);
    const [start, worked] = [performance.now(), cpuOf(ownerPid)];
    await bareWork(owner, books);
    const [bare, bareCpu] = [(performance.now() - start) / 1000, cpuOf(ownerPid) - worked];
    await owner.query('CHECKPOINT');
    rounds.push({ bare, bareCpu, ...(await engineWork(client, { books, round, pid })) });
  }
  const rssMb = process.resourceUsage().maxRSS / 1024 + peakOf(pid);
  const middle = (key: keyof (typeof rounds)[number]): number =>
    rounds.map((each) => each[key]).toSorted((a, b) => a - b)[Math.floor(rounds.length / 2)] ?? NaN;
  const [seconds, bareSeconds] = [middle('seconds'), middle('bare')];
  const [cpuSeconds, bareCpuSeconds] = [middle('cpu'), middle('bareCpu')];
  return {
    rows,
    planted: books.planted.size,
    found: Math.min(...rounds.map(({ found }) => found)),
    falseAlarms: Math.max(...rounds.map(({ falseAlarms }) => falseAlarms)),
    seconds,
    bareSeconds,
    ratio: seconds / bareSeconds,
    cpuSeconds,
    bareCpuSeconds,
    cpuRatio: cpuSeconds / bareCpuSeconds,
    duckdbSeconds: (await duckdbWork(books)) ?? null,
    rssMb: Math.round(rssMb),
  };
}

const { values: flags } = parseArgs({
  options: {
    rows: { type: 'string' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    'second-night': { type: 'boolean', default: false },
    table: { type: 'boolean', default: false },
  },
});

/** @returns whether everything that was planted was found, and nothing else */
async function show(): Promise<boolean> {
  const rows = Number(flags.rows ?? '20000');
  const undo: (() => unknown)[] = [];
  try {
    const measured = flags['second-night']
      ? await secondNight(rows, Number(flags.seed), undo)
      : await measure(rows, Number(flags.seed), undo);
    const figures = Object.fromEntries(
      Object.entries(measured).map(([name, value]) => [
        name,
        value === null ? null : Number(value.toFixed(3)),
      ]),
    );
    console.log(flags.json ? JSON.stringify(figures) : figures);
    return figures['found'] === figures['planted'] && figures['falseAlarms'] === 0;
  } finally {
    for (const each of undo.reverse()) await each();
  }
}

if (flags.table) writeTable(flags.rows, flags['second-night']);
else process.exitCode = (await show()) ? 0 : 1;
