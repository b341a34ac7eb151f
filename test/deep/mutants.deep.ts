/** Decisive lines made wrong, one at a time: the proofs of `npm test` catch each of them. */
import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { describe, test } from 'node:test';
import { MUTANTS } from '../proof/mutants.ts';
import { tryMutant } from '../proof/mutation.ts';
import { makeFolder } from '../support/folder.ts';

const TESTS = [...new Set(MUTANTS.map((mutant) => mutant.test))];

describe('the tree as it is passes', () => {
  for (const file of TESTS) {
    test(file ?? 'days and crash points', async (t) => {
      const { by, words } = await tryMutant(
        { name: 'none', edits: [], ...(file && { test: file }) },
        makeFolder(t),
      );
      assert.equal(by, undefined, words);
    });
  }
});

describe('each mutant is caught', { concurrency: availableParallelism() }, () => {
  for (const mutant of MUTANTS) {
    test(mutant.name, async (t) => {
      const { by, seconds, words } = await tryMutant(mutant, makeFolder(t));
      assert.ok(by !== undefined, 'no proof noticed');
      t.diagnostic(`by ${by} after ${seconds} s: ${words}`);
    });
  }
});
