/**
 * One call of the service's HTTP interface. An answer, also a refusal, is a value; `Unreachable` is thrown when
 * there was none, so that nobody takes silence for a "no".
 */
import type { RefusalCode } from '../../errors.ts';
import { screenId } from './screen.ts';

/** What the service would not do, with a sentence for the clerk; but for `internal` it has recorded nothing. */
export interface Refusal {
  /** `internal`: a fault of the service; whether something was recorded is not known. */
  code: RefusalCode | 'internal';
  message: string;
  details: Record<string, unknown>;
}

export type Answer<T> = { ok: true; value: T } | { ok: false; refusal: Refusal };

/** No answer came: whether the request arrived is not known. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

const ANSWER_WITHIN_MS = 10_000;

/** @throws Unreachable when nothing came back, or a server error without a sentence of ours. */
export async function call<T>(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
  withinMs = ANSWER_WITHIN_MS,
): Promise<Answer<T>> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, {
      method,
      ...requestBody(body),
      signal: AbortSignal.timeout(withinMs),
    });
    text = await response.text();
  } catch (cause) {
    throw new Unreachable(`${method} ${path}: no answer`, { cause });
  }
  const value = parse(text);
  if (response.ok) return { ok: true, value: value as T };
  const refusal = refusalIn(value);
  if (refusal === undefined) throw new Unreachable(`${method} ${path}: status ${String(response.status)}`);
  return { ok: false, refusal };
}

/** A file that the service makes, with the name that it gives it. @throws Unreachable as `call` does */
export async function callForFile(
  path: string,
  withinMs: number,
): Promise<Answer<{ bytes: Blob; name: string }>> {
  let response: Response;
  let bytes: Blob;
  try {
    response = await fetch(path, { ...requestBody(undefined), signal: AbortSignal.timeout(withinMs) });
    bytes = await response.blob();
  } catch (cause) {
    throw new Unreachable(`GET ${path}: no answer`, { cause });
  }
  if (response.ok) {
    const named = /filename\*=UTF-8''(\S+)/.exec(response.headers.get('content-disposition') ?? '')?.[1];
    return { ok: true, value: { bytes, name: decodeURIComponent(named ?? 'file') } };
  }
  const refusal = refusalIn(parse(await bytes.text()));
  if (refusal === undefined) throw new Unreachable(`GET ${path}: status ${String(response.status)}`);
  return { ok: false, refusal };
}

/** A Blob goes as the bytes that it is, anything else as JSON. */
function requestBody(body: unknown): RequestInit {
  const headers = { 'x-screen': screenId() };
  if (body === undefined) return { headers };
  if (body instanceof Blob)
    return { headers: { ...headers, 'content-type': 'application/octet-stream' }, body };
  return { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** The value of an answer that is not expected to be a refusal. @throws Unreachable also on a refusal. */
export async function read<T>(path: string): Promise<T> {
  const answer = await call<T>('GET', path);
  if (!answer.ok) throw new Unreachable(`GET ${path}: ${answer.refusal.code}`);
  return answer.value;
}

/** Does something. Null: it was done; otherwise what to tell the person, `noAnswer` where nothing came back. */
export async function refusalTo(
  act: () => Promise<Answer<unknown>>,
  noAnswer: string,
): Promise<string | null> {
  try {
    const answer = await act();
    return answer.ok ? null : answer.refusal.message;
  } catch (error) {
    if (error instanceof Unreachable) return noAnswer;
    throw error;
  }
}

function parse(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Unreachable('the answer is not JSON', { cause });
  }
}

function refusalIn(value: unknown): Refusal | undefined {
  if (typeof value !== 'object' || value === null || !('error' in value)) return undefined;
  const { error } = value;
  if (typeof error !== 'object' || error === null || !('code' in error) || !('message' in error))
    return undefined;
  const details = 'details' in error && typeof error.details === 'object' ? error.details : null;
  return {
    code: error.code as Refusal['code'],
    message: String(error.message),
    details: (details ?? {}) as Record<string, unknown>,
  };
}
