/** GET /events: what the screens are shown, as server-sent events: one `snapshot`, then the changes. */
import { Router, type Request, type Response } from 'express';
import type { Live, Snapshot } from '../live.ts';

const KEEP_ALIVE_MS = 15_000;

/**
 * `mayGoOn` is asked every quarter of a minute, so that a stream does not outlive the right to read it; `arrive` is told
 * of each stream and returns what to call when it ends.
 */
export function createEventRoutes(
  live: Live,
  snapshot: () => Snapshot,
  mayGoOn: (response: Response) => boolean,
  arrive: (request: Request) => () => void,
): Router {
  const router = Router();
  router.get('/events', (request, response) => {
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      Connection: 'keep-alive',
    });
    const send = (name: string, value: unknown): void => {
      response.write(`event: ${name}\ndata: ${JSON.stringify(value)}\n\n`);
    };
    const depart = arrive(request);
    // Subscribing first: nothing that happens while the snapshot is made is missed.
    const unsubscribe = live.subscribe(send);
    send('snapshot', snapshot());
    const keepAlive = setInterval(() => {
      if (mayGoOn(response)) response.write(': still here\n\n');
      else response.end();
    }, KEEP_ALIVE_MS);
    request.on('close', () => {
      clearInterval(keepAlive);
      unsubscribe();
      depart();
    });
  });
  return router;
}
