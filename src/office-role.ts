/** The office: PostgreSQL's tables, the night's work, and what accounting reads in the morning. */
import type { Express } from 'express';
import type { Kysely } from 'kysely';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { businessDateOf } from './business-date.ts';
import type { Config } from './config.ts';
import { createCounterClosingRoutes } from './closing/routes.ts';
import { createTenderRoutes } from './counted/routes.ts';
import { ensureReady } from './db/roles.ts';
import type { Database } from './db/schema.ts';
import { readDemo } from './demo.ts';
import { readCatalogue, seedSampleFees } from './fees/fees.ts';
import { createEntryOfficeRoutes } from './fees/entry-routes.ts';
import { createFeeOfficeRoutes } from './fees/office-routes.ts';
import { createApp, screens } from './http/app.ts';
import { openBooks, type Books } from './reconcile/books/office.ts';
import { createDeskRoutes, type DeskOptions } from './reconcile/desk/routes.ts';
import { openReconciling, type Reconciling } from './reconcile/office.ts';
import type { GrainOf } from './reconcile/reconcile.ts';
import { createReconcileRoutes } from './reconcile/routes.ts';
import { seedSampleStatements } from './reconcile/statements/declared.ts';
import { openFetching, type Fetching, type StatementService } from './reconcile/statements/fetching.ts';
import { createStatementRoutes } from './reconcile/statements/routes.ts';
import { createOnceOfficeRoutes } from './once/routes.ts';
import { createOfficePaymentRoutes } from './payments/office-routes.ts';
import { findNewestDay } from './reports/days.ts';
import { createReportRoutes } from './reports/routes.ts';
import type { Secrets } from './secrets.ts';
import { DECLARERS, DESK, OFFICE_ROUTES } from './staff/access.ts';
import { createGate, createSecondPersonCheck, type ConfirmBySecondPerson } from './staff/gate.ts';
import {
  createOfficeSignOuts,
  createOfficeTries,
  findStaff,
  needsSetUp,
  readStaff,
  seedSampleStaff,
  type StaffOf,
} from './staff/register.ts';
import {
  createPinRoutes,
  createSetUpRoutes,
  createSignInRoutes,
  createStaffRoutes,
  guard,
  signInSample,
} from './staff/routes.ts';
import { SAMPLE_ACCOUNTANT } from './staff/sample.ts';
import { createSessions } from './staff/sessions.ts';
import type { Role, StaffMember } from './staff/staff.ts';
import { serviceCounterOf } from './statement-service.ts';
import { createOfficeTicketRoutes } from './tickets/routes.ts';
import { pullAnswers } from './survey/office.ts';
import { createSurveyResultRoutes } from './survey/routes.ts';

const PULL_EVERY_MS = 60_000;
const PREPARE_AGAIN_MS = 10_000;

export interface OfficeOptions {
  config: Config;
  log: Logger;
  db: Kysely<Database>;
  /** For statements that may take minutes: the night, and files of others; left out: as `db`. */
  patientDb?: Kysely<Database>;
  secrets: Secrets;
  screensDir: string;
  /** By which names the LAN may call; left out: it may not. */
  lanNames?: (() => readonly string[]) | undefined;
  /** Where the survey keeps its answers; undefined: there is none. */
  surveySource: { url: string; secret: string } | undefined;
  /** Where statements are fetched from; undefined or left out: from nowhere. */
  payouts?: StatementService | undefined;
  grainOf: GrainOf;
  now: () => Date;
}

export interface Office {
  /** On the machine's own loopback. */
  app: Express;
  /** The same for the LAN, by TLS. */
  lanApp: Express | undefined;
  stop(): Promise<void>;
}

/** Begins the night's work and answers over HTTP. PostgreSQL may come later: everything waits for it. */
export async function openOffice(options: OfficeOptions): Promise<Office> {
  const { config, log, db, patientDb = db, grainOf, now, surveySource } = options;
  const municipality = config.municipality.code;
  const stopping = new AbortController();
  const database = { isReady: await tryPrepare(options) };
  const isPrepared = (): boolean => database.isReady;
  const shared = { db: patientDb, municipality, isReady: isPrepared, now, log };
  const fetching = openFetching({ ...shared, payouts: options.payouts });
  const reconciling = openReconciling({ ...shared, grainOf, fetching });
  const { nightly, follow } = reconciling;
  const books = openBooks({ ...shared, dataDir: config.dataDir, nightly, follow });
  const preparing = (async () => {
    while (!database.isReady) {
      try {
        await delay(PREPARE_AGAIN_MS, undefined, { signal: stopping.signal });
      } catch {
        return; // stopping: the only thing that ends the pause early
      }
      database.isReady = await tryPrepare(options);
      // The start-up round found no database: what is due has waited for this one.
      if (database.isReady)
        await reconciling.catchUp().catch((error: unknown) => log.error({ err: error }, 'nightly'));
    }
  })();
  const pull = async (): Promise<void> => {
    if (surveySource === undefined || !database.isReady) return;
    try {
      await pullAnswers(db, surveySource);
    } catch (error) {
      log.warn({ err: error }, 'the survey answers could not be fetched; they stay where they are');
    }
  };
  const timer = setInterval(() => void pull(), PULL_EVERY_MS);

  const parts = { ...options, reconciling, books, fetching, pull, isPrepared };
  const { lanNames } = options;
  return {
    app: createOfficeApp(parts, { hosts: () => config.allowedHosts, isSecure: false }),
    lanApp: lanNames && createOfficeApp(parts, { hosts: lanNames, isSecure: true }),
    async stop() {
      stopping.abort();
      clearInterval(timer);
      await preparing;
      await books.stop();
      await nightly.stop();
    },
  };
}

/** True once the database is up to date; a trial's also has the sample fees. */
async function tryPrepare({ config, log, db }: OfficeOptions): Promise<boolean> {
  try {
    await ensureReady(db, config.book);
    await refuseOtherBook(db, config.book);
    if (config.book !== 'live') {
      await seedSampleFees(db, config.municipality.code);
      await seedSampleStaff(db, config.municipality.code);
      await seedSampleStatements(db, config.municipality.code, serviceCounterOf(config));
    }
    return true;
  } catch (error) {
    log.error({ err: error }, 'PostgreSQL is not ready; trying again');
    return false;
  }
}

/** A trial that is pointed at the city's own database must not touch it. @throws when it holds another book */
async function refuseOtherBook(db: Kysely<Database>, book: Config['book']): Promise<void> {
  const other = await db
    .selectFrom('journals')
    .select('book')
    .where('book', '<>', book)
    .limit(1)
    .executeTakeFirst();
  if (other !== undefined) throw new Error(`this database holds a ${other.book} book; BOOK is ${book}`);
}

interface OfficeParts extends OfficeOptions {
  reconciling: Reconciling;
  books: Books;
  fetching: Fetching;
  /** Fetches what residents have answered since the last round. */
  pull: () => Promise<void>;
  isPrepared: () => boolean;
}

/** From where it is called. */
interface Reach {
  hosts: () => readonly string[];
  isSecure: boolean;
}

function createOfficeApp(parts: OfficeParts, reach: Reach): Express {
  const { config } = parts;
  return createApp({
    log: parts.log,
    hosts: reach.hosts,
    frameSources: [],
    readiness: () => ({ ready: parts.isPrepared(), book: config.book }),
    routes(app) {
      mountFeatures(app, parts, mountSignIn(app, parts, reach));
    },
  });
}

/**
 * The screens, the guard in front of everything else, and the way past it.
 * @returns how a second person confirms, behind the same lock-out
 */
function mountSignIn(
  app: Express,
  { config, db, secrets, now, screensDir }: OfficeParts,
  { isSecure }: Reach,
): ConfirmBySecondPerson {
  const of: StaffOf = { municipality: config.municipality.code, book: config.book };
  const findMember = (number: string): Promise<StaffMember | undefined> => findStaff(db, of, number);
  const gate = createGate({ find: findMember, tries: createOfficeTries(db, of.municipality), now });
  const sessions = createSessions({
    role: 'office',
    secret: secrets.session,
    apiToken: secrets.apiToken,
    isSecure,
    findMember,
    signOuts: createOfficeSignOuts(db, of.municipality),
    now,
  });
  if (config.book === 'trial' && !isSecure)
    app.get('/', signInSample(sessions, findMember, SAMPLE_ACCOUNTANT));
  app.use(screens(screensDir, 'office.html'));
  app.use('/api', guard(sessions, OFFICE_ROUTES));
  app.use(
    '/api',
    createSignInRoutes({
      sessions,
      gate,
      book: config.book,
      setUpAt: async () => (needsSetUp(await readStaff(db, of)) ? 'here' : null),
    }),
    createSetUpRoutes(db, of, sessions),
    createPinRoutes(db, of, sessions, gate),
  );
  return createSecondPersonCheck(gate);
}

function mountFeatures(app: Express, parts: OfficeParts, confirm: ConfirmBySecondPerson): void {
  const { config, db, reconciling, books, now } = parts;
  const municipality = config.municipality.code;
  const fees = { db, municipality, confirm, today: () => businessDateOf(now()) };
  const demo = readDemo(config.dataDir);
  app.get('/api/session', async (_request, response) => {
    const today = businessDateOf(now());
    const { number, name, roles } = response.locals.person;
    response.json({
      book: config.book,
      demo,
      municipalityName: config.municipality.nameJa,
      person: { number, name, roles },
      today,
      newestDay: await findNewestDay(db, municipality, today),
    });
  });
  app.get('/api/office/brands', async (_request, response) => {
    response.json((await readCatalogue(db, municipality)).brands);
  });
  app.get('/api/office/windows', async (_request, response) => {
    response.json((await readCatalogue(db, municipality)).windows);
  });
  app.use(
    '/api/office',
    createReconcileRoutes({ db, municipality, reconciling, now }),
    createDeskRoutes(deskOf(parts, confirm)),
    createStatementRoutes({
      ...{ db, municipality, take: books.take, confirm: confirmOf(confirm, DECLARERS) },
      matchNow: () => books.matchNow('person'),
      fetching: parts.fetching,
      now,
    }),
    createOfficePaymentRoutes(db, municipality, now),
    createOfficeTicketRoutes(db, municipality, now),
    createOnceOfficeRoutes(db, municipality),
    createTenderRoutes(db, municipality),
    createCounterClosingRoutes(db, municipality),
    createReportRoutes({ db, municipality: config.municipality, book: config.book, now }),
    createFeeOfficeRoutes(fees),
    createEntryOfficeRoutes(fees),
    createStaffRoutes(db, { municipality, book: config.book }, now),
    // What has been answered since the last round is fetched first: the page shows now, not a minute ago.
    async (_request, _response, next) => {
      await parts.pull();
      next();
    },
    createSurveyResultRoutes(db),
  );
}

/** Who works at the exceptions desk, and who confirms there. */
function deskOf({ config, db, books, now }: OfficeParts, confirm: ConfirmBySecondPerson): DeskOptions {
  const of: StaffOf = { municipality: config.municipality.code, book: config.book };
  return {
    ...{ db, municipality: of.municipality, now },
    readPeople: async () =>
      (await readStaff(db, of))
        .filter(({ isActive, roles }) => isActive && roles.some((role) => DESK.includes(role)))
        .map(({ number, nameJa }) => ({ number, name: nameJa })),
    confirm: confirmOf(confirm, DESK),
    followNow: () => books.matchNow('desk'),
  };
}

/** A second person of these roles, as the features know people. */
const confirmOf =
  (confirm: ConfirmBySecondPerson, roles: readonly Role[]): DeskOptions['confirm'] =>
  async (second, first) => {
    const { number, nameJa } = await confirm(second, first, roles);
    return { number, name: nameJa };
  };
