/** One sale: a PaymentIntent, its name on record, the reader told, and then watched until both say the same. */
import type Stripe from 'stripe';
import {
  TerminalError,
  type Commit,
  type Ending,
  type KeepReference,
  type OnProgress,
  type Progress,
  type Sale,
} from '../../src/terminal/terminal.ts';
import { approvalOf, chargeOf, refusalOf } from './answers.ts';
import { brokenOff, ServiceProblem } from './client.ts';
import { declineCode, OWN, refusalCode, verdictOf } from './codes.ts';
import { keyOf, OPERATION, pause, type Session } from './session.ts';
import { stop, watch, type Sight } from './watching.ts';

interface Handlers {
  commit: Commit;
  onProgress: OnProgress;
  keepReference: KeepReference | undefined;
}

/**
 * Holds the sale to its end. @throws TerminalError that says whether money may have moved; what `commit` and
 * `keepReference` threw
 */
export async function sell(
  session: Session,
  sale: Sale,
  { commit, onProgress, keepReference }: Handlers,
): Promise<Ending> {
  const intent = await prepare(session, sale);
  if ('kind' in intent) return intent;
  // From here on a crash finds the payment by its name, whatever came of it.
  await keepReference?.(intent.id);
  onProgress({ step: 'sent', hint: null });
  const refusal = await tellReader(session, sale, intent.id, onProgress);
  return follow(session, intent.id, refusal, { commit, onProgress });
}

/** Makes the PaymentIntent, which by itself takes nothing from anybody. @throws TerminalError that moved nothing */
async function prepare(
  { client, timing }: Session,
  { operationId, amountYen }: Sale,
): Promise<Stripe.PaymentIntent | Extract<Ending, { kind: 'not_sent' }>> {
  const { stripe, call } = client;
  try {
    const intent = await call('payment_intent', () =>
      stripe.paymentIntents.create(
        {
          amount: amountYen,
          currency: 'jpy',
          allowed_payment_method_types: ['card_present'],
          capture_method: 'automatic',
          metadata: { [OPERATION]: operationId },
        },
        { idempotencyKey: keyOf(operationId, 'create'), timeout: timing.requestMs },
      ),
    );
    // What an account may not use is left out without a word; and what is not what was asked for is not used.
    const isOurs =
      intent.payment_method_types.includes('card_present') &&
      intent.amount === amountYen &&
      intent.currency === 'jpy' &&
      intent.status === 'requires_payment_method';
    return isOurs ? intent : { kind: 'not_sent', reason: 'the account takes no cards at readers' };
  } catch (error) {
    const isRefused = error instanceof ServiceProblem && !error.isPassing && error.code !== 'closed';
    if (isRefused) return { kind: 'not_sent', reason: error.message };
    throw brokenOff(error, false);
  }
}

/** Undefined: the reader has the order, or may have it. Else why Stripe says that it has not. */
async function tellReader(
  { client, readerId }: Session,
  { operationId }: Sale,
  intentId: string,
  onProgress: OnProgress,
): Promise<string | undefined> {
  const { stripe, call } = client;
  try {
    await call('terminal.reader', () =>
      stripe.terminal.readers.processPaymentIntent(
        readerId,
        {
          payment_intent: intentId,
          process_config: { enable_customer_cancellation: true, skip_tipping: true },
        },
        { idempotencyKey: keyOf(operationId, 'process') },
      ),
    );
    onProgress({ step: 'present_card', hint: null });
    return undefined;
  } catch (error) {
    if (!(error instanceof ServiceProblem) || error.code === 'closed') throw brokenOff(error, true);
    return error.isPassing ? undefined : error.code;
  }
}

type Reason = Pick<Extract<Ending, { kind: 'aborted' }>, 'verdict' | 'resultCode'>;

const because = (resultCode: string): Reason => ({ verdict: verdictOf(resultCode), resultCode });

/** Why nothing is to be taken, as far as this look says it. */
function reasonSeen({ meaning, action, intent }: Sight, refusal: string | undefined): Reason | undefined {
  if (meaning === 'declined') return because(declineCode(intent.last_payment_error?.decline_code));
  if (action === 'customer_canceled' && meaning === 'cancelled') return because(action);
  // Nobody works on it, and Stripe said why: the reader was not told.
  if (meaning === 'idle' && refusal !== undefined) return because(refusalCode(refusal));
  return undefined;
}

/** What only time or people say against a payment that nobody has decided. */
function reasonToStop(
  { wish, timing }: Session,
  { meaning, action }: Sight,
  waited: { totalMs: number; doubtMs: number },
): Reason | undefined {
  if (meaning === 'waiting') {
    if (wish.signal.aborted) return because(OWN.stopped);
    if (waited.totalMs > timing.cardMs) return because(OWN.noCard);
  }
  if (waited.doubtMs > timing.doubtMs) {
    return because(action === 'connection_error' ? action : OWN.noResult);
  }
  return undefined;
}

const STEPS: Readonly<Partial<Record<Sight['meaning'], Progress['step']>>> = {
  waiting: 'present_card',
  working: 'waiting_for_host',
};

/**
 * Watches until the money was taken, or the payment can't be charged any more, which cancelling it makes certain. No
 * "no" of the reader's is enough by itself, and no time that has passed.
 * @throws TerminalError where neither comes about in time: a query finds out later
 */
async function follow(
  session: Session,
  intentId: string,
  refusal: string | undefined,
  { commit, onProgress }: Pick<Handlers, 'commit' | 'onProgress'>,
): Promise<Ending> {
  const { timing, readerId } = session;
  const began = performance.now();
  let sureAt = began;
  let stopAgainAt = 0;
  let reason: Reason | undefined;
  let shown: string | undefined;
  for (;;) {
    const sight = await watch(session, intentId);
    const { meaning, intent } = sight;
    const charge = chargeOf(intent);
    if (meaning === 'paid' && charge !== undefined) {
      await commit(approvalOf(intent, charge));
      return { kind: 'completed' };
    }
    const now = performance.now();
    if (meaning !== 'unknown' && meaning !== 'idle') sureAt = now;
    reason = reasonSeen(sight, refusal) ?? reason;
    if (intent.status === 'canceled') {
      const why = reason ?? because(OWN.canceled);
      await commit(refusalOf(intent, readerId, why));
      return { kind: 'aborted', ...why };
    }
    reason ??= reasonToStop(session, sight, { totalMs: now - began, doubtMs: now - sureAt });
    const step = STEPS[meaning];
    if (step !== undefined && step !== shown) onProgress({ step, hint: null });
    shown = step ?? shown;
    // Before any attempt to stop: one that takes longer than the pause between two would keep this from being asked.
    if (now - began > timing.cardMs + timing.authorisingMs) {
      throw new TerminalError(`payment ${intentId} stays ${intent.status}`, true);
    }
    if (reason !== undefined && now >= stopAgainAt) {
      stopAgainAt = now + timing.stopAgainMs;
      await stop(session, sight).catch((error: unknown) => {
        throw brokenOff(error, true);
      });
      continue;
    }
    await pause(session, timing.pollMs);
  }
}
