/** One connection: the client, the reader that it is about, and the wish to stop. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from './client.ts';
import type { Timing } from './timing.ts';

export interface Session {
  client: Client;
  readerId: string;
  timing: Timing;
  /** Of the running dialogue: somebody wishes to stop it. */
  wish: AbortController;
}

/** Waits, or less if the connection is closed, or somebody begins to wish to stop. */
export async function pause({ client, wish }: Session, ms: number): Promise<void> {
  const signal = wish.signal.aborted ? client.gone : AbortSignal.any([client.gone, wish.signal]);
  await delay(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}

/**
 * The same for the same operation, whose id is on record before anything is sent: a request that is sent again, by the SDK
 * or after a crash, is the same request to Stripe. An operation is one attempt; another attempt is another operation.
 */
export const keyOf = (operationId: string, step: 'create' | 'process' | 'refund'): string =>
  `madoguchi-${operationId}-1-${step}`;

/** Under which name the operation's id stands in the metadata of intents and refunds. */
export const OPERATION = 'madoguchi_operation';
