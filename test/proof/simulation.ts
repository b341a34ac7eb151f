/** One seed, one day: two clerks, their residents, and everything that goes wrong. The same seed, the same day. */
import { businessDateOf } from '../../src/business-date.ts';
import type { Settings } from '../../drivers/zvt/virtual/settings.ts';
import { saleOf, TARO } from './clerk.ts';
import type { Medium } from './disk.ts';
import type { Violation } from './judge.ts';
import { createClerks, nextResident } from './people.ts';
import { checkArchive, isQuiet } from './peace.ts';
import { createRandom } from '../../scripts/virtual/random.ts';
import type { VirtualTime } from '../../scripts/virtual/time.ts';
import { createWeather, noFaults, type Count, type Faults } from './weather.ts';
import { createWorld, type World } from './world.ts';

export interface Day {
  seed: number;
  /** Sales that were armed. */
  sales: number;
  faults: Faults;
  /** What stays unknown for people to find out. */
  unknown: number;
  violations: readonly Violation[];
}

/** The days that `npm test` plays, from seed 1 on; mutants are held against the same. */
export const FIXED_SEEDS = 80;

const SALES_PER_CLERK = 20;
const LONGEST_DAY_MS = 4 * 3_600_000;
/** What is unknown is asked about every half hour at the latest. */
const PEACE_MS = 45 * 60_000;
const RESTART_AFTER_MS = 1_500;
const CONFIRMS_EVERY_MS = 5_000;
const LONGEST_MORNING_MS = 3 * 60_000;
const CLOSING_SEED = 1_000_003;
const MEMORY_SEED = 2_000_003;

const REVERSALS = {
  immediate: 'reversalImmediate',
  deferred: 'reversalDeferred',
  none: 'reversalNone',
} as const satisfies Record<Settings['autoReversal'], keyof Faults>;

export interface DayOptions {
  /** Hears each step; whether anybody listens changes nothing. */
  tell?: ((step: string) => void) | undefined;
  /** Where the journal is kept, whatever the seed says; it changes nothing either. */
  medium?: Medium | undefined;
}

export async function simulateDay(
  time: VirtualTime,
  seed: number,
  { tell = () => undefined, medium }: DayOptions = {},
): Promise<Day> {
  const random = createRandom(seed);
  const faults = noFaults();
  const count: Count = (fault) => {
    faults[fault] += 1;
    tell(`${fault}!`);
  };
  const line = random.pick(['serial', 'stream']);
  const autoReversal = random.pick(['immediate', 'deferred', 'none']);
  count(REVERSALS[autoReversal]);
  // The fixed days hear everything that a terminal can say, write to SQLite and drain sale by sale; of all others one
  // in eight does, and the rest goes quicker.
  const isQuick = seed > FIXED_SEEDS && random.chance(0.875);
  const weather = createWeather(random, line, isQuick ? 'far' : 'near', count);
  const messageIds = random.chance(0.5);
  const terminal = { line, autoReversal, messageIds, isTerse: isQuick };
  const kept = medium ?? (isQuick ? 'memory' : 'sqlite');
  const world = createWorld(time, { ...terminal, ...weather, medium: kept, tell });
  const { machine } = world.farEnd;
  // Some terminals forget with each settlement what they could repeat; a chance of its own.
  machine.settings.forgetsSettled = createRandom(seed + MEMORY_SEED).chance(0.5);
  machine.resident.nextStep = () => nextResident(random, newestMethod(world) === 'emoney');
  const startAgain = (): void => {
    if (!world.isRunning) world.start();
    world.later(RESTART_AFTER_MS, startAgain);
  };
  world.cable.plug();
  startAgain();
  weather.begin(world);
  const clerks = createClerks(world, random, SALES_PER_CLERK, count);
  // Half of the days are closed once in between: what comes after belongs to the next period. A chance of its own.
  const early = createRandom(seed + CLOSING_SEED);
  if (early.chance(0.5)) world.later(early.below(LONGEST_MORNING_MS), () => world.clerk.close());
  const isOver = (): boolean => world.judge.violations.length > 0 || !clerks.areBusy;
  await world.until(isOver, LONGEST_DAY_MS);
  if (world.judge.violations.length === 0) await end(world, weather.end);
  world.kill();
  const deeds = [...world.judge.deeds()];
  return {
    seed,
    sales: deeds.length,
    faults,
    unknown: deeds.filter(({ onRecord }) => onRecord.state === 'unknown').length,
    violations: world.judge.violations,
  };
}

function newestMethod({ judge }: World): string | undefined {
  return judge.newest?.onRecord.armed.method;
}

/** Everything is well again: whatever could be told has to be, and the counter has to take money once more. */
async function end(world: World, calm: () => void): Promise<void> {
  const { disk, farEnd, judge } = world;
  const { machine } = farEnd;
  calm();
  disk.fault = 'none';
  machine.settings.lock = null;
  machine.faults.plan([]);
  farEnd.switchOn();
  // A terminal whose last frame was broken repeats it for a while, and asks whoever comes meanwhile to wait (9C).
  const isCalm = (): boolean => isQuiet(world) && !machine.isInDialogue;
  if (!(await world.until(isCalm, PEACE_MS))) {
    judge.report('unresolved', 'a counter that nothing disturbs any more does not come back into use');
    return;
  }
  checkArchive(world);
  machine.resident.nextStep = () => ({ do: { act: 'present', brand: 'visa' }, afterMs: 0 });
  confirmDate(world);
  const id = 'after-all';
  world.clerk.press(saleOf(id, 3, { anotherResident: true }));
  await world.until(() => !isQuiet(world), 1_000);
  await world.until(() => isQuiet(world), PEACE_MS);
  const state = judge.find(id)?.onRecord.state;
  if (state !== 'approved') judge.report('unresolved', `a sale in peace is ${state}`);
  await closeInPeace(world);
}

/**
 * Whose clock is far from the others' takes money on the 出納員's word. That it is may be found out by the next answer
 * only, of something that was pressed a moment ago: the 出納員 stays.
 */
function confirmDate(world: World): void {
  world.ask(
    ({ payments: { clock } }) => clock.fault() && clock.confirm(businessDateOf(world.counterClock()), TARO),
    () => undefined,
  );
  world.later(CONFIRMS_EVERY_MS, () => confirmDate(world));
}

/** The evening: the day is closed, and nothing that the terminal has taken is left unsettled. */
async function closeInPeace(world: World): Promise<void> {
  const { farEnd, judge } = world;
  world.clerk.close();
  if (!(await world.until(() => isQuiet(world), PEACE_MS)))
    judge.report('unresolved', 'the day is not closed');
  const left = farEnd.book.turnover().length;
  if (left > 0) judge.report('unresolved', `the day is closed, and ${left} payments are not settled`);
}
