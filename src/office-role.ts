/** The office: PostgreSQL's tables, the night's work, and what accounting reads in the morning (office-app.ts). */
import type { Express } from 'express';
import type { Kysely } from 'kysely';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { ensureReady } from './db/roles.ts';
import type { Database } from './db/schema.ts';
import { seedSampleFees } from './fees/fees.ts';
import { createOfficeApp } from './office-app.ts';
import { openBooks } from './reconcile/books/office.ts';
import { openReconciling } from './reconcile/office.ts';
import type { GrainOf } from './reconcile/reconcile.ts';
import { seedSampleStatements } from './reconcile/statements/declared.ts';
import { openFetching, type StatementService } from './reconcile/statements/fetching.ts';
import type { Secrets } from './secrets.ts';
import { seedSampleStaff } from './staff/register.ts';
import { serviceCounterOf } from './statement-service.ts';
import { pullAnswers } from './survey/office.ts';

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
  const { nightly, follow, noting } = reconciling;
  const books = openBooks({ ...shared, dataDir: config.dataDir, nightly, follow, noting });
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
