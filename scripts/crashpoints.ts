/**
 * `npm run crashpoints -- [--json] [--bail] [--breaks] [--every N] [--sigkills N] [--others N]`: the counter dies before
 * and after every effect that it has on the world, see test/proof/README.md. Exit 1 on any violation.
 */
import { parseArgs } from 'node:util';
import { createClosingScenes } from '../test/proof/closing-scenes.ts';
import { playAll, type Failure } from '../test/proof/crashpoints.ts';
import { killAtRandom, openBench } from '../test/proof/kills.ts';
import { playOthers } from '../test/proof/other-drivers.ts';
import { createOtherScenes } from '../test/proof/other-scenes.ts';
import { createScenes } from '../test/proof/scenes.ts';
import { installVirtualTime } from './virtual/time.ts';
import type { Cleanup } from '../test/support/cleanup.ts';
import { openDatabaseOn, startTestCluster } from '../test/support/postgres-cluster.ts';
import { createProgress } from './progress.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    /** Ends with the first scene in which something is wrong. */
    bail: { type: 'boolean', default: false },
    /** Also with what is touched breaking at every point, and the process living on. */
    breaks: { type: 'boolean', default: false },
    /** A second death at each so-manieth point of the start after the first; 1: at all of them. */
    every: { type: 'string', default: '40' },
    sigkills: { type: 'string', default: '40' },
    /** With the other drivers: a death at each so-manieth point; 0: at none. */
    others: { type: 'string', default: '1' },
  },
});
const every = Number(values.every);
const sigkills = Number(values.sigkills);
const others = Number(values.others);
if (every < 1 || [every, sigkills, others].some((number) => !Number.isSafeInteger(number) || number < 0)) {
  process.stderr.write(
    'usage: npm run crashpoints -- [--json] [--bail] [--breaks] [--every N] [--sigkills N] [--others N]\n',
  );
  process.exit(2);
}

const SEED = 20261126;
const progress = createProgress();
const total = { points: 0, cases: 0, sigkills: 0, lost: 0, doubled: 0, wrongFinals: 0, unresolved: 0 };
const tell = (failure: Failure): void => {
  for (const kind of new Set(failure.violations.map((violation) => violation.kind))) total[kind] += 1;
  const how = failure.accidents.map(({ kind, at }) => `${kind} at ${at}`).join(', ');
  for (const { kind, text } of failure.violations) {
    process.stderr.write(`${failure.scene}, ${how}: ${kind}: ${text}\n`);
  }
};

let failures = 0;
const note = (found: readonly Failure[]): void => {
  failures += found.length;
  found.forEach(tell);
};
const countCase = (scene: string): void => {
  total.cases += 1;
  progress.show(`${scene}: ${total.cases} cases, ${failures} failed`);
};
const isOver = (): boolean => values.bail && failures > 0;

async function playScenes(): Promise<void> {
  const time = installVirtualTime();
  for (const scene of [...createScenes(), ...createClosingScenes()]) {
    if (isOver()) break;
    const depth = { breaks: values.breaks, secondDeathEvery: every };
    const tally = await playAll(time, scene, depth, () => countCase(scene.name));
    total.points += tally.points;
    note(tally.failures);
  }
  time.restore();
}

/** Whatever was started for it is stopped. */
async function withCleanup(act: (t: Cleanup) => Promise<void>): Promise<void> {
  const undo: (() => unknown)[] = [];
  try {
    await act({ after: (each) => void undo.push(each) });
  } finally {
    for (const each of undo.reverse()) await each();
  }
}

async function playOtherDrivers(t: Cleanup): Promise<void> {
  for (const scene of createOtherScenes()) {
    if (isOver()) break;
    const tally = await playOthers(t, scene, { every: others }, () => countCase(scene.name));
    total.points += tally.points;
    note(tally.failures);
  }
}

/** Real processes, file, line and PostgreSQL. */
async function killForReal(t: Cleanup): Promise<void> {
  progress.show('SIGKILLs');
  const postgres = await startTestCluster();
  t.after(() => postgres.stop());
  const bench = await openBench(t, await openDatabaseOn(postgres.url, t));
  total.sigkills = await killAtRandom(bench, sigkills, SEED);
  const violations = await bench.compareBooks();
  if (violations.length > 0) note([{ scene: 'SIGKILLs', accidents: [], violations }]);
}

await playScenes();
if (others > 0 && !isOver()) await withCleanup(playOtherDrivers);
if (sigkills > 0 && !isOver()) await withCleanup(killForReal);
progress.end();

if (values.json) console.log(JSON.stringify(total));
else {
  console.log(
    `${total.points} points, ${total.cases} cases, ${total.sigkills} SIGKILLs: ${total.lost} lost, ` +
      `${total.doubled} doubled, ${total.wrongFinals} wrong finals, ${total.unresolved} unresolved`,
  );
}
// What the dead left behind waits for nothing any more.
process.exit(failures > 0 ? 1 : 0);
