/** The whole program, started as a clerk's PC starts it: its own process, ports, data folder, PostgreSQL, terminal. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Cleanup } from './cleanup.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const READY = '停止 stop: Ctrl-C';

export interface House {
  counter: string;
  office: string;
  survey: string;
  virtualTerminal: string;
  apiToken: string;
  dataDir: string;
  /** What it has printed so far. */
  output: () => string;
  process: ChildProcess;
  /** Ctrl-C, and wait. Resolves with the exit code. */
  stop: () => Promise<number | null>;
  /** The plug is pulled: PostgreSQL and the virtual terminal stay behind, as they would. */
  kill: () => Promise<void>;
}

/** Starts a house and waits until it has printed its addresses. Stopped after the test, whatever became of it. */
export async function startHouse(
  t: Cleanup,
  dataDir: string,
  environment: Record<string, string> = {},
): Promise<House> {
  const { child, output } = await spawnHouse(dataDir, environment);
  const stop = async (): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGINT');
      await once(child, 'exit');
    }
    return child.exitCode;
  };
  t.after(stop);
  await waitFor(child, output);
  const find = (label: string): string => {
    const value = new RegExp(`${label}: (\\S+)`).exec(output())?.[1];
    assert.ok(value !== undefined, `no ${label} in: ${output()}`);
    return value;
  };
  return {
    counter: find('counter'),
    office: find('office'),
    survey: find('survey'),
    virtualTerminal: find('virtual terminal'),
    apiToken: find('API token'),
    dataDir,
    output,
    process: child,
    stop,
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** The program with free ports, without waiting for it. */
export async function spawnHouse(
  dataDir: string,
  environment: Record<string, string>,
): Promise<{ child: ChildProcess; output: () => string }> {
  const ports = await freePorts(3);
  const child = spawn(process.execPath, [main], {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      DATA_DIR: dataDir,
      PORT: String(ports[0]),
      OFFICE_PORT: String(ports[1]),
      SURVEY_PORT: String(ports[2]),
      VIRTUAL_TERMINAL_PORT: String(await firstOfFreePorts(3)),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  }
  return { child, output: () => text };
}

async function waitFor(child: ChildProcess, output: () => string): Promise<void> {
  const ended = once(child, 'exit').then(() => {
    throw new Error(`the house did not start: ${output()}`);
  });
  while (!output().includes(READY)) {
    assert.ok(child.stdout !== null);
    await Promise.race([once(child.stdout, 'data'), ended]);
  }
  ended.catch(() => undefined);
}

/** Ports that nobody listens on at this moment. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listenOn(0)));
  const ports = servers.map(portOf);
  await Promise.all(servers.map(stopListening));
  return ports;
}

/** The first of so many free ports in a row: a counter's virtual terminals stand side by side. */
async function firstOfFreePorts(count: number): Promise<number> {
  for (;;) {
    const servers = [await listenOn(0)];
    const [first] = servers.map(portOf);
    assert.ok(first !== undefined);
    const others = Array.from({ length: count - 1 }, (_, index) => listenOn(first + 1 + index));
    const tried = await Promise.allSettled(others);
    for (const each of tried) if (each.status === 'fulfilled') servers.push(each.value);
    await Promise.all(servers.map(stopListening));
    if (servers.length === count) return first;
  }
}

async function listenOn(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}

async function stopListening(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}
