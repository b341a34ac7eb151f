/** Listening, and stopping without waiting for screens that keep their event stream open. */
import type { Express } from 'express';
import { createServer } from 'node:http';

export interface Listening {
  url: string;
  close(): Promise<void>;
}

const LAST_ANSWER_MS = 1_000;

/** @throws the system's error (EADDRINUSE, EACCES) when the port can't be had. */
export async function listen(app: Express, host: string, port: number): Promise<Listening> {
  const server = createServer(app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
  const address = server.address();
  const boundPort = typeof address === 'object' && address !== null ? address.port : port;
  const shown = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return {
    url: `http://${shown}:${boundPort}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), LAST_ANSWER_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}
