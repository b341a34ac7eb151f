/**
 * The same crash points with real processes: the counter on a real file, the virtual terminal at a real line, and a
 * SIGKILL by the kernel. Each start recovers from the kill before, so that none is tried on clean ground.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { BookEntry } from '../../drivers/zvt/virtual/book.ts';
import type { ScriptStep } from '../../drivers/zvt/virtual/resident.ts';
import type { Cleanup } from '../support/cleanup.ts';
import { makeFolder } from '../support/folder.ts';
import { PRICE_YEN } from './counter.ts';
import type { OnRecord } from './counter-program.ts';
import type { Violation } from './judge.ts';
import { createRandom } from './random.ts';

const COUNTER = fileURLToPath(new URL('./counter-program.ts', import.meta.url));
const FAR_END = fileURLToPath(new URL('../drivers/zvt/far-end-program.ts', import.meta.url));
const LISTEN = process.platform === 'linux' ? 'pty' : 'tcp:0';

export interface Bench {
  /** A sale in a process that dies at that moment of it; true: it did. */
  sellAndDie(act: ScriptStep['do'], dieAt: number): Promise<boolean>;
  /** A start that dies at that moment of it; true: it did. */
  startAndDie(dieAt: number): Promise<boolean>;
  /** Starts, lets the terminal be asked about everything, and holds the books against each other. */
  compareBooks(): Promise<Violation[]>;
  /** How many moments a sale has, and a start. */
  readonly moments: { sale: number; start: number };
}

/** A terminal that runs until the end, and a folder; then one sale that nothing disturbs. */
export async function openBench(t: Cleanup): Promise<Bench> {
  const folder = makeFolder(t);
  const { line, http } = await startFarEnd(t, folder);
  const post = async (path: string, body: object): Promise<void> => {
    const headers = { 'Content-Type': 'application/json' };
    const answer = await fetch(`${http}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(await answer.text());
  };
  const run = (dieAt: number, ...sale: string[]): Promise<Run> =>
    runCounter(folder, line, String(dieAt), ...sale);
  let sold = 0;
  let lastSeen: OnRecord | undefined;
  const sell = async (act: ScriptStep['do'], dieAt: number): Promise<Run> => {
    sold += 1;
    await post('/script', { steps: [{ do: act }] });
    const ran = await run(dieAt, `sale-${sold}`, String(sold));
    lastSeen = ran.seen.at(-1) ?? lastSeen;
    return ran;
  };
  const start = await run(0);
  const sale = await sell({ act: 'present', brand: 'visa' }, 0);
  return {
    moments: { start: start.seen[0]?.moments ?? 0, sale: sale.seen[1]?.moments ?? 0 },
    sellAndDie: async (act, dieAt) => (await sell(act, dieAt)).wasKilled,
    startAndDie: async (dieAt) => (await run(dieAt)).wasKilled,
    async compareBooks() {
      const { seen } = await run(0);
      const { entries } = (await (await fetch(`${http}/book`)).json()) as { entries: BookEntry[] };
      return differences(seen.at(-1), entries);
    },
  };
}

const ACTS: [ScriptStep['do'], ...ScriptStep['do'][]] = [
  { act: 'present', brand: 'visa' },
  { act: 'present', brand: 'visa' },
  { act: 'refuse' },
  { act: 'stop' },
];

/**
 * Kills at seeded points, three of them within a sale to one within a start. What is left behind is left to the next
 * start; at the end the books have to agree.
 * @returns how many processes were killed
 */
export async function killAtRandom(bench: Bench, kills: number, seed: number): Promise<number> {
  const random = createRandom(seed);
  let killed = 0;
  // A point may lie behind the end of a short dialogue: then there is no kill.
  for (let tries = 0; killed < kills && tries < 2 * kills; tries += 1) {
    const isStart = random.chance(0.25);
    const { sale, start } = bench.moments;
    const wasKilled = isStart
      ? await bench.startAndDie(1 + random.below(start))
      : await bench.sellAndDie(random.pick(ACTS), 1 + random.below(sale));
    if (wasKilled) killed += 1;
  }
  return killed;
}

/** Every point of an approved sale, and every point of the start that follows a kill in the middle of one. */
export async function killEverywhere(bench: Bench): Promise<number> {
  const { sale, start } = bench.moments;
  let killed = 0;
  const count = (wasKilled: boolean): void => {
    if (wasKilled) killed += 1;
  };
  for (let at = 1; at <= sale; at += 1) count(await bench.sellAndDie(ACTS[0], at));
  for (let at = 1; at <= start; at += 1) {
    count(await bench.sellAndDie(ACTS[0], Math.ceil(sale / 2)));
    count(await bench.startAndDie(at));
  }
  return killed;
}

/** Each sale has an amount of its own. */
function differences(onRecord: OnRecord | undefined, entries: readonly BookEntry[]): Violation[] {
  if (onRecord === undefined) return [{ kind: 'unresolved', text: 'the counter did not start' }];
  const found: Violation[] = [];
  const stored = entries.filter(({ state }) => state === 'stored');
  for (const { id, state, amountYen } of onRecord.payments) {
    const times = stored.filter(({ amount }) => amount === amountYen).length;
    const text = `${id} is ${state}, and was taken ${times} times`;
    if (times > 1) found.push({ kind: 'doubled', text });
    if (state === 'armed' || state === 'unknown') found.push({ kind: 'unresolved', text });
    else if (state === 'approved' && times === 0) found.push({ kind: 'wrongFinals', text });
    else if (state !== 'approved' && times > 0) found.push({ kind: 'lost', text });
  }
  for (const { amount } of stored) {
    if (onRecord.payments.some(({ amountYen }) => amountYen === amount)) continue;
    found.push({ kind: 'lost', text: `sale-${amount / PRICE_YEN} was taken, and is not on record` });
  }
  return found;
}

interface Run {
  seen: OnRecord[];
  wasKilled: boolean;
}

async function runCounter(folder: string, ...args: string[]): Promise<Run> {
  const child = spawn(process.execPath, [COUNTER, folder, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // Half of a short life goes into reading the program: the first one keeps what it has read.
    env: { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') },
  });
  const seen: OnRecord[] = [];
  createInterface(child.stdout).on('line', (line) => void seen.push(JSON.parse(line) as OnRecord));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(`the counter ended with ${code ?? signal ?? ''}`);
  return { seen, wasKilled: signal === 'SIGKILL' };
}

async function startFarEnd(t: Cleanup, folder: string): Promise<{ line: string; http: string }> {
  const child = spawn(process.execPath, [FAR_END, folder, LISTEN, '0', '392'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  t.after(async () => {
    child.stdin.end();
    await ended;
  });
  const [ready] = (await once(createInterface(child.stdout), 'line')) as [string];
  return JSON.parse(ready) as { line: string; http: string };
}
