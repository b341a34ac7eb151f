/** Signing in. Staff log-ins of their own come with the staff list; until then the access token lets a person in. */
import { Router, type RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import type { Sessions } from './sessions.ts';

declare module 'express-serve-static-core' {
  interface Locals {
    /** Who is asking; set by `requirePerson`. */
    person: string;
  }
}

const SIGN_IN = z.strictObject({
  name: z
    .string()
    .trim()
    .regex(/^[^\p{Cc}]{1,40}$/u),
  token: z.string().max(200),
});
const GUESSES_PER_MINUTE = 10;

/** Lets nobody past who has not signed in. */
export function requirePerson(sessions: Sessions): RequestHandler {
  return (request, response, next) => {
    const person = sessions.personOf(request.headers);
    if (person === undefined) throw new AppError('not_signed_in');
    response.locals.person = person;
    next();
  };
}

/** On opening the page of a trial or training: signs the sample person in, so that the first sale needs no set-up. */
export function signInSample(sessions: Sessions, name: string): RequestHandler {
  return (request, response, next) => {
    if (sessions.personOf(request.headers) === undefined) {
      response.setHeader('Set-Cookie', sessions.signIn(name));
    }
    next();
  };
}

/** POST /session {name, token} */
export function createSignInRoutes(sessions: Sessions): Router {
  const router = Router();
  router.post(
    '/session',
    rateLimit({ windowMs: 60_000, limit: GUESSES_PER_MINUTE, legacyHeaders: false, standardHeaders: true }),
    (request, response) => {
      const { name, token } = SIGN_IN.parse(request.body);
      if (!sessions.isToken(token)) throw new AppError('wrong_token');
      response.setHeader('Set-Cookie', sessions.signIn(name));
      response.status(204).end();
    },
  );
  return router;
}
