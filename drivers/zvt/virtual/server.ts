/** The page to play the resident, and the same over HTTP for scripts; see README.md. Bound to 127.0.0.1. */
import express, { type NextFunction, type Request, type Response } from 'express';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { BRAND_PROFILE } from '../brands.ts';
import { faultsSchema } from './faults.ts';
import { actSchema, scriptSchema } from './resident.ts';
import type { Screen } from './screen.ts';
import { changeSchema } from './settings.ts';
import type { VirtualTerminal } from './virtual.ts';

/** What the server may do with the terminal; `stop` also closes the server. */
type Served = Omit<VirtualTerminal, 'http'>;

const cableSchema = z.object({ act: z.enum(['pull_cable', 'plug_cable']) }).strict();
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

export async function openServer(
  virtual: Served,
  screen: Screen,
  httpPort: number,
): Promise<{ url: string; close(): Promise<void> }> {
  const streams = new Set<Response>();
  const app = createApp(virtual, screen, streams);
  const server = app.listen(httpPort, HOST);
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        for (const stream of streams) stream.end();
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function createApp(virtual: Served, screen: Screen, streams: Set<Response>): express.Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(guard);
  app.use(express.json({ limit: '64kb' }));

  app.get('/healthz', (_request, response) => {
    response.json({ ok: true, pid: process.pid });
  });
  app.get('/state', (_request, response) => {
    response.json(virtual.state());
  });
  app.get('/book', (_request, response) => {
    response.json({ entries: virtual.book() });
  });
  app.get('/brands', (_request, response) => {
    response.json(BRAND_PROFILE.map(({ brand, nameJa, method }) => ({ brand, nameJa, method })));
  });
  app.get('/events', (_request, response) => {
    streamState(virtual, screen, streams, response);
  });
  app.post('/resident', async (request, response) => {
    await act(virtual, request, response);
  });
  addOrder(app, virtual, '/script', scriptSchema, ({ steps, repeat }) => {
    virtual.plan(steps, repeat);
  });
  addOrder(app, virtual, '/faults', faultsSchema, ({ faults }) => {
    virtual.planFaults(faults);
  });
  addOrder(app, virtual, '/settings', changeSchema, (settings) => {
    virtual.change(settings);
  });
  addOrder(app, virtual, '/power', powerSchema, ({ backAfterMs }) => virtual.losePower(backAfterMs));
  app.post('/stop', (_request, response) => {
    response.json({ stopping: true });
    response.once('finish', () => void virtual.stop());
  });
  app.use(
    '/fonts',
    express.static(dirname(fileURLToPath(import.meta.resolve('@fontsource/biz-udpgothic/400.css')))),
  );
  // How a virtual terminal looks is the same for every model.
  const looks = new URL('../../../src/terminal/virtual-page/', import.meta.url);
  for (const folder of [new URL('./page/', import.meta.url), looks])
    app.use(express.static(fileURLToPath(folder)));
  return app;
}

const powerSchema = z.object({ backAfterMs: z.int().min(0).optional() }).strict();

/** A POST that carries an order: 400 if it makes no sense, else the state that it led to. */
function addOrder<T>(
  app: express.Express,
  virtual: Served,
  path: string,
  schema: z.ZodType<T>,
  carryOut: (order: T) => void | Promise<void>,
): void {
  app.post(path, async (request, response) => {
    const order = schema.safeParse(request.body ?? {});
    if (!order.success) {
      refuse(response, 400, z.prettifyError(order.error));
      return;
    }
    await carryOut(order.data);
    response.json(virtual.state());
  });
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

async function act(virtual: Served, request: Request, response: Response): Promise<void> {
  const cable = cableSchema.safeParse(request.body);
  if (cable.success) {
    await (cable.data.act === 'pull_cable' ? virtual.pullCable() : virtual.plugCable());
    response.json(virtual.state());
    return;
  }
  const resident = actSchema.safeParse(request.body);
  if (!resident.success) refuse(response, 400, z.prettifyError(resident.error));
  else if (!virtual.resident(resident.data)) refuse(response, 409, '端末は今、その操作を待っていません。');
  else response.json(virtual.state());
}

function refuse(response: Response, status: number, message: string): void {
  response.status(status).json({ error: { message } });
}

/** Server-sent events: the whole state on connecting and after each change. */
function streamState(virtual: Served, screen: Screen, streams: Set<Response>, response: Response): void {
  response.set('Content-Type', 'text/event-stream');
  const send = (): void => void response.write(`event: state\ndata: ${JSON.stringify(virtual.state())}\n\n`);
  const unsubscribe = screen.subscribe(send);
  const keepAlive = setInterval(() => response.write(':\n\n'), KEEP_ALIVE_MS);
  streams.add(response);
  response.once('close', () => {
    unsubscribe();
    clearInterval(keepAlive);
    streams.delete(response);
  });
  send();
}
