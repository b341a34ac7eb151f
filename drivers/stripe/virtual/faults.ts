/** What shall go wrong, each as often as planned; the cases are those of Stripe's own pages on errors. */
import { z } from 'zod';

/** The requests that a register makes. */
const ENDPOINTS = [
  'create_intent',
  'retrieve_intent',
  'list_intents',
  'cancel_intent',
  'process',
  'cancel_action',
  'list_readers',
  'retrieve_reader',
  'retrieve_location',
  'create_refund',
  'retrieve_refund',
  'list_refunds',
  'list_balance_transactions',
  'list_payouts',
] as const;
export type Endpoint = (typeof ENDPOINTS)[number];

/** At one request: before its effect, or after it, when the answer is on its way. */
const ON_REQUEST = [
  'error_before',
  'error_after',
  'cut_before',
  'cut_after',
  'stall_after',
  'rate_limit',
  'lock_timeout',
  'key_in_use',
  'not_json',
  /** The answer breaks off in the middle. */
  'half_body',
  /** Sends the register to another address. */
  'redirect',
] as const;

/** In what the reader does with the next payment. */
const ON_READER = [
  /** The reader got the command; Stripe says that it did not acknowledge. */
  'timeout_received',
  'timeout_lost',
  'offline',
  'busy',
  'hardware_fault',
  'wrong_location',
  /** Stripe says that the reader did not hear of the wish to stop; it did. */
  'cancel_timeout',
  'cancel_busy',
  /** The network of the reader went while it authorised: the action has failed, the payment has not. */
  'connection_error',
  /** The same, and the payment did not come about. */
  'connection_error_unpaid',
  /** The reader disconnected: its action stays in progress for ever, paid or not. */
  'stuck_paid',
  'stuck_unpaid',
  'filtered_methods',
  'strange_intent_status',
  'strange_action_status',
  'strange_failure_code',
  'refund_pending',
  'refund_fails',
] as const;

const times = z.int().min(1).max(1_000).default(1);
const faultSchema = z.discriminatedUnion('fault', [
  ...ON_REQUEST.map((fault) => z.strictObject({ fault: z.literal(fault), on: z.enum(ENDPOINTS), times })),
  ...ON_READER.map((fault) => z.strictObject({ fault: z.literal(fault), times })),
] as never) as z.ZodType<Fault>;
export const faultsSchema = z.strictObject({ faults: z.array(faultSchema).max(100) });

export type OnRequest = (typeof ON_REQUEST)[number];
export type OnReader = (typeof ON_READER)[number];
export type Fault = { times: number } & ({ fault: OnRequest; on: Endpoint } | { fault: OnReader });

export interface Faults {
  replace(faults: readonly Fault[]): void;
  /** Takes the planned fault of a request, if there is one. */
  onRequest(endpoint: Endpoint): OnRequest | undefined;
  /** Whether this shall happen now; counts it. */
  onReader(fault: OnReader): boolean;
  planned(): number;
}

export function createFaults(): Faults {
  let plan: Fault[] = [];
  const take = (isMeant: (fault: Fault) => boolean): Fault | undefined => {
    const found = plan.find(isMeant);
    if (found === undefined) return undefined;
    found.times -= 1;
    plan = plan.filter(({ times: left }) => left > 0);
    return found;
  };
  return {
    replace(faults) {
      plan = faults.map((fault) => ({ ...fault }));
    },
    onRequest(endpoint) {
      const taken = take((fault) => 'on' in fault && fault.on === endpoint);
      return taken !== undefined && 'on' in taken ? taken.fault : undefined;
    },
    onReader: (wanted) => take(({ fault }) => fault === wanted) !== undefined,
    planned: () => plan.reduce((sum, { times: left }) => sum + left, 0),
  };
}
