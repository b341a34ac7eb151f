/** GET /cases?open=&closed=&search=: how many of each at most, and which · GET /cases/:id · POST /cases/:id/acts: {base, act, …} → the case as it is then */
import { Router } from 'express';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { businessDateOf } from '../../business-date.ts';
import type { Database } from '../../db/schema.ts';
import { AppError } from '../../errors.ts';
import type { SecondPerson } from '../../staff/gate.ts';
import { ACT, actOn } from './acts.ts';
import type { Actor } from './case.ts';
import { readCase, readDesk } from './read.ts';

/** How many of each list are wanted, and what is searched for. */
const DESK_QUERY = z.object({
  search: z
    .string()
    .trim()
    .max(100)
    .regex(/^\P{Cc}*$/u)
    .default(''),
  open: z.coerce.number().int().min(1).max(20_000).default(1000),
  closed: z.coerce.number().int().min(1).max(20_000).default(100),
});
const CASE_ID = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

export interface DeskOptions {
  db: Kysely<Database>;
  municipality: string;
  now: () => Date;
  /** Who works at the desk now. */
  readPeople: () => Promise<Actor[]>;
  /** Another person who may confirm, by number and PIN. @throws AppError if it is nobody of that kind */
  confirm: (second: SecondPerson, first: Actor) => Promise<Actor>;
  /** Compares again what a pair has changed, and lets the cases follow. */
  followNow: () => Promise<unknown>;
}

/** `/cases` and what is under it, for a person who is signed in (`response.locals.person`). */
export function createDeskRoutes(options: DeskOptions): Router {
  const { db, municipality, now, readPeople } = options;
  const router = Router();
  const today = (): string => businessDateOf(now());
  router.get('/cases', async (request, response) => {
    const { search, ...most } = DESK_QUERY.parse(request.query);
    const asked = { today: today(), people: await readPeople(), most, search };
    response.json(await readDesk(db, municipality, asked));
  });
  router.get('/cases/:id', async (request, response) => {
    response.json(await found(CASE_ID.parse(request.params.id)));
  });
  router.post('/cases/:id/acts', async (request, response) => {
    const caseId = CASE_ID.parse(request.params.id);
    const act = ACT.parse(request.body);
    const { number, name } = response.locals.person;
    const by = { number, name };
    const second =
      'second' in act && act.second !== undefined ? await options.confirm(act.second, by) : undefined;
    const changesBooks = await actOn(db, { municipality, caseId }, act, {
      by,
      second,
      now: now(),
      findPerson: async (wanted) => (await readPeople()).find((person) => person.number === wanted),
    });
    if (changesBooks) await options.followNow();
    response.json(await found(caseId));
  });
  const found = async (caseId: number) => {
    const detail = await readCase(db, municipality, caseId, today());
    if (detail === undefined) throw new AppError('not_found');
    return detail;
  };
  return router;
}
