/** After the sale, over HTTP: money back, other items, and what a terminal did while it was used alone. */
import { Router } from 'express';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { ASKED_LINES, MOST_LINES } from '../fees/basket.ts';
import { withReserved, type Once } from '../once/once.ts';
import { NUMBER_AND_PIN, type SecondPerson } from '../staff/gate.ts';
import type { Person, Signature } from '../staff/staff.ts';
import type { Payments } from './payments.ts';
import { RETURN_REASONS } from './return-records.ts';

const RETURN = z.strictObject({
  id: z.uuid().toLowerCase(),
  totalYen: z.number().int().min(1).max(9_999_999),
  reason: z.enum(RETURN_REASONS),
  note: z.string().trim().max(200),
  second: NUMBER_AND_PIN.optional(),
});
const POSITION = z.strictObject({
  position: z.number().int().min(1),
  quantity: z.number().int().min(1),
});
const CORRECTION = z.strictObject({
  id: z.uuid().toLowerCase(),
  lines: ASKED_LINES,
  totalYen: RETURN.shape.totalYen,
  note: z.string().trim().min(1).max(200),
  second: NUMBER_AND_PIN,
});
const WITHDRAWN = z.strictObject({ note: z.string().trim().min(1).max(200), second: NUMBER_AND_PIN });
const SLIP_NUMBER = z.string().regex(/^\d{1,12}$/);
const ENTERED_VOID = RETURN.extend({ slipNumber: SLIP_NUMBER, takenAt: z.iso.datetime() });
const ENTERED = z.strictObject({
  id: z.uuid().toLowerCase(),
  terminal: z.string().min(1).max(40),
  window: z.string().min(1).max(40),
  lines: ASKED_LINES,
  totalYen: RETURN.shape.totalYen,
  method: z.enum(['credit', 'debit', 'emoney', 'qr']),
  brand: z.string().min(1).max(40).optional(),
  slipNumber: SLIP_NUMBER,
  takenAt: z.iso.datetime(),
});
const REFUND = RETURN.extend({ lines: z.array(POSITION).min(1).max(MOST_LINES).optional() });

interface AfterwardsRouteOptions {
  /** Checks the second person's number and PIN. @throws AppError */
  signedBy: (second: SecondPerson, person: Person) => Promise<Signature>;
  once: Once;
}

/**
 * GET /:id/options · POST /:id/void · /:id/refund · /:id/outside · /:id/outside/:refund/withdraw ·
 * /:id/void-entry: a 取消 that was made on the terminal alone · /:id/correct. As with a sale the id is the
 * screen's own and for ever; a void or refund is answered with 202 and is a payment of its own.
 */
export function createAfterwardsRoutes(
  { afterwards, ...payments }: Payments,
  { signedBy, once }: AfterwardsRouteOptions,
): Router {
  const router = Router();
  router.get('/:id/options', (request, response) => {
    response.json(afterwards.options(request.params.id.toLowerCase()));
  });
  for (const kind of ['void', 'refund', 'outside'] as const) {
    router.post(`/:id/${kind}`, async (request, response) => {
      const { second, ...asked } = (kind === 'void' ? RETURN : REFUND).parse(request.body);
      if (asked.reason === 'other' && asked.note === '') throw new AppError('note_needed');
      const { person } = response.locals;
      const by = second === undefined ? null : await signedBy(second, person);
      const id = request.params.id.toLowerCase();
      if (kind === 'outside') response.json(afterwards.promiseRefund(id, asked, person, by));
      else response.status(202).json(afterwards.giveBack(id, { ...asked, kind }, person, by));
    });
  }
  router.post('/:id/outside/:refund/withdraw', async (request, response) => {
    const { second, note } = WITHDRAWN.parse(request.body);
    const { person } = response.locals;
    const by = await signedBy(second, person);
    const { id, refund } = request.params;
    response.json(await afterwards.withdrawRefund(id.toLowerCase(), { refund, note }, person, by));
  });
  router.post('/:id/void-entry', async (request, response) => {
    const { second, ...entry } = ENTERED_VOID.parse(request.body);
    if (entry.reason === 'other' && entry.note === '') throw new AppError('note_needed');
    const { person } = response.locals;
    const by = second === undefined ? null : await signedBy(second, person);
    response.status(201).json(afterwards.enterVoid(request.params.id.toLowerCase(), entry, person, by));
  });
  router.post('/:id/correct', async (request, response) => {
    const { second, ...asked } = CORRECTION.parse(request.body);
    const { person } = response.locals;
    const by = await signedBy(second, person);
    const sale = payments.find(request.params.id.toLowerCase());
    if (sale === undefined) throw new AppError('not_found');
    const { id, window, businessDate: on } = sale;
    const correct = () => afterwards.correct(id, asked, person, by);
    // Done before, it is asked for again and changes nothing.
    response.json(await withReserved(once, { id, window, lines: asked.lines, on }, () => false, correct));
  });
  return router;
}

/** POST /entries: a payment that the terminal took while it was used alone. */
export function createEntryRoutes({ afterwards }: Payments): Router {
  const router = Router();
  router.post('/entries', (request, response) => {
    response.status(201).json(afterwards.enterSlip(ENTERED.parse(request.body), response.locals.person));
  });
  return router;
}
