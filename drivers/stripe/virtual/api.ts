/**
 * The part of Stripe's API that a server-driven register needs (docs.stripe.com/api, version 2026-10-28.endive): payment
 * intents, the reader, refunds, and what reconciliation reads. Pure requests in, objects out; server.ts speaks HTTP.
 */
import type Stripe from 'stripe';
import { z } from 'zod';
import type { Book } from './book.ts';
import type { Endpoint, Faults } from './faults.ts';
import {
  createBalanceTransaction,
  createIntent,
  createLocation,
  createRefund,
  READER,
  seconds,
} from './objects.ts';
import { invalid, missing } from './problem.ts';
import type { Reader } from './reader.ts';

export interface ApiRequest {
  method: string;
  path: string;
  params: unknown;
}

export interface Api {
  /** Which endpoint it is; undefined: there is none. */
  endpointOf(request: ApiRequest): Endpoint | 'list_balance_transactions' | undefined;
  /** @throws Problem */
  answer(request: ApiRequest): unknown;
}

/** Stripe takes no charge below this in JPY. */
const MINIMUM_YEN = 50;

const yen = z.coerce.number().int().min(1).max(99_999_999);
const metadata = z.record(z.string().max(40), z.string().max(500)).default({});
const CREATE_INTENT = z.strictObject({
  amount: yen,
  currency: z.string(),
  allowed_payment_method_types: z.array(z.string()).min(1),
  capture_method: z.enum(['automatic', 'automatic_async', 'manual']).optional(),
  description: z.string().max(1_000).optional(),
  metadata,
  expand: z.array(z.string()).optional(),
});
const PROCESS = z.strictObject({
  payment_intent: z.string(),
  process_config: z
    .strictObject({
      allow_redisplay: z.string().optional(),
      enable_customer_cancellation: z.enum(['true', 'false']).optional(),
      skip_tipping: z.enum(['true', 'false']).optional(),
    })
    .optional(),
  expand: z.array(z.string()).optional(),
});
const REFUND = z.strictObject({
  payment_intent: z.string(),
  amount: yen.optional(),
  reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
  metadata,
  expand: z.array(z.string()).optional(),
});
const CANCEL = z.strictObject({
  cancellation_reason: z.string().optional(),
  expand: z.array(z.string()).optional(),
});
const LIST = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(10),
  starting_after: z.string().optional(),
  created: z
    .strictObject({
      gte: z.coerce.number().int().optional(),
      gt: z.coerce.number().int().optional(),
      lte: z.coerce.number().int().optional(),
      lt: z.coerce.number().int().optional(),
    })
    .optional(),
  payment_intent: z.string().optional(),
  expand: z.array(z.string()).optional(),
});
type List = z.infer<typeof LIST>;

/** @throws Problem as Stripe says it: the first fault, by its parameter */
function read<T>(schema: z.ZodType<T>, params: unknown): T {
  const { success, data, error } = schema.safeParse(params);
  if (success) return data;
  const [issue] = error.issues;
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const param = [...(issue?.path ?? []).map(String), ...(unknown === undefined ? [] : [unknown])].join('.');
  if (unknown !== undefined)
    throw invalid('parameter_unknown', `Received unknown parameter: ${param}`, param);
  throw invalid('parameter_invalid', issue?.message ?? 'invalid', param);
}

export function createApi(options: {
  book: Book;
  reader: Reader;
  faults: Faults;
  country: string;
  now: () => Date;
}): Api {
  const { book, reader, faults, country, now } = options;
  const intentOf = (id: string): Stripe.PaymentIntent => {
    const found = book.find('payment_intent', id);
    if (found === undefined) throw missing(id);
    return found;
  };
  const expandIntent = (intent: Stripe.PaymentIntent, expand: readonly string[] = []): unknown => {
    const isWanted = expand.some((path) => path.replace(/^data\./, '').startsWith('latest_charge'));
    if (!isWanted || typeof intent.latest_charge !== 'string') return intent;
    return { ...intent, latest_charge: book.find('charge', intent.latest_charge) };
  };
  const readerOf = (id: string): void => {
    if (id !== READER) throw missing(id);
  };

  const handlers: Record<Endpoint | 'list_balance_transactions', (params: unknown, id: string) => unknown> = {
    create_intent(params) {
      const order = read(CREATE_INTENT, params);
      if (order.currency !== 'jpy')
        throw invalid('currency_not_supported', 'This account takes jpy.', 'currency');
      if (order.amount < MINIMUM_YEN) {
        throw invalid('amount_too_small', `Amount must be at least ¥${MINIMUM_YEN} jpy`, 'amount');
      }
      // What an account may not use is left out of the answer without a word.
      const methods = faults.onReader('filtered_methods') ? [] : order.allowed_payment_method_types;
      const { amount, currency, description = null } = order;
      const intent = createIntent({
        amount,
        currency,
        methods,
        description,
        metadata: order.metadata,
        now: now(),
      });
      book.put(intent);
      reader.noteIntentCreated();
      return intent;
    },
    retrieve_intent: (params, id) => expandIntent(intentOf(id), read(LIST, params).expand),
    list_intents(params) {
      const list = read(LIST, params);
      return pageOf(book.all('payment_intent'), list, '/v1/payment_intents', (each) =>
        expandIntent(each, list.expand),
      );
    },
    cancel_intent(params, id) {
      read(CANCEL, params);
      const intent = intentOf(id);
      if (!['requires_payment_method', 'requires_confirmation', 'requires_action'].includes(intent.status)) {
        throw invalid('payment_intent_unexpected_state', `This PaymentIntent is ${intent.status}.`);
      }
      const cancelled = { ...intent, status: 'canceled' as const, canceled_at: seconds(now()) };
      book.put(cancelled);
      return cancelled;
    },
    process(params, id) {
      readerOf(id);
      const { payment_intent, process_config } = read(PROCESS, params);
      const intent = intentOf(payment_intent);
      if (intent.status !== 'requires_payment_method') {
        throw invalid('intent_invalid_state', `This PaymentIntent is ${intent.status}.`);
      }
      return reader.process(intent, process_config?.enable_customer_cancellation === 'true');
    },
    cancel_action(_params, id) {
      readerOf(id);
      return reader.cancelAction();
    },
    retrieve_reader(_params, id) {
      readerOf(id);
      return reader.show();
    },
    retrieve_location: () => createLocation(country),
    create_refund: (params) => refund(read(REFUND, params), { book, faults, now }),
    retrieve_refund(_params, id) {
      const found = book.find('refund', id);
      if (found === undefined) throw missing(id);
      return found;
    },
    list_refunds(params) {
      const list = read(LIST, params);
      const wanted = book
        .all('refund')
        .filter((each) => list.payment_intent === undefined || each.payment_intent === list.payment_intent);
      return pageOf(wanted, list, '/v1/refunds');
    },
    list_balance_transactions: (params) =>
      pageOf(book.all('balance_transaction'), read(LIST, params), '/v1/balance_transactions'),
  };

  const find = ({ method, path }: ApiRequest) => {
    for (const [wanted, pattern, endpoint] of ROUTES) {
      const match = method === wanted ? pattern.exec(path) : null;
      if (match !== null) return { endpoint, id: match[1] ?? '' };
    }
    return undefined;
  };
  return {
    endpointOf: (request) => find(request)?.endpoint,
    answer(request) {
      const found = find(request);
      if (found === undefined) throw missing(`${request.method} ${request.path}`);
      return handlers[found.endpoint](request.params, found.id);
    },
  };
}

const ROUTES: readonly [method: string, path: RegExp, Endpoint | 'list_balance_transactions'][] = [
  ['POST', /^\/v1\/payment_intents$/, 'create_intent'],
  ['GET', /^\/v1\/payment_intents$/, 'list_intents'],
  ['GET', /^\/v1\/payment_intents\/(\w+)$/, 'retrieve_intent'],
  ['POST', /^\/v1\/payment_intents\/(\w+)\/cancel$/, 'cancel_intent'],
  ['POST', /^\/v1\/terminal\/readers\/(\w+)\/process_payment_intent$/, 'process'],
  ['POST', /^\/v1\/terminal\/readers\/(\w+)\/cancel_action$/, 'cancel_action'],
  ['GET', /^\/v1\/terminal\/readers\/(\w+)$/, 'retrieve_reader'],
  ['GET', /^\/v1\/terminal\/locations\/(\w+)$/, 'retrieve_location'],
  ['POST', /^\/v1\/refunds$/, 'create_refund'],
  ['GET', /^\/v1\/refunds$/, 'list_refunds'],
  ['GET', /^\/v1\/refunds\/(\w+)$/, 'retrieve_refund'],
  ['GET', /^\/v1\/balance_transactions$/, 'list_balance_transactions'],
];

/** Newest first, from behind `starting_after`. */
function pageOf<T extends { id: string; created: number }>(
  all: readonly T[],
  { limit, starting_after: after, created }: List,
  url: string,
  show: (each: T) => unknown = (each) => each,
): object {
  const { gte = 0, gt = -1, lte = Infinity, lt = Infinity } = created ?? {};
  const wanted = all.filter(({ created: at }) => at >= gte && at > gt && at <= lte && at < lt);
  const from = after === undefined ? 0 : wanted.findIndex(({ id }) => id === after) + 1;
  const page = wanted.slice(from, from + limit);
  return { object: 'list', url, has_more: wanted.length > from + limit, data: page.map(show) };
}

/** Card-present refunds go back to the card without it. @throws Problem */
function refund(
  order: z.infer<typeof REFUND>,
  { book, faults, now }: { book: Book; faults: Faults; now: () => Date },
): Stripe.Refund {
  const intent = book.find('payment_intent', order.payment_intent);
  if (intent === undefined) throw missing(order.payment_intent);
  const charge =
    typeof intent.latest_charge === 'string' ? book.find('charge', intent.latest_charge) : undefined;
  if (charge === undefined) throw invalid('charge_not_found', 'This PaymentIntent has no successful charge.');
  const left = charge.amount - charge.amount_refunded;
  const amount = order.amount ?? left;
  if (left === 0) throw invalid('charge_already_refunded', `Charge ${charge.id} has already been refunded.`);
  if (amount > left)
    throw invalid('amount_too_large', 'Refund amount is greater than what is left.', 'amount');
  const fails = faults.onReader('refund_fails');
  const isPending = !fails && faults.onReader('refund_pending');
  const made = createRefund(
    charge,
    { amount, status: isPending ? 'pending' : 'succeeded', metadata: order.metadata },
    now(),
  );
  book.put(createBalanceTransaction(made, now()));
  const refunded = charge.amount_refunded + amount;
  book.put({ ...charge, amount_refunded: refunded, refunded: refunded === charge.amount });
  book.put(made);
  // It looks done at first; the bank sends it back later.
  if (fails) setImmediate(() => failRefund(book, made, charge));
  return made;
}

function failRefund(book: Book, made: Stripe.Refund, charge: Stripe.Charge): void {
  book.put({ ...made, status: 'failed', failure_reason: 'expired_or_canceled_card' });
  book.put(charge);
}
