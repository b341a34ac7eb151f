/**
 * The clock port. A process that proves or demonstrates something takes the place of the runtime's own clock and timers, all of them:
 * `Date`, `performance.now`, `setTimeout`, `setInterval`, `setImmediate` and `node:timers/promises`. So the code under
 * proof needs no clock handed through every function, and none can be forgotten: whatever waits, waits for us.
 *
 * One task runs at a time, with everything that it sets off, before the next is begun. Each belongs to an owner
 * (a process, a terminal, the world); whoever dies takes its tasks along.
 */
import { syncBuiltinESMExports } from 'node:module';
import timersPromises from 'node:timers/promises';

export interface Owner {
  readonly name: string;
  /** Dead: nothing of it runs any more. */
  isGone: boolean;
}

export interface VirtualTime {
  /** Milliseconds since the beginning; never goes back. */
  readonly ms: number;
  /** The true time, as everybody's clock shows it who has not set it wrong. */
  readonly date: Date;
  /** How many tasks have begun, whoever's: as long as it stays the same, one and the same is at work. */
  readonly begun: number;
  /** Runs a task of an owner after a while; tasks of the same moment keep their order. */
  after(ms: number, owner: Owner, task: () => void): void;
  /** Lets time pass until it is so, at most so long; false if it never was. `onStep` is called after each task. */
  passUntil(isSo: () => boolean, maxMs: number, onStep?: () => void): Promise<boolean>;
  /** Lets time pass until the work is done, and returns or throws what it does. Nothing outside of our time may be in it. */
  passWhile<T>(work: Promise<T>): Promise<T>;
  /** A sleep in which nothing runs, as of a machine in stand-by; what was planned for it is done at waking. */
  sleep(ms: number): void;
  /** Everything from the beginning, for the next world: nothing that was planned happens any more. */
  begin(epochMs: number): void;
  /** Gives the runtime its own clock back. */
  restore(): void;
}

/** Also what is handed out for a timer, as far as anybody here uses it. */
class Task {
  /** Where it stands in the queue. */
  place = 0;
  atMs: number;
  order: number;
  readonly owner: Owner;
  readonly run: () => void;
  /** Of an interval. */
  readonly everyMs: number | undefined;

  constructor(atMs: number, order: number, owner: Owner, run: () => void, everyMs: number | undefined) {
    this.atMs = atMs;
    this.order = order;
    this.owner = owner;
    this.run = run;
    this.everyMs = everyMs;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }
}

/**
 * A heap by time, then by order. A task knows its place in it, so that one that is cleared leaves at once: most time-outs
 * are, and would stand in everybody's way for as long as they were meant to last.
 */
function createQueue() {
  const heap: Task[] = [];
  const isBefore = (one: Task, other: Task): boolean =>
    one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
  const put = (task: Task, place: number): void => {
    heap[place] = task;
    task.place = place;
  };
  /** Up or down from a free place, to where it belongs. */
  const settle = (task: Task, free: number): void => {
    let place = free;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || isBefore(above, task)) break;
      put(above, place);
      place = parent;
    }
    for (;;) {
      const left = heap[2 * place + 1];
      const right = heap[2 * place + 2];
      const isRight = left !== undefined && right !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (child === undefined || isBefore(task, child)) break;
      put(child, place);
      place = 2 * place + (isRight ? 2 : 1);
    }
    put(task, place);
  };
  return {
    first: (): Task | undefined => heap[0],
    push: (task: Task): void => settle(task, heap.length),
    /** Does nothing if it has left already. */
    remove(task: Task): void {
      if (heap[task.place] !== task) return;
      const last = heap.pop();
      if (last !== undefined && last !== task) settle(last, task.place);
    },
  };
}

const realSetImmediate = globalThis.setImmediate;
const told = Promise.resolve();

type Callback = (...values: unknown[]) => void;

/** One at a time in a process: it takes the runtime's clock. `begin` says what that shows. */
export function installVirtualTime(): VirtualTime {
  const world: Owner = { name: 'world', isGone: false };
  let queue = createQueue();
  let epochMs = 0;
  let ms = 0;
  let order = 0;
  let begun = 0;
  let current = world;

  const add = (delayMs: number, owner: Owner, run: () => void, everyMs?: number): Task => {
    // As Node does: less than one millisecond is one; not a number is one.
    const waitMs = delayMs >= 1 ? Math.trunc(delayMs) : delayMs === 0 && everyMs === undefined ? 0 : 1;
    const task = new Task(ms + waitMs, order++, owner, run, everyMs);
    queue.push(task);
    return task;
  };
  const restore = replaceClock({
    now: () => epochMs + ms,
    elapsed: () => ms,
    add: (delayMs, run, everyMs) => add(delayMs, current, run, everyMs),
    clear: (task) => queue.remove(task),
  });
  /** The next that somebody still waits for. */
  const nextTask = (): Task | undefined => {
    let task = queue.first();
    for (; task?.owner.isGone; task = queue.first()) queue.remove(task);
    return task;
  };
  const begin = (task: Task): void => {
    queue.remove(task);
    begun += 1;
    ms = Math.max(ms, task.atMs);
    current = task.owner;
    if (task.everyMs !== undefined) {
      task.atMs = ms + task.everyMs;
      task.order = order++;
      queue.push(task);
    }
    task.run();
  };
  return {
    get ms() {
      return ms;
    },
    get date() {
      return new Date(epochMs + ms);
    },
    get begun() {
      return begun;
    },
    after: (delayMs, owner, task) => void add(delayMs, owner, task),
    async passUntil(isSo, maxMs, onStep) {
      const endMs = ms + maxMs;
      const { promise: passed, resolve, reject } = Promise.withResolvers<boolean>();
      /** One task; undefined: more are to come. */
      const step = (): boolean | undefined => {
        current = world;
        onStep?.();
        if (isSo()) return true;
        const task = nextTask();
        if (task === undefined || task.atMs > endMs) {
          ms = endMs;
          return false;
        }
        begin(task);
        return undefined;
      };
      // Once everything that was set off without waiting has run: a tick comes when no promise is left to be told.
      const whenSettled = (): void => process.nextTick(goOn);
      const goOn = (): void => {
        try {
          const isOver = step();
          if (isOver === undefined) void told.then(whenSettled);
          else resolve(isOver);
        } catch (error) {
          reject(error);
        }
      };
      // Once round the runtime's own loop: what is outside of our time comes to its turn, too.
      realSetImmediate(goOn);
      return passed;
    },
    async passWhile(work) {
      let isOver = false;
      const done = work.finally(() => {
        isOver = true;
      });
      const passed = this.passUntil(() => isOver, Infinity).then((isSo) => {
        if (!isSo) throw new Error('nothing is left that the work could wait for');
      });
      await Promise.race([done, passed]);
      await passed;
      return done;
    },
    sleep(forMs) {
      ms += forMs;
    },
    begin(at) {
      queue = createQueue();
      [epochMs, ms, order, begun, current] = [at, 0, 0, 0, world];
    },
    restore,
  };
}

interface Replacement {
  now: () => number;
  elapsed: () => number;
  add: (delayMs: number, run: () => void, everyMs?: number) => Task;
  /** Whatever has become of it. */
  clear: (task: Task) => void;
}

/** Puts the replacement in the runtime's place; returns how to undo it. */
function replaceClock({ now, elapsed, add, clear }: Replacement): () => void {
  const { Date: RealDate, performance } = globalThis;
  const clearTimer = (timer: unknown): void => {
    if (timer instanceof Task) clear(timer);
  };
  /** Makes true dates: a class of its own would have each of them made by way of the runtime. */
  function VirtualDate(...given: [] | [number]): Date {
    return given.length === 0 ? new RealDate(now()) : new RealDate(...given);
  }
  Object.setPrototypeOf(VirtualDate, RealDate);
  Object.assign(VirtualDate, { prototype: RealDate.prototype, now });
  const own = {
    Date: VirtualDate,
    setTimeout: (run: Callback, delayMs = 1, ...values: unknown[]) =>
      add(delayMs < 1 ? 1 : delayMs, values.length === 0 ? run : () => run(...values)),
    setInterval: (run: Callback, everyMs = 1, ...values: unknown[]) =>
      add(everyMs, () => run(...values), Math.max(1, everyMs)),
    setImmediate: (run: Callback, ...values: unknown[]) => add(0, () => run(...values)),
    clearTimeout: clearTimer,
    clearInterval: clearTimer,
    clearImmediate: clearTimer,
  };
  const kept = Object.fromEntries(
    Object.keys(own).map((name) => [name, (globalThis as Record<string, unknown>)[name]]),
  );
  Object.assign(globalThis, own);
  Object.defineProperty(performance, 'now', { value: elapsed, configurable: true, writable: true });

  const realDelay = timersPromises.setTimeout;
  const delay = <T>(delayMs = 1, value?: T, { signal }: { signal?: AbortSignal } = {}): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      const fail = (): void => {
        clear(task);
        reject(new DOMException('The operation was aborted', 'AbortError'));
      };
      const task = add(delayMs < 1 ? 1 : delayMs, () => {
        signal?.removeEventListener('abort', fail);
        resolve(value as T);
      });
      if (signal?.aborted === true) fail();
      else signal?.addEventListener('abort', fail, { once: true });
    });
  Object.assign(timersPromises, { setTimeout: delay });
  syncBuiltinESMExports();

  return () => {
    Object.assign(globalThis, kept);
    Reflect.deleteProperty(performance, 'now');
    Object.assign(timersPromises, { setTimeout: realDelay });
    syncBuiltinESMExports();
  };
}
