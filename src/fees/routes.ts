/** The counter's fees over HTTP, from its own snapshot: they are there without PostgreSQL too. */
import { Router } from 'express';
import { z } from 'zod';
import { businessDateOf } from '../business-date.ts';
import { AppError } from '../errors.ts';
import { mayUseWindow } from '../staff/staff.ts';
import { holdsOn, type Catalogue } from './catalogue.ts';
import { pricedItems } from './pricing.ts';

const FEES_QUERY = z.object({ window: z.string().min(1).max(40), on: z.iso.date().optional() });

/** GET /windows: those of the person that are open today · GET /fees?window=&on=YYYY-MM-DD (today if left out) · GET /brands. */
export function createFeeRoutes(catalogue: () => Catalogue, now: () => Date): Router {
  const router = Router();
  router.get('/windows', (_request, response) => {
    const { person } = response.locals;
    const on = businessDateOf(now());
    const open = catalogue().windows.filter((window) => holdsOn(window, on));
    response.json(open.filter(({ code }) => mayUseWindow(person, code)));
  });
  router.get('/brands', (_request, response) => {
    response.json(catalogue().brands);
  });
  router.get('/fees', (request, response) => {
    const { window, on = businessDateOf(now()) } = FEES_QUERY.parse(request.query);
    const current = catalogue();
    if (!current.windows.some(({ code }) => code === window)) throw new AppError('not_found', { window });
    const { version, settings } = current;
    const grounds = current.grounds.filter((ground) => holdsOn(ground, on));
    response.json({ version, on, settings, grounds, items: pricedItems(current, window, on) });
  });
  return router;
}
