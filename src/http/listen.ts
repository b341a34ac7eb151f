/** Listening, and stopping without waiting for screens that keep their event stream open. */
import type { Express } from 'express';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Tls } from '../tls/tls.ts';

export interface Listening {
  /** As others call it. */
  url: string;
  close(): Promise<void>;
}

const LAST_ANSWER_MS = 1_000;

/** Plain HTTP on the machine's own loopback. @throws the system's error (EADDRINUSE, EACCES) */
export const listen = (app: Express, port: number): Promise<Listening> =>
  listening(createServer(app), port, '127.0.0.1', 'http://127.0.0.1');

/** Against a stranger on the LAN who opens connections and says nothing on them. */
const LAN_LIMITS = { handshakeTimeout: 10_000, headersTimeout: 15_000, requestTimeout: 60_000 };
const LAN_CONNECTIONS = 500;

/** TLS on the LAN; a renewed certificate is shown to whoever connects from then on. @throws as `listen` does */
export function listenToLan(
  app: Express,
  { address = '0.0.0.0', port }: { address: string | undefined; port: number },
  tls: Tls,
): Promise<Listening> {
  const { key, certificate } = tls.identity();
  const server = createTlsServer({ key, cert: certificate, minVersion: 'TLSv1.2', ...LAN_LIMITS }, app);
  server.maxConnections = LAN_CONNECTIONS;
  tls.onRenewed((renewed) => server.setSecureContext({ key: renewed.key, cert: renewed.certificate }));
  return listening(server, port, address, `https://${tls.names()[0] ?? address}`);
}

async function listening(server: Server, port: number, host: string, shown: string): Promise<Listening> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
  const address = server.address();
  return {
    url: `${shown}:${typeof address === 'object' && address !== null ? address.port : port}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), LAST_ANSWER_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}
