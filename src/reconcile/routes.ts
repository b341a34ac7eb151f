/** GET /reconciliations?limit= · GET /waiting · POST /reconcile: everything that is due, now */
import { Router } from 'express';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { businessDateOf } from '../business-date.ts';
import type { Database } from '../db/schema.ts';
import { findUncovered } from './due.ts';
import type { Nightly } from './nightly.ts';
import { readReconciliations, reconcileDue, type GrainOf } from './reconcile.ts';

const LIST_QUERY = z.object({ limit: z.coerce.number().int().min(1).max(400).default(30) });

export function createReconcileRoutes(options: {
  db: Kysely<Database>;
  municipality: string;
  grainOf: GrainOf;
  nightly: Nightly;
  now: () => Date;
}): Router {
  const { db, municipality, grainOf, nightly, now } = options;
  const router = Router();
  router.get('/reconciliations', async (request, response) => {
    const { limit } = LIST_QUERY.parse(request.query);
    response.json(await readReconciliations(db, municipality, limit));
  });
  router.get('/waiting', async (_request, response) => {
    response.json(await findUncovered(db, municipality, businessDateOf(now())));
  });
  router.post('/reconcile', async (_request, response) => {
    const today = businessDateOf(now());
    response.json(await nightly.run(() => reconcileDue(db, municipality, grainOf, today)));
  });
  return router;
}
