/** A counter with test terminals, opened in the evening of a day, and what is done at its closing. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { closeDay, type Closing, type ClosingOrder, type ClosingParts } from '../../src/closing/closing.ts';
import type { CounterCore } from '../../src/counter-core.ts';
import { AppError } from '../../src/errors.ts';
import type { Archive } from '../../src/journal/archive.ts';
import { HANAKO, saleOf, TARO } from '../proof/clerk.ts';
import { openCounter } from '../proof/counter.ts';
import { makeFolder } from '../support/folder.ts';
import type { TestTerminal } from './terminal.ts';

const EVENING = Date.parse('2026-11-26T08:30:00.000Z');
export const DAY_MS = 86_400_000;
const OFFLINE: Archive = { transact: () => Promise.reject(new Error('there is no database')) };

export const SLIP_HEAD = {
  municipalityName: '白井市',
  counterName: '1番',
  book: 'trial',
  brands: () => [],
} as const;

export const refused =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof AppError && error.code === code;

export interface Bench {
  counter: CounterCore;
  parts: ClosingParts;
  close: (order?: Partial<ClosingOrder>) => Promise<Closing>;
  sell: (id: string, quantity?: number) => Promise<void>;
  clock: { ms: number };
  events: (type: string) => unknown[];
  /** The process dies and another takes its place. */
  startAgain: () => Promise<void>;
}

export async function openBench(t: TestContext, ...terminals: TestTerminal[]): Promise<Bench> {
  const path = join(makeFolder(t), 'journal.sqlite');
  const clock = { ms: EVENING };
  const now = (): Date => new Date((clock.ms += 1));
  const open = (): CounterCore =>
    openCounter({
      path,
      archive: OFFLINE,
      terminals: terminals.map(({ driver, connect }, index) => ({
        id: String(index + 1),
        driver,
        methods: index === 0 ? ['credit'] : ['emoney'],
        connect,
      })),
      now,
      onError: () => undefined,
      onFatal: (error) => assert.fail(String(error)),
    });
  const partsOf = (counter: CounterCore): ClosingParts => ({
    ...counter,
    now,
    owedCare: () => ({ count: 0, amountYen: 0 }),
    onProgress: () => undefined,
  });
  const bench: Bench = {
    counter: open(),
    get parts() {
      return partsOf(bench.counter);
    },
    close: (order = {}) => closeDay(bench.parts, { clerk: TARO, confirmedBy: null, note: '', ...order }),
    async sell(id, quantity = 1) {
      bench.counter.payments.take(saleOf(id, quantity), HANAKO);
      await until(bench.counter, () => bench.counter.payments.find(id)?.state === 'approved');
      await ready(bench.counter);
    },
    clock,
    events: (type) => bench.counter.journal.eventsOfType(type).map(({ payload }) => payload),
    async startAgain() {
      await bench.counter.stop();
      bench.counter = open();
      await ready(bench.counter);
    },
  };
  t.after(() => bench.counter.stop());
  await ready(bench.counter);
  return bench;
}

/** Whatever changes is published. */
function until({ live }: CounterCore, isSo: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!isSo()) return;
      unsubscribe();
      resolve();
    };
    const unsubscribe = live.subscribe(() => setImmediate(look));
    setImmediate(look);
  });
}

const ready = (counter: CounterCore): Promise<void> =>
  until(counter, () =>
    counter.payments
      .terminalStatus()
      .every(({ state, detail }) => state === 'ready' || (state === 'locked' && detail !== null)),
  );
