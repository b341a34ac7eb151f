/** What became of a sticker, over HTTP; and what the office decides about what is sold once. */
import { Router } from 'express';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../db/schema.ts';
import { readOnceMatters, releaseClaim, settleDouble } from './office.ts';
import { readStickerHistory } from './sticker-uses.ts';
import type { StickerHistory } from './stickers.ts';

const STICKER = z.object({
  number: z.string().trim().min(1).max(20),
  year: z.coerce.number().int().min(2000).max(2100),
});
const DECIDED = z.strictObject({
  key: z.string().min(1).max(200),
  note: z.string().trim().min(1).max(200),
});

/** GET /stickers?number=&year= (fiscal year of use) */
export function createStickerRoutes(find: (number: string, year: number) => Promise<StickerHistory>): Router {
  const router = Router();
  router.get('/stickers', async (request, response) => {
    const { number, year } = STICKER.parse(request.query);
    response.json(await find(number, year));
  });
  return router;
}

/** GET /once: what is doubled or kept by a silent counter · POST /once/release · POST /once/settle {key, note} · GET /stickers */
export function createOnceOfficeRoutes(db: Kysely<Database>, municipality: string): Router {
  const router = createStickerRoutes((number, year) =>
    readStickerHistory(db, municipality, { number, year }),
  );
  router.get('/once', async (_request, response) => {
    response.json(await readOnceMatters(db, municipality));
  });
  router.post('/once/release', async (request, response) => {
    await releaseClaim(db, municipality, DECIDED.parse(request.body), response.locals.person);
    response.json(await readOnceMatters(db, municipality));
  });
  router.post('/once/settle', async (request, response) => {
    await settleDouble(db, municipality, DECIDED.parse(request.body), response.locals.person);
    response.json(await readOnceMatters(db, municipality));
  });
  return router;
}
