/**
 * The day's payments of this reader, added up from the API. Stripe has no 日計: nothing is closed or cleared, and the
 * period is the day in Asia/Tokyo, which ends by itself.
 */
import type Stripe from 'stripe';
import { TerminalError, type TerminalTotals } from '../../src/terminal/terminal.ts';
import { chargeOf, readerOf } from './answers.ts';
import { findBrand, TOTALS_GRAIN } from './brands.ts';
import type { Session } from './session.ts';

const DAY_MS = 86_400_000;
const JAPAN_MS = 9 * 3_600_000;
/** The SDK pages through no more; a day of one city's counters has far less. */
const MOST = 10_000;

/** @throws ServiceProblem; TerminalError where the day is too long a list to be added up truly */
export async function reportTotals({ client, readerId }: Session): Promise<TerminalTotals> {
  const { stripe, callForAll } = client;
  const sinceMs = Math.floor((Date.now() + JAPAN_MS) / DAY_MS) * DAY_MS - JAPAN_MS;
  const created = { gte: sinceMs / 1_000 };
  const intents = await callForAll(
    () => stripe.paymentIntents.list({ created, limit: 100, expand: ['data.latest_charge'] }),
    MOST,
  );
  const refunds = await callForAll(
    () => stripe.refunds.list({ created, limit: 100, expand: ['data.charge'] }),
    MOST,
  );
  if (intents.length === MOST || refunds.length === MOST) {
    throw new TerminalError(`more than ${MOST} payments today: no totals`, false);
  }
  const moved = [
    ...intents.filter(({ status }) => status === 'succeeded').map((intent) => movement(chargeOf(intent), 1)),
    ...refunds.filter(isGivenBack).map((refund) => movement(refundedCharge(refund), -1, refund.amount)),
  ].filter(({ reader }) => reader === readerId);
  const rows = TOTALS_GRAIN.buckets.map(({ code: bucket }) => {
    const own = moved.filter((each) => each.bucket === bucket);
    return {
      bucket,
      count: own.reduce((sum, { sign }) => sum + sign, 0),
      amountYen: own.reduce((sum, { sign, amountYen }) => sum + sign * amountYen, 0),
    };
  });
  const since = new Date(sinceMs).toISOString();
  const totalYen = rows.reduce((sum, { amountYen }) => sum + amountYen, 0);
  const raw = Buffer.from(JSON.stringify({ since, rows })).toString('hex');
  return { terminalId: readerId, since, rows, totalYen, raw };
}

/** Whatever has not failed has left the account. */
const isGivenBack = ({ status }: Stripe.Refund): boolean => status !== 'failed' && status !== 'canceled';

const refundedCharge = ({ charge }: Stripe.Refund): Stripe.Charge | undefined =>
  charge !== null && typeof charge === 'object' ? charge : undefined;

function movement(charge: Stripe.Charge | undefined, sign: 1 | -1, amountYen = charge?.amount ?? 0) {
  const card = charge?.payment_method_details?.card_present;
  const { method, brand } = findBrand(card?.brand ?? null, card?.funding ?? null);
  const bucket = TOTALS_GRAIN.bucketOf({ method: method ?? 'credit', brand });
  return { reader: readerOf(charge), bucket, sign, amountYen };
}
