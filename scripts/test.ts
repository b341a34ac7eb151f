/**
 * `npm test [-- <file or folder> …]`: runs the tests against one PostgreSQL that is started for the run.
 * `npm run test:deep` (`--deep`): the long ones and those with other makers' judges, test/deep/*.deep.ts.
 * Options of `node --test` pass through: `npm test -- --test-name-pattern="late" test/reconcile`.
 * In the end it says which files took most of a core.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
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
/** Hundreds of processes read the same TypeScript: taken from here it costs each half of its start. */
const compiled = fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url));
const DEAREST = 10;
/** One more than there are cores: some file always waits for a line, a page or a clock. */
const AT_ONCE = availableParallelism() + 1;
const kind = isDeep ? 'deep' : 'test';
const patterns = (places.length === 0 ? [isDeep ? 'test/deep' : 'test'] : places).map((place) =>
  place.endsWith('.ts') ? place : `${place.replace(/[\\/]+$/, '')}/**/*.${kind}.ts`,
);

/** A Ctrl-C reaches the tests too; the cluster is stopped when they have ended. */
process.on('SIGINT', () => undefined);

async function runTests(clusterUrl: string, costs: string): Promise<number> {
  const child = spawn(
    process.execPath,
    [
      '--test',
      '--test-reporter=spec',
      ...inEachFile,
      `--test-concurrency=${AT_ONCE}`,
      `--test-timeout=${timeoutMs}`,
      ...options,
      ...patterns,
    ],
    {
      stdio: 'inherit',
      env: {
        ...process.env,
        MADOGUCHI_TEST_PG: clusterUrl,
        MADOGUCHI_TEST_COSTS: costs,
        NODE_COMPILE_CACHE: compiled,
      },
    },
  );
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

// Before the houses start: several that find them stale would each build, and take the files from under another's page.
await buildScreens();
const known = process.env['MADOGUCHI_TEST_PG'];
const cluster: TestCluster =
  known === undefined ? await startTestCluster() : { url: known, stop: () => Promise.resolve() };
const folder = mkdtempSync(join(tmpdir(), 'madoguchi-costs-'));
const costs = join(folder, 'costs.jsonl');
writeFileSync(costs, '');
try {
  process.exitCode = await runTests(cluster.url, costs);
  console.log(dearest(costs, DEAREST).join('\n'));
} finally {
  rmSync(folder, { recursive: true });
  await cluster.stop();
}
