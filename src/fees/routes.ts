/** The counter's fees over HTTP, from its own snapshot: they are there without PostgreSQL too. */
import { Router } from 'express';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { pricedItems, type Catalogue } from './pricing.ts';

const FeesQuery = z.object({ window: z.string().min(1).max(40), on: z.iso.date() });

/** `GET /windows`, `GET /fees?window=&on=YYYY-MM-DD`, `GET /brands`. `catalogue`: the snapshot as it is now. */
export function feesRouter(catalogue: () => Catalogue): Router {
  const router = Router();
  router.get('/windows', (_request, response) => {
    response.json(catalogue().windows);
  });
  router.get('/brands', (_request, response) => {
    response.json(catalogue().brands);
  });
  router.get('/fees', (request, response) => {
    const query = FeesQuery.safeParse(request.query);
    if (!query.success)
      throw new AppError('bad_request', { faults: z.flattenError(query.error).fieldErrors });
    const { window, on } = query.data;
    const current = catalogue();
    if (!current.windows.some(({ code }) => code === window)) throw new AppError('not_found', { window });
    response.json({ version: current.version, on, items: pricedItems(current, window, on) });
  });
  return router;
}
