/** Real processes, real files, a real line: a SIGKILL by the kernel at seeded points. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBench, killAtRandom } from './kills.ts';

test('40 SIGKILLs in sales and starts: nothing lost, nothing doubled, nothing left open', async (t) => {
  const bench = await openBench(t);
  const kills = await killAtRandom(bench, 40, 20261126);
  assert.equal(kills, 40);
  assert.deepEqual(await bench.compareBooks(), []);
});
