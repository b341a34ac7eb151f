/** A gate in the way to PostgreSQL: open it passes everything on, shut it cuts what runs and refuses what comes. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { Cleanup } from './cleanup.ts';

export interface Gate {
  /** The same database, reached through the gate. */
  url: string;
  shut(): void;
  open(): void;
  /**
   * Cuts connections by what passes: called with each chunk and its direction, once per chunk; true cuts it, and the
   * chunk does not arrive.
   */
  cutWhen(isEnough: (chunk: Buffer, towards: 'server' | 'client') => boolean): void;
}

export async function openGate(t: Cleanup, databaseUrl: string): Promise<Gate> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let isOpen = true;
  let isEnough: Parameters<Gate['cutWhen']>[0] = () => false;
  const server = createServer((inner) => {
    const outer = connect({ host: target.hostname, port: Number(target.port) });
    for (const [socket, other] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    if (!isOpen) inner.destroy();
    inner.on('data', (chunk: Buffer) => {
      if (isEnough(chunk, 'server')) inner.destroy();
      else outer.write(chunk);
    });
    outer.on('data', (chunk: Buffer) => {
      if (isEnough(chunk, 'client')) inner.destroy();
      else inner.write(chunk);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const shut = (): void => {
    isOpen = false;
    for (const socket of sockets) socket.destroy();
  };
  t.after(() => {
    shut();
    server.close();
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the gate has no port');
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String(address.port);
  return {
    url: url.href,
    shut,
    open() {
      isOpen = true;
    },
    cutWhen(rule) {
      isEnough = rule;
    },
  };
}
