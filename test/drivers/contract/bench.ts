/** A counter's side of the contract: a connection that is watched, sales on it, and the far end's book beside it. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  TerminalError,
  type Commit,
  type Ending,
  type Finding,
  type Inquiry,
  type Method,
  type Progress,
  type Terminal,
  type TerminalAnswer,
} from '../../../src/terminal/terminal.ts';
import type { Cleanup } from '../../support/cleanup.ts';
import type { BookLine, FarEnd, Subject, Wire } from '../contract.ts';

/** A terminal may be busy for a while after its line broke; asked as often as the counter would. */
const ASK_AGAIN_MS = 50;
const ASK_TIMES = 200;

export interface Bench {
  subject: Subject;
  /** Every result code that came, to be explained. */
  codesSeen: Set<string>;
  /** The brands with their methods, as declared. */
  brands: readonly { method: Method; brand: string }[];
  anyBrand: string;
  /** False where the clerk is the link: nobody is asked anything at connecting, and there are no steps to be seen. */
  hasLink: boolean;
  /** A connection to the far end that all tests share; its book is counted from here. */
  connect: (t: Cleanup, how?: Connecting) => Promise<Counter>;
  /** As `connect`, to a far end that nobody has used. */
  connectAnew: (t: Cleanup, how?: Connecting) => Promise<Counter>;
}

interface Connecting {
  options?: object | undefined;
  issuerMs?: number;
  takesNoYen?: boolean;
  cardNumber?: string;
}

export interface Sold {
  ending: Ending;
  answers: TerminalAnswer[];
  progress: Progress[];
}

interface Sell {
  method?: Method;
  brand?: string | null;
  commit?: Commit;
}

export interface Counter {
  farEnd: FarEnd;
  terminal: Terminal;
  /** All bytes that left on this connection. */
  sent(): Buffer;
  sell(amountYen: number, how?: Sell): Promise<Sold>;
  /** Sells what the far end's resident pays, and gives the approval back. */
  sellWell(amountYen: number, brand?: string): Promise<TerminalAnswer>;
  /** Sells, and gives back how the line broke. */
  sellInVain(amountYen: number, how?: Sell): Promise<{ error: TerminalError; answers: TerminalAnswer[] }>;
  reconnect(): Promise<void>;
  /** Pulls the far end's cable when the n-th write from now is about to leave, or has left. */
  cutAtWrite(nth: number, when: 'before' | 'after'): void;
  /** False if no write came that far. */
  wasCut(): boolean;
  /** What became of the last sale; asked until the terminal has time. */
  find(about: Partial<Inquiry> & { amountYen: number }): Promise<Finding>;
  /** What the far end's book holds since this counter came. */
  book(): Promise<BookLine[]>;
}

export function createBench(subject: Subject, cleanup: Cleanup): Bench {
  const { driver } = subject;
  const brands = Object.entries(driver.brands).flatMap(([method, names]) =>
    names.map((brand) => ({ method: method as Method, brand })),
  );
  const anyBrand = brands[0]?.brand ?? assert.fail('the driver declares no brand');
  const codesSeen = new Set<string>();
  let shared: Promise<FarEnd> | undefined;
  const parts = { subject, anyBrand, codesSeen, hasLink: driver.reach !== 'clerk' };
  return {
    ...parts,
    brands,
    connect: async (t, how = {}) => openCounter(t, parts, await (shared ??= subject.open(cleanup)), how),
    connectAnew: async (t, how = {}) => openCounter(t, parts, await subject.open(t, how), how),
  };
}

async function openCounter(
  t: Cleanup,
  { subject, anyBrand, codesSeen }: Pick<Bench, 'subject' | 'anyBrand' | 'codesSeen'>,
  farEnd: FarEnd,
  { options = subject.options, cardNumber }: Connecting,
): Promise<Counter> {
  await farEnd.plugCable();
  await farEnd.plan();
  const before = (await farEnd.book()).length;
  const watched = watchWire(() => farEnd.pullCable());
  const wire: Wire = { pass: watched.pass, ...(cardNumber !== undefined && { cardNumber }) };
  const connect = (): Promise<Terminal> => farEnd.connect(options, wire);
  let operationId = randomUUID();
  let armedAt = new Date().toISOString();

  const begin = (
    amountYen: number,
    { method = 'credit', brand = null, commit }: Sell,
    seen: Omit<Sold, 'ending'>,
  ) => {
    armedAt = new Date().toISOString();
    operationId = randomUUID();
    return counter.terminal.authorizeSale(
      { operationId, amountYen, method, brand },
      (answer) => {
        seen.answers.push(answer);
        codesSeen.add(answer.resultCode);
        return commit?.(answer) ?? 'acknowledge';
      },
      (progress) => seen.progress.push(progress),
    );
  };
  const counter: Counter = {
    farEnd,
    terminal: await connect(),
    sent: watched.sent,
    async sell(amountYen, how = {}) {
      const seen = { answers: [], progress: [] };
      const ending = await begin(amountYen, how, seen);
      if (ending.kind === 'aborted') codesSeen.add(ending.resultCode);
      return { ending, ...seen };
    },
    async sellWell(amountYen, brand = anyBrand) {
      await farEnd.plan({ act: 'present', brand });
      const { ending, answers } = await counter.sell(amountYen);
      assert.deepEqual(ending, { kind: 'completed' });
      return answers.at(-1) ?? assert.fail('a sale that completed has an answer');
    },
    async sellInVain(amountYen, how = {}) {
      const seen: Omit<Sold, 'ending'> = { answers: [], progress: [] };
      try {
        const ending = await begin(amountYen, how, seen);
        return assert.fail(`the sale ended as ${ending.kind}`);
      } catch (error) {
        if (!(error instanceof TerminalError)) throw error;
        return { error, answers: seen.answers };
      }
    },
    async reconnect() {
      await counter.terminal.close();
      await farEnd.plugCable();
      counter.terminal = await connect();
    },
    cutAtWrite: watched.cutAtWrite,
    wasCut: watched.wasCut,
    async find(about) {
      for (let asked = 0; asked < ASK_TIMES; asked++) {
        const inquiry = { operationId, armedAt, answer: null, previous: null, ...about };
        const found = await counter.terminal.findTransaction(inquiry);
        if (found.kind !== 'in_progress') return found;
        await delay(ASK_AGAIN_MS);
      }
      return assert.fail('the terminal is busy for ever');
    },
    book: async () => (await farEnd.book()).slice(before),
  };
  t.after(() => counter.terminal.close());
  return counter;
}

/** Keeps what leaves, and can pull the cable at any message. Messages keep their order. */
function watchWire(pullCable: () => Promise<void>) {
  const sent: Buffer[] = [];
  let cut: { countdown: number; when: 'before' | 'after' } | undefined;
  let hasCut = false;
  let order: Promise<void> = Promise.resolve();
  const cutIf = async (when: 'before' | 'after'): Promise<void> => {
    if (cut?.when !== when || hasCut || cut.countdown > 0) return;
    hasCut = true;
    await pullCable();
  };
  const passNow = async (message: Buffer, send: () => Promise<void>): Promise<void> => {
    if (cut !== undefined) cut.countdown -= 1;
    await cutIf('before');
    try {
      await send();
      sent.push(Buffer.from(message));
    } catch (error) {
      if (!(error instanceof TerminalError) || error.moneyMayHaveMoved) sent.push(Buffer.from(message));
      throw error;
    }
    await cutIf('after');
  };
  return {
    pass: (message: Buffer, send: () => Promise<void>): Promise<void> => {
      const passed = order.then(() => passNow(message, send));
      order = passed.catch(() => undefined);
      return passed;
    },
    sent: () => Buffer.concat(sent),
    wasCut: () => hasCut,
    cutAtWrite: (nth: number, when: 'before' | 'after') => {
      cut = { countdown: nth, when };
      hasCut = false;
    },
  };
}

/** The lines of one sale in the far end's book say that the money was taken, and not given back since. */
export function isTaken(lines: readonly BookLine[]): boolean {
  assert.ok(
    lines.every(({ state }) => state !== 'authorised'),
    'the far end has not made up its mind',
  );
  return netYen(lines) > 0;
}

/** What a book comes to: sales less what was given back. */
export function netYen(lines: readonly BookLine[]): number {
  const stored = lines.filter(({ state }) => state === 'stored');
  return stored.reduce((sum, { kind, amountYen }) => sum + (kind === 'sale' ? amountYen : -amountYen), 0);
}

/** A finding without the message itself, in which a terminal may count the messages of a connection. */
export function factsOf(finding: Finding): unknown {
  if (finding.kind !== 'approved') return finding;
  const { raw, ...facts } = finding.answer;
  assert.notEqual(raw, '');
  return facts;
}

export const neverMoved = (error: unknown): boolean =>
  error instanceof TerminalError && !error.moneyMayHaveMoved;
