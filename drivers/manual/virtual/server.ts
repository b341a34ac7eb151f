/** The virtual terminal's page, and the same over HTTP for scripts. Bound to 127.0.0.1. */
import express, { type NextFunction, type Request, type Response } from 'express';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { BRANDS } from '../brands.ts';
import { keySchema, residentSchema, type VirtualTerminal } from './terminal.ts';

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

const scriptSchema = z.object({ steps: z.array(residentSchema) }).strict();

export async function openServer(
  terminal: VirtualTerminal,
  httpPort: number,
  onStop: () => void,
): Promise<{ url: string; close(): Promise<void> }> {
  const streams = new Set<Response>();
  const server = createApp(terminal, streams, onStop).listen(httpPort, HOST);
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

function createApp(terminal: VirtualTerminal, streams: Set<Response>, onStop: () => void): express.Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(guard);
  app.use(express.json({ limit: '64kb' }));
  app.get('/healthz', (_request, response) => {
    response.json({ ok: true, pid: process.pid });
  });
  app.get('/state', (_request, response) => {
    response.json(terminal.state());
  });
  app.get('/book', (_request, response) => {
    response.json({ entries: terminal.book() });
  });
  app.get('/brands', (_request, response) => {
    response.json(BRANDS);
  });
  app.get('/events', (_request, response) => {
    streamState(terminal, streams, response);
  });
  app.post('/key', (request, response) =>
    carryOut(request, response, keySchema, (key) => terminal.press(key)),
  );
  app.post('/resident', (request, response) =>
    carryOut(request, response, residentSchema, (act) => terminal.resident(act)),
  );
  app.post('/script', (request, response) =>
    carryOut(request, response, scriptSchema, ({ steps }) => {
      terminal.plan(steps);
      return Promise.resolve(true);
    }),
  );
  app.post('/stop', (_request, response) => {
    response.json({ stopping: true });
    response.once('finish', onStop);
  });
  app.use(
    '/fonts',
    express.static(dirname(fileURLToPath(import.meta.resolve('@fontsource/biz-udpgothic/400.css')))),
  );
  app.use(express.static(fileURLToPath(new URL('./page/', import.meta.url))));
  return app;

  /** 400 if it makes no sense, 409 if the terminal does not take it now, else the state that it led to. */
  async function carryOut<T>(
    request: Request,
    response: Response,
    schema: z.ZodType<T>,
    deed: (order: T) => Promise<boolean>,
  ): Promise<void> {
    const order = schema.safeParse(request.body ?? {});
    if (!order.success) refuse(response, 400, z.prettifyError(order.error));
    else if (await deed(order.data)) response.json(terminal.state());
    else refuse(response, 409, '端末は今、その操作を待っていません。');
  }
}

/** Other sites' pages may not play the terminal: no foreign origin, no foreign host name. */
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
function streamState(terminal: VirtualTerminal, streams: Set<Response>, response: Response): void {
  response.set('Content-Type', 'text/event-stream');
  const send = (): void => void response.write(`event: state\ndata: ${JSON.stringify(terminal.state())}\n\n`);
  const unsubscribe = terminal.subscribe(send);
  streams.add(response);
  response.once('close', () => {
    unsubscribe();
    streams.delete(response);
  });
  send();
}
