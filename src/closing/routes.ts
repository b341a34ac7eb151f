/** The counter's morning and evening: POST /opening · POST /closing · GET /closing: the newest with what has come since, or null */
import { Router } from 'express';
import { tallyOf, type CountedSales } from '../counted/counted.ts';
import type { Journal } from '../journal/journal.ts';
import type { Payments } from '../payments/payments.ts';
import { closeDay, findLastClosing } from './closing.ts';
import type { OpeningDesk } from './opening.ts';

/** The daycare window's list, which ends with the day. */
interface DayList {
  owed: () => { count: number; amountYen: number };
  closeDay: () => boolean;
}

interface ClosingParts {
  journal: Journal;
  payments: Payments;
  counted: CountedSales;
  opening: OpeningDesk;
  stays: DayList;
}

export function createClosingRoutes(parts: ClosingParts, now: () => Date): Router {
  const { journal, payments, counted, opening, stays } = parts;
  const router = Router();
  router.post('/opening', (_request, response) => {
    response.json(opening.open(response.locals.person));
  });
  router.post('/closing', async (_request, response) => {
    const closing = await closeDay(journal, payments, response.locals.person, now, (businessDate) => ({
      counted: tallyOf(counted.onDate(businessDate)),
      unpaidCare: stays.owed(),
    }));
    // How much is open is on record before the labels that say whose it is are erased.
    const labelsErased = stays.closeDay();
    response.json({ ...closing, labelsErased });
  });
  router.get('/closing', (_request, response) => {
    response.json(findLastClosing(journal, payments) ?? null);
  });
  return router;
}
