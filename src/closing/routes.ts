/**
 * The counter's morning and evening: POST /opening · GET /closing: how the days stand · POST /closing/check: 点検 ·
 * POST /closing · GET /closing/:date/slip
 */
import { Router } from 'express';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { businessDateOf } from '../business-date.ts';
import type { CountedSales } from '../counted/counted.ts';
import type { Database } from '../db/schema.ts';
import { AppError } from '../errors.ts';
import type { Journal } from '../journal/journal.ts';
import type { ClosingProgress } from '../live.ts';
import type { Payments } from '../payments/payments.ts';
import { NUMBER_AND_PIN, type ConfirmBySecondPerson } from '../staff/gate.ts';
import { personOf, signatureOf, type Role } from '../staff/staff.ts';
import type { Sum } from '../sum.ts';
import { checkTerminals } from './check.ts';
import { closeDay, findClosingOf, type ClosingParts } from './closing.ts';
import { readCounterClosings } from './office.ts';
import type { OpeningDesk } from './opening.ts';
import { renderClosingSlip, type ClosingSlipHead } from './slip.ts';
import { readClosingState } from './state.ts';

/** The daycare window's list, which ends with the day. */
interface DayList {
  owed: () => Sum;
  closeDay: () => boolean;
}

interface Parts {
  journal: Journal;
  payments: Payments;
  counted: CountedSales;
  opening: OpeningDesk;
  stays: DayList;
}

interface ClosingRouteOptions {
  head: ClosingSlipHead;
  /** A closing needs a second person. */
  needsSecondPerson: boolean;
  confirm: ConfirmBySecondPerson;
  now: () => Date;
  onProgress: (progress: ClosingProgress | null) => void;
}

/** Who may stand beside the 出納員: whoever works with the money. */
const CONFIRMS: readonly Role[] = ['treasurer', 'accounting', 'cashier', 'daycare', 'bicycle'];

const ORDER = z.strictObject({
  businessDate: z.iso.date().optional(),
  note: z.string().trim().max(200).default(''),
  second: NUMBER_AND_PIN.optional(),
});

/** For the office: GET /closings/:date */
export function createCounterClosingRoutes(db: Kysely<Database>, municipality: string): Router {
  const router = Router();
  router.get('/closings/:date', async (request, response) => {
    response.json(await readCounterClosings(db, municipality, z.iso.date().parse(request.params.date)));
  });
  return router;
}

/** `/opening`, `/closing` and what is under it, for a person who is signed in (`response.locals.person`). */
export function createClosingRoutes(parts: Parts, options: ClosingRouteOptions): Router {
  const { journal, opening, stays } = parts;
  const { now, needsSecondPerson } = options;
  const closing: ClosingParts = { ...parts, ...options, owedCare: () => stays.owed() };
  const router = Router();
  router.post('/opening', (_request, response) => {
    response.json(opening.open(response.locals.person));
  });
  router.get('/closing', (_request, response) => {
    response.json({ ...readClosingState(parts, now()), needsSecondPerson });
  });
  router.post('/closing/check', async (_request, response) => {
    response.json(await checkTerminals(closing, response.locals.person));
  });
  router.post('/closing', async (request, response) => {
    const { second, ...order } = ORDER.parse(request.body ?? {});
    const { person: clerk } = response.locals;
    if (needsSecondPerson && second === undefined) throw new AppError('closing_second_person');
    const confirmedBy =
      second === undefined ? null : signatureOf(personOf(await options.confirm(second, clerk, CONFIRMS)));
    const closed = await closeDay(closing, { ...order, clerk, confirmedBy });
    // How much is open is on record before the labels that say whose it is are erased; they are of today.
    const labelsErased = closed.businessDate !== businessDateOf(now()) || stays.closeDay();
    response.json({ ...closed, ...findClosingOf(journal, closed.businessDate), labelsErased });
  });
  router.get('/closing/:date/slip', (request, response) => {
    const found = findClosingOf(journal, request.params.date);
    if (found === undefined) throw new AppError('not_found');
    response.type('html').send(renderClosingSlip(found, options.head));
  });
  return router;
}
