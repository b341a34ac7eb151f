/** The counter: journal, terminals, drain and the clerk's screens. Works on without PostgreSQL. */
import type { Express } from 'express';
import { sql, type Kysely } from 'kysely';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { createClosingWatch } from './closing/progress.ts';
import type { Config } from './config.ts';
import { createCounterApp, createTabletApp, type CounterParts } from './counter-app.ts';
import { openCounterCore, projectOperations } from './counter-core.ts';
import { openOnce } from './counter-once.ts';
import { openReference } from './counter-reference.ts';
import { watchStatements } from './counter-statements.ts';
import { openDaycare } from './daycare/open.ts';
import type { Database } from './db/schema.ts';
import { AppError } from './errors.ts';
import { createApp, screens } from './http/app.ts';
import { createArchive } from './journal/archive.ts';
import { startHeartbeat } from './journal/heartbeat.ts';
import type { Live } from './live.ts';
import { noteWithdrawal } from './payments/outside-refunds.ts';
import type { Secrets } from './secrets.ts';
import { createGate } from './staff/gate.ts';
import { createJournalTries } from './staff/tries.ts';
import { openTablets } from './tablets/open.ts';
import type { LanReach } from './tablets/routes.ts';
import { portOpener } from './terminal/port.ts';
import type { TerminalSetup } from './terminal/terminals.ts';
import { scanOf } from './tickets/scan.ts';
import { startScanner, type Scanner } from './tickets/scanner.ts';
import { createTurns } from './turns/turns.ts';

export interface CounterOptions {
  config: Config;
  log: Logger;
  secrets: Secrets;
  db: Kysely<Database>;
  terminals: readonly TerminalSetup[];
  screensDir: string;
  /** How the LAN reaches the counter; undefined: no tablet may come in. */
  lan?: LanReach | undefined;
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
  /** For paired tablets, by TLS. */
  lanApp: Express | undefined;
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
      reserve: (sale) => once.reserve(sale),
      inTurn: (sale, act) => once.inTurn(sale, act),
    },
  });
  const turns = createTurns({
    ...options,
    live: core.live,
    terminals: () => core.payments.terminalStatus(),
    isPaying: () => core.payments.board().some(({ state }) => state === 'armed'),
  });
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
  const heartbeat = startHeartbeat({ drain: core.drain, ask: () => sql`SELECT 1`.execute(db) });
  const rooms = { reference, stays, turns, once, tickets, findSticker, closingWatch, statements };
  return {
    ...createApps({ ...options, ...core, ...rooms, onError }),
    stop: () => stopInOrder([heartbeat, reference, statements, scanner, core, { stop: () => stays.close() }]),
  };
}

/** Both stand behind one gate: five wrong PINs lock a number, wherever they are tried. */
function createApps(
  options: Omit<CounterParts, 'gate' | 'tablets'> & { onError: (what: string, error: unknown) => void },
): Pick<Counter, 'app' | 'lanApp'> {
  const { config, journal, reference, lan, now } = options;
  const gate = createGate({
    find: (number) => reference.staff().find((member) => member.number === number),
    tries: createJournalTries(journal),
    now,
  });
  const parts = { ...options, gate, tablets: openTablets({ ...options, dataDir: config.dataDir }) };
  return { app: createCounterApp(parts), lanApp: lan && createTabletApp(parts, lan) };
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
    hosts: () => [],
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
