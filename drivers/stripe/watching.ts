/** Looking at a payment and its reader, and stopping what can still be stopped. */
import type Stripe from 'stripe';
import { brokenOff, ONCE, ServiceProblem } from './client.ts';
import { chargeOf } from './answers.ts';
import { pause, type Session } from './session.ts';
import { actionStateOf, meaningOf, type ActionState, type Meaning } from './truth-table.ts';

export interface Sight {
  meaning: Meaning;
  action: ActionState;
  intent: Stripe.PaymentIntent;
}

/**
 * The reader is looked at first: what it says has happened by the time the payment is looked at. A payment without its
 * charge is not believed to be paid. @throws ServiceProblem
 */
export async function look({ client, readerId }: Session, intentId: string): Promise<Sight> {
  const { stripe, call } = client;
  const reader = await call('terminal.reader', () => stripe.terminal.readers.retrieve(readerId, {}, ONCE));
  const intent = await call('payment_intent', () =>
    stripe.paymentIntents.retrieve(intentId, { expand: ['latest_charge'] }, ONCE),
  );
  const action = actionStateOf('action' in reader ? reader.action : null, intentId);
  const meaning = meaningOf(intent.status, action);
  const isProven = meaning !== 'paid' || chargeOf(intent) !== undefined;
  return { meaning: isProven ? meaning : 'unknown', action, intent };
}

/** As `look`, with patience for a network that comes and goes. @throws TerminalError */
export async function watch(session: Session, intentId: string): Promise<Sight> {
  const { pollMs, longestPollMs, silenceMs } = session.timing;
  const since = performance.now();
  for (let pauseMs = pollMs; ; pauseMs = Math.min(pauseMs * 2, longestPollMs)) {
    try {
      return await look(session, intentId);
    } catch (error) {
      const isPassing = error instanceof ServiceProblem && error.isPassing;
      if (!isPassing || performance.now() - since > silenceMs) throw brokenOff(error, true);
    }
    await pause(session, pauseMs);
  }
}

/**
 * Takes the amount off the reader and makes the payment impossible, which is final. A reader that authorises refuses, and
 * so does a payment that was made: only the next look tells. Can move no money.
 * @throws ServiceProblem where the connection is closed or the key not accepted
 */
export async function stop({ client, readerId }: Session, { action, intent }: Sight): Promise<void> {
  const { stripe, call } = client;
  const attempt = async <T extends { object: string }>(
    kind: T['object'],
    request: () => Promise<T>,
  ): Promise<boolean> => {
    try {
      await call(kind, request);
      return true;
    } catch (error) {
      if (!(error instanceof ServiceProblem) || error.code === 'closed') throw error;
      return false;
    }
  };
  const isFree =
    action !== 'in_progress' ||
    (await attempt('terminal.reader', () => stripe.terminal.readers.cancelAction(readerId)));
  if (isFree) await attempt('payment_intent', () => stripe.paymentIntents.cancel(intent.id));
}
