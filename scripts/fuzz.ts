/** `npm run fuzz -- --frames N [--seed S]`: the suite's fuzz for longer. Exit 1 and the case itself if one fails. */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { dialogues } from '../test/drivers/zvt/dialogue-fuzzing.ts';
import { containers, frames, messages } from '../test/drivers/zvt/fuzzing.ts';

const ROUND = 50_000;
/** Of every round; dialogues come by 40. */
const SHARE = { messages: 5, containers: 5, dialogues: 5_000 };

const { values } = parseArgs({
  options: { frames: { type: 'string', default: '1000000' }, seed: { type: 'string' } },
});
const wanted = Number(values.frames);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
if (!Number.isSafeInteger(wanted) || wanted < 1 || !Number.isSafeInteger(seed)) {
  process.stderr.write('usage: npm run fuzz -- --frames N [--seed S]\n');
  process.exit(1);
}

const began = performance.now();
const done = { frames: 0, messages: 0, containers: 0, dialogues: 0 };

async function fuzzRound(size: number, roundSeed: number): Promise<void> {
  const some = (share: number): { numRuns: number; seed: number; endOnFailure: true } => ({
    numRuns: Math.ceil(size / share),
    seed: roundSeed,
    endOnFailure: true,
  });
  fc.assert(frames, some(1));
  fc.assert(messages, some(SHARE.messages));
  fc.assert(containers, some(SHARE.containers));
  await fc.assert(dialogues, { ...some(SHARE.dialogues), timeout: 30_000 });
  done.frames += size;
  done.messages += Math.ceil(size / SHARE.messages);
  done.containers += Math.ceil(size / SHARE.containers);
  done.dialogues += 40 * Math.ceil(size / SHARE.dialogues);
}

try {
  for (let round = 0; done.frames < wanted; round++) {
    await fuzzRound(Math.min(ROUND, wanted - done.frames), seed + round);
    const seconds = Math.round((performance.now() - began) / 1_000);
    console.log(
      `${done.frames} of ${wanted} frames, ${seconds} s, ${Math.round(process.memoryUsage().rss / 1e6)} MB`,
    );
  }
  console.log(
    `no violation: ${done.frames} frames, ${done.messages} messages, ${done.containers} containers, ` +
      `${done.dialogues} dialogues (seed ${seed})`,
  );
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.error(`violated after ${done.frames} frames; again with --frames ${wanted} --seed ${seed}`);
  process.exitCode = 1;
}
