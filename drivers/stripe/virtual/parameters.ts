/** What requests may say, in Stripe's own parameter names; a name that it does not know is an error there too. */
import { z } from 'zod';
import { invalid } from './problem.ts';

/** Parameters of a form are text. */
const flag = z.enum(['true', 'false']);
const yen = z.coerce.number().int().min(1).max(99_999_999);
const metadata = z.record(z.string().max(40), z.string().max(500)).default({});
const expand = z.array(z.string()).default([]);

export const CREATE_INTENT = z.strictObject({
  amount: yen,
  currency: z.string(),
  allowed_payment_method_types: z.array(z.string()).min(1),
  capture_method: z.enum(['automatic', 'automatic_async', 'manual']).optional(),
  description: z.string().max(1_000).optional(),
  metadata,
  expand,
});
export const PROCESS = z.strictObject({
  payment_intent: z.string(),
  process_config: z
    .strictObject({
      allow_redisplay: z.enum(['always', 'limited', 'unspecified']).optional(),
      enable_customer_cancellation: flag.optional(),
      skip_tipping: flag.optional(),
    })
    .optional(),
  expand,
});
export const REFUND = z.strictObject({
  payment_intent: z.string(),
  amount: yen.optional(),
  reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
  metadata,
  expand,
});
export const CANCEL_INTENT = z.strictObject({
  cancellation_reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned']).optional(),
  expand,
});
export const RETRIEVE = z.strictObject({ expand });

const second = z.coerce.number().int();
const span = z
  .strictObject({
    gte: second.default(0),
    gt: second.default(-1),
    lte: second.default(Infinity),
    lt: second.default(Infinity),
  })
  .prefault({});
export const LIST = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(10),
  starting_after: z.string().optional(),
  created: span,
  arrival_date: span,
  payment_intent: z.string().optional(),
  payout: z.string().optional(),
  expand,
});
type List = z.infer<typeof LIST>;

/** Gone with the API version of 2026 that the installed SDK speaks. */
const NO_LONGER = { payment_method_types: 'payment_method_types_no_longer_supported' } as const;

/** @throws Problem as Stripe says it: the first fault, by its parameter */
export function read<T>(schema: z.ZodType<T>, params: unknown): T {
  const { success, data, error } = schema.safeParse(params);
  if (success) return data;
  const [issue] = error.issues;
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const param = [...(issue?.path ?? []).map(String), ...(unknown === undefined ? [] : [unknown])].join('.');
  if (param in NO_LONGER) {
    throw invalid(NO_LONGER[param as keyof typeof NO_LONGER], `${param} is no longer supported.`, param);
  }
  if (unknown !== undefined)
    throw invalid('parameter_unknown', `Received unknown parameter: ${param}`, param);
  throw invalid('parameter_invalid', issue?.message ?? 'invalid', param);
}

/** Newest first, from behind `starting_after`. */
export function pageOf<T extends { id: string; created?: number }>(
  all: readonly T[],
  { limit, starting_after: after, created }: List,
  url: string,
  show: (each: T) => unknown = (each) => each,
): object {
  const { gte, gt, lte, lt } = created;
  const wanted = all.filter(({ created: at = 0 }) => at >= gte && at > gt && at <= lte && at < lt);
  const from = after === undefined ? 0 : wanted.findIndex(({ id }) => id === after) + 1;
  const page = wanted.slice(from, from + limit);
  return { object: 'list', url, has_more: wanted.length > from + limit, data: page.map(show) };
}
