/** The desks' public keys, by id: a file that the counters share. A counter can check a ticket and make none. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

/** Id → Ed25519 public key (SPKI, DER) in base64. */
const KEYS = z.record(z.string().regex(/^[a-z0-9-]{1,20}$/), z.base64());

/** The key that a trial makes for itself. */
export const TRIAL_KEY = 'trial';

export type TicketKeys = ReadonlyMap<string, KeyObject>;

/** No file: no desk hands over tickets. @throws Error in plain words where the file can't be used */
export function readTicketKeys(path: string): TicketKeys {
  if (!existsSync(path)) return new Map();
  try {
    const kept = KEYS.parse(JSON.parse(readFileSync(path, 'utf8')));
    return new Map(Object.entries(kept).map(([id, text]) => [id, publicKeyOf(text)]));
  } catch (cause) {
    throw new Error(
      `会計票の鍵のファイル ${path} を読み取れません。npm run ticket -- --key new で作り直せます / the ticket keys can't be read`,
      { cause },
    );
  }
}

function publicKeyOf(text: string): KeyObject {
  const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('not an Ed25519 key');
  return key;
}

/** Where the private half of a pair lies: beside the public ones. It belongs to the desk, not to the counters. */
export const privateKeyPath = (keysPath: string, id: string): string =>
  join(dirname(keysPath), `${id}.ticket-key.pem`);

/** Makes a pair and adds its public half to the file. @throws if there is one of this id: a key is never replaced */
export function makeTicketKey(keysPath: string, id: string): void {
  const kept = existsSync(keysPath) ? KEYS.parse(JSON.parse(readFileSync(keysPath, 'utf8'))) : {};
  if (id in kept) throw new Error(`${id} はすでにあります / there is a key ${id} already`);
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  writeFileSync(privateKeyPath(keysPath, id), pem, { mode: 0o600, flag: 'wx', flush: true });
  const text = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const keys = KEYS.parse({ ...kept, [id]: text });
  writeFileSync(keysPath, `${JSON.stringify(keys, undefined, 2)}\n`, { flush: true });
}

/** A trial or training has a key of its own, so that `npm run ticket` has something to sign with. */
export function ensureTrialKey(keysPath: string): void {
  if (!existsSync(keysPath)) makeTicketKey(keysPath, TRIAL_KEY);
}

/** PEM. @throws if there is no such file, or no key in it */
export const readPrivateKey = (path: string): KeyObject => createPrivateKey(readFileSync(path));
