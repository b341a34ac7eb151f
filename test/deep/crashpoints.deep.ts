/** Second deaths, what breaks where a process lives on, and every point of each deed with a real SIGKILL: what `npm test` takes samples of. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { playAll, type Failure } from '../proof/crashpoints.ts';
import { DEEDS, killEverywhere, openBench } from '../proof/kills.ts';
import { createOtherScenes, playOthers } from '../proof/other-drivers.ts';
import { createScenes } from '../proof/scenes.ts';
import { installVirtualTime } from '../../scripts/virtual/time.ts';
import { openTestDatabase } from '../support/postgres.ts';

/** Scenes in which the money is in doubt when the process dies. */
const IN_DOUBT =
  /^(approved|a void|a refund|unplugged when approved) \((serial, immediate|serial, deferred)\)$/;
/** Some five hundred processes, one after the other, on a slow machine: a bound of its own. */
const ALL_KILLS_MS = 3_000_000;
/** A line of progress after so many points: a minute of silence looks like a test that hangs. */
const TOLD_EVERY = 25;
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

describe('every point with the other drivers', () => {
  for (const scene of createOtherScenes()) {
    test(scene.name, async (t) => {
      const { cases, failures } = await playOthers(t, scene, { every: 1 });
      t.diagnostic(`${cases} cases`);
      assert.deepEqual(failures, []);
    });
  }
});

describe(
  'a SIGKILL at every point, with file, line and PostgreSQL as they are',
  { timeout: ALL_KILLS_MS },
  () => {
    for (const deed of DEEDS) {
      test(`of a ${deed}`, async (t) => {
        const bench = await openBench(t, await openTestDatabase(t));
        const began = performance.now();
        const kills = await killEverywhere(bench, deed, (at, of) => {
          if (at % TOLD_EVERY === 0) console.error(`SIGKILL in a ${deed}: ${at} of ${of} points`);
        });
        const seconds = Math.round((performance.now() - began) / 1_000);
        t.diagnostic(`${kills} kills at ${bench.moments[deed]} points in ${seconds} s`);
        assert.ok(kills > 5, `${kills} kills`);
        assert.deepEqual(await bench.compareBooks(), []);
      });
    }
  },
);
