/**
 * Brings a pressed sale to the service, once. Silence is never taken for a "no": the same id with the same body
 * is sent again, which the service answers with the same payment.
 */
import type { SaleRequest } from '../../payments/checks.ts';
import type { PaymentView } from '../../payments/view.ts';
import { Unreachable, type Answer, type Refusal } from '../shared/api.ts';
import type { PendingSale } from './sale.ts';

export interface DeliveryPorts {
  send: (request: SaleRequest) => Promise<Answer<PaymentView>>;
  find: (id: string) => Promise<Answer<PaymentView>>;
  wait: (ms: number) => Promise<void>;
  now: () => number;
  /** Called at the first attempt without an answer, and at each one after. */
  onTrouble: () => void;
  signal: AbortSignal;
}

export type Delivery =
  | { kind: 'recorded'; payment: PaymentView }
  /** The service has recorded nothing. */
  | { kind: 'refused'; refusal: Refusal }
  /** The service is back and does not know the id; too late to start a sale that nobody expects any more. */
  | { kind: 'not_arrived' }
  | { kind: 'stopped' };

/**
 * As long as the resident stands there a request is sent again. After that it is only asked for: a terminal that
 * lights up minutes later would charge somebody else.
 */
export const RESEND_FOR_MS = 60_000;
const PAUSES_MS = [500, 1_000, 2_000, 3_000, 5_000] as const;

/** Until the service has answered for this sale, or the signal aborts. Never sends it under another id. */
export async function deliver(pending: PendingSale, ports: DeliveryPorts): Promise<Delivery> {
  for (let attempt = 0; !ports.signal.aborted; attempt += 1) {
    const delivery = await tryOnce(pending, ports);
    if (delivery !== undefined) return delivery;
    ports.onTrouble();
    await ports.wait(PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)] ?? 0);
  }
  return { kind: 'stopped' };
}

/**
 * Answered before anybody has looked whether the payment is known: an earlier attempt, perhaps by another clerk, may
 * well have been recorded.
 */
const SAYS_NOTHING: ReadonlySet<Refusal['code']> = new Set([
  'not_signed_in',
  // A tablet whose pairing was ended after it had pressed.
  'not_paired',
  'role_missing',
  'not_your_window',
  'forbidden',
  'internal',
]);

/** Undefined: no answer yet; nothing can be said about the money. */
async function tryOnce(pending: PendingSale, ports: DeliveryPorts): Promise<Delivery | undefined> {
  const resend = ports.now() - Date.parse(pending.pressedAt) < RESEND_FOR_MS;
  let answer: Answer<PaymentView>;
  try {
    answer = resend ? await ports.send(pending.request) : await ports.find(pending.request.id);
  } catch (error) {
    if (error instanceof Unreachable) return undefined;
    throw error;
  }
  if (answer.ok) return { kind: 'recorded', payment: answer.value };
  const { code } = answer.refusal;
  if (SAYS_NOTHING.has(code)) return undefined;
  if (!resend && code === 'not_found') return { kind: 'not_arrived' };
  return resend ? { kind: 'refused', refusal: answer.refusal } : undefined;
}
