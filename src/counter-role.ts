/** The counter: journal, terminals, drain and the clerk's screens. Works on without PostgreSQL. */
import type { Express } from 'express';
import type { Kysely } from 'kysely';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { businessDateOf } from './business-date.ts';
import { createClosingRoutes } from './closing/routes.ts';
import type { Config } from './config.ts';
import type { Database } from './db/schema.ts';
import { readCatalogue } from './fees/fees.ts';
import type { Catalogue } from './fees/pricing.ts';
import { createFeeRoutes } from './fees/routes.ts';
import { createApp, screens } from './http/app.ts';
import { createEventRoutes } from './http/events.ts';
import { createArchive } from './journal/archive.ts';
import { createDrain, type Drain } from './journal/drain.ts';
import { openJournal, type Journal } from './journal/journal.ts';
import { createLive, type Live } from './live.ts';
import { createPayments, type Payments } from './payments/payments.ts';
import { projectPayments } from './payments/projection.ts';
import { createPaymentRoutes, createPromptRoutes } from './payments/routes.ts';
import type { Secrets } from './secrets.ts';
import { createSignInRoutes, requirePerson, signInSample } from './staff/routes.ts';
import { createSessions } from './staff/sessions.ts';
import { offersOf } from './terminal/offer.ts';
import type { TerminalSetup } from './terminal/terminals.ts';

const SAMPLE_CLERK = '市民 花子';
const PULL_EVERY_MS = 60_000;
const EMPTY: Catalogue = { version: 'none', windows: [], items: [], brands: [] };

export interface CounterOptions {
  config: Config;
  log: Logger;
  secrets: Secrets;
  db: Kysely<Database>;
  terminals: readonly TerminalSetup[];
  screensDir: string;
  /** Where one plays the resident at a virtual terminal. */
  virtualPages: readonly { terminal: string; url: string }[];
  officeUrl: string | null;
  surveyUrl: (paymentId: string) => string | null;
  now: () => Date;
  /** A record could not be made: the process has to end at once. */
  onFatal: (error: unknown) => void;
}

export interface Counter {
  app: Express;
  stop(): Promise<void>;
}

/** Opens the journal, connects the terminals and begins to drain. @throws JournalFault */
export async function openCounter(options: CounterOptions): Promise<Counter> {
  const { config, log, db, now } = options;
  const journal = openJournal(
    join(config.dataDir, 'journal.sqlite'),
    { municipality: config.municipality.code, counter: config.counter.id, book: config.book },
    now,
  );
  if (journal.head.sequence === 0) journal.append('journal_opened', null, { book: config.book });

  const live = createLive();
  // A quarantined counter stays stopped over a restart, until PostgreSQL itself says otherwise.
  let wasStopped = journal.eventsOfType('record_stopped').length > 0;
  const drain = createDrain({
    journal,
    archive: createArchive(db, projectPayments),
    onStatus(status) {
      if (status.state === 'stopped' && !wasStopped) {
        wasStopped = true;
        journal.append('record_stopped', null, { detail: status.detail });
      }
      live.publish('record', status);
    },
    onError: (error) => log.warn({ err: error }, 'drain'),
  });
  const catalogue = await openCatalogue(journal, db, log);
  const payments = createPayments({
    journal,
    terminals: options.terminals,
    catalogue: catalogue.current,
    live,
    now,
    surveyUrl: options.surveyUrl,
    isRecordStopped: () => drain.status.state === 'stopped' || (wasStopped && drain.status.pending === null),
    onRecorded: () => drain.wake(),
    onError: (what, error) => log.warn({ err: error }, what),
    onFatal: options.onFatal,
  });
  payments.start();
  drain.wake();

  return {
    app: createCounterApp({ ...options, journal, live, drain, payments, catalogue: catalogue.current }),
    async stop() {
      catalogue.stop();
      await payments.stop();
      await drain.stop();
      journal.close();
    },
  };
}

/** The snapshot of the reference data: pulled while PostgreSQL answers, kept in the journal for when it does not. */
async function openCatalogue(
  journal: Journal,
  db: Kysely<Database>,
  log: Logger,
): Promise<{ current: () => Catalogue; stop: () => void }> {
  let current = (journal.reference() as Catalogue | undefined) ?? EMPTY;
  const pull = async (): Promise<void> => {
    try {
      const newest = await readCatalogue(db, journal.municipality);
      if (newest.version === current.version) return;
      journal.saveReference(newest);
      current = newest;
    } catch (error) {
      log.warn({ err: error }, 'the fee table could not be pulled; the last one stays');
    }
  };
  await pull();
  const timer = setInterval(() => void pull(), PULL_EVERY_MS);
  return { current: () => current, stop: () => clearInterval(timer) };
}

interface CounterParts extends CounterOptions {
  journal: Journal;
  live: Live;
  drain: Drain;
  payments: Payments;
  catalogue: () => Catalogue;
}

function createCounterApp(parts: CounterParts): Express {
  const { config, payments, drain, catalogue, now } = parts;
  const sessions = createSessions({
    role: 'counter',
    secret: parts.secrets.session,
    apiToken: parts.secrets.apiToken,
    now,
  });
  return createApp({
    log: parts.log,
    hosts: [config.host, ...config.allowedHosts],
    frameSources: parts.virtualPages.map(({ url }) => url),
    readiness: () => ({
      ready: drain.status.state !== 'stopped' && catalogue().items.length > 0,
      book: config.book,
      terminals: payments.terminalStatus(),
      record: drain.status,
      catalogueVersion: catalogue().version,
    }),
    routes(app) {
      if (config.book !== 'live') app.get('/', signInSample(sessions, SAMPLE_CLERK));
      app.use(screens(parts.screensDir, 'index.html'));
      app.use('/api', createSignInRoutes(sessions), requirePerson(sessions));
      app.get('/api/session', (_request, response) => {
        response.json({ ...describeCounter(parts), clerk: { name: response.locals.person } });
      });
      app.use('/api', createFeeRoutes(catalogue, now));
      const slipHead = {
        municipalityName: config.municipality.nameJa,
        counterName: config.counter.nameJa,
        book: config.book,
        isSurveyPublic: config.survey.url !== undefined,
        brands: () => catalogue().brands,
      };
      app.use('/api/payments', createPaymentRoutes(payments, slipHead, now));
      app.use('/api/terminals', createPromptRoutes(payments));
      app.use(
        '/api/closing',
        createClosingRoutes(parts.journal, payments, now, () => drain.wake()),
      );
      app.use(
        '/api',
        createEventRoutes(parts.live, () => ({
          payments: payments.board(),
          progress: payments.progress(),
          prompts: payments.prompts.open(),
          terminals: payments.terminalStatus(),
          record: drain.status,
        })),
      );
    },
  });
}

/** What the screen has to know before anything else. */
function describeCounter({ config, virtualPages, officeUrl, terminals, now }: CounterParts): object {
  const offers = offersOf(terminals);
  return {
    book: config.book,
    municipalityName: config.municipality.nameJa,
    counterId: config.counter.id,
    counterName: config.counter.nameJa,
    virtualTerminals: virtualPages.map(({ terminal, url }) => ({
      terminal,
      nameJa: offers.find(({ id }) => id === terminal)?.nameJa,
      url,
    })),
    officeUrl,
    offers,
    today: businessDateOf(now()),
  };
}
