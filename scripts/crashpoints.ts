/**
 * `npm run crashpoints -- [--json] [--bail] [--breaks] [--every N] [--sigkills N]`: the counter dies before and after every effect
 * that it has on the world, see test/proof/README.md. Exit 1 on any violation.
 */
import { parseArgs } from 'node:util';
import { playAll, type Failure } from '../test/proof/crashpoints.ts';
import { killAtRandom, openBench } from '../test/proof/kills.ts';
import { createScenes } from '../test/proof/scenes.ts';
import { installVirtualTime } from '../test/proof/virtual-time.ts';
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
  },
});
const every = Number(values.every);
const sigkills = Number(values.sigkills);
if (!Number.isSafeInteger(every) || every < 1 || !Number.isSafeInteger(sigkills) || sigkills < 0) {
  process.stderr.write(
    'usage: npm run crashpoints -- [--json] [--bail] [--breaks] [--every N] [--sigkills N]\n',
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

const time = installVirtualTime();
let failures = 0;
for (const scene of createScenes()) {
  const tally = await playAll(time, scene, { breaks: values.breaks, secondDeathEvery: every }, () => {
    total.cases += 1;
    progress.show(`${scene.name}: ${total.cases} cases, ${failures} failed`);
  });
  total.points += tally.points;
  failures += tally.failures.length;
  tally.failures.forEach(tell);
  if (values.bail && failures > 0) break;
}
time.restore();

/** Real processes, file, line and PostgreSQL; whatever was started for it is stopped. */
async function killForReal(): Promise<void> {
  const undo: (() => unknown)[] = [];
  const t = { after: (act: () => unknown) => void undo.push(act) };
  try {
    progress.show('SIGKILLs');
    const postgres = await startTestCluster();
    t.after(() => postgres.stop());
    const bench = await openBench(t, await openDatabaseOn(postgres.url, t));
    total.sigkills = await killAtRandom(bench, sigkills, SEED);
    const violations = await bench.compareBooks();
    if (violations.length === 0) return;
    failures += 1;
    tell({ scene: 'SIGKILLs', accidents: [], violations });
  } finally {
    for (const act of undo.reverse()) await act();
  }
}

if (sigkills > 0 && !(values.bail && failures > 0)) await killForReal();
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
