/**
 * START. Puts everything together, starts it, and stops it in reverse order; the only file that knows all.
 *
 * One program, three roles: counter, office, survey. A trial also starts a PostgreSQL and a virtual terminal of its
 * own, before everything that needs them and stopped after it.
 */
import type { Express } from 'express';
import type { Kysely } from 'kysely';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { drivers } from '../drivers/index.ts';
import { loadEnvFile, readConfig, StartFaults, type Config, type Role } from './config.ts';
import { describeHouse, explain, say, tellIfCutOff, type House } from './console.ts';
import { createClosedCounter, openCounter, type Counter, type CounterOptions } from './counter-role.ts';
import { findPortsWanted, findTerminalFaults, openCounterTerminals } from './counter-terminals.ts';
import { openDb } from './db/db.ts';
import type { Database } from './db/schema.ts';
import { openEmbeddedPostgres } from './db/embedded.ts';
import { applicationUrl, prepareDatabase } from './db/roles.ts';
import { listen } from './http/listen.ts';
import { JournalFault } from './journal/journal.ts';
import { findLanPortsWanted, openLanTls, serveLan } from './lan.ts';
import { openLog } from './log.ts';
import { openOffice } from './office-role.ts';
import { claimPlace, type PortWanted } from './preflight.ts';
import { openSecrets, type Secrets } from './secrets.ts';
import { findPayoutFaults, statementServiceOf } from './statement-service.ts';
import { surveyCode } from './survey/code.ts';
import { openSurvey } from './survey-role.ts';
import { reachOf } from './tablets/open.ts';
import type { Tls } from './tls/tls.ts';
import { buildScreens } from './web/build.ts';

/** Undoes what was started, newest first. */
type Stops = (() => Promise<void> | void)[];

/** What the roles share while they are put together. */
interface Site {
  config: Config;
  stops: Stops;
  log: Logger;
  secrets: Secrets;
  now: () => Date;
  urls: House['urls'];
  lanUrls: House['lanUrls'];
  /** What the LAN is shown; undefined: no role is called from there. */
  tls: Tls | undefined;
  /** Where the survey is; undefined: there is none. */
  surveyBase: string | undefined;
}

/** Starts what the roles need, pushing how to stop each part. @throws StartFaults, JournalFault and the like */
async function startHouse(config: Config, stops: Stops): Promise<House> {
  await claimPlaceFor(config, stops);
  const { roles, ports, survey, apiToken } = config;
  const secrets = openSecrets(config.dataDir, { apiToken, survey: survey.secret });
  const ownSurvey = roles.includes('survey') ? `http://127.0.0.1:${ports.survey}` : undefined;
  const log = openLog(config.dataDir, config.logLevel);
  const now = (): Date => new Date();
  const tls = openLanTls(config, log, now);
  stops.push(() => tls?.stop());
  const site: Site = {
    config,
    stops,
    log,
    secrets,
    now,
    tls,
    urls: {},
    lanUrls: {},
    surveyBase: survey.url ?? ownSurvey,
  };
  // A bug ends the process, and the next start asks the terminal; the log says what it was.
  process.on('uncaughtExceptionMonitor', (error) =>
    site.log.fatal({ err: error }, 'a bug ended the process'),
  );
  if (roles.includes('survey')) await startSurvey(site);
  if (roles.includes('counter') || roles.includes('office')) await startCounterAndOffice(site);
  return { urls: site.urls, lanUrls: site.lanUrls, apiToken: secrets.apiToken };
}

async function startSurvey(site: Site): Promise<void> {
  const { config, stops, log, secrets, now, urls } = site;
  const survey = openSurvey({ config, log, secret: secrets.survey, now, lanNames: site.tls?.names });
  stops.push(() => survey.stop());
  urls.survey = await serve(survey.app, config, 'survey', stops);
  await serveOnLan(survey.app, site, 'survey');
}

async function startCounterAndOffice(site: Site): Promise<void> {
  const { config, stops, log } = site;
  const screensDir = await buildScreens();
  const url = config.databaseUrl ?? (await startPostgres(config, stops));
  const open = (pace: 'prompt' | 'patient'): Kysely<Database> => {
    const onLost = (error: Error): void => log.warn({ err: error }, 'idle database connection');
    const pool = openDb(url, onLost, config.municipality.code, pace);
    stops.push(() => pool.destroy());
    return pool;
  };
  const db = open('prompt');
  void tellIfCutOff(db);
  if (config.roles.includes('office'))
    await startOffice(site, { db, patientDb: open('patient') }, screensDir);
  if (config.roles.includes('counter')) await startCounter(site, db, screensDir);
}

async function startOffice(
  site: Site,
  pools: { db: Kysely<Database>; patientDb: Kysely<Database> },
  screensDir: string,
): Promise<void> {
  const { config, stops, secrets, surveyBase, urls } = site;
  const office = await openOffice({
    ...site,
    ...pools,
    screensDir,
    lanNames: site.tls?.names,
    surveySource: surveyBase === undefined ? undefined : { url: surveyBase, secret: secrets.survey },
    payouts: statementServiceOf(config),
    grainOf: (model) => drivers.find((driver) => driver.model === model)?.totals,
  });
  stops.push(() => office.stop());
  urls.office = await serve(office.app, config, 'office', stops);
  await serveOnLan(office.lanApp, site, 'office');
}

async function startCounter(site: Site, db: Kysely<Database>, screensDir: string): Promise<void> {
  const { config, stops, log, secrets, surveyBase, urls, tls } = site;
  const { lan } = config;
  const { setups, pages } = await openCounterTerminals(site);
  urls.virtualTerminals = pages.map(({ url }) => url);
  const options: CounterOptions = {
    ...site,
    db,
    screensDir,
    lan: tls && lan.counter && reachOf(tls, lan.counter.port),
    terminals: setups,
    virtualPages: pages,
    officeUrl: urls.office ?? null,
    surveyUrl: (id) =>
      surveyBase === undefined ? null : `${surveyBase}/s/${surveyCode(secrets.survey, id)}`,
    onFatal(error) {
      log.fatal({ err: error }, 'a record could not be made');
      process.exit(1);
    },
  };
  const { app, lanApp } = await openCounterOrSayWhyNot(options, stops);
  urls.counter = await serve(app, config, 'counter', stops);
  await serveOnLan(lanApp, site, 'counter');
}

/** A journal that can't be used keeps nobody from reading why: the clerk has the screen, not this console. */
async function openCounterOrSayWhyNot(
  options: CounterOptions,
  stops: Stops,
): Promise<Pick<Counter, 'app' | 'lanApp'>> {
  try {
    const counter = await openCounter(options);
    stops.push(() => counter.stop());
    return counter;
  } catch (error) {
    if (!(error instanceof JournalFault)) throw error;
    options.log.fatal({ err: error }, 'the journal can not be used');
    say(explain(error));
    return { app: createClosedCounter(options, error.message), lanApp: undefined };
  }
}

async function serve(app: Express, config: Config, role: Role, stops: Stops): Promise<string> {
  const listening = await listen(app, config.ports[role]);
  stops.push(() => listening.close());
  return listening.url;
}

async function serveOnLan(app: Express | undefined, site: Site, role: Role): Promise<void> {
  const listening = await serveLan(app, site.config, role, site.tls);
  if (listening === undefined) return;
  site.stops.push(() => listening.close());
  site.lanUrls[role] = listening.url;
}

/** @throws StartFaults with every fault of ports, data folder and terminal. */
async function claimPlaceFor(config: Config, stops: Stops): Promise<void> {
  const wanted: PortWanted[] = config.roles.map((role) => ({
    setting: role === 'counter' ? 'PORT' : `${role.toUpperCase()}_PORT`,
    port: config.ports[role],
  }));
  wanted.push(...findLanPortsWanted(config), ...(await findPortsWanted(config)));
  const place = await claimPlace(config, wanted);
  const faults = 'faults' in place ? place.faults : [];
  if ('release' in place) stops.push(place.release);
  faults.push(...findTerminalFaults(config), ...findPayoutFaults(config));
  if (faults.length > 0) throw new StartFaults(faults);
}

async function startPostgres(config: Config, stops: Stops): Promise<string> {
  const postgres = await openEmbeddedPostgres({
    dataDir: join(config.dataDir, 'postgres'),
    binDir: config.postgresBin,
  });
  stops.push(() => postgres.stop());
  const url = applicationUrl(postgres.url);
  await prepareDatabase(postgres.url, url);
  return url;
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
  // Windows says SIGHUP when the console window is closed and SIGBREAK for Ctrl-Break.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const) process.on(signal, stop);
  try {
    await starting;
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = 1;
    stop();
  }
}

await main();
