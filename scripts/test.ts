/**
 * `npm test [-- <file or folder> …]`: runs the tests against one PostgreSQL that is started for the run.
 * `npm run test:deep` (`--deep`): the long ones and those with other makers' judges, test/deep/*.deep.ts.
 * Options of `node --test` pass through: `npm test -- --test-name-pattern="late" test/reconcile`.
 * In the end it says which files took most of a core.
 */
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, matchesGlob, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { buildScreens } from '../src/web/build.ts';
import { dearest } from '../test/support/cost.ts';
import { startTestCluster, type TestCluster } from '../test/support/postgres-cluster.ts';

const given = process.argv.slice(2);
const isDeep = given.includes('--deep');
/** A test that hangs has failed; a file that does not end after its last test, the watchdog ends. */
const timeoutMs = isDeep ? 900_000 : 180_000;
const options = given.filter((argument) => argument.startsWith('--') && argument !== '--deep');
const places = given.filter((argument) => !argument.startsWith('--'));
const inEachFile = ['watchdog', 'cost'].map(
  (name) => `--import=${new URL(`../test/support/${name}.ts`, import.meta.url).href}`,
);
const TOGETHER_FROM = new URL('../test/support/together.ts', import.meta.url).href;
/** Hundreds of processes read the same TypeScript: taken from here it costs each half of its start. */
const compiled = fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url));
const DEAREST = 10;
/** Two more than there are cores: some files always wait for a line, a page or a clock. */
const AT_ONCE = availableParallelism() + 2;
/**
 * Files that share a process (test/support/together.ts): alone each would pay for a start of its own, and for a browser's.
 * With `each` a process takes at most so many of them, and there are several.
 */
const TOGETHER: Readonly<Record<string, { files: readonly string[]; each?: number }>> = {
  house: { files: ['test/house/**'], each: 4 },
  small: { files: ['test/*.ts', 'test/{closing,counted,daycare,once,tablets,tickets,tls,turns}/**'] },
  'zvt-bytes': {
    files: ['test/drivers/zvt/{codes,commands,describe,fields,frame,link,messages,receipts,trace}.test.ts'],
  },
  'driver-tables': { files: ['test/drivers/{manual/inquiry,stripe/answers,stripe/truth-table}.test.ts'] },
  // Lines in real time. A browser would inherit their ends: its file stays alone.
  'zvt-lines': { files: ['test/drivers/zvt/!(contract|page).test.ts'], each: 5 },
  stripe: { files: ['test/drivers/stripe/!(contract).test.ts'] },
  'db-journal-reports': { files: ['test/{db,journal,reports}/**'], each: 5 },
  fees: { files: ['test/fees/**'] },
  payments: { files: ['test/payments/**'] },
  reconcile: { files: ['test/reconcile/**'] },
  staff: { files: ['test/staff/**'] },
  'survey-terminal-web': { files: ['test/{survey,terminal,web}/**'] },
};
/** Begun before all others: one of them that is still at it when all else is done keeps a core waiting. */
const LONG = ['test/proof/**', 'test/house/**', 'test/drivers/*/contract.test.ts'];
const kind = isDeep ? 'deep' : 'test';
const patterns = (places.length === 0 ? [isDeep ? 'test/deep' : 'test'] : places).map((place) =>
  place.endsWith('.ts') ? place : `${place.replace(/[\\/]+$/, '')}/**/*.${kind}.ts`,
);

/** A Ctrl-C reaches the tests too; the cluster is stopped when they have ended. */
process.on('SIGINT', () => undefined);

const withSlashes = (file: string): string => file.replaceAll('\\', '/');

/** The tests that are asked for. Without a file the runner would look for some by itself. */
function findFiles(): string[] {
  return patterns.flatMap((pattern) => {
    const files = globSync(pattern).map(withSlashes).sort();
    if (files.length === 0) throw new Error(`no test: ${pattern}`);
    return files;
  });
}

/** What the runner is given, in this order: the files, those of `TOGETHER` as ones that take them together. */
function gatherFiles(found: readonly string[], folder: string): string[] {
  const isIn = (globs: readonly string[]) => (file: string) => globs.some((glob) => matchesGlob(file, glob));
  const isLong = isIn(LONG);
  const long: string[] = [];
  const quick: string[] = [];
  let rest = found;
  for (const [name, { files: globs, each }] of Object.entries(TOGETHER)) {
    const files = rest.filter(isIn(globs));
    if (files.length === 0) continue;
    rest = rest.filter((file) => !files.includes(file));
    const processes = Math.ceil(files.length / (each ?? files.length));
    for (let first = 0; first < processes; first += 1) {
      const own = files.filter((_, index) => index % processes === first);
      const [only = ''] = own;
      const given = own.length === 1 ? only : writeTogether(folder, `${name}-${first + 1}`, own);
      (isLong(only) ? long : quick).push(given);
    }
  }
  return [...rest.filter(isLong), ...long, ...quick, ...rest.filter((file) => !isLong(file))];
}

function writeTogether(folder: string, name: string, files: readonly string[]): string {
  const written = join(folder, `together-${name}.mjs`);
  const paths = JSON.stringify(files.map((file) => resolve(file)));
  writeFileSync(written, `import { testTogether } from '${TOGETHER_FROM}';\ntestTogether(${paths});\n`);
  return written;
}

/** By its interface: on its command line the runner sorts the files that it is given. @returns the exit code */
async function runTests(files: readonly string[]): Promise<number> {
  let code = 0;
  const events = run({
    files: [...files],
    concurrency: AT_ONCE,
    timeout: timeoutMs,
    execArgv: [...inEachFile, `--test-timeout=${timeoutMs}`, ...options],
  });
  events.on('test:fail', () => {
    code = 1;
  });
  const report = events.compose(spec);
  report.pipe(process.stdout, { end: false });
  await finished(report);
  return code;
}

const found = findFiles();
// Before the houses start: several that find them stale would each build, and take the files from under another's page.
await buildScreens();
const known = process.env['MADOGUCHI_TEST_PG'];
const cluster: TestCluster =
  known === undefined ? await startTestCluster() : { url: known, stop: () => Promise.resolve() };
const folder = mkdtempSync(join(tmpdir(), 'madoguchi-costs-'));
const costs = join(folder, 'costs.jsonl');
writeFileSync(costs, '');
try {
  Object.assign(process.env, {
    MADOGUCHI_TEST_PG: cluster.url,
    MADOGUCHI_TEST_COSTS: costs,
    NODE_COMPILE_CACHE: compiled,
  });
  process.exitCode = await runTests(gatherFiles(found, folder));
  console.log(dearest(costs, DEAREST).join('\n'));
} finally {
  rmSync(folder, { recursive: true });
  await cluster.stop();
}
