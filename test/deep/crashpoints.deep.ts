/** Second deaths, what breaks where a process lives on, and every point of a sale with a real SIGKILL: what `npm test` takes samples of. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { playAll, type Failure } from '../proof/crashpoints.ts';
import { killEverywhere, openBench } from '../proof/kills.ts';
import { createScenes } from '../proof/scenes.ts';
import { installVirtualTime } from '../proof/virtual-time.ts';

/** Scenes in which the money is in doubt when the process dies. */
const IN_DOUBT =
  /^(approved|a void|a refund|unplugged when approved) \((serial, immediate|serial, deferred)\)$/;
const DEPTH = { breaks: true, secondDeathEvery: 2 } as const;

test('a second death in the start that follows, after each state that the first can leave behind', async (t) => {
  const time = installVirtualTime();
  t.after(() => time.restore());
  const failures: Failure[] = [];
  let cases = 0;
  for (const scene of createScenes().filter(({ name }) => IN_DOUBT.test(name))) {
    const tally = await playAll(time, scene, DEPTH);
    failures.push(...tally.failures);
    cases += tally.cases;
  }
  t.diagnostic(`${cases} cases`);
  assert.deepEqual(failures, []);
});

test('a SIGKILL at every point of a sale and of a start', async (t) => {
  const bench = await openBench(t);
  const kills = await killEverywhere(bench);
  t.diagnostic(`${kills} kills`);
  assert.ok(kills > 100, `${kills} kills`);
  assert.deepEqual(await bench.compareBooks(), []);
});
