/**
 * What became of an operation: asked for by the name that is on record, else by the operation's id in the metadata, and
 * never by amount or time alone. A payment that could still be made is stopped first.
 */
import type Stripe from 'stripe';
import type { Finding, Inquiry, TerminalAnswer } from '../../src/terminal/terminal.ts';
import { approvalOf, chargeOf, refundAnswer } from './answers.ts';
import { ServiceProblem } from './client.ts';
import { OPERATION, type Session } from './session.ts';
import { look, stop, type Sight } from './watching.ts';

/** The SDK pages through no more. */
const MOST = 10_000;

const open = (reason: string): Finding => ({ kind: 'inconclusive', reason });

/** @throws ServiceProblem */
export function findTransaction(session: Session, inquiry: Inquiry): Promise<Finding> {
  const { kind = 'sale', of } = inquiry;
  if (kind === 'sale') return findSale(session, inquiry);
  return kind === 'void' && of?.traceNumber != null
    ? findRefund(session, inquiry, of, of.traceNumber)
    : Promise.resolve(open('nothing is known by which it could be found'));
}

async function findSale(session: Session, inquiry: Inquiry): Promise<Finding> {
  const intentId = inquiry.reference ?? (await findIntentId(session, inquiry));
  if (intentId === undefined) {
    // Its name is on record before the reader hears of a payment.
    return {
      kind: 'not_charged',
      reason: 'Stripe knows no payment of this operation; no reader was told of one',
    };
  }
  try {
    const sight = await look(session, intentId);
    const seen = tell(sight, inquiry);
    if (seen !== undefined) return seen;
    await stop(session, sight);
    const after = await look(session, intentId);
    return (
      tell(after, inquiry) ?? { kind: 'in_progress', reason: `payment ${intentId} is ${after.intent.status}` }
    );
  } catch (error) {
    const isMissing = error instanceof ServiceProblem && error.code === 'resource_missing';
    if (isMissing) return open(`this account of Stripe's knows no payment ${intentId}`);
    throw error;
  }
}

/** Undefined: nothing is decided, and it may be stopped. */
function tell({ meaning, intent }: Sight, { amountYen, operationId }: Inquiry): Finding | undefined {
  const { id, status, amount, metadata } = intent;
  if (amount !== amountYen) return open(`payment ${id} is of ${amount} yen, not of ${amountYen}`);
  if (metadata[OPERATION] !== operationId) return open(`payment ${id} is of another operation`);
  const charge = chargeOf(intent);
  if (meaning === 'paid' && charge !== undefined)
    return { kind: 'approved', answer: approvalOf(intent, charge) };
  if (status === 'canceled') return { kind: 'not_charged', reason: `payment ${id} is cancelled for good` };
  if (meaning === 'working') return { kind: 'in_progress', reason: `payment ${id} is being authorised` };
  return STOPPABLE.includes(status) ? undefined : open(`payment ${id} is ${status}`);
}

/** Once such a payment is cancelled nobody can make it any more; what is authorised already is not for us to drop. */
const STOPPABLE: readonly string[] = ['requires_payment_method', 'requires_confirmation', 'requires_action'];

/** @throws ServiceProblem */
async function findIntentId(
  { client, timing }: Session,
  { operationId, armedAt }: Inquiry,
): Promise<string | undefined> {
  const secondsFrom = (ms: number): number => Math.floor((Date.parse(armedAt) + ms) / 1_000);
  const created = { gte: secondsFrom(-timing.clockMs), lte: secondsFrom(timing.clockMs) };
  const intents = await client.callForAll(
    () => client.stripe.paymentIntents.list({ created, limit: 100 }),
    MOST,
  );
  return intents.find(({ metadata }) => metadata[OPERATION] === operationId)?.id;
}

/** The refund of an operation, among those of the payment; undefined: Stripe knows none. @throws ServiceProblem */
export async function refundOf(
  { client }: Session,
  intentId: string,
  operationId: string,
): Promise<Stripe.Refund | undefined> {
  const refunds = await client.callForAll(
    () => client.stripe.refunds.list({ payment_intent: intentId, limit: 100 }),
    MOST,
  );
  return refunds.find(({ metadata }) => metadata?.[OPERATION] === operationId);
}

async function findRefund(
  session: Session,
  { operationId, amountYen, armedAt }: Inquiry,
  of: TerminalAnswer,
  intentId: string,
): Promise<Finding> {
  const refund = await refundOf(session, intentId, operationId);
  if (refund === undefined) {
    const isLate = Date.now() - Date.parse(armedAt) > session.timing.lateMs;
    return isLate
      ? { kind: 'not_charged', reason: `payment ${intentId} was not given back by this operation` }
      : { kind: 'in_progress', reason: 'the request may still be on its way' };
  }
  return tellRefund(refund, amountYen, of);
}

/** A refund can fail weeks later, when the card's bank sends it back; then it was none. */
function tellRefund(refund: Stripe.Refund, amountYen: number, of: TerminalAnswer): Finding {
  const { id, status, amount } = refund;
  if (amount !== amountYen) return open(`refund ${id} is of ${amount} yen, not of ${amountYen}`);
  if (status === 'succeeded') {
    return {
      kind: 'approved',
      answer: refundAnswer(refund, of, { verdict: 'approved', resultCode: 'succeeded' }),
    };
  }
  return status === 'failed' || status === 'canceled'
    ? { kind: 'not_charged', reason: `refund ${id} has ${status}: the money was not given back` }
    : open(`refund ${id} is ${status ?? 'without a status'}`);
}
