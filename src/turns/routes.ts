/** The queue for a terminal over HTTP, and the guard that keeps its order in front of POST /payments. */
import { Router, type Request, type RequestHandler } from 'express';
import { z } from 'zod';
import { maskCardNumbers } from '../card-mask.ts';
import { AppError } from '../errors.ts';
import type { PaymentView } from '../payments/view.ts';
import type { Turns } from './turns.ts';

const ID = z.uuid().toLowerCase();
/** Shown on every other screen. */
const NAME = z.string().max(20).catch('').transform(maskCardNumbers);
const WAIT = z.strictObject({ amountYen: z.number().int().min(1).max(9_999_999) });

/** Which screen asks; a script has none. */
const SCREEN_HEADER = 'x-screen';

const screenOf = (request: Request): string | undefined => ID.safeParse(request.headers[SCREEN_HEADER]).data;

/** POST /turns {amountYen} joins the queue · DELETE /turns leaves it */
export function createTurnRoutes(turns: Turns): Router {
  const router = Router();
  router.post('/turns', (request, response) => {
    const screen = screenOf(request);
    if (screen === undefined) throw new AppError('bad_request');
    turns.wait(screen, WAIT.parse(request.body).amountYen, response.locals.person.name);
    response.status(204).end();
  });
  router.delete('/turns', (request, response) => {
    const screen = screenOf(request);
    if (screen !== undefined) turns.leave(screen);
    response.status(204).end();
  });
  return router;
}

/** A sale that is known already is answered, whosever turn it is. */
export function keepOrder(turns: Turns, find: (id: string) => PaymentView | undefined): RequestHandler {
  return async (request, response, next) => {
    const { data: id } = ID.safeParse((request.body as { id?: unknown } | undefined)?.id);
    if (id !== undefined && find(id) === undefined) {
      const screen = screenOf(request);
      await turns.untilAsked();
      turns.refuseBefore(screen);
      response.on('finish', () => {
        if (response.statusCode === 202) turns.taken(screen, id, find(id)?.state === 'armed');
      });
    }
    next();
  };
}

/**
 * A screen's stream has begun: `?screen=&name=`. A tablet is called as it was named when it was paired (`known`).
 * Returns what to call when it ends.
 */
export function arriveBy(turns: Turns, { query }: Request, known: string | undefined): () => void {
  const screen = ID.safeParse(query['screen']).data;
  return screen === undefined ? () => undefined : turns.arrive(screen, known ?? NAME.parse(query['name']));
}
