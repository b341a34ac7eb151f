/**
 * The API over HTTP on 127.0.0.1: keys, idempotency, planned faults, and a line that can be cut while the reader goes on.
 *
 * Idempotency as Stripe documents it (docs.stripe.com/api/idempotent_requests): the first answer to a key is kept,
 * success or not, and given again; other parameters under the same key are an error.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import qs from 'qs';
import type { Api, ApiRequest } from './api.ts';
import type { Book } from './book.ts';
import type { Faults, OnRequest } from './faults.ts';
import { invalid, Problem } from './problem.ts';

export interface ApiServer {
  url: string;
  isCut(): boolean;
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
/** A test-mode key, whole or restricted. */
const KEY = /^Bearer (sk|rk)_test_\w+$/;
const MOST_BYTES = 100_000;
/** Nobody's name (RFC 2606), and nobody may ever look it up. */
const ELSEWHERE = 'https://elsewhere.invalid/';

interface Parts {
  api: Api;
  book: Book;
  faults: Faults;
}

/** Serves it on 127.0.0.1. @param port 0: any that is free @throws if the port is taken */
export async function openApiServer({ port, ...parts }: Parts & { port: number }): Promise<ApiServer> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((request, response) => void serve(parts, request, response));
  server.on('connection', (socket) => {
    if (isCut) socket.destroy();
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(port, HOST);
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  const hangUp = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    isCut: () => isCut,
    cut() {
      isCut = true;
      hangUp();
    },
    mend() {
      isCut = false;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        hangUp();
      }),
  };
}

async function serve(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request);
  if (body === undefined) return;
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const method = request.method ?? 'GET';
  const asked: ApiRequest = { method, path, params: qs.parse(method === 'GET' ? query : body, { depth: 6 }) };
  const endpoint = parts.api.endpointOf(asked);
  const fault = endpoint && parts.faults.onRequest(endpoint);
  if (fault === 'cut_before') {
    request.socket.destroy();
    return;
  }
  const said = beforeEffect(fault) ?? answerOnce(parts, asked, request, body, fault === 'error_after');
  if (fault === 'cut_after') request.socket.destroy();
  if (fault === 'cut_after' || fault === 'stall_after') return;
  const text = fault === 'not_json' ? '<html>' : JSON.stringify(said.body);
  const number = createHash('sha256').update(`${body}${path}`).digest('hex').slice(0, 14);
  response.writeHead(fault === 'redirect' ? 307 : said.status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    'Request-Id': `req_${number}`,
    ...(said.isReplay === true && { 'Idempotent-Replayed': 'true' }),
    ...((fault === 'rate_limit' || fault === 'lock_timeout') && { 'Stripe-Should-Retry': 'false' }),
    ...(fault === 'redirect' && { Location: ELSEWHERE }),
  });
  if (fault !== 'half_body') response.end(text);
  else response.write(text.slice(0, text.length / 2), () => request.socket.destroy());
}

interface Said {
  status: number;
  body: unknown;
  isReplay?: boolean;
}

/** What Stripe answers before it has done anything. */
const REFUSALS: Readonly<Partial<Record<OnRequest, Problem>>> = {
  error_before: new Problem(500, 'api_error', 'An unknown error occurred.'),
  rate_limit: new Problem(429, 'invalid_request_error', 'Too many requests.', { code: 'rate_limit' }),
  lock_timeout: new Problem(429, 'invalid_request_error', 'This object is locked.', { code: 'lock_timeout' }),
  key_in_use: new Problem(409, 'idempotency_error', 'Another request with this key is running.', {
    code: 'idempotency_key_in_use',
  }),
  redirect: new Problem(307, 'api_error', 'Moved.'),
};

function beforeEffect(fault: OnRequest | undefined): Said | undefined {
  const problem = fault && REFUSALS[fault];
  return problem && saidBy(problem);
}

function saidBy(problem: Problem): Said {
  return { status: problem.status, body: problem.body };
}

/** The request's effect, once per idempotency key. */
function answerOnce(
  { api, book }: Parts,
  asked: ApiRequest,
  { headers }: IncomingMessage,
  body: string,
  failsAfterwards: boolean,
): Said {
  if (!KEY.test(headers.authorization ?? '')) {
    return saidBy(new Problem(401, 'invalid_request_error', 'Invalid API Key provided.'));
  }
  const key = asked.method === 'POST' ? headers['idempotency-key'] : undefined;
  const fingerprint = createHash('sha256').update(`${asked.path}\n${body}`).digest('hex');
  const known = typeof key === 'string' ? book.find('replay', `key ${key}`) : undefined;
  if (known !== undefined) {
    if (known.fingerprint === fingerprint) return { status: known.status, body: known.body, isReplay: true };
    return saidBy(new Problem(400, 'idempotency_error', 'This key was used with other parameters.'));
  }
  const answered = answer(api, asked);
  const said = failsAfterwards
    ? saidBy(new Problem(500, 'api_error', 'An unknown error occurred.'))
    : answered;
  if (typeof key === 'string') book.put({ id: `key ${key}`, object: 'replay', fingerprint, ...said });
  return said;
}

function answer(api: Api, asked: ApiRequest): Said {
  try {
    return { status: 200, body: api.answer(asked) };
  } catch (error) {
    if (error instanceof Problem) return saidBy(error);
    throw error;
  }
}

/** Undefined if the far end hung up, or says more than anybody has to say. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  let body = '';
  try {
    for await (const part of request.setEncoding('utf8')) {
      body += String(part);
      if (body.length > MOST_BYTES) throw invalid('too_long', 'The request is too long.');
    }
    return body;
  } catch {
    // A line that was cut in the middle of a request: nothing was asked.
    request.socket.destroy();
    return undefined;
  }
}
