/**
 * `npm test [-- <file or folder> …]`: runs the tests against one PostgreSQL that is started for the run.
 * `npm run test:deep` (`--deep`): the long ones and those with other makers' judges, test/deep/*.deep.ts.
 * Options of `node --test` pass through: `npm test -- --test-name-pattern="late" test/reconcile`.
 * In the end it says which files took most of a core.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
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
/**
 * Folders of many quick files: one process for all of a folder, as a file of its own would pay more for its start than
 * for its tests. They leave their process as they found it, and hook nothing into every test (`beforeEach`).
 */
const TOGETHER = ['fees', 'payments', 'reconcile', 'survey', 'terminal', 'web'];
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

/** What the runner is given: the files, those of a quick folder as one that imports them. */
function gatherFiles(found: readonly string[], folder: string): string[] {
  const isOf = (name: string) => (file: string) => file.startsWith(`test/${name}/`);
  const together = TOGETHER.flatMap((name) => {
    const files = found.filter(isOf(name));
    if (files.length < 2) return files;
    const all = join(folder, `test-${name}.mjs`);
    writeFileSync(
      all,
      files.map((file) => `import ${JSON.stringify(pathToFileURL(resolve(file)).href)};\n`).join(''),
    );
    return [withSlashes(all)];
  });
  return [...found.filter((file) => !TOGETHER.some((name) => isOf(name)(file))), ...together];
}

async function runTests(clusterUrl: string, files: readonly string[], costs: string): Promise<number> {
  const child = spawn(
    process.execPath,
    [
      '--test',
      '--test-reporter=spec',
      ...inEachFile,
      `--test-concurrency=${AT_ONCE}`,
      `--test-timeout=${timeoutMs}`,
      ...options,
      ...files,
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
  process.exitCode = await runTests(cluster.url, gatherFiles(found, folder), costs);
  console.log(dearest(costs, DEAREST).join('\n'));
} finally {
  rmSync(folder, { recursive: true });
  await cluster.stop();
}
