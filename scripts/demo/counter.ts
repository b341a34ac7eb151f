/**
 * The counter of the demonstration: the one that `npm start` runs, without its screens, on a clock of ours and with the
 * virtual terminal of trials at the other end of its line. Its journal, its terminal's book and PostgreSQL are real files.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { createLink } from '../../drivers/zvt/link.ts';
import { createBook, type Book } from '../../drivers/zvt/virtual/book.ts';
import type { Machine } from '../../drivers/zvt/virtual/machine.ts';
import { serve } from '../../drivers/zvt/virtual/terminal.ts';
import { createCable, createMachine } from '../../drivers/zvt/virtual/virtual.ts';
import { zvt } from '../../drivers/zvt/zvt.ts';
import type { Config } from '../../src/config.ts';
import { openCounterCore, projectOperations, type CounterCore } from '../../src/counter-core.ts';
import { openOnce } from '../../src/counter-once.ts';
import type { Database } from '../../src/db/schema.ts';
import type { Catalogue } from '../../src/fees/catalogue.ts';
import { createArchive, type Archive } from '../../src/journal/archive.ts';
import { noteWithdrawal } from '../../src/payments/outside-refunds.ts';
import { createLine } from '../virtual/line.ts';
import type { Owner, VirtualTime } from '../virtual/time.ts';

export const TERMINAL = '1';

export interface DemoCounter extends CounterCore {
  machine: Machine;
  book: Book;
  catalogue: Catalogue;
  now: () => Date;
  /** Everything that is recorded goes to PostgreSQL, in few large transactions; the terminal's book to its file. */
  sendEverything(): Promise<void>;
  /** As `npm start` leaves it: line and journal closed. */
  shutDown(): Promise<void>;
}

interface CounterParts {
  config: Config;
  db: Kysely<Database>;
  time: VirtualTime;
  catalogue: Catalogue;
  surveyUrl: (paymentId: string) => string | null;
}

export function openDemoCounter({ config, db, time, catalogue, surveyUrl }: CounterParts): DemoCounter {
  const place = { municipality: config.municipality.code, counter: config.counter.id };
  const now = (): Date => time.date;
  const terminal = openTerminal(join(config.dataDir, 'virtual-terminal'), time);
  const evening = openInTheEvening(createArchive(db, projectOperations));
  const onError = (what: string, error: unknown): void => {
    // A cable that is out is part of the play.
    if (!what.startsWith('terminal')) throw new Error(what, { cause: error });
  };
  const core = openCounterCore({
    path: join(config.dataDir, 'journal.sqlite'),
    identity: { ...place, book: config.book },
    archive: evening.archive,
    terminals: [{ id: TERMINAL, driver: zvt, connect: () => zvt.connect(() => terminal.line.open(), {}) }],
    catalogue: () => catalogue,
    now,
    surveyUrl,
    secondPersonFromYen: config.secondPersonFromYen,
    once: {
      markFor: (sale, date) => once.markFor(sale, date),
      keysOf: (lines, date) => once.keysOf(lines, date),
      reserve: (sale) => once.reserve(sale),
      inTurn: (sale, act) => once.inTurn(sale, act),
    },
    endPromise: ({ refund, ...withdrawal }, by) =>
      noteWithdrawal(db, { ...place, id: refund }, withdrawal, by),
    onError,
    onFatal(error) {
      throw error;
    },
  });
  const { once } = openOnce({ ...core, config, db, catalogue: () => catalogue, now, onError });
  core.start();
  return {
    ...core,
    machine: terminal.machine,
    book: terminal.book,
    catalogue,
    now,
    async sendEverything() {
      terminal.flush();
      await evening.through(async () => {
        while (core.drain.status.pending !== 0) {
          core.drain.wake();
          await core.drain.tried();
        }
      });
    },
    async shutDown() {
      // The terminal is taken leave of on the play's clock, PostgreSQL on its own.
      await time.passWhile(core.payments.stop());
      await evening.through(() => core.stop());
      terminal.close();
    },
  };
}

/** PostgreSQL is far away by day, so that a day's events go up together. */
function openInTheEvening(archive: Archive): {
  archive: Archive;
  through: (work: () => Promise<void>) => Promise<void>;
} {
  let gate = Promise.withResolvers<void>();
  return {
    archive: {
      async transact(journal, act) {
        await gate.promise;
        return archive.transact(journal, act);
      },
    },
    async through(work) {
      gate.resolve();
      await work();
      gate = Promise.withResolvers<void>();
    },
  };
}

/** A resident does not dawdle, a card company answers within a second. */
const TIMING = { readMs: 700, issuerMs: 900, residentMs: 60_000 } as const;
/** Somebody sees that the cable is out. */
const PUT_BACK_AFTER_MS = 20_000;

/** The virtual terminal as a trial starts it later, from the same book. */
function openTerminal(dataDir: string, time: VirtualTime) {
  mkdirSync(dataDir, { recursive: true });
  const file = openSync(join(dataDir, 'book.jsonl'), 'ax');
  const unwritten: string[] = [];
  const flush = (): void => {
    if (unwritten.length === 0) return;
    writeSync(file, unwritten.splice(0).join(''));
    fsyncSync(file);
  };
  const book = createBook({
    kept: [],
    keep: (entry) => void unwritten.push(`${JSON.stringify(entry)}\n`),
    close: () => undefined,
  });
  const machine = createMachine({ timing: TIMING }, book);
  const far: Owner = { name: 'terminal', isGone: false };
  const near: Owner = { name: 'counter', isGone: false };
  const line = createLine(time, { near, far }, (port) => {
    void serve(machine, createLink(port, machine.timing.link));
  });
  const cable = createCable(machine, {
    pull() {
      line.pull();
      time.after(PUT_BACK_AFTER_MS, far, () => void cable.plug());
      return Promise.resolve();
    },
    plug() {
      line.plug();
      return Promise.resolve();
    },
  });
  return {
    machine,
    book,
    line,
    flush,
    close() {
      flush();
      closeSync(file);
    },
  };
}
