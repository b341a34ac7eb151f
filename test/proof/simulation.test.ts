/** Days on which everything goes wrong, by a fixed set of seeds; `npm run simulate` plays any others. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCleanup } from '../support/cleanup.ts';
import { makeFolder } from '../support/folder.ts';
import { MUTANTS } from './mutants.ts';
import { plantMutant, runProof } from './mutation.ts';
import { FIXED_SEEDS } from './simulation.ts';
import { openProofThread } from './thread.ts';
import { addFaults, FAULTS, noFaults } from './weather.ts';

const proofs = openProofThread(createCleanup());

test(`${FIXED_SEEDS} simulated days: nothing lost, nothing doubled, nothing wrong, nothing stuck`, async (t) => {
  const faults = noFaults();
  let sales = 0;
  for (let seed = 1; seed <= FIXED_SEEDS; seed += 1) {
    const day = await proofs.simulateDay(seed);
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
  const first = await proofs.simulateDay(seed, true);
  await proofs.simulateDay(seed + 1);
  assert.deepEqual(await proofs.simulateDay(seed, true), first);
  assert.deepEqual(await proofs.simulateDay(seed), { ...first, steps: [] });
  assert.ok(first.steps.length > 100);
});

test('where the journal is kept changes nothing: in SQLite and in arrays a seed goes the same way, step by step', async () => {
  for (const seed of [FIXED_SEEDS + 1, FIXED_SEEDS + 2, FIXED_SEEDS + 3]) {
    const inArrays = await proofs.simulateDay(seed, true, 'memory');
    assert.deepEqual(inArrays, await proofs.simulateDay(seed, true, 'sqlite'));
    assert.ok(inArrays.steps.length > 100);
  }
});

test('a day that is over is forgotten: of a million sales nothing piles up in memory', async () => {
  const heldAfterTenDays = async (): Promise<number> => {
    for (let seed = 1; seed <= 10; seed += 1) await proofs.simulateDay(seed);
    return proofs.held();
  };
  const before = await heldAfterTenDays();
  const grownBy = (await heldAfterTenDays()) - before;
  // Ten days' journals and the city's copies of them are 4 MB; machine code is still being made.
  assert.ok(grownBy < 2_000_000, `${grownBy} bytes more`);
});

test('a day that fails is played again, and its last forty steps are told', async (t) => {
  const mutant = MUTANTS.find(({ name }) => name === 'a broken line is a decline');
  assert.ok(mutant);
  const folder = makeFolder(t);
  plantMutant(mutant, folder);
  const { verdict, said } = await runProof(
    ['scripts/simulate.ts', '--seeds', '40', '--bail', '--json'],
    folder,
  );
  assert.ok((JSON.parse(verdict) as { lost: number }).lost > 0);
  assert.match(said, /again with npm run simulate -- --seeds 1 --seed \d+\n/);
  const steps = said.split('\n').filter((line) => /^(\d+ \w+: .*|\w+!)$/.test(line));
  assert.equal(steps.length, 40);
});
