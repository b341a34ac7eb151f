/**
 * `npm run demo-data -- --year R6 [--data DIR] [--seed S]`: a trial folder with the city's first half year of cashless
 * payments in it, taken by the real counter from the virtual terminal on a clock of its own. Who came and bought what is
 * invented; how many payments there were, and what the survey said, is as published. Exit 1 if it does not come out so.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadEnvFile, readConfig, StartFaults, type Config } from '../src/config.ts';
import { openDb } from '../src/db/db.ts';
import { openEmbeddedPostgres } from '../src/db/embedded.ts';
import { applicationUrl, prepareDatabase } from '../src/db/roles.ts';
import { claimPlace } from '../src/preflight.ts';
import { playHalfYear, type Played } from './demo/half-year.ts';
import { R6 } from './demo/year.ts';
import { createProgress } from './progress.ts';

const USAGE = 'usage: npm run demo-data -- --year R6 [--data DIR] [--seed S]\n';

function fail(text: string, code = 1): never {
  process.stderr.write(`${text}\n`);
  process.exit(code);
}

/** As `npm start` will read them; a trial with a PostgreSQL of its own in an empty folder. */
function readPlace(data: string | undefined): Config {
  loadEnvFile();
  const { DATABASE_URL, BOOK, ...rest } = process.env;
  if (DATABASE_URL !== undefined || (BOOK ?? 'trial') !== 'trial')
    fail(
      'BOOK=trial と内蔵の PostgreSQL だけで作れます。BOOK と DATABASE_URL を外してください / only a trial of its own',
    );
  try {
    const config = readConfig({ ...rest, ...(data !== undefined && { DATA_DIR: data }) });
    const { dataDir } = config;
    if (existsSync(dataDir) && readdirSync(dataDir).length > 0)
      fail(
        `${dataDir} は空ではありません。見本は新しいフォルダーにだけ作ります。何も変えていません / ` +
          'is not empty: demo data goes into a new folder alone; nothing was changed',
      );
    return config;
  } catch (error) {
    if (error instanceof StartFaults) fail(error.faults.join('\n'));
    throw error;
  }
}

function describe({ figures, planned }: Played, seconds: number): string {
  const list = (some: Record<string, number>): string =>
    Object.entries(some)
      .map(([name, count]) => `${name} ${count.toLocaleString('en-US')}`)
      .join(', ');
  const { survey } = figures;
  return [
    `business days  ${figures.businessDays}`,
    `payments       ${figures.payments.toLocaleString('en-US')}, ${figures.paymentsYen.toLocaleString('en-US')} yen`,
    `  by window    ${list(figures.byWindow)}`,
    `  by method    ${list(figures.byMethod)}`,
    `  beside       ${list(figures.beside)}`,
    `  counted      ${list(figures.counted)}`,
    `survey         ${survey.answers} answers, mean ${survey.mean.toFixed(1)}`,
    `with terminal  ${list(figures.days)} (days)`,
    `exceptions     ${list(figures.exceptions)}`,
    `               ${figures.planted} planted, ${figures.planted - figures.notFound.length} found; remainders ${figures.remainders.join(', ')} yen`,
    `${planned.days} days played in ${seconds.toFixed(0)} s`,
  ].join('\n');
}

/** What does not come out as published, or as planted. */
function findWrong({ figures, planned }: Played): string[] {
  const { survey } = figures;
  const wanted: [string, unknown, unknown][] = [
    ['business days', figures.businessDays, planned.days],
    ['payments', figures.payments, R6.payments],
    ['survey answers', survey.answers, R6.survey.answers],
    ['survey mean', survey.mean.toFixed(1), R6.survey.mean.toFixed(1)],
    ['plants not found', figures.notFound.join(', '), ''],
    ['remainders', figures.remainders.filter((yen) => yen !== 0).join(', '), ''],
  ];
  return wanted.flatMap(([what, found, meant]) =>
    found === meant ? [] : [`${what}: ${String(found)}, not ${String(meant)}`],
  );
}

const { values } = parseArgs({
  options: {
    year: { type: 'string' },
    data: { type: 'string' },
    seed: { type: 'string', default: '6' },
  },
});
const seed = Number(values.seed);
if (values.year !== R6.name || !Number.isSafeInteger(seed)) {
  process.stderr.write(USAGE);
  process.exit(2);
}
const config = readPlace(values.data === undefined ? undefined : resolve(values.data));
const place = await claimPlace(config, []);
if ('faults' in place) fail(place.faults.join('\n'));
const progress = createProgress();
const began = process.hrtime.bigint();
const postgres = await openEmbeddedPostgres({
  dataDir: join(config.dataDir, 'postgres'),
  binDir: config.postgresBin,
});
try {
  const url = applicationUrl(postgres.url);
  await prepareDatabase(postgres.url, url);
  const db = openDb(url, () => undefined, config.municipality.code, 'patient');
  const owner = openDb(postgres.url, () => undefined);
  try {
    const played = await playHalfYear({
      ...{ config, db, owner, year: R6, seed },
      tell: (text) => progress.show(text),
    });
    progress.end();
    console.log(describe(played, Number(process.hrtime.bigint() - began) / 1e9));
    const wrong = findWrong(played);
    if (wrong.length > 0) process.exitCode = 1;
    for (const each of wrong) console.error(`NOT AS IT SHOULD BE: ${each}`);
    if (wrong.length === 0) console.log(`\nDATA_DIR=${config.dataDir} npm start`);
  } finally {
    await db.destroy();
    await owner.destroy();
  }
} finally {
  await postgres.stop();
  place.release();
}
