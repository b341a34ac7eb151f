/** Scenes as tests, each of them one. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { playAll, type Failure } from './crashpoints.ts';
import type { Scene } from './scenes.ts';
import { installVirtualTime, type VirtualTime } from '../../scripts/virtual/time.ts';

/** A death at every point; of second deaths a sample, which test:deep makes larger. */
const DEPTH = { breaks: false, secondDeathEvery: 40 } as const;

export const describeFailures = (failures: readonly Failure[]): string[] =>
  failures.map(
    ({ scene, accidents, violations }) =>
      `${scene}, ${accidents.map(({ kind, at }) => `${kind} at ${at}`).join(', ')}: ` +
      violations.map(({ kind, text }) => `${kind}: ${text}`).join('; '),
  );

export function proveScenes(scenes: readonly Scene[]): void {
  describe('wherever the counter stops, the books agree', () => {
    let time: VirtualTime;
    before(() => {
      time = installVirtualTime();
    });
    after(() => time.restore());
    for (const scene of scenes) {
      test(scene.name, async (t) => {
        const { points, cases, failures } = await playAll(time, scene, DEPTH);
        assert.deepEqual(describeFailures(failures), []);
        t.diagnostic(`${points} points, ${cases} cases`);
        assert.ok(points > 10, 'the ports see what is done');
      });
    }
  });
}
