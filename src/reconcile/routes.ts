/** GET /morning?day= · GET /reconciliations?limit= · GET /waiting · POST /reconcile: everything that is due, now */
import { Router } from 'express';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { businessDateOf } from '../business-date.ts';
import type { Database } from '../db/schema.ts';
import { findUncovered } from './due.ts';
import { readMorning } from './morning-read.ts';
import type { Reconciling } from './office.ts';
import { readReconciliations } from './reconcile.ts';

const MORNING_QUERY = z.object({ day: z.iso.date().optional() });
const LIST_QUERY = z.object({ limit: z.coerce.number().int().min(1).max(4000).default(30) });

/** `/morning`, `/reconciliations` and `/waiting`; a POST to `/reconcile` compares now. */
export function createReconcileRoutes(options: {
  db: Kysely<Database>;
  municipality: string;
  reconciling: Pick<Reconciling, 'nightly' | 'reconcileNow'>;
  now: () => Date;
}): Router {
  const { db, municipality, reconciling, now } = options;
  const router = Router();
  router.get('/morning', async (request, response) => {
    const { day } = MORNING_QUERY.parse(request.query);
    response.json(await readMorning(db, municipality, now(), day));
  });
  router.get('/reconciliations', async (request, response) => {
    const { limit } = LIST_QUERY.parse(request.query);
    response.json(await readReconciliations(db, municipality, limit));
  });
  router.get('/waiting', async (_request, response) => {
    response.json(await findUncovered(db, municipality, businessDateOf(now())));
  });
  router.post('/reconcile', async (_request, response) => {
    response.json(await reconciling.nightly.run(reconciling.reconcileNow));
  });
  return router;
}
