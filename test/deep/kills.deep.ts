/** Every point of each deed with a real SIGKILL, of which `npm test` takes forty. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DEEDS, killEverywhere, openBench } from '../proof/kills.ts';
import { openTestDatabase } from '../support/postgres.ts';

/** Some five hundred processes, one after the other, on a slow machine: a bound of its own. */
const ALL_KILLS_MS = 3_000_000;
/** A line of progress after so many points: a minute of silence looks like a test that hangs. */
const TOLD_EVERY = 25;

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
