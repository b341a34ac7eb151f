/**
 * The server of a virtual terminal's page: what it says of itself, its book, and orders from the page or from scripts.
 * Bound to 127.0.0.1. The model brings its own page and its own orders; how a page looks (virtual-page/) is the same for all.
 */
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

export interface Played {
  state: () => unknown;
  /** What was really taken, for whoever compares. */
  book: () => readonly unknown[];
  brands: readonly { brand: string; nameJa: string; method: string }[];
  /** Hears that `state()` has changed, until the returned function is called. */
  subscribe: (listener: () => void) => () => void;
  /** Also closes the page. */
  stop: () => void;
}

/** Why an order is not taken now, in the page's words; undefined: it was carried out. */
type Refusal = string | undefined;

/** A POST that carries an order: 400 if it makes no sense, 409 if it is not taken now, else the state that it led to. */
export type AddOrder = <T>(
  path: string,
  schema: z.ZodType<T>,
  carryOut: (order: T) => Refusal | Promise<Refusal>,
) => void;

const HOST = '127.0.0.1';
/** The counter's screens dock the page; nobody else may frame it. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  'frame-ancestors http://127.0.0.1:* http://localhost:*',
].join('; ');
const KEEP_ALIVE_MS = 15_000;

/** @param port 0: any that is free. @throws if the port can't be had */
export async function servePage(options: {
  /** The folder of the model's own page. */
  page: URL;
  port: number;
  played: Played;
  addOrders: (add: AddOrder) => void;
}): Promise<{ url: string; close(): Promise<void> }> {
  const streams = new Set<Response>();
  const server = createApp(options, streams).listen(options.port, HOST);
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        for (const stream of streams) stream.end();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function createApp(
  { page, played, addOrders }: Parameters<typeof servePage>[0],
  streams: Set<Response>,
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(guard, express.json({ limit: '64kb' }));
  app.get('/healthz', (_request, response) => void response.json({ ok: true, pid: process.pid }));
  app.get('/state', (_request, response) => void response.json(played.state()));
  app.get('/book', (_request, response) => void response.json({ entries: played.book() }));
  app.get('/brands', (_request, response) => void response.json(played.brands));
  app.get('/events', (_request, response) => streamState(played, streams, response));
  addOrders((path, schema, carryOut) => {
    app.post(path, async (request, response) => {
      const order = schema.safeParse(request.body ?? {});
      const refusal = order.success ? await carryOut(order.data) : undefined;
      if (!order.success) refuse(response, 400, z.prettifyError(order.error));
      else if (refusal !== undefined) refuse(response, 409, refusal);
      else response.json(played.state());
    });
  });
  app.post('/stop', (_request, response) => {
    response.json({ stopping: true });
    response.once('finish', played.stop);
  });
  const fonts = dirname(fileURLToPath(import.meta.resolve('@fontsource/biz-udpgothic/400.css')));
  app.use('/fonts', express.static(fonts));
  for (const folder of [page, new URL('./virtual-page/', import.meta.url)])
    app.use(express.static(fileURLToPath(folder)));
  return app;
}

/** Other sites' pages may not play the resident: no foreign origin, no foreign host name. */
function guard(request: Request, response: Response, next: NextFunction): void {
  response.set({
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-cache',
  });
  const { host, origin } = request.headers;
  const isOurs = /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host ?? '');
  if (isOurs && (origin === undefined || origin === `http://${host ?? ''}`)) next();
  else refuse(response, 403, 'この端末の画面からだけ操作できます。');
}

function refuse(response: Response, status: number, message: string): void {
  response.status(status).json({ error: { message } });
}

/** Server-sent events: the whole state on connecting and after each change. */
function streamState({ state, subscribe }: Played, streams: Set<Response>, response: Response): void {
  response.set('Content-Type', 'text/event-stream');
  const send = (): void => void response.write(`event: state\ndata: ${JSON.stringify(state())}\n\n`);
  const unsubscribe = subscribe(send);
  const keepAlive = setInterval(() => response.write(':\n\n'), KEEP_ALIVE_MS);
  streams.add(response);
  response.once('close', () => {
    unsubscribe();
    clearInterval(keepAlive);
    streams.delete(response);
  });
  send();
}
