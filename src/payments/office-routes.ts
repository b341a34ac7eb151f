/** The office's side of payments, from PostgreSQL. */
import { Router } from 'express';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { businessDateOf } from '../business-date.ts';
import type { Database } from '../db/schema.ts';
import { AppError } from '../errors.ts';
import { readPaymentsOn, searchPayments } from './office.ts';
import { readOpenMatters } from './open-matters.ts';
import { notePayout, readOutsideRefunds } from './outside-refunds.ts';

const ON_DATE = z.object({ date: z.iso.date().optional(), search: z.string().max(100).optional() });
const PAYOUT = z.strictObject({
  paidOn: z.iso.date(),
  way: z.enum(['cash', 'transfer']),
  note: z.string().trim().max(200),
});

/**
 * GET /payments?date=&search= · GET /outside-refunds ·
 * POST /outside-refunds/:counter/:id/paid · GET /open: what somebody has to look at, of any day.
 */
export function createOfficePaymentRoutes(
  db: Kysely<Database>,
  municipality: string,
  now: () => Date,
): Router {
  const router = Router();
  router.get('/payments', async (request, response) => {
    const { date, search } = ON_DATE.parse(request.query);
    const found =
      search === undefined || search.trim() === ''
        ? readPaymentsOn(db, municipality, date ?? businessDateOf(now()))
        : searchPayments(db, municipality, search);
    response.json(await found);
  });
  router.get('/outside-refunds', async (_request, response) => {
    response.json(await readOutsideRefunds(db, municipality));
  });
  router.post('/outside-refunds/:counter/:id/paid', async (request, response) => {
    const payout = PAYOUT.parse(request.body);
    if (payout.paidOn > businessDateOf(now())) throw new AppError('payout_of_the_future');
    const { counter, id } = request.params;
    response.json(await notePayout(db, { municipality, counter, id }, payout, response.locals.person));
  });
  router.get('/open', async (_request, response) => {
    response.json(await readOpenMatters(db, municipality, now()));
  });
  return router;
}
