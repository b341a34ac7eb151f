/** Paying out: what the account holds goes to the city's bank as one automatic payout, and is its content for ever. */
import type Stripe from 'stripe';
import type { Book } from './book.ts';
import { newId, seconds } from './objects.ts';

/** Which balance transactions a payout is made of; Stripe tells it only the other way round, by asking for them. */
export interface Members {
  id: string;
  object: 'members';
  transactions: string[];
}

const membersOf = (payout: string): string => `members ${payout}`;

/** Everything that was not paid out yet; undefined: there is nothing, or less than nothing. */
export function payOut(book: Book, now: Date): Stripe.Payout | undefined {
  const paid = new Set(book.all('members').flatMap(({ transactions }) => transactions));
  const due = book.all('balance_transaction').filter(({ id }) => !paid.has(id));
  const amount = due.reduce((sum, { net }) => sum + net, 0);
  if (amount <= 0) return undefined;
  const payout = createPayout(amount, now);
  const taken = createPayoutTransaction(payout, now);
  book.put(taken);
  book.put({
    ...{ id: membersOf(payout.id), object: 'members' },
    transactions: [...due.map(({ id }) => id), taken.id],
  });
  book.put(payout);
  return payout;
}

/** Newest first, as all lists are. */
export function transactionsOf(book: Book, payout: string | undefined): Stripe.BalanceTransaction[] {
  const all = book.all('balance_transaction');
  if (payout === undefined) return all;
  const members = new Set(book.find('members', membersOf(payout))?.transactions);
  return all.filter(({ id }) => members.has(id));
}

const DAY_SECONDS = 86_400;

function createPayout(amount: number, now: Date): Stripe.Payout {
  return {
    id: newId('po'),
    object: 'payout',
    amount,
    application_fee: null,
    application_fee_amount: null,
    arrival_date: Math.floor(seconds(now) / DAY_SECONDS) * DAY_SECONDS,
    automatic: true,
    balance_transaction: null,
    created: seconds(now),
    currency: 'jpy',
    description: 'STRIPE PAYOUT',
    destination: newId('ba'),
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: {},
    method: 'standard',
    original_payout: null,
    payout_method: null,
    reconciliation_status: 'completed',
    reversed_by: null,
    source_type: 'card',
    statement_descriptor: null,
    status: 'paid',
    trace_id: null,
    type: 'bank_account',
  } satisfies Stripe.Payout;
}

function createPayoutTransaction({ id, amount }: Stripe.Payout, now: Date): Stripe.BalanceTransaction {
  return {
    id: newId('txn'),
    object: 'balance_transaction',
    amount: -amount,
    available_on: seconds(now),
    balance_type: 'payments',
    created: seconds(now),
    currency: 'jpy',
    description: 'STRIPE PAYOUT',
    exchange_rate: null,
    fee: 0,
    fee_details: [],
    net: -amount,
    reporting_category: 'payout',
    source: id,
    status: 'available',
    type: 'payout',
  } satisfies Stripe.BalanceTransaction;
}
