/** The counter's morning and evening: POST /opening · POST /closing · GET /closing: the newest, or null */
import { Router } from 'express';
import type { Journal } from '../journal/journal.ts';
import type { Payments } from '../payments/payments.ts';
import { closeDay, findLastClosing } from './closing.ts';
import type { OpeningDesk } from './opening.ts';

export function createClosingRoutes(
  { journal, payments, opening }: { journal: Journal; payments: Payments; opening: OpeningDesk },
  now: () => Date,
  onRecorded: () => void,
): Router {
  const router = Router();
  router.post('/opening', (_request, response) => {
    const opened = opening.open(response.locals.person);
    onRecorded();
    response.json(opened);
  });
  router.post('/closing', async (_request, response) => {
    const closing = await closeDay(journal, payments, response.locals.person, now);
    onRecorded();
    response.json(closing);
  });
  router.get('/closing', (_request, response) => {
    response.json(findLastClosing(journal) ?? null);
  });
  return router;
}
