/** POST / closes the day · GET / the newest closing, or null */
import { Router } from 'express';
import type { Journal } from '../journal/journal.ts';
import type { Payments } from '../payments/payments.ts';
import { closeDay, findLastClosing } from './closing.ts';

export function createClosingRoutes(
  journal: Journal,
  payments: Payments,
  now: () => Date,
  onRecorded: () => void,
): Router {
  const router = Router();
  router.post('/', async (_request, response) => {
    const closing = await closeDay(journal, payments, response.locals.person, now);
    onRecorded();
    response.json(closing);
  });
  router.get('/', (_request, response) => {
    response.json(findLastClosing(journal) ?? null);
  });
  return router;
}
