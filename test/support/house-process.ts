/**
 * The whole program, started as a clerk's PC starts it: its own process, ports, data folder, PostgreSQL, terminal. Most
 * tests take the one of house.ts, which starts in half the time.
 */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
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
export async function startHouseProcess(
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
  const port = await firstOfFreePorts(6);
  const child = spawn(process.execPath, [main], {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      DATA_DIR: dataDir,
      PORT: String(port),
      OFFICE_PORT: String(port + 1),
      SURVEY_PORT: String(port + 2),
      VIRTUAL_TERMINAL_PORT: String(port + 3),
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

/** Below those that systems hand out by themselves (RFC 6335 §6: from 49152, Linux: from 32768). */
const [FIRST_PORT, LAST_PORT] = [12_000, 32_000];

/**
 * The first of so many ports in a row that nobody listens on at this moment. No connection and no other server, which
 * ask the system for any free one, can take them before the house does.
 */
export async function firstOfFreePorts(count: number): Promise<number> {
  for (;;) {
    const first = randomInt(FIRST_PORT, LAST_PORT - count);
    const tried = await Promise.allSettled(
      Array.from({ length: count }, (_, index) => listenOn(first + index)),
    );
    const servers = tried.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    await Promise.all(servers.map(stopListening));
    if (servers.length === count) return first;
  }
}

async function listenOn(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function stopListening(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}
