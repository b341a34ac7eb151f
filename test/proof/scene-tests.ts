/** Scenes as tests, each of them one. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createCleanup } from '../support/cleanup.ts';
import type { Failure } from './crashpoints.ts';
import type { Scene } from './scenes.ts';
import { openProofThread } from './thread.ts';

/** A death at every point; of second deaths a sample, which test:deep makes larger. */
const DEPTH = { breaks: false, secondDeathEvery: 40 } as const;

export const describeFailures = (failures: readonly Failure[]): string[] =>
  failures.map(
    ({ scene, accidents, violations }) =>
      `${scene}, ${accidents.map(({ kind, at }) => `${kind} at ${at}`).join(', ')}: ` +
      violations.map(({ kind, text }) => `${kind}: ${text}`).join('; '),
  );

export function proveScenes(scenes: readonly Scene[]): void {
  const proofs = openProofThread(createCleanup());
  describe('wherever the counter stops, the books agree', () => {
    for (const { name } of scenes) {
      test(name, async (t) => {
        const { points, cases, failures } = await proofs.playScene(name, DEPTH);
        assert.deepEqual(describeFailures(failures), []);
        t.diagnostic(`${points} points, ${cases} cases`);
        assert.ok(points > 10, 'the ports see what is done');
      });
    }
  });
}
