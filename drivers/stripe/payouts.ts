/**
 * What Stripe has paid out, each payout with its balance transactions (docs.stripe.com/payouts/reconciliation): asked for
 * with a restricted key that reads payouts, balance transactions, charges and refunds. It moves nothing.
 */
import type Stripe from 'stripe';
import { TerminalError } from '../../src/terminal/terminal.ts';
import type { FailedPayout, FetchedFile, StatementSource } from '../../src/terminal/statements.ts';
import { ask, createClient, type Client } from './client.ts';
import { TIMING } from './timing.ts';

/** The SDK pages through no more; a payout of one city has far less. */
const MOST = 10_000;

export const payouts: StatementSource = {
  nameJa: 'Stripe の入金',
  format: 'payouts-api',
  async fetch(service, { since, isKnown }, take) {
    const client = await createClient(service, TIMING.requestMs);
    try {
      return await ask(() => fetchAll(client, since, isKnown, take));
    } finally {
      client.close();
    }
  },
};

async function fetchAll(
  client: Client,
  since: Date,
  isKnown: (name: string) => boolean,
  take: (file: FetchedFile) => Promise<void>,
): ReturnType<StatementSource['fetch']> {
  const arrival_date = { gte: Math.floor(since.getTime() / 1_000) };
  const found = await whole(client, () => client.stripe.payouts.list({ arrival_date, limit: 100 }));
  const notes: string[] = [];
  const failed: FailedPayout[] = [];
  for (const payout of found.toReversed()) {
    const name = `${payout.id}.json`;
    const why = whyNot(payout);
    // One that was paid and taken can still come back: so it is told whether its statement is known or not.
    if (didFail(payout)) failed.push(failureOf(payout));
    if (isKnown(name)) continue;
    if (why === null) await take({ name, bytes: await fileOf(client, payout) });
    else notes.push(`${payout.id}：${why}`);
  }
  return { notes, failed };
}

const didFail = ({ currency, status }: Stripe.Payout): boolean =>
  currency === 'jpy' && (status === 'failed' || status === 'canceled');

/** Arrival dates are midnights in UTC (docs.stripe.com/api/payouts/object). */
const failureOf = ({ id, amount, arrival_date, status, failure_code }: Stripe.Payout): FailedPayout => ({
  ...{ id, yen: amount, due: new Date(arrival_date * 1_000).toISOString().slice(0, 10) },
  ...{ isCanceled: status === 'canceled', reason: failure_code ?? '' },
});

/** Why a payout has no statement, or not yet; null: it has one. */
function whyNot({ automatic, currency, status, reconciliation_status: ready }: Stripe.Payout): string | null {
  if (currency !== 'jpy') return '円の入金ではありません。取り込みません。';
  if (status === 'failed' || status === 'canceled')
    return '入金が取り消されたか、口座に届きませんでした。要対応の案件にしてあります。';
  // Stripe itself can't say what a manual or instant payout is made of.
  if (!automatic || ready === 'not_applicable')
    return '手動の入金には内訳がありません。自動の入金にしてください。';
  return ready === 'completed' ? null : '内訳がまだそろっていません。次の夜にまた確かめます。';
}

/** @throws TerminalError where the list goes on beyond what is read: half of it would be told as the whole */
async function whole<T>(client: Client, request: () => Stripe.ApiListPromise<T>): Promise<T[]> {
  const found = await client.callForAll(request, MOST);
  if (found.length >= MOST) throw new TerminalError(`more than ${MOST} rows in one list`, false);
  return found;
}

/** Only what does not change any more once the payout is reconciled, in an order of its own. */
async function fileOf(
  client: Client,
  { id, amount, currency, arrival_date }: Stripe.Payout,
): Promise<Uint8Array> {
  const members = await whole(client, () =>
    client.stripe.balanceTransactions.list({ payout: id, limit: 100, expand: ['data.source'] }),
  );
  const rows = members
    .map((each) => ({
      ...{ id: each.id, amount: each.amount, fee: each.fee, net: each.net, created: each.created },
      ...{ reporting_category: each.reporting_category, source: sourceOf(each) },
    }))
    .toSorted((a, b) => a.created - b.created || (a.id < b.id ? -1 : 1));
  return Buffer.from(
    JSON.stringify({ payout: { id, amount, currency, arrival_date }, balance_transactions: rows }),
  );
}

function sourceOf({ source }: Stripe.BalanceTransaction): { id?: string; payment_intent?: string } {
  if (source === null) return {};
  if (typeof source === 'string') return { id: source };
  const intent = 'payment_intent' in source ? source.payment_intent : null;
  const payment = typeof intent === 'string' ? intent : intent?.id;
  return { id: source.id, ...(payment === undefined ? {} : { payment_intent: payment }) };
}
