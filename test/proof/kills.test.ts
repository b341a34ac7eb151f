/** Real processes, real files, a real line, the real PostgreSQL: a SIGKILL by the kernel at seeded points. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTestDatabase } from '../support/postgres.ts';
import { openBench, killAtRandom } from './kills.ts';

test('40 SIGKILLs in sales, voids, refunds, drains, closings and starts: nothing lost, doubled or left open', async (t) => {
  const bench = await openBench(t, await openTestDatabase(t));
  const kills = await killAtRandom(bench, 40, 20261126);
  assert.equal(kills, 40);
  assert.deepEqual(await bench.compareBooks(), []);
});
