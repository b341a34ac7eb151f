/** What goes wrong on a simulated day, as chance has it, and how often it really did. */
import type { Point } from '../../drivers/zvt/virtual/faults.ts';
import type { Arrival, Sender } from './cable.ts';
import type { Moment } from './life.ts';
import type { Random } from '../../scripts/virtual/random.ts';
import type { World } from './world.ts';

export const FAULTS = [
  // On the line.
  ...(['dropped', 'doubled', 'cut', 'late', 'corrupted', 'unplugged', 'renamed'] as const),
  // At the terminal.
  ...(['powerLostBeforeStored', 'powerLostAfterStored', 'noPaper', 'hostDown', 'endOfDay'] as const),
  // At the counter.
  ...(['killed', 'diskFull', 'flushFailed', 'clockJump'] as const),
  // On the way to PostgreSQL.
  ...(['databaseGone', 'databaseCut'] as const),
  // People.
  ...(['doubleClick', 'twoClerks', 'cancelled'] as const),
  // What a terminal makes of an approval that nobody acknowledged: one of the three a day.
  ...(['reversalImmediate', 'reversalDeferred', 'reversalNone'] as const),
] as const;
export type Fault = (typeof FAULTS)[number];
export type Faults = Record<Fault, number>;
export type Count = (fault: Fault) => void;

export const noFaults = (): Faults => Object.fromEntries(FAULTS.map((fault) => [fault, 0])) as Faults;

/** How likely what is, per chunk of bytes, per dialogue, or per minute. */
export interface Weather {
  strike(from: Sender, bytes: Buffer): Arrival[] | undefined;
  onPoint(point: Point): 'power_loss' | undefined;
  onMoment(moment: Moment): boolean;
  databaseMs(): number;
  clockErrorMs(): number;
  /** From here on things go wrong, in their own time. */
  begin(world: World): void;
  /** Nothing goes wrong any more. */
  end: () => void;
}

const MINUTE_MS = 60_000;

/** How long PostgreSQL takes for a statement: near by, or over a poor network, where fewer carry more of the events. */
const STATEMENT_MS = { near: 400, far: 1_500 } as const;

export function createWeather(
  random: Random,
  line: 'serial' | 'stream',
  database: keyof typeof STATEMENT_MS,
  count: Count,
): Weather {
  let isOver = true;
  let isDatabaseGone = false;
  let clockErrorMs = 0;
  let latestClockErrorMs = 0;
  let world: World | undefined;
  // Some days are worse than others, and each in its own way.
  const often = (share: number): number => (random.chance(0.5) ? share * random.next() * 2 : 0);
  const odds = {
    line: often(0.004),
    late: often(0.004),
    cut: often(0.001),
    power: often(0.01),
    kill: often(0.0006),
    // As often a sale, not a statement.
    databaseCut: often(database === 'near' ? 0.02 : 0.04),
  };
  const happens = (share: number): boolean => !isOver && share > 0 && random.chance(share);

  const strike = (_: Sender, bytes: Buffer): Arrival[] | undefined => {
    if (isOver) return undefined;
    if (happens(odds.cut)) {
      count('cut');
      world?.later(1, () => world?.cable.pull());
      world?.later(500 + random.below(8_000), () => world?.farEnd.switchOn());
      return [{ bytes: bytes.subarray(0, random.below(bytes.length)), lateMs: 0 }];
    }
    if (happens(odds.late)) {
      count('late');
      return [{ bytes, lateMs: random.below(7_000) }];
    }
    // A stream loses, doubles and changes nothing.
    if (line === 'stream' || !happens(odds.line)) return undefined;
    const fault = random.pick(['dropped', 'doubled', 'corrupted']);
    count(fault);
    if (fault === 'dropped') return [];
    if (fault === 'doubled') return [bytes, bytes].map((each) => ({ bytes: each, lateMs: 0 }));
    const changed = Buffer.from(bytes);
    const at = random.below(bytes.length);
    changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8));
    return [{ bytes: changed, lateMs: 0 }];
  };
  return {
    strike,
    onPoint(point) {
      if (!happens(odds.power)) return undefined;
      count(point === 'stored' ? 'powerLostAfterStored' : 'powerLostBeforeStored');
      return 'power_loss';
    },
    onMoment() {
      if (!happens(odds.kill)) return false;
      count('killed');
      return true;
    },
    databaseMs() {
      if (isDatabaseGone) throw new Error('PostgreSQL is not there');
      if (happens(odds.databaseCut)) {
        count('databaseCut');
        throw new Error('the connection was cut');
      }
      return STATEMENT_MS[database];
    },
    clockErrorMs: () => clockErrorMs,
    begin(begun) {
      world = begun;
      isOver = false;
      for (const { fault, everyMs, act } of OCCURRENCES) {
        if (!random.chance(0.5)) continue;
        const next = (): void =>
          begun.later(random.below(2 * everyMs), () => {
            if (isOver) return;
            count(fault);
            act(begun, random, {
              loseDatabase: (ms) => {
                isDatabaseGone = true;
                begun.later(ms, () => (isDatabaseGone = false));
              },
              jump(ms) {
                clockErrorMs += ms;
                latestClockErrorMs = Math.max(latestClockErrorMs, clockErrorMs);
              },
              count,
            });
            next();
          });
        next();
      }
    },
    end() {
      isOver = true;
      isDatabaseGone = false;
      // Behind what is on record no sale is taken: whoever sets it right sets it there at least.
      clockErrorMs = latestClockErrorMs;
    },
  };
}

interface Hands {
  loseDatabase: (ms: number) => void;
  jump: (ms: number) => void;
  count: Count;
}

interface Occurrence {
  fault: Fault;
  everyMs: number;
  act: (world: World, random: Random, hands: Hands) => void;
}

/** What happens by itself, now and then. */
const OCCURRENCES: Occurrence[] = [
  {
    fault: 'unplugged',
    everyMs: 3 * MINUTE_MS,
    act({ cable, farEnd, later }, random, { count }) {
      const isRenamed = random.chance(0.3);
      cable.pull();
      later(random.below(20_000), () => {
        if (isRenamed && cable.path === undefined) {
          count('renamed');
          cable.plug(true);
        }
        farEnd.switchOn();
      });
    },
  },
  {
    fault: 'noPaper',
    everyMs: 5 * MINUTE_MS,
    act({ farEnd: { machine }, later }) {
      machine.settings.lock = 'cc';
      later(20_000, () => (machine.settings.lock = null));
    },
  },
  {
    fault: 'hostDown',
    everyMs: 3 * MINUTE_MS,
    act: ({ farEnd: { machine } }) => machine.faults.plan([{ fault: 'host_down', times: 1 }]),
  },
  {
    fault: 'endOfDay',
    everyMs: 6 * MINUTE_MS,
    act({ farEnd: { machine, book }, later }, random) {
      if (random.chance(0.5)) {
        machine.settings.endOfDayDue = true;
        return;
      }
      // Somebody does it by hand.
      machine.settings.lock = 'f0';
      later(20_000, () => {
        if (machine.isInDialogue) return;
        book.settle(false);
        machine.settings.lock = null;
      });
    },
  },
  { fault: 'killed', everyMs: 6 * MINUTE_MS, act: (world) => world.kill() },
  {
    fault: 'diskFull',
    everyMs: 8 * MINUTE_MS,
    act({ disk, later }, random) {
      disk.fault = 'full';
      later(random.below(30_000), () => (disk.fault = 'none'));
    },
  },
  {
    fault: 'flushFailed',
    everyMs: 8 * MINUTE_MS,
    act: ({ disk }) => {
      disk.fault = 'flush';
    },
  },
  {
    fault: 'clockJump',
    everyMs: 5 * MINUTE_MS,
    act: (_, random, { jump }) =>
      jump(random.pick([1, -1]) * random.below(random.chance(0.2) ? 86_400_000 : 400_000)),
  },
  {
    fault: 'databaseGone',
    everyMs: 5 * MINUTE_MS,
    act: (_, random, { loseDatabase }) =>
      loseDatabase(random.chance(0.3) ? 86_400_000 : random.below(300_000)),
  },
];

export function addFaults(sum: Faults, more: Faults): void {
  for (const fault of FAULTS) sum[fault] += more[fault];
}
