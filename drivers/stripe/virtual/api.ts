/**
 * The part of Stripe's API that a server-driven register needs (docs.stripe.com/api, version 2026-10-28.endive): payment
 * intents, the reader, refunds, and what reconciliation reads. Requests in, objects out; api-server.ts speaks HTTP.
 */
import type Stripe from 'stripe';
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
import { CANCEL_INTENT, CREATE_INTENT, LIST, pageOf, PROCESS, read, REFUND, RETRIEVE } from './parameters.ts';
import { transactionsOf } from './payouts.ts';
import { invalid, missing } from './problem.ts';
import type { Reader } from './reader.ts';

export interface ApiRequest {
  method: string;
  path: string;
  params: unknown;
}

export interface Api {
  /** Which endpoint it is; undefined: there is none. */
  endpointOf(request: ApiRequest): Endpoint | undefined;
  /** @throws Problem */
  answer(request: ApiRequest): unknown;
}

interface World {
  book: Book;
  reader: Reader;
  faults: Faults;
  /** Where the reader stands: it takes that country's money. */
  country: string;
  now: () => Date;
}

/** Stripe takes no charge below this in JPY. */
const MINIMUM_YEN = 50;
const CANCELLABLE = [
  'requires_payment_method',
  'requires_confirmation',
  'requires_action',
  'requires_capture',
];

type Handler = (world: World, params: unknown, id: string) => unknown;

const ENDPOINTS: Readonly<Record<Endpoint, readonly [method: string, path: RegExp, handler: Handler]>> = {
  create_intent: ['POST', /^\/v1\/payment_intents$/, makeIntent],
  list_intents: [
    'GET',
    /^\/v1\/payment_intents$/,
    ({ book }, params) => {
      const list = read(LIST, params);
      const show = (each: Stripe.PaymentIntent) => expandIntent(book, each, list.expand);
      return pageOf(book.all('payment_intent'), list, '/v1/payment_intents', show);
    },
  ],
  retrieve_intent: [
    'GET',
    /^\/v1\/payment_intents\/(\w+)$/,
    ({ book }, params, id) => expandIntent(book, intentOf(book, id), read(RETRIEVE, params).expand),
  ],
  cancel_intent: ['POST', /^\/v1\/payment_intents\/(\w+)\/cancel$/, cancelIntent],
  process: ['POST', /^\/v1\/terminal\/readers\/(\w+)\/process_payment_intent$/, processIntent],
  cancel_action: [
    'POST',
    /^\/v1\/terminal\/readers\/(\w+)\/cancel_action$/,
    ({ reader }, _params, id) => {
      checkReader(id);
      return reader.cancelAction();
    },
  ],
  list_readers: [
    'GET',
    /^\/v1\/terminal\/readers$/,
    ({ reader }, params) => pageOf([reader.show()], read(LIST, params), '/v1/terminal/readers'),
  ],
  retrieve_reader: [
    'GET',
    /^\/v1\/terminal\/readers\/(\w+)$/,
    ({ reader }, _params, id) => {
      checkReader(id);
      return reader.show();
    },
  ],
  retrieve_location: ['GET', /^\/v1\/terminal\/locations\/(\w+)$/, ({ country }) => createLocation(country)],
  create_refund: ['POST', /^\/v1\/refunds$/, giveBack],
  list_refunds: [
    'GET',
    /^\/v1\/refunds$/,
    ({ book }, params) => {
      const list = read(LIST, params);
      const isWanted = (each: Stripe.Refund) =>
        list.payment_intent === undefined || each.payment_intent === list.payment_intent;
      const show = (each: Stripe.Refund) => expandRefund(book, each, list.expand);
      return pageOf(book.all('refund').filter(isWanted), list, '/v1/refunds', show);
    },
  ],
  retrieve_refund: [
    'GET',
    /^\/v1\/refunds\/(\w+)$/,
    ({ book }, params, id) => {
      const found = book.find('refund', id);
      if (found === undefined) throw missing(id);
      return expandRefund(book, found, read(RETRIEVE, params).expand);
    },
  ],
  list_balance_transactions: [
    'GET',
    /^\/v1\/balance_transactions$/,
    ({ book }, params) => {
      const list = read(LIST, params);
      const show = (each: Stripe.BalanceTransaction) => expandSource(book, each, list.expand);
      return pageOf(transactionsOf(book, list.payout), list, '/v1/balance_transactions', show);
    },
  ],
  list_payouts: [
    'GET',
    /^\/v1\/payouts$/,
    ({ book }, params) => {
      const list = read(LIST, params);
      const { gte, gt, lte, lt } = list.arrival_date;
      const isWanted = ({ arrival_date: on }: Stripe.Payout) => on >= gte && on > gt && on <= lte && on < lt;
      return pageOf(book.all('payout').filter(isWanted), list, '/v1/payouts');
    },
  ],
};

/** The API over a book and a reader: what it moves is in the book before it has answered. */
export function createApi(world: World): Api {
  const find = ({ method, path }: ApiRequest) => {
    for (const [endpoint, [wanted, pattern, handler]] of Object.entries(ENDPOINTS)) {
      const match = method === wanted ? pattern.exec(path) : null;
      if (match !== null) return { endpoint: endpoint as Endpoint, handler, id: match[1] ?? '' };
    }
    return undefined;
  };
  return {
    endpointOf: (request) => find(request)?.endpoint,
    answer(request) {
      const found = find(request);
      if (found === undefined) throw missing(`${request.method} ${request.path}`);
      return found.handler(world, request.params, found.id);
    },
  };
}

function intentOf(book: Book, id: string): Stripe.PaymentIntent {
  const found = book.find('payment_intent', id);
  if (found === undefined) throw missing(id);
  return found;
}

function checkReader(id: string): void {
  if (id !== READER) throw missing(id);
}

const wants = (expand: readonly string[], field: string): boolean =>
  expand.some((path) => path.replace(/^data\./, '').startsWith(field));

function expandIntent(book: Book, intent: Stripe.PaymentIntent, expand: readonly string[]): unknown {
  if (!wants(expand, 'latest_charge') || typeof intent.latest_charge !== 'string') return intent;
  return { ...intent, latest_charge: book.find('charge', intent.latest_charge) };
}

function expandRefund(book: Book, refund: Stripe.Refund, expand: readonly string[]): unknown {
  if (!wants(expand, 'charge') || typeof refund.charge !== 'string') return refund;
  return { ...refund, charge: book.find('charge', refund.charge) };
}

function expandSource(book: Book, moved: Stripe.BalanceTransaction, expand: readonly string[]): unknown {
  const { source } = moved;
  if (!wants(expand, 'source') || typeof source !== 'string') return moved;
  const found = book.find('charge', source) ?? book.find('refund', source) ?? book.find('payout', source);
  return { ...moved, source: found ?? source };
}

function makeIntent({ book, reader, faults, now }: World, params: unknown): Stripe.PaymentIntent {
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
}

function cancelIntent({ book, now }: World, params: unknown, id: string): Stripe.PaymentIntent {
  const { cancellation_reason: reason = null } = read(CANCEL_INTENT, params);
  const intent = intentOf(book, id);
  if (!CANCELLABLE.includes(intent.status)) {
    throw invalid('payment_intent_unexpected_state', `This PaymentIntent is ${intent.status}.`);
  }
  const canceled = { status: 'canceled', canceled_at: seconds(now()), cancellation_reason: reason } as const;
  const cancelled = { ...intent, ...canceled };
  book.put(cancelled);
  return cancelled;
}

function processIntent({ book, reader }: World, params: unknown, id: string): Stripe.Terminal.Reader {
  checkReader(id);
  const { payment_intent, process_config } = read(PROCESS, params);
  const intent = intentOf(book, payment_intent);
  if (intent.status !== 'requires_payment_method') {
    throw invalid('intent_invalid_state', `This PaymentIntent is ${intent.status}.`);
  }
  return reader.process(intent, process_config?.enable_customer_cancellation === 'true');
}

/** Card-present refunds go back to the card without it. @throws Problem */
function giveBack({ book, faults, now }: World, params: unknown): Stripe.Refund {
  const order = read(REFUND, params);
  const intent = intentOf(book, order.payment_intent);
  const charge =
    typeof intent.latest_charge === 'string' ? book.find('charge', intent.latest_charge) : undefined;
  if (charge === undefined) throw invalid('charge_not_found', 'This PaymentIntent has no successful charge.');
  const left = charge.amount - charge.amount_refunded;
  const amount = order.amount ?? left;
  if (left === 0) throw invalid('charge_already_refunded', `Charge ${charge.id} has already been refunded.`);
  if (amount > left)
    throw invalid('amount_too_large', 'Refund amount is greater than what is left.', 'amount');
  const fails = faults.onReader('refund_fails');
  const status = !fails && faults.onReader('refund_pending') ? 'pending' : 'succeeded';
  const made = createRefund(charge, { amount, status, metadata: order.metadata }, now());
  book.put(createBalanceTransaction(made, now()));
  const refunded = charge.amount_refunded + amount;
  book.put({ ...charge, amount_refunded: refunded, refunded: refunded === charge.amount });
  book.put(made);
  // It looks done at first; the bank sends it back later.
  if (fails) setImmediate(() => failRefund(book, made, charge, now()));
  return made;
}

function failRefund(book: Book, made: Stripe.Refund, charge: Stripe.Charge, now: Date): void {
  book.put({ ...made, status: 'failed', failure_reason: 'expired_or_canceled_card' });
  book.put(charge);
  const back = createBalanceTransaction(made, now);
  const { amount, net } = back;
  book.put({
    ...back,
    amount: -amount,
    net: -net,
    type: 'refund_failure',
    reporting_category: 'refund_failure',
  });
}
