/** Signing in, the guard in front of every route, and the administrator's list of staff. */
import { Router, type RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../db/schema.ts';
import { AppError } from '../errors.ts';
import { findRule, type Routes } from './access.ts';
import { NUMBER_AND_PIN, type Gate } from './gate.ts';
import { readLocks } from './locks.ts';
import {
  readStaff,
  readStaffHistory,
  releaseLock,
  saveStaff,
  setUpAdministrator,
  type StaffOf,
} from './register.ts';
import { SAMPLE_PIN, SAMPLE_STAFF } from './sample.ts';
import type { Sessions } from './sessions.ts';
import {
  mayUseWindow,
  ROLES,
  type Lock,
  type Person,
  type SignInPage,
  type StaffMember,
  type StaffView,
} from './staff.ts';

declare module 'express-serve-static-core' {
  interface Locals {
    /** Who is asking; set by `guard`. */
    person: Person;
  }
}

const { number: NUMBER, pin: PIN } = NUMBER_AND_PIN.shape;
const NAME = z
  .string()
  .trim()
  .regex(/^[^\p{Cc}]{1,40}$/u);

const SET_UP = z.strictObject({ token: z.string().max(200), number: NUMBER, nameJa: NAME, pin: PIN });
const NEW_PIN = z.strictObject({ pin: PIN, newPin: PIN });
const ENTRY = z.strictObject({
  nameJa: NAME,
  roles: z.array(z.enum(ROLES)).min(1),
  windows: z.array(z.string().min(1).max(40)).min(1).nullable(),
  isActive: z.boolean(),
  pin: PIN.optional(),
});
const NEW_STAFF = ENTRY.extend({ number: NUMBER, pin: PIN });

/** Against guessing by machine; a person's five tries are the gate's matter, and lock nobody else out. */
const GUESSES_PER_MINUTE = 30;

/** Lets nobody past whom the table does not name. Mounted before every route of `/api`. */
export function guard(sessions: Sessions, routes: Routes): RequestHandler {
  return async (request, response, next) => {
    const rule = findRule(routes, request.method, request.baseUrl + request.path);
    if (rule === undefined) throw new AppError('not_found');
    if (rule === 'counter_only') throw new AppError('counter_only');
    if (rule !== 'anyone') {
      const person = await sessions.find(request.headers);
      if (person === undefined) throw new AppError('not_signed_in');
      if (!person.roles.some((role) => rule.includes(role))) throw new AppError('role_missing');
      const window = windowIn(request.body);
      if (window !== undefined && !mayUseWindow(person, window)) throw new AppError('not_your_window');
      response.locals.person = person;
    }
    next();
  };
}

function windowIn(body: unknown): string | undefined {
  const isObject = typeof body === 'object' && body !== null;
  return isObject && 'window' in body && typeof body.window === 'string' ? body.window : undefined;
}

/** On opening the page of a trial: signs the sample person in, so that the first sale needs no set-up. */
export function signInSample(
  sessions: Sessions,
  find: (number: string) => StaffMember | undefined | Promise<StaffMember | undefined>,
  number: string,
): RequestHandler {
  return async (request, response, next) => {
    if ((await sessions.find(request.headers)) === undefined) {
      const member = await find(number);
      if (member?.isActive === true) {
        response.setHeader('Set-Cookie', await sessions.signIn(member, request.headers));
      }
    }
    next();
  };
}

/** GET /sign-in · POST /session {number, pin} · DELETE /session */
export function createSignInRoutes(options: {
  sessions: Sessions;
  gate: Gate;
  book: StaffOf['book'];
  setUpAt: () => SignInPage['setUpAt'] | Promise<SignInPage['setUpAt']>;
}): Router {
  const { sessions, gate, book, setUpAt } = options;
  const router = Router();
  router.get('/sign-in', async (_request, response) => {
    const isSample = book !== 'live';
    const page: SignInPage = {
      samples: isSample ? SAMPLE_STAFF : [],
      samplePin: isSample ? SAMPLE_PIN : null,
      setUpAt: await setUpAt(),
    };
    response.json(page);
  });
  router.post('/session', limitGuesses(), async (request, response) => {
    const { number, pin } = NUMBER_AND_PIN.parse(request.body);
    const member = await gate.check(number, pin, 'sign_in');
    response.setHeader('Set-Cookie', await sessions.signIn(member, request.headers));
    response.status(204).end();
  });
  router.delete('/session', async (request, response) => {
    response.setHeader('Set-Cookie', await sessions.signOut(request.headers));
    response.status(204).end();
  });
  return router;
}

const limitGuesses = (): RequestHandler =>
  rateLimit({
    windowMs: 60_000,
    limit: GUESSES_PER_MINUTE,
    // A morning on which everybody signs in through one proxy is no guessing.
    skipSuccessfulRequests: true,
    legacyHeaders: false,
    standardHeaders: true,
    handler: () => {
      throw new AppError('too_many_guesses');
    },
  });

/** POST /setup {token, number, nameJa, pin}: the first administrator, by whoever knows the installation's API token. */
export function createSetUpRoutes(db: Kysely<Database>, of: StaffOf, sessions: Sessions): Router {
  const router = Router();
  router.post('/setup', limitGuesses(), async (request, response) => {
    const { token, ...administrator } = SET_UP.parse(request.body);
    if (!sessions.isToken(token)) throw new AppError('wrong_token');
    const member = await setUpAdministrator(db, of, administrator);
    response.setHeader('Set-Cookie', await sessions.signIn(member, request.headers));
    response.status(204).end();
  });
  return router;
}

/** POST /pin {pin, newPin}: one's own. It ends all sessions but this one, which begins anew. */
export function createPinRoutes(db: Kysely<Database>, of: StaffOf, sessions: Sessions, gate: Gate): Router {
  const router = Router();
  router.post('/pin', limitGuesses(), async (request, response) => {
    const { pin, newPin } = NEW_PIN.parse(request.body);
    const { number } = response.locals.person;
    const { nameJa, roles, windows, isActive } = await gate.check(number, pin, 'new_pin');
    const entry = { nameJa, roles, windows, isActive, pin: newPin };
    const member = await saveStaff(db, of, { number, isNew: false, entry, by: number });
    response.setHeader('Set-Cookie', await sessions.signIn(member, request.headers));
    response.status(204).end();
  });
  return router;
}

/** The PIN's hash stays here. */
const viewOf = (
  { number, nameJa, roles, windows, pinSetAt, isActive }: StaffMember,
  locks: readonly Lock[] = [],
): StaffView => ({ number, nameJa, roles, windows, pinSetAt, isActive, locks });

/**
 * GET /staff · POST /staff: a new person · POST /staff/:number: everything anew; a PIN only if one is sent ·
 * POST /staff/:number/release: the lock after wrong PINs · GET /staff/:number/history
 */
export function createStaffRoutes(db: Kysely<Database>, of: StaffOf, now: () => Date): Router {
  const router = Router();
  router.get('/staff', async (_request, response) => {
    const staff = await readStaff(db, of);
    const locks = await readLocks(db, of.municipality, staff, now());
    response.json(staff.map((member) => viewOf(member, locks.get(member.number))));
  });
  router.get('/staff/:number/history', async (request, response) => {
    response.json(await readStaffHistory(db, of, request.params.number));
  });
  router.post('/staff', async (request, response) => {
    const { number, ...entry } = NEW_STAFF.parse(request.body);
    const by = response.locals.person.number;
    response.status(201).json(viewOf(await saveStaff(db, of, { number, isNew: true, entry, by })));
  });
  router.post('/staff/:number', async (request, response) => {
    const { number } = request.params;
    const entry = ENTRY.parse(request.body);
    const by = response.locals.person.number;
    response.json(viewOf(await saveStaff(db, of, { number, isNew: false, entry, by })));
  });
  router.post('/staff/:number/release', async (request, response) => {
    const { number } = request.params;
    await releaseLock(db, of, { number, by: response.locals.person.number });
    response.status(204).end();
  });
  return router;
}
