/**
 * The same crash points with real processes: the counter on a real file, the virtual terminal at a real line, the drain
 * on the real PostgreSQL, and a SIGKILL by the kernel. Each start recovers from the kill before, so that none is tried
 * on clean ground.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { zvt } from '../../drivers/zvt/zvt.ts';
import type { BookEntry } from '../../drivers/zvt/virtual/book.ts';
import type { ScriptStep } from '../../drivers/zvt/virtual/resident.ts';
import { reconcileDue, readReconciliations } from '../../src/reconcile/reconcile.ts';
import { openFarEnd } from '../drivers/zvt/far-ends.ts';
import type { Cleanup } from '../support/cleanup.ts';
import { makeFolder } from '../support/folder.ts';
import type { TestDatabase } from '../support/postgres-cluster.ts';
import { differences } from './books.ts';
import { IDENTITY } from './counter.ts';
import type { Deed, OnRecord, Order } from './counter-program.ts';
import type { Violation } from './judge.ts';
import { createRandom } from '../../scripts/virtual/random.ts';

const COUNTER = fileURLToPath(new URL('./counter-program.ts', import.meta.url));
/** Beside the packages, where a bundle finds those that it leaves outside. */
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url));
const LISTEN = process.platform === 'linux' ? 'pty' : 'tcp:0';

/** What a process can die in. */
export const DEEDS = ['start', 'sale', 'void', 'refund', 'drain', 'closing'] as const;
export type DeedName = (typeof DEEDS)[number];

export interface Bench {
  /** A process that dies at that moment of the deed; true: it did, and had not come to the deed's end. */
  dieIn(deed: DeedName, at: number, act?: ScriptStep['do']): Promise<boolean>;
  /** Starts, lets the terminal be asked about everything, and holds the books against each other. */
  compareBooks(): Promise<Violation[]>;
  /** How many moments each has when nothing disturbs it. */
  readonly moments: Readonly<Record<DeedName, number>>;
}

const PAYS = { act: 'present', brand: 'visa' } as const;
/** Sales in one process, for what is given back later. */
const STOCK = 6;

/**
 * A terminal that runs until the end, and a folder; then each deed once, with nothing that disturbs it.
 * @param database a new one: nothing else is in its records
 */
export async function openBench(t: Cleanup, database: TestDatabase): Promise<Bench> {
  const folder = makeFolder(t);
  const { line, http } = await openFarEnd(t, {
    dataDir: folder,
    listen: LISTEN,
    issuerMs: 0,
    currency: '392',
  });
  const program = await bundleCounter(t);
  const over = new AbortController();
  t.after(() => over.abort());
  let sold = 0;
  let lastSeen: OnRecord | undefined;
  const givenBack = new Set<string>();
  /** Sold before a closing, which settles the terminal: nothing of it can be voided any more. */
  const settled = new Set<string>();

  const run = async (dieAt: number, deeds: readonly Deed[], act: ScriptStep['do'] = PAYS): Promise<Run> => {
    const steps = deeds.filter(needsCard).map(() => ({ do: act }));
    await post(`${http}/script`, { steps });
    const order = { folder, line, database: database.url, dieAt, deeds };
    const ran = await runCounter(program, order, over.signal);
    lastSeen = ran.seen.at(-1) ?? lastSeen;
    return ran;
  };
  const sell = (): Deed => {
    sold += 1;
    return { do: 'sell', id: `sale-${sold}`, quantity: sold };
  };
  const giveBack = async (kind: 'void' | 'refund'): Promise<Deed> => {
    const sale = lastSeen?.payments.find(
      ({ id, kind: what, state }) =>
        what === 'sale' && state === 'approved' && !givenBack.has(id) && !settled.has(id),
    );
    if (sale === undefined) {
      // A terminal that a kill has left within its 日計 takes no sale before that is done.
      await run(0, await deedsOf('closing'));
      await run(0, Array.from({ length: STOCK }, sell));
      return giveBack(kind);
    }
    givenBack.add(sale.id);
    return { do: 'give back', kind, id: `${kind}-of-${sale.id}`, of: sale.id, totalYen: sale.amountYen };
  };
  const deedsOf = async (deed: DeedName): Promise<Deed[]> => {
    if (deed === 'sale') return [sell()];
    if (deed === 'closing') {
      // What the kill before has left open is closed first: one with nothing to settle would pass few of the points.
      const sale = sell();
      for (let number = 1; number <= sold; number += 1) settled.add(`sale-${number}`);
      return [{ do: 'close' }, sale, { do: 'close' }];
    }
    if (deed === 'drain') return [sell(), { do: 'drain' }];
    return deed === 'start' ? [] : [await giveBack(deed)];
  };

  const moments = { start: 0, sale: 0, void: 0, refund: 0, drain: 0, closing: 0 };
  for (const deed of DEEDS) moments[deed] = (await run(0, await deedsOf(deed))).seen.at(-1)?.moments ?? 0;
  return {
    moments,
    dieIn: async (deed, at, act) => (await run(at, await deedsOf(deed), act)).wasKilled,
    async compareBooks() {
      await run(0, [{ do: 'close' }]);
      const { entries } = (await (await fetch(`${http}/book`)).json()) as { entries: BookEntry[] };
      const book = entries.map(({ amount, ...entry }) => ({ ...entry, amountYen: amount }));
      const found = differences(lastSeen?.payments ?? [], book);
      return [...found, ...(await differencesInCity(lastSeen, database))];
    },
  };
}

const needsCard = (deed: Deed): boolean =>
  deed.do === 'sell' || (deed.do === 'give back' && deed.kind === 'refund');

const ACTS: [ScriptStep['do'], ...ScriptStep['do'][]] = [PAYS, PAYS, { act: 'refuse' }, { act: 'stop' }];

/**
 * Kills at seeded points, each deed in its turn. What is left behind is left to the next start; at the end the books
 * have to agree.
 * @returns how many processes were killed
 */
export async function killAtRandom(bench: Bench, kills: number, seed: number): Promise<number> {
  const random = createRandom(seed);
  let killed = 0;
  // A point may lie behind the end of a short dialogue: then there is no kill.
  for (let tries = 0; killed < kills && tries < 2 * kills; tries += 1) {
    const deed = random.pick([...DEEDS, 'sale', 'sale']);
    const act = deed === 'sale' || deed === 'refund' ? random.pick(ACTS) : PAYS;
    if (await bench.dieIn(deed, 1 + random.below(bench.moments[deed]), act)) killed += 1;
  }
  return killed;
}

/**
 * Every point of one deed, each in a process of its own; a start follows a kill in the middle of a sale.
 * @param onPoint told after each of them
 */
export async function killEverywhere(
  bench: Bench,
  deed: DeedName,
  onPoint: (at: number, of: number) => void,
): Promise<number> {
  let killed = 0;
  const of = bench.moments[deed];
  for (let at = 1; at <= of; at += 1) {
    if (deed === 'start') await bench.dieIn('sale', Math.ceil(bench.moments.sale / 2));
    if (await bench.dieIn(deed, at)) killed += 1;
    onPoint(at, of);
  }
  return killed;
}

/** The counter's record against PostgreSQL's: every event once, every payment as it is, and the day reconciled. */
async function differencesInCity(onRecord: OnRecord | undefined, { db }: TestDatabase): Promise<Violation[]> {
  const found: Violation[] = [];
  const report = (kind: Violation['kind'], text: string): void => void found.push({ kind, text });
  const events = await db.selectFrom('events').select(['sequence', 'hash']).orderBy('sequence').execute();
  const last = events.at(-1);
  const { head, payments = [] } = onRecord ?? {};
  if (events.length !== head?.sequence || last?.hash !== head.hash) {
    report('lost', `the city has ${events.length} events, the counter ${head?.sequence}`);
  }
  const rows = await db.selectFrom('payments').select(['operation_id', 'state']).execute();
  for (const { id, state } of payments) {
    const there = rows.find((row) => row.operation_id === id)?.state;
    if (there !== state) report('wrongFinals', `${id} is ${state}, in the city ${there}`);
  }
  const { municipality } = IDENTITY;
  const grainOf = (model: string) => (model === zvt.model ? zvt.totals : undefined);
  await reconcileDue(db, municipality, grainOf, '9999-12-31');
  const days = await readReconciliations(db, municipality, 1);
  const isMatched = days.length === 1 && days.every(({ status }) => status !== 'different');
  if (!isMatched) report('wrongFinals', `the day: ${days.map(({ sentence }) => sentence).join() || 'none'}`);
  return found;
}

interface Run {
  seen: OnRecord[];
  wasKilled: boolean;
}

/**
 * The counter's program in one file: most of a short life went into finding and linking its five hundred modules.
 * @returns its path
 */
async function bundleCounter(t: Cleanup): Promise<string> {
  mkdirSync(CACHE, { recursive: true });
  const outDir = mkdtempSync(join(CACHE, 'counter-'));
  t.after(() => rmSync(outDir, { recursive: true }));
  const name = 'counter.js';
  await build({
    configFile: false,
    logLevel: 'warn',
    build: { ssr: COUNTER, outDir, minify: false, rolldownOptions: { output: { entryFileNames: name } } },
    ssr: { noExternal: true, external: ['better-sqlite3', 'serialport', 'pg', '@node-rs/argon2'] },
  });
  return join(outDir, name);
}

async function runCounter(program: string, order: Order, over: AbortSignal): Promise<Run> {
  const child = spawn(process.execPath, [program, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // One that outlives its test would keep the runner waiting for its last words.
    signal: over,
    killSignal: 'SIGKILL',
    // Half of a short life goes into reading the program: the first one keeps what it has read.
    env: { ...process.env, NODE_COMPILE_CACHE: join(order.folder, 'compiled') },
  });
  const seen: OnRecord[] = [];
  createInterface(child.stdout).on('line', (line) => void seen.push(JSON.parse(line) as OnRecord));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(`the counter ended with ${code ?? signal ?? ''}`);
  return { seen, wasKilled: signal === 'SIGKILL' };
}

async function post(url: string, body: object): Promise<void> {
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
}
