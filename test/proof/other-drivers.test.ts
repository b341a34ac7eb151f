/** The other drivers: the counter dies at a sample of the points of a sale, a void, two sales at once; test:deep takes all. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { playOthers } from './other-drivers.ts';
import { createOtherScenes } from './other-scenes.ts';
import { describeFailures } from './scene-tests.ts';

/** Questions to a clerk cost little, requests to a service more. */
const EVERY = 6;

describe('wherever the counter stops, the books agree with every driver', () => {
  for (const scene of createOtherScenes()) {
    test(scene.name, async (t) => {
      const { points, cases, failures } = await playOthers(t, scene, { every: EVERY });
      assert.deepEqual(describeFailures(failures), []);
      t.diagnostic(`${points} points, ${cases} cases`);
      assert.ok(points > 20, 'the ports see what is done');
    });
  }
});
