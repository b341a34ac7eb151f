/** Charge tickets over HTTP: the counter's, and the office's list. */
import { Router } from 'express';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { businessDateOf } from '../business-date.ts';
import type { Database } from '../db/schema.ts';
import { TICKET_TEXT } from '../once/once.ts';
import { readTicketsOn } from './office.ts';
import { CANCEL_REASONS } from './reasons.ts';
import type { Tickets } from './tickets.ts';

const PRESENTED = z.strictObject({ text: TICKET_TEXT });
const CANCELLED = z.strictObject({
  reason: z.enum(CANCEL_REASONS),
  note: z.string().trim().max(200),
});

/** POST /tickets {text} → the ticket · POST /tickets/:reference/cancel {reason, note} */
export function createTicketRoutes(tickets: Tickets): Router {
  const router = Router();
  router.post('/tickets', async (request, response) => {
    const { text } = PRESENTED.parse(request.body);
    response.json(await tickets.present(text, response.locals.person));
  });
  router.post('/tickets/:reference/cancel', async (request, response) => {
    const why = CANCELLED.parse(request.body);
    response.json(await tickets.cancel(request.params.reference, why, response.locals.person));
  });
  return router;
}

const ON_DATE = z.object({ date: z.iso.date().optional() });

/** GET /tickets?date= */
export function createOfficeTicketRoutes(
  db: Kysely<Database>,
  municipality: string,
  now: () => Date,
): Router {
  const router = Router();
  router.get('/tickets', async (request, response) => {
    const { date = businessDateOf(now()) } = ON_DATE.parse(request.query);
    response.json(await readTicketsOn(db, municipality, date));
  });
  return router;
}
