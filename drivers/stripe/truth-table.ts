/**
 * What a PaymentIntent and the reader's action about it mean together. Both are needed: a reader that lost its network
 * says "failed" about a payment that came about, and a payment without a card looks the same whether a reader waits for
 * one or nobody does. Stripe's enumerations are open: a word that is not in here is `unknown`, never yes and never no.
 * Source: docs.stripe.com/terminal/payments/collect-card-payment, "server-driven".
 */
import type Stripe from 'stripe';

/**
 * `paid`: the money was taken, whatever the reader says. `declined`, `cancelled`: it was not. `waiting`: the reader waits
 * for a card. `working`: the card is being authorised. `idle`: no reader works on it. `unknown`: look again, take nothing.
 */
export type Meaning = 'paid' | 'declined' | 'cancelled' | 'waiting' | 'working' | 'idle' | 'unknown';

/** The reader's action, as far as it is about this payment; `none`: it is about nothing, or about another. */
export type ActionState =
  | 'none'
  | 'in_progress'
  | 'succeeded'
  | 'card_declined'
  | 'customer_canceled'
  | 'connection_error'
  | 'failed_otherwise'
  | 'strange';

type Row = Readonly<Record<ActionState, Meaning>>;

const DECIDED = (meaning: Meaning): Row => ({
  none: meaning,
  in_progress: meaning,
  succeeded: meaning,
  card_declined: meaning,
  customer_canceled: meaning,
  connection_error: meaning,
  failed_otherwise: meaning,
  strange: meaning,
});
const AUTHORISING: Row = { ...DECIDED('unknown'), in_progress: 'working' };

/** By `PaymentIntent.status`. */
const TABLE: Readonly<Record<string, Row>> = {
  // Where the reader's connection failed, the authorisation may still be on its way.
  requires_payment_method: {
    none: 'idle',
    in_progress: 'waiting',
    succeeded: 'unknown',
    card_declined: 'declined',
    customer_canceled: 'cancelled',
    connection_error: 'unknown',
    failed_otherwise: 'unknown',
    strange: 'unknown',
  },
  requires_confirmation: AUTHORISING,
  requires_action: AUTHORISING,
  processing: AUTHORISING,
  // Authorised and held, which nobody asks for here: captures are automatic.
  requires_capture: DECIDED('unknown'),
  // Final: such a payment can never be charged any more. Why it was cancelled, the action may tell.
  canceled: { ...DECIDED('cancelled'), card_declined: 'declined' },
  succeeded: DECIDED('paid'),
};

/** @param status `PaymentIntent.status`, as Stripe wrote it; a word that is not in the table is `unknown` */
export function meaningOf(status: string, action: ActionState): Meaning {
  return (Object.hasOwn(TABLE, status) ? TABLE[status] : undefined)?.[action] ?? 'unknown';
}

const FAILURES = ['card_declined', 'customer_canceled', 'connection_error'] as const;

/** @param intentId the payment that is asked about: the reader has one action, and it may be another's */
export function actionStateOf(
  action: Pick<Stripe.Terminal.Reader.Action, 'status' | 'failure_code' | 'process_payment_intent'> | null,
  intentId: string,
): ActionState {
  const about = action?.process_payment_intent?.payment_intent;
  if (action == null || (typeof about === 'string' ? about : about?.id) !== intentId) return 'none';
  switch (action.status) {
    case 'in_progress':
      return 'in_progress';
    case 'succeeded':
      return 'succeeded';
    case 'failed':
      return FAILURES.find((code) => code === action.failure_code) ?? 'failed_otherwise';
    default:
      return 'strange';
  }
}
