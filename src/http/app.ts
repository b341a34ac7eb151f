/** The frame of each role's HTTP: who may call, what comes back when something is wrong. The routes are the features'. */
import { join } from 'node:path';
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Router } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { ZodError } from 'zod';
import { maskCardNumbersIn } from '../card-mask.ts';
import { AppError } from '../errors.ts';

/** What every role answers without a log-in. `ready` says whether the role can do its work now. */
export interface Readiness {
  ready: boolean;
  [detail: string]: unknown;
}

/** A city's whole fee table as a file; everything else is far smaller. */
const BODY_LIMIT = '512kb';
const INTERNAL =
  'サービスの中で問題が起きました。支払いの状態は「今日の支払い」で確かめ、同じ支払いをもう一度押さないでください。';

/**
 * What every role has in common: log, headers, the host check, bodies, health, refusals as JSON; between them
 * `routes`.
 */
export function createApp(options: {
  log: Logger;
  /** Names by which the role may be called besides 127.0.0.1 and localhost: a page elsewhere can't name itself in. */
  hosts: () => readonly string[];
  frameSources: readonly string[];
  /** Left out: whoever may not come in is told nothing about the service either. */
  readiness?: () => Readiness;
  /** Stands before everything else, also before a request's body is read. */
  door?: RequestHandler;
  routes: (app: Express) => void;
}): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(
    helmet({
      contentSecurityPolicy: {
        directives: {
          'default-src': ["'self'"],
          'img-src': ["'self'", 'data:'],
          'style-src': ["'self'"],
          'font-src': ["'self'"],
          'frame-src': options.frameSources.length === 0 ? ["'none'"] : [...options.frameSources],
          'frame-ancestors': ["'none'"],
          // The counter is plain HTTP on the machine's own loopback.
          'upgrade-insecure-requests': null,
        },
      },
      strictTransportSecurity: false,
      referrerPolicy: { policy: 'no-referrer' },
    }),
  );
  if (options.readiness !== undefined) mountHealth(app, options.readiness);
  app.use(onlyOwnPages(options.hosts));
  if (options.door !== undefined) app.use(options.door);
  app.use(express.json({ limit: BODY_LIMIT }));
  app.use(maskBody(options.log));
  options.routes(app);
  app.use((_request, _response, next) => next(new AppError('not_found')));
  app.use(answerErrors(options.log));
  return app;
}

function mountHealth(app: Express, readinessOf: () => Readiness): void {
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  app.get('/readyz', (_request, response) => {
    const readiness = readinessOf();
    response.status(readiness.ready ? 200 : 503).json(readiness);
  });
}

/** Against DNS rebinding and requests that a page from elsewhere makes with our cookie (ports share cookies). */
function onlyOwnPages(hosts: () => readonly string[]): RequestHandler {
  return (request, _response, next) => {
    const { host = '', origin } = request.headers;
    const known = ['127.0.0.1', 'localhost', '[::1]', ...hosts()];
    const isOurs = known.includes(host.replace(/:\d+$/, '').toLowerCase());
    // A proxy on this machine may have taken the TLS off; where we speak it ourselves nothing else is from us.
    const isFromUs =
      origin === undefined ||
      origin === `https://${host}` ||
      (origin === `http://${host}` && !request.secure);
    if (!isOurs) next(new AppError('unknown_host'));
    else next(isFromUs ? undefined : new AppError('forbidden'));
  };
}

/** Never kept in clear: a PIN and a token must stay what they are. */
const SECRETS = ['pin', 'token'];
/** Read off a terminal's slip and checked digit by digit; the journal masks them when they are recorded. */
const SLIP_ENTRIES = ['values', 'again', 'scan'];

/** On the city's invoices: 13 digits, one in ten of which passes Luhn; their route takes no others. */
const CITY_NUMBERS = ['registrationNumbers'];

/** What people type is kept in many places: a card number in it goes no further than this. Nothing is refused for it. */
function maskBody(log: Logger): RequestHandler {
  const isLeft = (name: string): boolean => [...SECRETS, ...SLIP_ENTRIES, ...CITY_NUMBERS].includes(name);
  return (request, _response, next) => {
    const body: unknown = request.body;
    request.body = maskCardNumbersIn(body, isLeft);
    if (request.body !== body) log.error({ path: request.path }, 'a card number was sent, and masked');
    next();
  };
}

function answerErrors(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const refusal = refusalOf(error);
    if (refusal !== undefined) {
      if (refusal.status >= 500) log.warn({ err: error }, refusal.code);
      const { code, message } = refusal;
      // Whoever has opened it as a page reads the sentence alone.
      if (request.accepts(['json', 'html']) === 'html') {
        response.status(refusal.status).type('text').send(message);
        return;
      }
      // They may say again what was asked for.
      const details = maskCardNumbersIn(refusal.details);
      response.status(refusal.status).json({ error: { code, message, details } });
      return;
    }
    log.error({ err: error, method: request.method, path: request.path }, 'request failed');
    response.status(500).json({ error: { code: 'internal', message: INTERNAL, details: {} } });
  };
}

function refusalOf(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error;
  if (error instanceof ZodError) {
    const fields = error.issues.map(({ path, message }) => ({ field: path.join('.'), message }));
    return new AppError('bad_request', { fields }, { cause: error });
  }
  if (isDatabaseAway(error)) return new AppError('office_unavailable', {}, { cause: error });
  // body-parser's faults carry the status that they deserve: not JSON, too large.
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  return status === 400 || status === 413 ? new AppError('bad_request', {}, { cause: error }) : undefined;
}

/** PostgreSQL refuses, is going down (SQLSTATE class 57, 08), or does not answer in time (pg's own messages). */
function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (
    /^(57P0\d|08\w{3}|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH)$/.test(code) ||
    /^(timeout expired|timeout exceeded when trying to connect|Query read timeout|Connection terminated)/.test(
      error.message,
    )
  );
}

/** The built screens, and the font that they share with the printed slip; of the two first pages the role's own. */
export function screens(dir: string, page: 'index.html' | 'office.html'): Router {
  const router = express.Router();
  const other = page === 'index.html' ? '/office.html' : '/index.html';
  router.get(other, (_request, _response, next) => next('router'));
  // Named after their content (build.ts): what a browser holds under such a name it need not ask for again.
  router.use('/assets', express.static(join(dir, 'assets'), { index: false, maxAge: '1y', immutable: true }));
  router.use(express.static(dir, { index: page, maxAge: 0 }));
  return router;
}
