/** The public page (GET and POST /s/:code, GET /answers for the office) and the office's result (GET /survey). */
import { createHash, timingSafeEqual } from 'node:crypto';
import express, { Router, type RequestHandler, type Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { maskCardNumbers } from '../card-mask.ts';
import type { Database } from '../db/schema.ts';
import { AppError } from '../errors.ts';
import { verifySurveyCode } from './code.ts';
import { readSurveyResult } from './office.ts';
import {
  answeredPage,
  formPage,
  PAGE_POLICY,
  thanksPage,
  tooManyPage,
  unknownCodePage,
  type PageHead,
} from './pages.ts';
import type { AnswerStore } from './store.ts';
import { checkAnswer } from './survey.ts';

/** Behind the city's proxy everyone may come from one address. */
const REQUESTS_PER_MINUTE = 120;
const ANSWERS_A_PAGE = 500;

/** A form's field that is missing or there twice is an empty one; the page then asks for it. */
const FIELD = z.string().catch('').default('');
const TYPED = z.object({ score: FIELD, comment: FIELD });

const ANSWERS_QUERY = z.object({
  after: z.coerce.number().int().nonnegative().default(0),
  store: z.string().max(40).default(''),
});

/** The public role. `secret` makes the codes and opens `/answers`. */
export function createSurveyRoutes(options: {
  store: AnswerStore;
  secret: string;
  head: PageHead;
  now: () => Date;
}): Router {
  const { store, secret, head, now } = options;
  const router = Router();
  router.use(createLimit(head));
  router.use('/s', (_request, response, next) => {
    response.set({
      'Content-Security-Policy': PAGE_POLICY,
      // With no-referrer browsers post forms with `Origin: null`, and a check of the origin would refuse its own page.
      'Referrer-Policy': 'same-origin',
      'Cache-Control': 'no-store',
    });
    next();
  });

  router.get('/s/:code', (request, response) => {
    const nonce = verifySurveyCode(secret, request.params.code);
    if (nonce === undefined) show(response, 404, unknownCodePage(head));
    else if (store.has(nonce)) show(response, 200, answeredPage(head));
    else show(response, 200, formPage(head, { score: '', comment: '', faults: [] }));
  });
  const form = express.urlencoded({ extended: false, limit: '8kb', parameterLimit: 5 });
  router.post('/s/:code', form, (request, response) => {
    const nonce = verifySurveyCode(secret, request.params.code);
    const typed = TYPED.parse(request.body ?? {});
    const answer = checkAnswer(typed);
    if (nonce === undefined) show(response, 404, unknownCodePage(head));
    else if (store.has(nonce)) show(response, 200, answeredPage(head));
    else if ('faults' in answer) {
      const comment = maskCardNumbers(typed.comment);
      show(response, 422, formPage(head, { ...typed, comment, faults: answer.faults }));
    } else {
      store.add({ nonce, ...answer, at: now().toISOString() });
      show(response, 200, thanksPage(head));
    }
  });

  router.get('/answers', (request, response) => {
    const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (bearer === undefined || !isSame(bearer, secret)) throw new AppError('not_signed_in');
    const query = ANSWERS_QUERY.parse(request.query);
    const after = query.store === store.id ? query.after : 0;
    response.json({ store: store.id, answers: store.after(after, ANSWERS_A_PAGE) });
  });
  return router;
}

/** The office's page of results. */
export function createSurveyResultRoutes(db: Kysely<Database>): Router {
  const router = Router();
  router.get('/survey', async (_request, response) => {
    response.json(await readSurveyResult(db));
  });
  return router;
}

function createLimit(head: PageHead): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit: REQUESTS_PER_MINUTE,
    standardHeaders: true,
    legacyHeaders: false,
    // A proxy's header is not trusted for who is asking; that it is there is no fault.
    validate: { xForwardedForHeader: false },
    handler: (_request, response) => show(response, 429, tooManyPage(head)),
  });
}

function show(response: Response, status: number, html: string): void {
  response.status(status).type('html').send(html);
}

function isSame(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
