/** The counter's program as HTTP shows it: signing in, then each feature's routes, then what happens as it happens. */
import type { Express, Router } from 'express';
import { businessDateOf } from './business-date.ts';
import type { ClosingWatch } from './closing/progress.ts';
import { createClosingRoutes } from './closing/routes.ts';
import type { CounterCore } from './counter-core.ts';
import type { OpenOnce } from './counter-once.ts';
import type { CounterReference } from './counter-reference.ts';
import type { CounterOptions } from './counter-role.ts';
import type { StatementWatch } from './counter-statements.ts';
import { createApprovalRoutes, createCountedRoutes } from './counted/routes.ts';
import { createDaycareRoutes } from './daycare/routes.ts';
import type { Stays } from './daycare/daycare.ts';
import { readDemo } from './demo.ts';
import { createFeeRoutes } from './fees/routes.ts';
import { createApp, screens } from './http/app.ts';
import { createEventRoutes } from './http/events.ts';
import { createStickerRoutes } from './once/routes.ts';
import { createEntryRoutes } from './payments/afterwards-routes.ts';
import {
  createClockRoutes,
  createLostRoutes,
  createPaymentRoutes,
  createPromptRoutes,
} from './payments/routes.ts';
import { COUNTER_ROUTES, TABLET_ROUTES, type Routes } from './staff/access.ts';
import { createSecondPersonCheck, type Gate, type ConfirmBySecondPerson } from './staff/gate.ts';
import { needsSetUp } from './staff/register.ts';
import { createSignInRoutes, guard, signInSample } from './staff/routes.ts';
import { SAMPLE_CLERK } from './staff/sample.ts';
import { createSessions, type Sessions } from './staff/sessions.ts';
import { isStillStaff, type StaffMember } from './staff/staff.ts';
import { createJournalSignOuts } from './staff/tries.ts';
import { createSupportRoutes } from './support/routes.ts';
import { createTabletDoor, createTabletRoutes, tabletOf, type LanReach } from './tablets/routes.ts';
import { createTabletSessions } from './tablets/sessions.ts';
import type { Tablet, Tablets } from './tablets/tablets.ts';
import { offersOf } from './terminal/offer.ts';
import { arriveBy, createTurnRoutes, keepOrder } from './turns/routes.ts';
import type { Turns } from './turns/turns.ts';
import { createTicketRoutes } from './tickets/routes.ts';

export interface CounterParts extends CounterOptions, Omit<CounterCore, 'start' | 'stop'>, OpenOnce {
  reference: CounterReference;
  stays: Stays;
  turns: Turns;
  closingWatch: ClosingWatch;
  statements: StatementWatch;
  tablets: Tablets;
  /** One for all screens: five wrong PINs lock a number wherever they are tried. */
  gate: Gate;
}

/** The counter's routes and screens, for this machine's own browser and scripts; it does not listen yet. */
export function createCounterApp(parts: CounterParts): Express {
  const { config, payments, recordStatus } = parts;
  const { catalogue } = parts.reference;
  return createApp({
    log: parts.log,
    // Nothing but this machine's own browser and scripts comes here.
    hosts: () => [],
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
      const { findMember } = staffOf(parts);
      const sessions = createSessions({
        role: 'counter',
        secret: parts.secrets.session,
        apiToken: parts.secrets.apiToken,
        isSecure: false,
        findMember,
        signOuts: createJournalSignOuts(parts.journal),
        now: parts.now,
      });
      if (config.book === 'trial') app.get('/', signInSample(sessions, findMember, SAMPLE_CLERK));
      mountFeatures(app, parts, mountSignIn(app, parts, sessions, COUNTER_ROUTES));
    },
  });
}

/** What paired tablets reach from the LAN: the same features behind another door, and fewer of them. */
export function createTabletApp(parts: CounterParts, lan: LanReach): Express {
  const { config, tablets } = parts;
  const page = {
    place: `${config.municipality.nameJa} ${config.counter.nameJa}`,
    isTrial: config.book !== 'live',
    fingerprint: lan.authority === null ? null : lan.fingerprint(),
  };
  return createApp({
    log: parts.log,
    hosts: () => lan.urls().map((url) => new URL(url).hostname),
    frameSources: [],
    door: createTabletDoor(tablets, lan, () => page),
    routes(app) {
      const sessions = createTabletSessions({
        ...parts,
        ...staffOf(parts),
        secret: parts.secrets.session,
        tabletOf: (credentials) => tabletOf(tablets, credentials),
      });
      mountFeatures(app, parts, mountSignIn(app, parts, sessions, TABLET_ROUTES));
    },
  });
}

function staffOf({ reference }: CounterParts): { findMember: (number: string) => StaffMember | undefined } {
  return { findMember: (number) => reference.staff().find((member) => member.number === number) };
}

/**
 * The screens, the guard in front of everything else, and the way past it. Signing in needs the journal alone.
 * @returns how a second person confirms, behind the same lock-out
 */
function mountSignIn(
  app: Express,
  parts: CounterParts,
  sessions: Sessions,
  routes: Routes,
): ConfirmBySecondPerson {
  const { config, gate } = parts;
  const { staff } = parts.reference;
  app.use(screens(parts.screensDir, 'index.html'));
  app.use('/api', guard(sessions, routes));
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
  const { payments, now, journal, turns } = parts;
  const { catalogue } = parts.reference;
  app.get('/api/session', (_request, response) => {
    const { person, tablet } = response.locals;
    const { number, name, roles } = person;
    response.json({ ...describeCounter(parts, tablet), clerk: { number, name, roles } });
  });
  app.post(
    '/api/payments',
    keepOrder(turns, (id) => payments.find(id)),
  );
  app.use('/api/payments', paymentRoutes(parts, confirm));
  app.use('/api/terminals', createPromptRoutes(payments), createLostRoutes(payments));
  app.use(
    '/api',
    createFeeRoutes(catalogue, now),
    createTurnRoutes(turns),
    createTabletRoutes(parts.tablets, parts.lan),
    createEntryRoutes(payments),
    createCountedRoutes(parts.counted, parts.once),
    createTicketRoutes(parts.tickets),
    createApprovalRoutes({ journal, confirm, now }),
    createStickerRoutes(parts.findSticker),
    createClockRoutes(payments),
    supportRoutes(parts),
    daycareRoutes(parts),
    closingRoutes(parts, confirm),
    eventRoutes(parts),
  );
}

/** What stands at the head of every slip. */
const slipHeadOf = ({ config, reference }: CounterParts) => ({
  municipalityName: config.municipality.nameJa,
  counterName: config.counter.nameJa,
  book: config.book,
  isSurveyPublic: config.survey.url !== undefined,
  brands: () => reference.catalogue().brands,
});

const paymentRoutes = (parts: CounterParts, confirm: ConfirmBySecondPerson): Router =>
  createPaymentRoutes(parts.payments, {
    head: slipHeadOf(parts),
    confirm,
    now: parts.now,
    once: parts.once,
    lookAtStatements: () => parts.statements.look(),
  });

const supportRoutes = ({ journal, terminals, config, reference }: CounterParts): Router =>
  createSupportRoutes({
    journal,
    terminals: terminals.map(({ id, driver: { model } }) => ({
      id,
      model,
      traceFile: config.terminals.find((each) => each.id === id)?.traceFile,
    })),
    catalogueVersion: () => reference.catalogue().version,
  });

const daycareRoutes = (parts: CounterParts): Router =>
  createDaycareRoutes(parts.stays, {
    head: () => ({
      ...slipHeadOf(parts),
      counterId: parts.config.counter.id,
      issuer: parts.reference.catalogue().settings.certificate,
    }),
    findPayment: (id) => parts.payments.find(id),
    findCounted: (id) => parts.counted.find(id),
  });

const closingRoutes = (parts: CounterParts, confirm: ConfirmBySecondPerson): Router =>
  createClosingRoutes(parts, {
    head: slipHeadOf(parts),
    needsSecondPerson: parts.config.closingNeedsSecondPerson,
    confirm,
    now: parts.now,
    onProgress: (progress) => parts.closingWatch.tell(progress),
  });

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
    (request) => arriveBy(parts.turns, request, request.res?.locals.tablet?.name),
  );
}

/** What the screen has to know before anything else. */
function describeCounter(parts: CounterParts, tablet: Tablet | undefined): object {
  const { config, terminals, opening, now } = parts;
  // Those are on the counter's own loopback.
  const { virtualPages, officeUrl } = tablet === undefined ? parts : { virtualPages: [], officeUrl: null };
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
    tablet: tablet?.name ?? null,
    helpdesk: config.helpdesk,
    offers,
    today: businessDateOf(now()),
    isOpen: opening.isOpen(),
    secondPersonFromYen: config.secondPersonFromYen,
    opening: opening.today() ?? null,
  };
}
