/**
 * The far end of the line in a trial: a program of the driver's that behaves as the terminal, in a process of its
 * own. It is started detached, so that a terminal window's Ctrl-C leaves it to us; one that an earlier run left
 * behind (after a SIGKILL) is adopted, because it holds the other end of what happened.
 */
import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Driver } from './driver.ts';

export interface VirtualTerminal {
  /** Where it is reached, as `parsePlace` reads it. */
  line: string;
  /** Where its page to play the resident is. */
  http: string;
  stop(): Promise<void>;
}

/** What the program prints when it is ready, and keeps in `virtual-terminal.json`. */
interface Published {
  pid: number;
  line: string;
  http: string;
}

const noteIn = (dataDir: string): string => join(dataDir, 'virtual-terminal.json');

const READY_WITHIN_MS = 15_000;
const STOPPED_WITHIN_MS = 3_000;

/** @throws if the program does not become ready. */
export async function openVirtualTerminal(options: {
  program: URL;
  /** What the driver wants to be given: a line that carries bytes, or an address. */
  reach: Driver['reach'];
  dataDir: string;
  httpPort: number;
}): Promise<VirtualTerminal> {
  mkdirSync(options.dataDir, { recursive: true });
  const left = await findLeftBehind(options.dataDir);
  const published = left ?? (await startProgram(options));
  return { ...published, stop: () => stopProgram(published) };
}

/** True if an earlier run's virtual terminal still answers, so that its port is not a fault. */
export async function isVirtualTerminalRunning(dataDir: string): Promise<boolean> {
  return (await findLeftBehind(dataDir)) !== undefined;
}

async function findLeftBehind(dataDir: string): Promise<Published | undefined> {
  const path = noteIn(dataDir);
  if (!existsSync(path)) return undefined;
  const published = JSON.parse(readFileSync(path, 'utf8')) as Published;
  const health = (await getJson(`${published.http}/healthz`)) as { pid?: number } | undefined;
  return health?.pid === published.pid ? published : undefined;
}

async function getJson(url: string): Promise<unknown> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    return await response.json();
  } catch {
    // Nobody answers there: it is not running.
    return undefined;
  }
}

async function startProgram(options: {
  program: URL;
  reach: Driver['reach'];
  dataDir: string;
  httpPort: number;
}): Promise<Published> {
  const listen = options.reach === 'line' && process.platform === 'linux' ? 'pty' : 'tcp:0';
  const errors = openSync(join(options.dataDir, 'virtual-terminal.log'), 'a');
  const child = spawn(
    process.execPath,
    [
      fileURLToPath(options.program),
      '--data',
      options.dataDir,
      '--listen',
      listen,
      '--http',
      String(options.httpPort),
    ],
    { detached: true, windowsHide: true, stdio: ['ignore', 'pipe', errors] },
  );
  closeSync(errors);
  const { stdout } = child;
  if (stdout === null) throw new Error('the virtual terminal has no output');
  const ready = new Promise<Published>((resolve, reject) => {
    createInterface(stdout).once('line', (line) => {
      const { line: address, http } = JSON.parse(line) as Published;
      resolve({ pid: child.pid ?? 0, line: address, http });
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new Error(`the virtual terminal ended with ${code ?? 'a signal'}; see virtual-terminal.log`));
    });
  });
  const published = await Promise.race([
    ready,
    delay(READY_WITHIN_MS, undefined, { ref: false }).then(() => {
      throw new Error('the virtual terminal did not become ready');
    }),
  ]);
  child.removeAllListeners('exit');
  stdout.destroy();
  child.unref();
  return published;
}

async function stopProgram({ pid, http }: Published): Promise<void> {
  try {
    await fetch(`${http}/stop`, { method: 'POST', signal: AbortSignal.timeout(1_000) });
  } catch {
    // It has gone already, or went while answering.
  }
  const patience = Date.now() + STOPPED_WITHIN_MS;
  while (Date.now() < patience && isRunning(pid)) await delay(20);
  if (isRunning(pid)) process.kill(pid, 'SIGKILL');
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/**
 * The other side: the program says where it is, in one line of JSON and in its folder, and is stopped by SIGTERM, SIGINT,
 * or by that note being gone, for without it nobody can find or adopt the program any more. Returns once it has stopped.
 *
 * @param running its `stop` may be called more than once; `stopped` resolves when everything is closed
 */
export async function runVirtualTerminal(
  dataDir: string,
  running: { line: string; http: string; stop: () => unknown; stopped: Promise<unknown> },
): Promise<void> {
  const { line, http, stopped } = running;
  const stop = (): void => void running.stop();
  const note = noteIn(dataDir);
  writeFileSync(note, JSON.stringify({ pid: process.pid, line, http } satisfies Published));
  const watcher = watch(note, () => {
    if (!existsSync(note)) stop();
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
  process.stdout.write(`${JSON.stringify({ ready: true, line, http })}\n`);
  await stopped;
  watcher.close();
  rmSync(note, { force: true });
}
