/** Second deaths, and what breaks where a process lives on: what `npm test` takes samples of. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isSameDeath, play, playAll, type Failure } from '../proof/crashpoints.ts';
import { playOthers } from '../proof/other-drivers.ts';
import { createOtherScenes } from '../proof/other-scenes.ts';
import { createScenes } from '../proof/scenes.ts';
import { installVirtualTime } from '../../scripts/virtual/time.ts';

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

test('two deaths of which only one is played leave the same, to the last step of the start that follows', async (t) => {
  const time = installVirtualTime();
  t.after(() => time.restore());
  const [scene] = createScenes().filter(({ name }) => name.startsWith('unplugged when stored'));
  assert.ok(scene !== undefined);
  const { moments } = await play(time, scene);
  let pairs = 0;
  for (const [index, moment] of moments.entries()) {
    if (!isSameDeath(moment, moments[index + 1])) continue;
    const [one, other] = [index + 1, index + 2];
    const first = await play(time, scene, [{ kind: 'death', at: one }]);
    assert.deepEqual(await play(time, scene, [{ kind: 'death', at: other }]), first, `${one} and ${other}`);
    pairs += 1;
  }
  t.diagnostic(`${pairs} pairs`);
  assert.ok(pairs > 50);
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
