/** Days on which everything goes wrong, by a fixed set of seeds; `npm run simulate` plays any others. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { FIXED_SEEDS, simulateDay } from './simulation.ts';
import { installVirtualTime, type VirtualTime } from './virtual-time.ts';
import { addFaults, FAULTS, noFaults } from './weather.ts';

let time: VirtualTime;
before(() => {
  time = installVirtualTime();
});
after(() => time.restore());

test(`${FIXED_SEEDS} simulated days: nothing lost, nothing doubled, nothing wrong, nothing stuck`, async (t) => {
  const faults = noFaults();
  let sales = 0;
  for (let seed = 1; seed <= FIXED_SEEDS; seed += 1) {
    const day = await simulateDay(time, seed);
    assert.deepEqual(day.violations, [], `npm run simulate -- --seeds 1 --seed ${seed}`);
    addFaults(faults, day.faults);
    sales += day.sales;
  }
  t.diagnostic(`${sales} sales, ${JSON.stringify(faults)}`);
  const neverSeen = FAULTS.filter((fault) => faults[fault] === 0);
  assert.deepEqual(neverSeen, [], 'every kind of fault has really occurred');
});

test('a seed is the same day again, to its last step, whoever listens', async () => {
  const seed = 7;
  const play = async (): Promise<{ steps: string[]; day: unknown }> => {
    const steps: string[] = [];
    return { day: await simulateDay(time, seed, (step) => steps.push(step)), steps };
  };
  const first = await play();
  await simulateDay(time, seed + 1);
  assert.deepEqual(await play(), first);
  assert.deepEqual(await simulateDay(time, seed), first.day);
  assert.ok(first.steps.length > 100);
});
