import { describe, test } from 'node:test';
import fc from 'fast-check';
import { dialogues } from './dialogue-fuzzing.ts';
import { containers, frames, messages } from './fuzzing.ts';

describe('hostile bytes', () => {
  test('100,000 mutated frames: none is made up, none behind a changed byte is lost', () => {
    fc.assert(frames, { numRuns: 100_000 });
  });

  test('mutated messages are read without a fault and are no approval unless they say so', () => {
    fc.assert(messages, { numRuns: 20_000 });
  });

  test('mutated containers are read without a fault, to a bounded depth', () => {
    fc.assert(containers, { numRuns: 20_000 });
  });

  test('a terminal that says anything at all neither hangs the register nor makes it believe in a payment', async () => {
    await fc.assert(dialogues, { numRuns: 15, timeout: 30_000 });
  });
});
