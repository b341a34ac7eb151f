/**
 * The hash chain of a journal. Pure.
 *
 * Every event's hash covers the hash before it and the event in canonical JSON, so that an event that was edited,
 * inserted, reordered or taken out of the middle is found. A missing tail is not: closing's checkpoints are for that.
 */
import { hash } from 'node:crypto';

/** What the chain covers of an event, besides its payload. */
export interface ChainedEvent {
  sequence: number;
  /** ISO 8601 in UTC, milliseconds. */
  at: string;
  type: string;
  operationId: string | null;
}

/** Part of every hash, so that another way to compute it could be told apart. */
const CHAIN_VERSION = 1;

/** The hash before the first event of a journal. */
export function genesisHash(journalId: string): string {
  return sha256(canonicalJson({ version: CHAIN_VERSION, journalId }));
}

/**
 * SHA-256 in hex over the previous hash and the event in canonical JSON.
 * @param payloadText the event's payload in canonical JSON
 */
export function chainHash(
  previousHash: string,
  { sequence, at, type, operationId }: ChainedEvent,
  payloadText: string,
): string {
  const head = `{"at":${canonicalJson(at)},"operationId":${canonicalJson(operationId)},"payload":`;
  const tail = `,"sequence":${sequence},"type":${canonicalJson(type)}}`;
  return sha256(`${previousHash}\n${head}${payloadText}${tail}`);
}

/** SHA-256 of a text in UTF-8, in hex. */
export function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}

/**
 * JSON with sorted keys and no white space (the subset of RFC 8785 that we write: strings, safe integers, booleans,
 * null, arrays, plain objects). Properties that are `undefined` are left out, as JSON.stringify does.
 * @throws on anything else: a record that reads differently later must not be written.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return canonicalText(value);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new Error(`not a safe integer: ${value}`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return canonicalArray(value);
  if (typeof value === 'object') return canonicalObject(value);
  throw new Error(`can't be written to the journal: ${typeof value}`);
}

function canonicalArray(value: readonly unknown[]): string {
  let text = '[';
  let separator = '';
  for (const element of value) {
    text += separator + canonicalJson(element);
    separator = ',';
  }
  return `${text}]`;
}

function canonicalObject(value: object): string {
  let text = '{';
  let separator = '';
  for (const key of Object.keys(value).sort()) {
    const member = (value as Record<string, unknown>)[key];
    if (member === undefined) continue;
    text += `${separator}${canonicalText(key)}:${canonicalJson(member)}`;
    separator = ',';
  }
  return `${text}}`;
}

/** Stands in JSON as it is: ids, hashes, codes and the names of members, nearly all that is ever written. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** PostgreSQL's jsonb holds neither of the two, and an event that can't be drained would hold up all that follow. */
function canonicalText(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  const json = JSON.stringify(text);
  // Either is written with \u, and hardly anything else is.
  if (json.includes('\\u')) {
    if (text.includes('\0')) throw new Error('a text with a NUL character');
    if (!text.isWellFormed()) throw new Error('a text with half a surrogate pair');
  }
  return json;
}
