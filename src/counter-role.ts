/** The counter: journal, terminals, drain and the clerk's screens. Works on without PostgreSQL. */
import type { Express, Router } from 'express';
import type { Kysely } from 'kysely';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { businessDateOf } from './business-date.ts';
import { createClosingWatch, type ClosingWatch } from './closing/progress.ts';
import { createClosingRoutes } from './closing/routes.ts';
import type { Config } from './config.ts';
import { openCounterCore, projectOperations, type CounterCore } from './counter-core.ts';
import { openOnce, type OpenOnce } from './counter-once.ts';
import { openReference, type CounterReference } from './counter-reference.ts';
import { watchStatements, type StatementWatch } from './counter-statements.ts';
import { createApprovalRoutes, createCountedRoutes } from './counted/routes.ts';
import { openDaycare } from './daycare/open.ts';
import { createDaycareRoutes } from './daycare/routes.ts';
import type { Stays } from './daycare/daycare.ts';
import type { Database } from './db/schema.ts';
import { readDemo } from './demo.ts';
import { AppError } from './errors.ts';
import { createFeeRoutes } from './fees/routes.ts';
import { createApp, screens } from './http/app.ts';
import { createEventRoutes } from './http/events.ts';
import type { Live } from './live.ts';
import { createArchive } from './journal/archive.ts';
import { createStickerRoutes } from './once/routes.ts';
import { noteWithdrawal } from './payments/outside-refunds.ts';
import {
  createClockRoutes,
  createEntryRoutes,
  createLostRoutes,
  createPaymentRoutes,
  createPromptRoutes,
} from './payments/routes.ts';
import type { Secrets } from './secrets.ts';
import { COUNTER_ROUTES } from './staff/access.ts';
import { createGate, createSecondPersonCheck, type ConfirmBySecondPerson } from './staff/gate.ts';
import { needsSetUp } from './staff/register.ts';
import { createSignInRoutes, guard, signInSample } from './staff/routes.ts';
import { SAMPLE_CLERK } from './staff/sample.ts';
import { createSessions } from './staff/sessions.ts';
import { isStillStaff, type StaffMember } from './staff/staff.ts';
import { createJournalSignOuts, createJournalTries } from './staff/tries.ts';
import { createSupportRoutes } from './support/routes.ts';
import { offersOf } from './terminal/offer.ts';
import { portOpener } from './terminal/port.ts';
import { arriveBy, createTurnRoutes, keepOrder } from './turns/routes.ts';
import { createTurns, type Turns } from './turns/turns.ts';
import type { TerminalSetup } from './terminal/terminals.ts';
import { createTicketRoutes } from './tickets/routes.ts';
import { scanOf } from './tickets/scan.ts';
import { startScanner, type Scanner } from './tickets/scanner.ts';

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
  const { config, log, db } = options;
  const place = { municipality: config.municipality.code, counter: config.counter.id };
  const onError = (what: string, error: unknown): void => log.warn({ err: error }, what);
  const core = openCounterCore({
    ...options,
    path: join(config.dataDir, 'journal.sqlite'),
    identity: { ...place, book: config.book },
    archive: createArchive(db, projectOperations),
    catalogue: () => reference.catalogue(),
    secondPersonFromYen: config.secondPersonFromYen,
    endPromise: ({ refund, ...withdrawal }, by) =>
      noteWithdrawal(db, { ...place, id: refund }, withdrawal, by),
    onError,
    beforeSale: (saleId, lines) => stays.settle(saleId, lines),
    once: {
      markFor: (sale, date) => once.markFor(sale, date),
      keysOf: (lines, date) => once.keysOf(lines, date),
    },
  });
  const turns = createTurns({ ...options, live: core.live, terminals: () => core.payments.terminalStatus() });
  const reference = await openReference(core.journal, db, log, (theirs) =>
    core.payments.clock.hearDatabase(theirs),
  );
  const stays = openDaycare({
    ...options,
    ...core,
    dataDir: config.dataDir,
    catalogue: () => reference.catalogue(),
    onError,
  });
  const { once, tickets, findSticker } = openOnce({
    ...options,
    ...core,
    catalogue: () => reference.catalogue(),
    onError,
  });
  core.start();
  const closingWatch = createClosingWatch(core.live);
  const statements = watchStatements({ ...options, ...core, onError });
  const scanner = openScanner(config, core.live);
  // A journal that does not fit is found before it takes a sale, not just after it.
  await core.drain.tried();
  return {
    app: createCounterApp({
      ...options,
      ...core,
      reference,
      stays,
      turns,
      once,
      tickets,
      findSticker,
      closingWatch,
      statements,
    }),
    stop: () => stopInOrder([reference, statements, scanner, core, { stop: () => stays.close() }]),
  };
}

async function stopInOrder(
  parts: readonly ({ stop: () => Promise<void> | void } | undefined)[],
): Promise<void> {
  for (const part of parts) await part?.stop();
}

/** What it reads goes to the screens; undefined: there is none on a line of its own. */
function openScanner({ scanner }: Config, live: Live): Scanner | undefined {
  if (scanner === undefined) return undefined;
  return startScanner({
    open: portOpener(scanner),
    onLine(line) {
      const scan = scanOf(line);
      if (scan !== undefined) live.publish('scan', scan);
    },
  });
}

/** A journal that can't be used takes no sale; whoever opens the screen, or asks by program, is told why. */
export function createClosedCounter(
  { config, log, screensDir }: Pick<CounterOptions, 'config' | 'log' | 'screensDir'>,
  reason: string,
): Express {
  return createApp({
    log,
    hosts: [config.host, ...config.allowedHosts],
    frameSources: [],
    readiness: () => ({ ready: false, book: config.book, reason }),
    routes(app) {
      app.use(screens(screensDir, 'index.html'));
      app.use('/api', () => {
        throw new AppError('journal_unusable', { reason });
      });
    },
  });
}

interface CounterParts extends CounterOptions, Omit<CounterCore, 'start' | 'stop'>, OpenOnce {
  reference: CounterReference;
  stays: Stays;
  turns: Turns;
  closingWatch: ClosingWatch;
  statements: StatementWatch;
}

function createCounterApp(parts: CounterParts): Express {
  const { config, payments, recordStatus } = parts;
  const { catalogue } = parts.reference;
  return createApp({
    log: parts.log,
    hosts: [config.host, ...config.allowedHosts],
    frameSources: parts.virtualPages.map(({ url }) => url),
    readiness: () => ({
      ready:
        recordStatus().state !== 'stopped' &&
        payments.clock.fault() === undefined &&
        catalogue().items.length > 0,
      book: config.book,
      terminals: payments.terminalStatus(),
      record: recordStatus(),
      clock: payments.clock.fault() ?? null,
      catalogueVersion: catalogue().version,
    }),
    routes(app) {
      const confirm = mountSignIn(app, parts);
      mountFeatures(app, parts, confirm);
    },
  });
}

/**
 * The screens, the guard in front of everything else, and the way past it. Signing in needs the journal alone.
 * @returns how a second person confirms, behind the same lock-out
 */
function mountSignIn(app: Express, parts: CounterParts): ConfirmBySecondPerson {
  const { config, journal, now } = parts;
  const { staff } = parts.reference;
  const findMember = (number: string): StaffMember | undefined =>
    staff().find((member) => member.number === number);
  const gate = createGate({ find: findMember, tries: createJournalTries(journal), now });
  const sessions = createSessions({
    role: 'counter',
    secret: parts.secrets.session,
    apiToken: parts.secrets.apiToken,
    findMember,
    signOuts: createJournalSignOuts(journal),
    now,
  });
  if (config.book === 'trial') app.get('/', signInSample(sessions, findMember, SAMPLE_CLERK));
  app.use(screens(parts.screensDir, 'index.html'));
  app.use('/api', guard(sessions, COUNTER_ROUTES));
  app.use(
    '/api',
    createSignInRoutes({
      sessions,
      gate,
      book: config.book,
      setUpAt: () => (needsSetUp(staff()) ? 'office' : null),
    }),
  );
  return createSecondPersonCheck(gate);
}

function mountFeatures(app: Express, parts: CounterParts, confirm: ConfirmBySecondPerson): void {
  const { config, payments, opening, now, journal } = parts;
  const { catalogue } = parts.reference;
  app.get('/api/session', (_request, response) => {
    const { number, name, roles } = response.locals.person;
    response.json({ ...describeCounter(parts), clerk: { number, name, roles } });
  });
  app.use('/api', createFeeRoutes(catalogue, now));
  const slipHead = {
    municipalityName: config.municipality.nameJa,
    counterName: config.counter.nameJa,
    book: config.book,
    isSurveyPublic: config.survey.url !== undefined,
    brands: () => catalogue().brands,
  };
  app.post(
    '/api/payments',
    keepOrder(parts.turns, (id) => payments.find(id)),
  );
  app.use('/api', createTurnRoutes(parts.turns));
  app.use(
    '/api/payments',
    createPaymentRoutes(payments, {
      head: slipHead,
      confirm,
      now,
      once: parts.once,
      lookAtStatements: () => parts.statements.look(),
    }),
  );
  app.use('/api', createEntryRoutes(payments));
  app.use('/api/terminals', createPromptRoutes(payments), createLostRoutes(payments));
  app.use('/api', createCountedRoutes(parts.counted, parts.once), createTicketRoutes(parts.tickets));
  app.use('/api', createApprovalRoutes({ journal, confirm, now }));
  app.use('/api', createStickerRoutes(parts.findSticker));
  app.use('/api', createClockRoutes(payments));
  app.use(
    '/api',
    createSupportRoutes({
      journal,
      terminals: parts.terminals.map(({ id, driver: { model } }) => ({
        id,
        model,
        traceFile: config.terminals.find((each) => each.id === id)?.traceFile,
      })),
      catalogueVersion: () => catalogue().version,
    }),
  );
  app.use(
    '/api',
    createDaycareRoutes(parts.stays, {
      head: () => ({
        ...slipHead,
        counterId: config.counter.id,
        issuer: catalogue().settings.certificate,
      }),
      findPayment: (id) => payments.find(id),
      findCounted: (id) => parts.counted.find(id),
    }),
  );
  app.use(
    '/api',
    createClosingRoutes(
      { ...parts, journal, payments, opening },
      {
        head: slipHead,
        needsSecondPerson: config.closingNeedsSecondPerson,
        confirm,
        now,
        onProgress: (progress) => parts.closingWatch.tell(progress),
      },
    ),
  );
  app.use('/api', eventRoutes(parts));
}

function eventRoutes(parts: CounterParts): Router {
  const { payments, now } = parts;
  return createEventRoutes(
    parts.live,
    () => ({
      payments: payments.board(),
      counted: parts.counted.onDate(businessDateOf(now())),
      progress: payments.progress(),
      prompts: payments.prompts.open(),
      terminals: payments.terminalStatus(),
      record: parts.recordStatus(),
      clock: payments.clock.fault() ?? null,
      daycare: parts.stays.status(),
      turns: parts.turns.status(),
      closing: parts.closingWatch.at(),
    }),
    ({ locals }) => isStillStaff(locals.person, parts.reference.staff()),
    (request) => arriveBy(parts.turns, request),
  );
}

/** What the screen has to know before anything else. */
function describeCounter({ config, virtualPages, officeUrl, terminals, opening, now }: CounterParts): object {
  const offers = offersOf(terminals);
  return {
    book: config.book,
    demo: readDemo(config.dataDir),
    municipalityName: config.municipality.nameJa,
    counterId: config.counter.id,
    counterName: config.counter.nameJa,
    virtualTerminals: virtualPages.map(({ terminal, url }) => ({
      terminal,
      nameJa: offers.find(({ id }) => id === terminal)?.nameJa,
      url,
    })),
    officeUrl,
    helpdesk: config.helpdesk,
    offers,
    today: businessDateOf(now()),
    isOpen: opening.isOpen(),
    secondPersonFromYen: config.secondPersonFromYen,
    opening: opening.today() ?? null,
  };
}
