/** Payments over HTTP, at the counter. */
import { Router, type RequestHandler } from 'express';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { businessDateOf } from '../business-date.ts';
import { ASKED_LINES } from '../fees/basket.ts';
import { TICKET_TEXT, withReserved, type Once } from '../once/once.ts';
import { NUMBER_AND_PIN, type ConfirmBySecondPerson, type SecondPerson } from '../staff/gate.ts';
import {
  mayUseWindow,
  personOf,
  signatureOf,
  type Person,
  type Role,
  type Signature,
} from '../staff/staff.ts';
import { createAfterwardsRoutes } from './afterwards-routes.ts';
import { matchesSearch, searchedOf } from './search.ts';
import type { Payments } from './payments.ts';
import { renderSlip, type SlipHead } from './slip.ts';

const SALE = z.strictObject({
  id: z.uuid().toLowerCase(),
  window: z.string().min(1).max(40),
  lines: ASKED_LINES,
  totalYen: z.number().int().min(0).max(9_999_999),
  method: z.enum(['credit', 'debit', 'emoney', 'qr']),
  brand: z.string().min(1).max(40).optional(),
  ticket: TICKET_TEXT.optional(),
  ticketUnsure: z.literal(true).optional(),
  anotherResident: z.boolean().optional(),
});

const DECIDED = z.strictObject({
  decision: z.enum(['keep', 'void', 'refund_outside']),
  note: z.string().trim().max(200),
});

const RESOLVED = z.strictObject({
  finding: z.enum(['approved', 'not_charged']),
  reason: z.string().trim().min(1).max(200),
  second: NUMBER_AND_PIN,
});

const LOST = z.strictObject({ note: z.string().trim().min(1).max(200) });

const ENTRIES = z.record(z.string().max(40), z.string().max(20));

const ENTRY = z.strictObject({
  outcome: z.string().min(1).max(40),
  values: ENTRIES,
  again: ENTRIES,
  scan: z.string().max(200).nullable(),
});

const CONFIRMED_DATE = z.strictObject({ businessDate: z.iso.date() });

const ON_DATE = z.object({ date: z.iso.date().optional(), search: z.string().max(100).optional() });

interface PaymentRouteOptions {
  head: SlipHead;
  confirm: ConfirmBySecondPerson;
  now: () => Date;
  once: Once;
  /** Looks whether a statement says more than the counter knows. */
  lookAtStatements: () => Promise<void>;
}

/**
 * POST / · GET /?date= · GET /:id · POST /:id/cancel · GET /:id/slip · GET /:id/history, and the unknown desk.
 *
 * A sale is answered with 202 as soon as it is recorded; what becomes of it arrives as events. The same id with the
 * same body is the same payment, for ever.
 */
export function createPaymentRoutes(
  payments: Payments,
  { head, confirm, now, once, lookAtStatements }: PaymentRouteOptions,
): Router {
  const router = Router();
  router.use('/:id', refuseOtherWindow(payments));
  router.post('/', async (request, response) => {
    const sale = SALE.parse(request.body);
    const isKnown = (): boolean => payments.find(sale.id) !== undefined;
    const take = () => payments.take(sale, response.locals.person);
    response.status(202).json(await withReserved(once, sale, isKnown, take));
  });
  router.get('/', (request, response) => {
    const { date, search } = ON_DATE.parse(request.query);
    const listed = payments.onDate(date ?? businessDateOf(now()));
    response.json(
      search === undefined ? listed : listed.filter((each) => matchesSearch(searchedOf(each), search)),
    );
  });
  router.get('/:id', (request, response) => {
    response.json(found(payments, request.params.id));
  });
  router.post('/:id/cancel', (request, response) => {
    response.status(202).json(payments.cancel(request.params.id.toLowerCase(), response.locals.person));
  });
  router.get('/:id/slip', async (request, response) => {
    const payment = found(payments, request.params.id);
    if (payment.state !== 'approved') throw new AppError('not_found');
    response.type('html').send(await renderSlip(payment, head));
  });
  router.get('/:id/history', (request, response) => {
    response.json(payments.history(found(payments, request.params.id).id));
  });
  const signedBy = async (second: SecondPerson, person: Person): Promise<Signature> =>
    signatureOf(personOf(await confirm(second, person, CONFIRMS)));
  const desk = createDeskRoutes(payments, { confirm, lookAtStatements });
  router.use(desk, createAfterwardsRoutes(payments, { signedBy, once }));
  return router;
}

/** Who may confirm as the second person: those who answer for the money. */
const CONFIRMS: readonly Role[] = ['treasurer', 'accounting'];

/** The unknown desk: POST /:id/ask · /:id/release · /:id/balance · /:id/resolve · /:id/decide */
function createDeskRoutes(
  { desk, ...payments }: Payments,
  { confirm, lookAtStatements }: Pick<PaymentRouteOptions, 'confirm' | 'lookAtStatements'>,
): Router {
  const router = Router();
  router.post('/:id/ask', async (request, response) => {
    desk.askAgain(request.params.id.toLowerCase());
    await lookAtStatements();
    response.status(202).json(found(payments, request.params.id));
  });
  router.post('/:id/release', (request, response) => {
    response.json(desk.releaseLock(request.params.id.toLowerCase(), response.locals.person));
  });
  router.post('/:id/balance', async (request, response) => {
    response.json(await desk.readBalance(request.params.id.toLowerCase(), response.locals.person));
  });
  router.post('/:id/resolve', async (request, response) => {
    const { second, ...found } = RESOLVED.parse(request.body);
    const { person } = response.locals;
    const other = personOf(await confirm(second, person, CONFIRMS));
    const people = [nameOnRecord(person), nameOnRecord(other)] as const;
    response.json(desk.resolve(request.params.id.toLowerCase(), { ...found, people }));
  });
  router.post('/:id/decide', (request, response) => {
    const decided = DECIDED.parse(request.body);
    response.json(desk.decide(request.params.id.toLowerCase(), decided, response.locals.person));
  });
  return router;
}

const nameOnRecord = ({ name, number }: Person): string => `${name}（${number}）`;

/** POST /:id/prompt/:prompt answers what a terminal without a link wants to know. */
export function createPromptRoutes({ prompts }: Pick<Payments, 'prompts'>): Router {
  const router = Router();
  router.post('/:id/prompt/:prompt', (request, response) => {
    const { id, prompt } = request.params;
    prompts.reply(id, prompt, ENTRY.parse(request.body), response.locals.person);
    response.json({});
  });
  return router;
}

/** POST /:id/lost {note} · /:id/found · /:id/replaced: a terminal that is gone, back, or another in its place. */
export function createLostRoutes({ lost }: Pick<Payments, 'lost'>): Router {
  const router = Router();
  router.post('/:id/lost', (request, response) => {
    lost.lose(request.params.id, LOST.parse(request.body).note, response.locals.person);
    response.json({});
  });
  router.post('/:id/found', (request, response) => {
    lost.find(request.params.id, response.locals.person);
    response.json({});
  });
  router.post('/:id/replaced', async (request, response) => {
    await lost.replace(request.params.id, response.locals.person);
    response.json({});
  });
  return router;
}

/** GET /clock: the fault, or null · POST /clock {businessDate}: the 出納員 confirms today's date */
export function createClockRoutes({ clock }: Pick<Payments, 'clock'>): Router {
  const router = Router();
  router.get('/clock', (_request, response) => {
    response.json(clock.fault() ?? null);
  });
  router.post('/clock', (request, response) => {
    const { businessDate } = CONFIRMED_DATE.parse(request.body);
    clock.confirm(businessDate, response.locals.person);
    response.json(clock.fault() ?? null);
  });
  return router;
}

/** Everybody at the counter may read; what is done about a payment is done by whoever may use its window. */
function refuseOtherWindow(payments: Payments): RequestHandler<{ id: string }> {
  return (request, response, next) => {
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    if (!isReading && !mayUseWindow(response.locals.person, found(payments, request.params.id).window)) {
      throw new AppError('not_your_window');
    }
    next();
  };
}

function found(payments: Pick<Payments, 'find'>, id: string): ReturnType<Payments['take']> {
  const payment = payments.find(id.toLowerCase());
  if (payment === undefined) throw new AppError('not_found');
  return payment;
}
