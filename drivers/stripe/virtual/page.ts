/** The page to play the resident, and the same over HTTP for scripts; see README.md. Bound to 127.0.0.1. */
import express, { type NextFunction, type Request, type Response } from 'express';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { faultsSchema } from './faults.ts';
import { CARDS } from './objects.ts';
import { actSchema, scriptSchema } from './reader.ts';
import type { Controls } from './controls.ts';

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

const cableSchema = z.strictObject({ act: z.enum(['pull_cable', 'plug_cable']) });
const residentSchema = z.union([
  cableSchema.transform(({ act }) => ({ cable: act })),
  actSchema.transform((act) => ({ act })),
]);

export async function openPage(
  controls: Controls,
  port: number,
): Promise<{ url: string; close(): Promise<void> }> {
  const streams = new Set<Response>();
  const server = createApp(controls, streams).listen(port, HOST);
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

function createApp(controls: Controls, streams: Set<Response>): express.Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(guard, express.json({ limit: '64kb' }));
  app.get('/healthz', (_request, response) => void response.json({ ok: true, pid: process.pid }));
  app.get('/state', (_request, response) => void response.json(controls.state()));
  app.get('/book', (_request, response) => void response.json({ entries: controls.book() }));
  app.get('/brands', (_request, response) => {
    response.json(CARDS.map(({ brand, nameJa, funding }) => ({ brand, nameJa, method: funding })));
  });
  app.get('/events', (_request, response) => streamState(controls, streams, response));
  app.post('/resident', (request, response) => {
    const order = residentSchema.safeParse(request.body);
    if (!order.success) refuse(response, 400, z.prettifyError(order.error));
    else if (!obey(controls, order.data)) refuse(response, 409, 'リーダーは今、その操作を待っていません。');
    else response.json(controls.state());
  });
  app.post('/script', (request, response) => {
    const order = scriptSchema.safeParse(request.body);
    if (order.success) controls.plan(order.data.steps, order.data.repeat);
    answerOrder(order, controls, response);
  });
  app.post('/faults', (request, response) => {
    const order = faultsSchema.safeParse(request.body);
    if (order.success) controls.planFaults(order.data.faults);
    answerOrder(order, controls, response);
  });
  app.post('/payout', (_request, response) => {
    if (controls.payOut()) response.json(controls.state());
    else refuse(response, 409, '支払う残高がありません。');
  });
  app.post('/stop', (_request, response) => {
    response.json({ stopping: true });
    response.once('finish', () => void controls.stop());
  });
  const fonts = dirname(fileURLToPath(import.meta.resolve('@fontsource/biz-udpgothic/400.css')));
  app.use('/fonts', express.static(fonts));
  const looks = new URL('../../../src/terminal/virtual-page/', import.meta.url);
  for (const folder of [new URL('./page/', import.meta.url), looks])
    app.use(express.static(fileURLToPath(folder)));
  return app;
}

/** False if no card is awaited. */
function obey(controls: Controls, order: z.infer<typeof residentSchema>): boolean {
  if ('act' in order) return controls.act(order.act);
  if (order.cable === 'pull_cable') controls.pullCable();
  else controls.plugCable();
  return true;
}

function answerOrder(order: z.ZodSafeParseResult<unknown>, controls: Controls, response: Response): void {
  if (order.success) response.json(controls.state());
  else refuse(response, 400, z.prettifyError(order.error));
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
function streamState(controls: Controls, streams: Set<Response>, response: Response): void {
  response.set('Content-Type', 'text/event-stream');
  const send = (): void => {
    response.write(`event: state\ndata: ${JSON.stringify(controls.state())}\n\n`);
  };
  const unsubscribe = controls.subscribe(send);
  streams.add(response);
  response.once('close', () => {
    unsubscribe();
    streams.delete(response);
  });
  send();
}
