/** Payments over HTTP: the counter's, and the office's list of a day. */
import { Router, type RequestHandler } from 'express';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { businessDateOf } from '../business-date.ts';
import type { Database } from '../db/schema.ts';
import { ASKED_LINES, MOST_LINES } from '../fees/basket.ts';
import { TICKET_TEXT, withReserved, type Once } from '../once/once.ts';
import type { ConfirmBySecondPerson, SecondPerson } from '../staff/gate.ts';
import { NUMBER_AND_PIN } from '../staff/routes.ts';
import {
  mayUseWindow,
  personOf,
  signatureOf,
  type Person,
  type Role,
  type Signature,
} from '../staff/staff.ts';
import { RETURN_REASONS } from './return-records.ts';
import { readPaymentsOn, searchPayments } from './office.ts';
import { notePayout, readOutsideRefunds } from './outside-refunds.ts';
import { matchesSearch, searchedOf } from './search.ts';
import { readOpenMatters } from './open-matters.ts';
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
  const desk = createDeskRoutes(payments, { confirm, lookAtStatements });
  router.use(desk, createReturnRoutes(payments, confirm, once));
  return router;
}

/** Who may confirm as the second person: those who answer for the money. */
const CONFIRMS: readonly Role[] = ['treasurer', 'accounting'];

/**
 * After the sale: GET /:id/options · POST /:id/void · /:id/refund · /:id/outside · /:id/outside/:refund/withdraw ·
 * /:id/void-entry: a 取消 that was made on the terminal alone · /:id/correct. As with a sale the id is the
 * screen's own and for ever; a void or refund is answered with 202 and is a payment of its own.
 */
function createReturnRoutes(
  { afterwards, ...payments }: Payments,
  confirm: ConfirmBySecondPerson,
  once: Once,
): Router {
  const router = Router();
  const signedBy = async (second: SecondPerson, person: Person): Promise<Signature> =>
    signatureOf(personOf(await confirm(second, person, CONFIRMS)));
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
    const { id, window, businessDate: on } = found(payments, request.params.id);
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

const PAYOUT = z.strictObject({
  paidOn: z.iso.date(),
  way: z.enum(['cash', 'transfer']),
  note: z.string().trim().max(200),
});

/**
 * For the office, from PostgreSQL: GET /payments?date=&search= · GET /outside-refunds ·
 * POST /outside-refunds/:counter/:id/paid · GET /open: what somebody has to look at, of any day.
 */
export function createOfficePaymentRoutes(
  db: Kysely<Database>,
  municipality: string,
  now: () => Date,
): Router {
  const router = Router();
  router.get('/payments', async (request, response) => {
    const { date, search } = ON_DATE.parse(request.query);
    const found =
      search === undefined || search.trim() === ''
        ? readPaymentsOn(db, municipality, date ?? businessDateOf(now()))
        : searchPayments(db, municipality, search);
    response.json(await found);
  });
  router.get('/outside-refunds', async (_request, response) => {
    response.json(await readOutsideRefunds(db, municipality));
  });
  router.post('/outside-refunds/:counter/:id/paid', async (request, response) => {
    const payout = PAYOUT.parse(request.body);
    if (payout.paidOn > businessDateOf(now())) throw new AppError('payout_of_the_future');
    const { counter, id } = request.params;
    response.json(await notePayout(db, { municipality, counter, id }, payout, response.locals.person));
  });
  router.get('/open', async (_request, response) => {
    response.json(await readOpenMatters(db, municipality, now()));
  });
  return router;
}
