/**
 * Crash points: a scene is played once to see every effect that the counter has on the world, and then again for each
 * of them, with the process dying there, and once more with what was touched breaking there. After the restart the
 * books must agree. Nobody lists the points: whatever goes through a port is one.
 */
import type { Violation } from './judge.ts';
import type { Moment } from './life.ts';
import { findUnresolved, isQuiet } from './peace.ts';
import type { Scene } from './scenes.ts';
import type { VirtualTime } from '../../scripts/virtual/time.ts';
import { createWorld, type World } from './world.ts';

/** What happens at a moment: the process dies, or what it touches breaks and it lives on. */
export interface Accident {
  kind: 'death' | 'break';
  /** Which moment, counted from the scene's beginning, or from the start after the accident before. */
  at: number;
}

/** A moment, and the task of virtual time in which it was passed. */
type Passed = Moment & { task: number };

export interface Played {
  /** The moments that were passed after the last accident. */
  moments: Passed[];
  /** What was durable anywhere when the first accident happened. */
  durable: string;
  violations: readonly Violation[];
  /** What is on record of each operation in the end. */
  states: string[];
}

/** After a power cut a terminal is back within seconds, and every query that can be answered has been. */
const LONGEST_MS = 15 * 60_000;
const PLUGGED_IN_AFTER_MS = 2_000;
/** Somebody makes room on the disk. */
const REPAIRED_AFTER_MS = 30_000;

/** Plays a scene with these accidents, one after the other, and looks at what is left. */
export async function play(
  time: VirtualTime,
  scene: Scene,
  accidents: readonly Accident[] = [],
): Promise<Played> {
  const pending = [...accidents];
  let moments: Passed[] = [];
  let durable = '';
  let hasBegun = false;
  let isCutOff = false;
  const breakAt = ({ port }: Moment): void => {
    if (port === 'journal') {
      world.disk.fault = 'full';
      world.later(REPAIRED_AFTER_MS, () => (world.disk.fault = 'none'));
    }
    if (port === 'database') isCutOff = true;
    if (port !== 'line') return;
    world.cable.pull();
    world.later(PLUGGED_IN_AFTER_MS, () => world.cable.plug());
  };
  const onMoment = (moment: Moment): boolean => {
    if (!hasBegun) return false;
    moments.push({ ...moment, task: time.begun });
    const [accident] = pending;
    if (accident?.at !== moments.length) return false;
    pending.shift();
    if (durable === '') durable = durableState(world);
    if (accident.kind === 'break') breakAt(moment);
    return accident.kind === 'death';
  };
  const reachDatabase = (): number => {
    if (isCutOff) {
      isCutOff = false;
      throw new Error('the connection is gone');
    }
    return scene.databaseMs?.() ?? 20;
  };
  const world = createWorld(time, { ...scene, onMoment, databaseMs: reachDatabase });
  await scene.prepare(world);
  hasBegun = true;
  scene.begin(world);
  for (;;) {
    const isDone = (): boolean => isQuiet(world) && (scene.isOver?.(world) ?? true);
    const isOver = await world.until(() => !world.isRunning || isDone(), LONGEST_MS);
    if (!isOver) world.judge.report('unresolved', 'a counter that nothing disturbs finds no peace');
    if (world.isRunning) break;
    await world.until(() => false, scene.restartAfterMs);
    moments = [];
    scene.whileDown?.(world);
    world.start();
  }
  hasBegun = false;
  await findUnresolved(world);
  scene.check?.(world);
  world.kill();
  const states = [...world.judge.deeds()].map(({ onRecord }) => onRecord.state);
  return { moments, durable, violations: world.judge.violations, states };
}

/** Two deaths that leave the same behind are one and the same to the start that follows. */
function durableState({ judge, farEnd, archive }: World): string {
  const deeds = [...judge.deeds()].map(({ onRecord, events, taken }) => [
    onRecord.state,
    events,
    ...[...taken.values()].map(({ state }) => state),
  ]);
  return JSON.stringify([deeds, farEnd.machine.screen.display.phase, archive.commits]);
}

export interface Tally {
  points: number;
  cases: number;
  failures: Failure[];
}

export interface Failure {
  scene: string;
  accidents: readonly Accident[];
  violations: readonly Violation[];
}

/** What is played besides a death at every point. */
export interface Depth {
  /** What is touched at a point breaks, and the process lives on: at every point, too. */
  breaks: boolean;
  /** For each durable state that a death can leave behind, a second one at each so-manieth point of the next start. */
  secondDeathEvery: number;
}

/** A death at every point of a scene, and what `depth` wants besides. @throws if the scene is not what it says */
export async function playAll(
  time: VirtualTime,
  scene: Scene,
  { breaks, secondDeathEvery }: Depth,
  onCase: () => void = () => undefined,
): Promise<Tally> {
  const tally: Tally = { points: 0, cases: 0, failures: [] };
  const run = async (...accidents: Accident[]): Promise<Played> => {
    const played = await play(time, scene, accidents);
    tally.cases += 1;
    const { violations } = played;
    if (violations.length > 0) tally.failures.push({ scene: scene.name, accidents, violations });
    onCase();
    return played;
  };
  const undisturbed = await run();
  if (undisturbed.states.join() !== scene.ends.join()) {
    throw new Error(`${scene.name} ended ${undisturbed.states.join()}, not ${scene.ends.join()}`);
  }
  tally.points = undisturbed.moments.length;
  const aftermaths = new Map<string, { at: number; moments: number }>();
  for (let at = 1; at <= tally.points; at += 1) {
    const [moment, next] = undisturbed.moments.slice(at - 1);
    if (!isSameDeath(moment, next)) {
      const { durable, moments } = await run({ kind: 'death', at });
      if (!aftermaths.has(durable)) aftermaths.set(durable, { at, moments: moments.length });
    }
    if (breaks && canBreak(moment)) await run({ kind: 'break', at });
  }
  let turn = 0;
  for (const { at, moments } of aftermaths.values()) {
    for (let second = 1; second <= moments; second += 1) {
      turn += 1;
      if (turn % secondDeathEvery === 0) await run({ kind: 'death', at }, { kind: 'death', at: second });
    }
  }
  return tally;
}

/**
 * After one effect and before the next, with nothing else at work in between: what the process had in its head goes with
 * it, so that both leave the same. But what was written to the journal may have its commit still before it.
 */
export const isSameDeath = (moment: Passed | undefined, next: Passed | undefined): boolean =>
  moment?.when === 'after' &&
  moment.port !== 'journal' &&
  next?.when === 'before' &&
  moment.task === next.task;

/** A request over HTTP has nothing that could break but its sender; a write is refused before it is made. */
function canBreak(moment: Moment | undefined): boolean {
  if (moment?.port === 'journal') return moment.when === 'before' && moment.what !== 'open';
  return moment?.port === 'line' || moment?.port === 'database';
}
