/** Gives the whole of one payment back to the card that paid it, without the card and without the reader. */
import type Stripe from 'stripe';
import {
  TerminalError,
  type Commit,
  type Ending,
  type OnProgress,
  type Void,
} from '../../src/terminal/terminal.ts';
import { refundAnswer, refusalOf } from './answers.ts';
import { brokenOff, ServiceProblem } from './client.ts';
import { OWN } from './codes.ts';
import { refundOf } from './recovery.ts';
import { keyOf, OPERATION, pause, type Session } from './session.ts';

/**
 * Holds the refund to its end; asked again with the same operation, it is the same refund at Stripe. @throws
 * TerminalError if nobody knows whether there is one; what `commit` threw
 */
export async function giveBack(
  session: Session,
  { operationId, amountYen, of }: Void,
  commit: Commit,
  onProgress: OnProgress,
): Promise<Ending> {
  const intentId = of.traceNumber;
  if (intentId === null) return { kind: 'not_sent', reason: 'the payment has no number at Stripe' };
  if (of.amountYen !== amountYen) return { kind: 'not_sent', reason: 'a payment is given back as a whole' };
  onProgress({ step: 'sent', hint: null });
  const asked = await refundOnce(session, operationId, intentId, amountYen);
  if (typeof asked === 'string') {
    const refused = { verdict: 'declined', resultCode: asked } as const;
    await commit(refusalOf({ id: intentId, status: 'succeeded' }, session.readerId, refused));
    return { kind: 'aborted', ...refused };
  }
  onProgress({ step: 'waiting_for_host', hint: null });
  const refund = await settled(session, asked);
  if (refund.status === 'succeeded') {
    await commit(refundAnswer(refund, of, { verdict: 'approved', resultCode: 'succeeded' }));
    return { kind: 'completed' };
  }
  const failed = { verdict: 'declined', resultCode: OWN.refundFailed } as const;
  await commit(refundAnswer(refund, of, failed));
  return { kind: 'aborted', ...failed };
}

/** The refund, or Stripe's word for why there is none. @throws TerminalError: whether there is one is not known */
async function refundOnce(
  session: Session,
  operationId: string,
  intentId: string,
  amountYen: number,
): Promise<Stripe.Refund | string> {
  const { stripe, call } = session.client;
  try {
    return await call('refund', () =>
      stripe.refunds.create(
        {
          payment_intent: intentId,
          amount: amountYen,
          reason: 'requested_by_customer',
          metadata: { [OPERATION]: operationId },
        },
        { idempotencyKey: keyOf(operationId, 'refund') },
      ),
    );
  } catch (error) {
    if (!(error instanceof ServiceProblem) || error.isPassing) throw brokenOff(error, true);
    // The SDK repeats a request whose answer was lost, and a refusal of the repeat says nothing of the one before it.
    try {
      return (await refundOf(session, intentId, operationId)) ?? error.code;
    } catch (unseen) {
      throw brokenOff(unseen, true);
    }
  }
}

/** Waits for a refund that Stripe has taken on but not made yet. @throws TerminalError if it stays so */
async function settled(session: Session, refund: Stripe.Refund): Promise<Stripe.Refund> {
  const { client, timing } = session;
  const began = performance.now();
  for (let seen = refund; ;) {
    if (['succeeded', 'failed', 'canceled'].includes(seen.status ?? '')) return seen;
    if (performance.now() - began > timing.authorisingMs) {
      throw new TerminalError(`refund ${refund.id} stays ${seen.status ?? 'without a status'}`, true);
    }
    await pause(session, timing.pollMs);
    try {
      seen = await client.call('refund', () => client.stripe.refunds.retrieve(refund.id));
    } catch (error) {
      throw brokenOff(error, true);
    }
  }
}
