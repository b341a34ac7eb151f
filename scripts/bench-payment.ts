/**
 * How much the house adds to the bare work, as ratios of one run: `npm run bench:payment -- --json`.
 *
 * firstByteMs: from the screen's POST to the first byte of the sale on its way to the terminal, with the durable
 * record in between; against one Express route with one synchronous=FULL commit, asked by the same client.
 * commitMs: from the terminal's answer in our hands to our acknowledgement on its way, with the durable record in
 * between; against one such commit alone. Medians, each measured in turn with its bare counterpart.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import express from 'express';
import { pino } from 'pino';
import { drivers } from '../drivers/index.ts';
import { createApp } from '../src/http/app.ts';
import { listen } from '../src/http/listen.ts';
import { openJournal, type Journal } from '../src/journal/journal.ts';
import type { Payments } from '../src/payments/payments.ts';
import { createPaymentRoutes } from '../src/payments/routes.ts';
import { parseAddress, portOpener, type OpenPort } from '../src/terminal/port.ts';
import { openVirtualTerminal, type VirtualTerminal } from '../src/terminal/virtual-terminal.ts';
import { openCounter as openProofCounter, PRICE_YEN } from '../test/proof/counter.ts';
import { NOTHING_ONCE } from '../test/support/once.ts';

const ROUNDS = 30;
const WARM_UP = 10;

/** When the sale's first byte left, and how long the terminal's newest result waited for its acknowledgement. */
interface Watch {
  saleSentAt: number;
  commitMs: number;
}

/** The port, with a look at the clock wherever a message of interest passes. Serial frames and bare APDUs alike. */
function watched(openPort: OpenPort, watch: Watch): OpenPort {
  return async () => {
    const port = await openPort();
    let unanswered = Buffer.alloc(0);
    let readAt = 0;
    const isMessage = (bytes: Buffer, control: string): boolean => {
      const apdu = bytes[0] === 0x10 && bytes[1] === 0x02 ? bytes.subarray(2) : bytes;
      return apdu.toString('hex').startsWith(control);
    };
    return {
      ...port,
      async read(timeoutMs) {
        const chunk = await port.read(timeoutMs);
        if (chunk.kind === 'bytes') {
          unanswered = Buffer.concat([unanswered, chunk.bytes]);
          readAt = performance.now();
        }
        return chunk;
      },
      write(bytes) {
        const now = performance.now();
        if (isMessage(bytes, '0601')) watch.saleSentAt = now;
        if (isMessage(bytes, '8000')) {
          if (unanswered.includes(Buffer.from('040f', 'hex'))) watch.commitMs = now - readAt;
          unanswered = Buffer.alloc(0);
        }
        return port.write(bytes);
      },
    };
  };
}

/** A counter of its own: journal, payments, routes and the virtual terminal at the end of a real line. */
async function openCounter(
  folder: string,
  watch: Watch,
  undo: (() => unknown)[],
): Promise<{ url: string; journal: Journal; payments: Payments }> {
  const driver = drivers.filter((each) => each.reach === 'line').find(({ virtual }) => virtual !== undefined);
  if (driver?.virtual === undefined) throw new Error('no driver has a virtual terminal');
  const terminal = await openVirtualTerminal({
    program: driver.virtual.program,
    reach: driver.reach,
    dataDir: join(folder, 'terminal'),
    httpPort: 0,
  });
  undo.push(() => terminal.stop());
  await planResident(terminal);
  const address = parseAddress(terminal.line);
  if (address === undefined) throw new Error(`no line: ${terminal.line}`);

  const openPort = watched(portOpener(address), watch);

  const now = (): Date => new Date();
  const { journal, live, payments, ...counter } = openProofCounter({
    path: join(folder, 'journal.sqlite'),
    archive: { transact: () => Promise.reject(new Error('no PostgreSQL here')) },
    terminals: [{ id: '1', driver, connect: () => driver.connect(openPort, {}) }],
    now,
    onError: () => undefined,
    onFatal(error) {
      throw error;
    },
  });
  undo.push(() => counter.stop());
  await new Promise<void>((resolve) => {
    const unsubscribe = live.subscribe((name) => {
      if (name !== 'terminal' || payments.terminalStatus()[0]?.state !== 'ready') return;
      unsubscribe();
      resolve();
    });
  });

  const app = createApp({
    log: pino({ level: 'silent' }),
    hosts: () => [],
    frameSources: [],
    readiness: () => ({ ready: true }),
    routes(routes) {
      routes.use('/api/payments', (_request, response, next) => {
        response.locals.person = { number: 'bench', name: 'bench', roles: ['api'], windows: null };
        next();
      });
      const head = {
        municipalityName: '',
        counterName: '',
        book: 'trial',
        isSurveyPublic: false,
        brands: () => [],
      } as const;
      const confirm = (): never => {
        throw new Error('nobody confirms anything here');
      };
      routes.use(
        '/api/payments',
        createPaymentRoutes(payments, {
          head,
          confirm,
          now,
          once: NOTHING_ONCE,
          lookAtStatements: () => Promise.resolve(),
        }),
      );
    },
  });
  const listening = await listen(app, 0);
  undo.push(() => listening.close());
  return { url: listening.url, journal, payments };
}

/** Every resident presents a card at once. */
async function planResident(terminal: VirtualTerminal): Promise<void> {
  const response = await fetch(`${terminal.http}/script`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ steps: [{ do: { act: 'present', brand: 'visa' } }], repeat: true }),
  });
  if (!response.ok) throw new Error(await response.text());
}

/** The bare work: one Express route, one commit. */
async function openBare(
  folder: string,
  undo: (() => unknown)[],
): Promise<{ url: string; commit: () => void }> {
  const identity = { municipality: '122327', counter: 'bare', book: 'trial' } as const;
  const journal = openJournal(join(folder, 'bare.sqlite'), identity, () => new Date());
  const commit = (): void => void journal.append('bare', null, { text: 'x'.repeat(300) });
  const app = express().post('/', express.json(), (_request, response) => {
    commit();
    response.status(202).json({ ok: true });
  });
  const listening = await listen(app, 0);
  undo.push(
    () => journal.close(),
    () => listening.close(),
  );
  return { url: listening.url, commit };
}

async function post(url: string, body: object): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** One sale from press to end; returns its two figures. */
async function measureSale(
  counter: Awaited<ReturnType<typeof openCounter>>,
  watch: Watch,
): Promise<{ firstByteMs: number; commitMs: number }> {
  const id = randomUUID();
  watch.commitMs = 0;
  const pressedAt = performance.now();
  const response = await post(`${counter.url}/api/payments`, {
    id,
    window: 'resident',
    lines: [{ code: 'FEE', quantity: 1 }],
    totalYen: PRICE_YEN,
    method: 'credit',
  });
  if (response.status !== 202) throw new Error(await response.text());
  while (
    counter.payments.find(id)?.state === 'armed' ||
    counter.payments.terminalStatus()[0]?.state !== 'ready'
  ) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  if (!(watch.commitMs > 0 && watch.saleSentAt > pressedAt)) throw new Error('a message was not seen');
  if (counter.payments.find(id)?.state !== 'approved') throw new Error('the sale was not approved');
  return { firstByteMs: watch.saleSentAt - pressedAt, commitMs: watch.commitMs };
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function measure(folder: string, undo: (() => unknown)[]): Promise<Record<string, number>> {
  const watch: Watch = { saleSentAt: 0, commitMs: 0 };
  const bare = await openBare(folder, undo);
  const counter = await openCounter(folder, watch, undo);
  const rounds: Record<'firstByteMs' | 'bareHttpCommitMs' | 'commitMs' | 'bareCommitMs', number>[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    const bareHttpCommitMs = await timed(async () => (await post(bare.url, { round })).json());
    const bareCommitMs = await timed(bare.commit);
    const sale = await measureSale(counter, watch);
    if (round >= WARM_UP) rounds.push({ ...sale, bareHttpCommitMs, bareCommitMs });
    process.stderr.write(`\r${round + 1} / ${WARM_UP + ROUNDS}`);
  }
  process.stderr.write('\n');
  const of = (key: keyof (typeof rounds)[number]): number => median(rounds.map((round) => round[key]));
  const [firstByteMs, bareHttpCommitMs, commitMs, bareCommitMs] = [
    of('firstByteMs'),
    of('bareHttpCommitMs'),
    of('commitMs'),
    of('bareCommitMs'),
  ];
  return {
    firstByteMs,
    bareHttpCommitMs,
    firstByteRatio: firstByteMs / bareHttpCommitMs,
    commitMs,
    bareCommitMs,
    commitRatio: commitMs / bareCommitMs,
  };
}

const { values: flags } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const folder = mkdtempSync(join(tmpdir(), 'madoguchi-bench-'));
const undo: (() => unknown)[] = [];
try {
  const figures = Object.fromEntries(
    Object.entries(await measure(folder, undo)).map(([name, value]) => [name, Number(value.toFixed(3))]),
  );
  console.log(flags.json ? JSON.stringify(figures) : figures);
} finally {
  for (const each of undo.reverse()) await each();
  rmSync(folder, { recursive: true, force: true });
}
