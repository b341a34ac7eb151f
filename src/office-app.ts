/** The office's program as HTTP shows it: signing in, then each feature's routes, on the machine itself and for the LAN. */
import type { Express } from 'express';
import { businessDateOf } from './business-date.ts';
import { createCounterClosingRoutes } from './closing/routes.ts';
import { createTenderRoutes } from './counted/routes.ts';
import { readDemo } from './demo.ts';
import { readCatalogue } from './fees/fees.ts';
import { createEntryOfficeRoutes } from './fees/entry-routes.ts';
import { createFeeOfficeRoutes } from './fees/office-routes.ts';
import { createApp, screens } from './http/app.ts';
import type { Books } from './reconcile/books/office.ts';
import { createDeskRoutes, type DeskOptions } from './reconcile/desk/routes.ts';
import type { Reconciling } from './reconcile/office.ts';
import { createReconcileRoutes } from './reconcile/routes.ts';
import type { Fetching } from './reconcile/statements/fetching.ts';
import { createStatementRoutes } from './reconcile/statements/routes.ts';
import type { OfficeOptions } from './office-role.ts';
import { createOnceOfficeRoutes } from './once/routes.ts';
import { createOfficePaymentRoutes } from './payments/office-routes.ts';
import { findNewestDay } from './reports/days.ts';
import { createReportRoutes } from './reports/routes.ts';
import { DECLARERS, DESK, OFFICE_ROUTES } from './staff/access.ts';
import { createGate, createSecondPersonCheck, type ConfirmBySecondPerson } from './staff/gate.ts';
import {
  createOfficeSignOuts,
  createOfficeTries,
  findStaff,
  needsSetUp,
  readStaff,
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
import { createOfficeTicketRoutes } from './tickets/routes.ts';
import { createSurveyResultRoutes } from './survey/routes.ts';

/** What the office's routes are answered from. */
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

/** The office's routes and screens; it does not listen yet. */
export function createOfficeApp(parts: OfficeParts, reach: Reach): Express {
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
