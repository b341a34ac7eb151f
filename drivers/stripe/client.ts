/**
 * Stripe's own SDK, on a short lead: it speaks to the configured host and nobody else, through no proxy, without
 * telemetry, and what it throws is told in our own words, because its errors carry headers and bodies along.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type Stripe from 'stripe';
import type { Service } from '../../src/terminal/driver.ts';
import { TerminalError } from '../../src/terminal/terminal.ts';

/** What Stripe or the way to it had against a request. Never leaves the driver. */
export class ServiceProblem extends Error {
  override readonly name = 'ServiceProblem';
  /** Stripe's code, or one of ours for what has none. */
  readonly code: string;
  /** The same request may well be answered later; whether this one was carried out is not known. */
  readonly isPassing: boolean;
  constructor(code: string, isPassing: boolean, requestId: string | undefined) {
    super(`Stripe: ${code}${requestId === undefined ? '' : ` (${requestId})`}`);
    this.code = code;
    this.isPassing = isPassing;
  }
}

export interface Client {
  stripe: Stripe;
  /**
   * Sends a request, if the connection is still open.
   * @param kind what has to come back: the SDK takes any JSON for it
   * @throws ServiceProblem
   */
  call: <T extends { object: string }>(kind: T['object'], request: () => Promise<T>) => Promise<T>;
  /** As `call`, for a list with all its pages, up to `most` of it. @throws ServiceProblem */
  callForAll: <T>(request: () => Stripe.ApiListPromise<T>, most: number) => Promise<T[]>;
  readonly gone: AbortSignal;
  close: () => void;
}

/** A look that is repeated anyway is not repeated by the SDK as well. */
export const ONCE = { maxNetworkRetries: 0 } as const;

/** How often the SDK repeats a request by itself, with the same idempotency key. */
const REPEATS = 2;

/** Nothing is sent yet. @param requestMs how long one request may take, each of the SDK's repeats anew */
export async function createClient({ url, secret }: Service, requestMs: number): Promise<Client> {
  // Large, and loaded where a service is really spoken to: most counters have none.
  const { default: Sdk } = await import('stripe');
  const isSecure = url.protocol === 'https:';
  // An agent of our own asks no environment for a proxy.
  const agent = isSecure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  const gone = new AbortController();
  const node = Sdk.createNodeHttpClient(agent);
  const [host, port] = [url.hostname.replace(/^\[|\]$/g, ''), url.port || (isSecure ? '443' : '80')];
  const stripe = new Sdk(secret, {
    apiVersion: '2026-10-28.endive',
    host,
    port,
    protocol: isSecure ? 'https' : 'http',
    timeout: requestMs,
    maxNetworkRetries: REPEATS,
    telemetry: false,
    httpClient: {
      getClientName: () => node.getClientName(),
      makeRequest: (toHost, toPort, ...request) =>
        // The SDK repeats what failed; once this connection is closed nothing leaves any more.
        gone.signal.aborted || toHost !== host
          ? Promise.reject(new Error('not sent'))
          : node.makeRequest(toHost, toPort, ...request),
    },
  });
  const left = new Promise<never>((_, reject) => {
    gone.signal.addEventListener('abort', () => reject(new ServiceProblem('closed', false, undefined)));
  });
  left.catch(() => undefined);
  const send = async <T>(request: () => Promise<T>): Promise<T> => {
    if (gone.signal.aborted) throw new ServiceProblem('closed', false, undefined);
    try {
      return await Promise.race([request(), left]);
    } catch (error) {
      throw problemOf(error, Sdk.errors);
    }
  };
  return {
    stripe,
    gone: gone.signal,
    async call(kind, request) {
      const said = await send(request);
      if (said.object === kind) return said;
      throw new ServiceProblem(UNREADABLE, true, undefined);
    },
    callForAll: (request, most) => send(() => request().autoPagingToArray({ limit: most })),
    close() {
      gone.abort();
      agent.destroy();
    },
  };
}

/** Only what Stripe documents as a code gets out; its messages may quote what was sent. */
const CODE = /^[a-z][a-z0-9_]{0,79}$/;

/** What came is not an answer of Stripe's. */
const UNREADABLE = 'unreadable_answer';

function problemOf(error: unknown, errors: typeof Stripe.errors): ServiceProblem {
  if (error instanceof ServiceProblem) return error;
  if (!(error instanceof errors.StripeError)) return new ServiceProblem(UNREADABLE, true, undefined);
  const { code = '', requestId, statusCode } = error;
  const named = CODE.test(code) ? code : undefined;
  const number = /^req_\w{1,40}$/.test(requestId ?? '') ? requestId : undefined;
  if (error instanceof errors.StripeConnectionError) return new ServiceProblem('no_connection', true, number);
  if (error instanceof errors.StripeAuthenticationError || error instanceof errors.StripePermissionError) {
    return new ServiceProblem(named ?? 'key_not_accepted', false, number);
  }
  if (error instanceof errors.StripeRateLimitError)
    return new ServiceProblem(named ?? 'rate_limit', true, number);
  if (error instanceof errors.StripeInvalidRequestError) {
    return new ServiceProblem(named ?? 'invalid_request', false, number);
  }
  if (error instanceof errors.StripeIdempotencyError) {
    // 409: the same key is being worked on. 400: it was used for something else, which is a fault of ours.
    return new ServiceProblem(named ?? 'idempotency_error', statusCode === 409, number);
  }
  return new ServiceProblem(named ?? 'api_error', true, number);
}

/** A problem as the rest of the house knows it; anything else is a bug and stays one. */
export function brokenOff(error: unknown, moneyMayHaveMoved: boolean): unknown {
  return error instanceof ServiceProblem ? new TerminalError(error.message, moneyMayHaveMoved) : error;
}

/** A question: it moves nothing, and whatever goes wrong with it has moved nothing. @throws TerminalError */
export async function ask<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    throw brokenOff(error, false);
  }
}
