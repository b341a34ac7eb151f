/** The decisive lines are where the mutants look for them; whether each of them is caught is test:deep's. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MUTANTS } from './mutants.ts';
import { mutate } from './mutation.ts';

test('every mutant finds its lines: one that has gone stale proves nothing', () => {
  for (const mutant of MUTANTS) assert.ok(mutate(mutant).size > 0, mutant.name);
});
