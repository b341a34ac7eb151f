/**
 * What the virtual Stripe knows, and what it has really taken: kept across restarts, independent of the register's own
 * record. One JSON object per line, appended and synced; the last line about an object counts.
 */
import { closeSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type Stripe from 'stripe';
import type { Members } from './payouts.ts';

/** The answer to a request with an idempotency key; the same key is answered the same for ever. */
export interface Replay {
  id: string;
  object: 'replay';
  fingerprint: string;
  status: number;
  body: unknown;
}

type Kept =
  | Stripe.PaymentIntent
  | Stripe.Charge
  | Stripe.Refund
  | Stripe.BalanceTransaction
  | Stripe.Payout
  | Members
  | Replay;

type Kind = Kept['object'];
type KeptAs<K extends Kind> = Extract<Kept, { object: K }>;

export interface Book {
  put(object: Kept): void;
  find<K extends Kind>(kind: K, id: string): KeptAs<K> | undefined;
  /** Newest first. */
  all<K extends Kind>(kind: K): KeptAs<K>[];
  /** All money that was moved, oldest first. */
  moved(): (Stripe.Charge | Stripe.Refund)[];
  close(): void;
}

/**
 * The book in `dataDir`, which is there; a line that was cut short is cut off. @throws whatever the file system says
 */
export function openBook(dataDir: string): Book {
  const path = join(dataDir, 'stripe.jsonl');
  const file = openSync(path, 'a+');
  const objects = new Map<string, Kept>();
  for (const object of readWhole(path)) objects.set(object.id, object);
  const all = <K extends Kind>(kind: K): KeptAs<K>[] =>
    [...objects.values()].filter((each): each is KeptAs<K> => each.object === kind).reverse();
  return {
    put(object) {
      writeSync(file, `${JSON.stringify(object)}\n`);
      fsyncSync(file);
      objects.set(object.id, object);
    },
    find: <K extends Kind>(kind: K, id: string) => {
      const found = objects.get(id);
      return found?.object === kind ? (found as KeptAs<K>) : undefined;
    },
    all,
    moved: () => [...objects.values()].filter((each) => each.object === 'charge' || each.object === 'refund'),
    close: () => closeSync(file),
  };
}

/** The lines that are whole; a torn last one, never answered to anybody, is cut off. */
function readWhole(path: string): Kept[] {
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) truncateSync(path, Buffer.byteLength(whole));
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Kept);
}
