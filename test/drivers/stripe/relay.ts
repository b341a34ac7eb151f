/** Between the driver and Stripe: every request passes the test, and its answer may be rewritten or lost. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request, whole. */
export interface Asked {
  method: string;
  /** Path and query. */
  path: string;
  headers: Record<string, string>;
  body: string;
}

export interface Said {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface Relay {
  url: URL;
  close: () => Promise<void>;
}

/** @param answer undefined: the line is cut, no answer comes */
export async function openRelay(answer: (asked: Asked) => Promise<Said | undefined>): Promise<Relay> {
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const said = await answer({
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers as Record<string, string>,
      body: await text(request),
    });
    if (said === undefined) request.socket.destroy();
    else response.writeHead(said.status, said.headers).end(said.body);
  };
  const server = createServer((request, response) => {
    serve(request, response).catch(() => request.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function text(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const part of request.setEncoding('utf8')) body += String(part);
  return body;
}

/** Hands a request on. @throws where nobody answers there */
export async function forward(to: URL, { method, path, headers, body }: Asked): Promise<Said> {
  const response = await fetch(new URL(path, to), {
    method,
    redirect: 'manual',
    headers: Object.fromEntries(
      Object.entries(headers).filter(
        ([name]) => !['connection', 'content-length', 'host', 'transfer-encoding'].includes(name),
      ),
    ),
    ...(method === 'POST' && { body }),
  });
  const kept = [...response.headers].filter(
    ([name]) => !['connection', 'keep-alive', 'content-length'].includes(name),
  );
  return { status: response.status, headers: Object.fromEntries(kept), body: await response.text() };
}
