/**
 * START. A counter and everything around it, in one process: clock, line, terminal, disk and database are ours, and the
 * code between them is the real one. A process that has died is started again, as the service manager would.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { zvt } from '../../drivers/zvt/zvt.ts';
import type { Point } from '../../drivers/zvt/virtual/faults.ts';
import type { Settings } from '../../drivers/zvt/virtual/settings.ts';
import { AppError } from '../../src/errors.ts';
import { JournalFault } from '../../src/journal/journal.ts';
import type { PaymentView } from '../../src/payments/view.ts';
import { createArchiveModel, type ArchiveModel } from './archive-model.ts';
import { createAssent } from './assent.ts';
import { createClerk, type Ask, type Clerk } from './clerk.ts';
import { createCable, type Cable, type Strike } from './cable.ts';
import { openCounter, type Counter } from './counter.ts';
import { createDisk, type Disk, type Medium } from './disk.ts';
import { createFarEnd, type FarEnd } from './far-end.ts';
import { createJudge, type Judge } from './judge.ts';
import { createLife, Death, type Life, type Moment } from './life.ts';
import type { Owner, VirtualTime } from '../../scripts/virtual/time.ts';

export interface WorldOptions {
  line: 'serial' | 'stream';
  autoReversal: Settings['autoReversal'];
  /** The terminal knows message ids (PA00P015 §5), so that it tells a repetition from a second command. */
  messageIds: boolean;
  /** The terminal tells the register what it has to, and nothing for its screen or printer. */
  isTerse?: boolean;
  /** Where the journal is kept; SQLite unless it is said. */
  medium?: Medium;
  /** Told of each moment at which the counter may die; true: it does. */
  onMoment?: (moment: Moment) => boolean;
  strike?: Strike;
  /** A dialogue in which money moves has come so far; the terminal's power may go now. */
  onPoint?: (point: Point) => 'power_loss' | undefined;
  /** How long the database takes for a statement; it throws if it can't be reached. */
  databaseMs?: () => number;
  /** How wrong the counter's clock is. */
  clockErrorMs?: () => number;
  /** A line for whoever wants to know what happens. */
  tell?: (step: string) => void;
}

export interface World {
  options: WorldOptions;
  time: VirtualTime;
  cable: Cable;
  disk: Disk;
  farEnd: FarEnd;
  archive: ArchiveModel;
  judge: Judge;
  /** The counter that runs now; undefined: none does. */
  readonly counter: Counter | undefined;
  /** Starts the counter if none runs; it may die of that. */
  start(): void;
  /** The process lives, in use or not. */
  readonly isRunning: boolean;
  /** SIGKILL. */
  kill(): void;
  clerk: Clerk;
  /** Something of the world's own happens after a while. */
  later: (ms: number, act: () => void) => void;
  /** Somebody asks the counter for something. */
  ask: Ask;
  /** What the counter's clock shows. */
  counterClock: () => Date;
  /** Lets time pass until it is so, at most so long; the money checkers look after every step. */
  until(isSo: () => boolean, maxMs: number): Promise<boolean>;
}

/** Somebody puts the cable back, or switches the terminal on. */
const PUT_BACK_AFTER_MS = 2_000;
/** 2026-11-24, 09:00 in Japan. */
export const MORNING = Date.parse('2026-11-24T00:00:00.000Z');

export function createWorld(time: VirtualTime, options: WorldOptions): World {
  time.begin(MORNING);
  const {
    line,
    autoReversal,
    messageIds,
    isTerse = false,
    clockErrorMs = () => 0,
    tell: hear = () => undefined,
  } = options;
  const tell = (who: string, what: string): void => hear(`${time.ms} ${who}: ${what}`);
  const assent = createAssent(line);
  const judge = createJudge(line, autoReversal);
  const terminal: Owner = { name: 'terminal', isGone: false };
  const world: Owner = { name: 'world', isGone: false };
  const disk = createDisk((event) => {
    tell('journal', `${event.type} ${event.operationId ?? ''}`);
    judge.onCommit(event);
  }, options.medium);
  const cable = createCable({
    time,
    line,
    terminal,
    onPort: (port) => farEnd.serve(port),
    strike: options.strike ?? (() => undefined),
    onSent(bytes) {
      assent.onSent(bytes);
      judge.onSent(bytes);
    },
    onHeard: (bytes) => assent.onHeard(bytes),
    onReached: (wereHeldBack) => assent.onReached(wereHeldBack),
  });
  const farEnd = createFarEnd({
    autoReversal,
    messageIds,
    isTerse,
    pull() {
      cable.pull();
      later(PUT_BACK_AFTER_MS, () => farEnd.switchOn());
    },
    plug: () => cable.plug(),
    onBook(entry) {
      tell('terminal', `${entry.kind} ${entry.traceNumber} ${entry.state}`);
      judge.onBook(entry);
    },
    onPoint(point) {
      if (point === 'approved') assent.onApproved();
      // Nobody has acknowledged it then; what becomes of it is judged by the books.
      const isMisheard = point === 'acknowledged' && assent.isOlder;
      if (isMisheard) tell('terminal', 'takes an older yes for one to this');
      else judge.onPoint(point);
      return options.onPoint?.(point);
    },
  });
  const counterClock = (): Date => new Date(Date.now() + clockErrorMs());
  const later = (ms: number, act: () => void): void => time.after(ms, world, act);
  const archive = createArchiveModel();
  let life: Life | undefined;
  let counter: Counter | undefined;

  const die = (): void => {
    tell('counter', 'dies');
    counter = undefined;
    life = undefined;
    cable.letGo();
    disk.letGo();
    archive.cut();
  };
  const reach = async <T>(run: () => T): Promise<T> => {
    await delay(options.databaseMs?.() ?? 50);
    return run();
  };
  const begin = (own: Life): void => {
    tell('counter', 'starts');
    const opened = openCounter({
      path: 'journal.sqlite',
      openFile: disk.openFor(own),
      archive: archive.connect((what, run) => own.doesLater('database', what, () => reach(run))),
      terminals: [
        { id: '1', driver: zvt, connect: () => zvt.connect(() => cable.open(own), { autoReversal }) },
      ],
      now: counterClock,
      onError: (what, error) => tell('counter', `${what}: ${String(error)}`),
      onFatal(error) {
        tell('counter', `ends: ${String(error)}`);
        own.end();
      },
    });
    opened.live.subscribe((name, value) => {
      if (name === 'payment') judge.onTold(value as PaymentView);
    });
    counter = opened;
  };
  const ask: Ask = (act, hear) => {
    const own = life;
    if (own === undefined || counter === undefined) {
      later(1, () => hear(undefined));
      return;
    }
    let isTaken = false;
    time.after(1, own, () => {
      isTaken = true;
      const answer = answerOf(own, () => counter && act(counter));
      // Whoever died after the deed does not answer.
      later(1, () => hear(own.isGone ? undefined : answer));
    });
    // Nor does one that died before the request came to its turn.
    later(1, () => {
      if (!isTaken) hear(undefined);
    });
  };
  return {
    options,
    time,
    cable,
    disk,
    farEnd,
    archive,
    judge,
    get counter() {
      return counter;
    },
    start() {
      if (life !== undefined) return;
      const own = createLife('counter', options.onMoment ?? (() => false), die);
      life = own;
      time.after(0, own, () => {
        try {
          begin(own);
        } catch (error) {
          // A journal that can't be opened or written ends the start.
          const isExpected =
            error instanceof Death || error instanceof JournalFault || error instanceof AppError;
          if (!isExpected) throw error;
          own.end();
        }
      });
    },
    get isRunning() {
      return life !== undefined;
    },
    kill: () => life?.end(),
    ask,
    counterClock,
    clerk: createClerk(ask, later),
    later,
    until: (isSo, maxMs) => time.passUntil(isSo, maxMs, () => judge.check()),
  };
}

/** What comes back; undefined where the process died of it, or could not record it. */
function answerOf<T>(life: Life, act: () => T): T | AppError | undefined {
  try {
    return life.does('http', 'request', act);
  } catch (error) {
    if (error instanceof AppError) return error;
    if (error instanceof Death) return undefined;
    throw error;
  }
}
