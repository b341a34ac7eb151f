/**
 * START. Puts everything together, starts it, and stops it in reverse order; the only file that knows all.
 *
 * One program, three roles: counter, office, survey. A trial also starts a PostgreSQL and a virtual terminal of its
 * own, before everything that needs them and stopped after it.
 */
import { join } from 'node:path';
import { drivers } from '../drivers/index.ts';
import { loadEnvFile, readConfig, StartFaults, type Config } from './config.ts';
import { openCounter } from './counter-role.ts';
import { openDb } from './db/db.ts';
import { EmbeddedPostgresFault, openEmbeddedPostgres } from './db/embedded.ts';
import { listen } from './http/listen.ts';
import { JournalFault } from './journal/journal.ts';
import { openLog } from './log.ts';
import { openOffice } from './office-role.ts';
import { findPlaceFaults, type PortWanted } from './preflight.ts';
import { openSecrets } from './secrets.ts';
import { surveyCode } from './survey/code.ts';
import { openSurvey } from './survey-role.ts';
import { parseAddress, portOpener } from './terminal/port.ts';
import type { TerminalSetup } from './terminal/terminals.ts';
import { isVirtualTerminalRunning, openVirtualTerminal } from './terminal/virtual-terminal.ts';
import { buildScreens } from './web/build.ts';

/** Undoes what was started, newest first. */
type Stops = (() => Promise<void> | void)[];

interface House {
  urls: { counter?: string; office?: string; survey?: string; virtualTerminal?: string };
  apiToken: string;
}

const virtualTerminalDir = (config: Config): string => join(config.dataDir, 'virtual-terminal');

/** Starts what the roles need, pushing how to stop each part. @throws StartFaults, JournalFault and the like */
async function startHouse(config: Config, stops: Stops): Promise<House> {
  await checkPlace(config);
  const has = (role: Config['roles'][number]): boolean => config.roles.includes(role);
  const now = (): Date => new Date();
  const log = openLog(config.dataDir, config.logLevel);
  const secrets = openSecrets(config.dataDir, { apiToken: config.apiToken, survey: config.survey.secret });
  const urls: House['urls'] = {};
  const surveyBase =
    config.survey.url ?? (has('survey') ? `http://127.0.0.1:${config.ports.survey}` : undefined);

  if (has('survey')) {
    const survey = openSurvey({ config, log, secret: secrets.survey, now });
    stops.push(() => survey.stop());
    const listening = await listen(survey.app, config.host, config.ports.survey);
    stops.push(() => listening.close());
    urls.survey = listening.url;
  }
  if (!has('counter') && !has('office')) return { urls, apiToken: secrets.apiToken };

  const screensDir = await buildScreens();
  const databaseUrl = config.databaseUrl ?? (await startPostgres(config, stops));
  const db = openDb(databaseUrl, (error) => log.warn({ err: error }, 'idle database connection'));
  stops.push(() => db.destroy());

  if (has('office')) {
    const office = await openOffice({
      config,
      log,
      db,
      secrets,
      screensDir,
      surveySource: surveyBase === undefined ? undefined : { url: surveyBase, secret: secrets.survey },
      grainOf: (model) => drivers.find((driver) => driver.model === model)?.totals,
      now,
    });
    stops.push(() => office.stop());
    const listening = await listen(office.app, config.host, config.ports.office);
    stops.push(() => listening.close());
    urls.office = listening.url;
  }
  if (has('counter')) {
    const { setup, pageUrl } = await openTerminal(config, stops);
    const counter = await openCounter({
      config,
      log,
      secrets,
      db,
      terminals: [setup],
      screensDir,
      virtualTerminalUrl: pageUrl ?? null,
      officeUrl: urls.office ?? null,
      surveyUrl: (id) =>
        surveyBase === undefined ? null : `${surveyBase}/s/${surveyCode(secrets.survey, id)}`,
      now,
      onFatal(error) {
        log.fatal({ err: error }, 'a record could not be made');
        process.exit(1);
      },
    });
    stops.push(() => counter.stop());
    const listening = await listen(counter.app, config.host, config.ports.counter);
    stops.push(() => listening.close());
    urls.counter = listening.url;
    if (pageUrl !== undefined) urls.virtualTerminal = pageUrl;
  }
  return { urls, apiToken: secrets.apiToken };
}

/** @throws StartFaults with every fault of ports and data folder. */
async function checkPlace(config: Config): Promise<void> {
  const wanted: PortWanted[] = config.roles.map((role) => ({
    setting: role === 'counter' ? 'PORT' : `${role.toUpperCase()}_PORT`,
    port: config.ports[role],
  }));
  const startsVirtual = config.roles.includes('counter') && config.terminal === undefined;
  if (startsVirtual && !(await isVirtualTerminalRunning(virtualTerminalDir(config)))) {
    wanted.push({ setting: 'VIRTUAL_TERMINAL_PORT', port: config.ports.virtualTerminal });
  }
  const faults = await findPlaceFaults(config, wanted);
  if (config.terminal !== undefined && !drivers.some(({ model }) => model === config.terminal?.model)) {
    const known = drivers.map(({ model }) => model).join(', ');
    faults.push(`TERMINAL: ${config.terminal.model} という機種は知りません / unknown model; known: ${known}`);
  }
  if (faults.length > 0) throw new StartFaults(faults);
}

async function startPostgres(config: Config, stops: Stops): Promise<string> {
  const postgres = await openEmbeddedPostgres({ dataDir: join(config.dataDir, 'postgres') });
  stops.push(() => postgres.stop());
  return postgres.url;
}

function chooseDriver(config: Config): (typeof drivers)[number] {
  const driver = drivers.find((candidate) =>
    config.terminal === undefined
      ? candidate.virtual !== undefined
      : candidate.model === config.terminal.model,
  );
  if (driver === undefined) throw new Error('no driver');
  return driver;
}

/** The terminal of the settings, or a virtual one. */
async function openTerminal(
  config: Config,
  stops: Stops,
): Promise<{ setup: TerminalSetup; pageUrl: string | undefined }> {
  const driver = chooseDriver(config);
  if (config.terminal !== undefined) {
    const { address, options } = config.terminal;
    return { setup: { id: '1', driver, openPort: portOpener(address), options }, pageUrl: undefined };
  }
  if (driver.virtual === undefined) throw new Error(`${driver.model} has no virtual terminal`);
  const virtual = await openVirtualTerminal({
    program: driver.virtual.program,
    dataDir: virtualTerminalDir(config),
    httpPort: config.ports.virtualTerminal,
  });
  stops.push(() => virtual.stop());
  const address = parseAddress(virtual.line);
  if (address === undefined) throw new Error(`the virtual terminal's line can't be read: ${virtual.line}`);
  return { setup: { id: '1', driver, openPort: portOpener(address), options: {} }, pageUrl: virtual.http };
}

/** Newest first; one part that fails to stop does not keep the others running. */
async function stopAll(stops: Stops): Promise<void> {
  for (const stop of stops.splice(0).reverse()) {
    try {
      await stop();
    } catch (error) {
      say(`停止中の問題 / while stopping: ${String(error)}`);
    }
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function describeHouse(config: Config, { urls, apiToken }: House): string {
  const title = {
    trial: '窓口 — 試用・実際の支払いではありません (trial: no real payments)',
    training: '窓口 — 訓練・実際の支払いではありません (training: no real payments)',
    live: '窓口 — 本番 (live)',
  }[config.book];
  const rows: [string, string | undefined][] = [
    ['会計 counter', urls.counter],
    ['会計課 office', urls.office],
    ['アンケート survey', urls.survey],
    ['仮想端末 virtual terminal', urls.virtualTerminal],
    ['API token', config.book === 'live' ? undefined : apiToken],
    ['データ data', config.dataDir],
  ];
  const lines = rows.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name}: ${value}`]));
  return [title, ...lines, '  停止 stop: Ctrl-C'].join('\n');
}

function explain(error: unknown): string {
  if (error instanceof StartFaults) {
    const head = '起動できません。次を直してください / Madoguchi can’t start. Please mend:';
    return [head, ...error.faults.map((fault) => `  - ${fault}`)].join('\n');
  }
  if (error instanceof JournalFault || error instanceof EmbeddedPostgresFault)
    return `起動できません: ${error.message}`;
  return `起動できません / Madoguchi can’t start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

async function main(): Promise<void> {
  const stops: Stops = [];
  loadEnvFile();
  const starting = (async () => {
    const config = readConfig(process.env);
    say('窓口を準備しています… / getting ready…');
    say(describeHouse(config, await startHouse(config, stops)));
  })();
  // A second Ctrl-C does not cut the orderly stop short, and one during the start waits for it.
  let stopping: Promise<void> | undefined;
  const stop = (): void => {
    stopping ??= starting
      .catch(() => undefined)
      .then(async () => {
        say('停止しています… / stopping…');
        await stopAll(stops);
        say('停止しました / stopped');
        process.exit();
      });
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    await starting;
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = 1;
    stop();
  }
}

await main();
