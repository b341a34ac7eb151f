/**
 * `npm run simulate -- --seeds N [--seed S] [--json] [--bail]`: simulated days, one a seed, from seed S on (1 if it is
 * left out); test/proof/README.md says what is in a day. All cores play, each a day of its own, and what is told does
 * not depend on how many there are. Exit 1 if the money checkers found anything; the first seed that failed is then
 * played again, and its last 40 steps are printed.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { openProofThread, type ProofThread, type ToldDay } from '../test/proof/thread.ts';
import { addFaults, noFaults } from '../test/proof/weather.ts';
import { createProgress } from './progress.ts';

const LAST_STEPS = 40;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    /** Ends with the first seed that fails. */
    bail: { type: 'boolean', default: false },
  },
});
const first = Number(values.seed);
const seeds = Number(values.seeds);
if (!Number.isSafeInteger(seeds) || seeds < 1 || !Number.isSafeInteger(first)) {
  process.stderr.write('usage: npm run simulate -- --seeds N [--seed S] [--json] [--bail]\n');
  process.exit(2);
}

const cores = Math.min(seeds, availableParallelism());
// The end of this process ends them.
const threads = Array.from({ length: cores }, () => openProofThread({ after: () => undefined }));
await Promise.all(threads.map(({ loaded }) => loaded));

const progress = createProgress();
const total = { seeds: 0, sales: 0, faults: noFaults(), lost: 0, doubled: 0, wrongFinals: 0, stuck: 0 };
const failed: ToldDay[] = [];
let unknown = 0;

const began = process.hrtime.bigint();
const cpuBefore = process.cpuUsage();
/** By the clock on the wall, and by what this process has had of all cores: on a busy machine that is much less. */
const rates = (): { salesPerSecond: number; salesPerCpuSecond: number } => {
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    salesPerSecond: Math.round(total.sales / (Number(process.hrtime.bigint() - began) / 1e9)),
    salesPerCpuSecond: Math.round(total.sales / ((user + system) / 1e6)),
  };
};

function count(day: ToldDay): void {
  total.seeds += 1;
  total.sales += day.sales;
  unknown += day.unknown;
  addFaults(total.faults, day.faults);
  const kinds = new Set(day.violations.map(({ kind }) => kind));
  for (const kind of kinds) total[kind === 'unresolved' ? 'stuck' : kind] += 1;
  if (kinds.size > 0) failed.push(day);
  progress.show(
    `seed ${day.seed}, ${total.seeds} of ${seeds}, ${total.sales} sales, ${rates().salesPerSecond} a second, ${failed.length} failed`,
  );
}

const isOver = (): boolean => values.bail && failed.length > 0;
/** Days that ended before an earlier one: they are counted in the order of their seeds. */
const early = new Map<number, ToldDay>();
let next = first;
let toCount = first;

async function playOn({ simulateDay }: ProofThread): Promise<void> {
  while (next < first + seeds && !isOver()) {
    const seed = next;
    next += 1;
    const played = await simulateDay(seed).catch((cause: unknown) => {
      throw new Error(`seed ${seed} ended the simulation itself`, { cause });
    });
    early.set(seed, played);
    for (let day = early.get(toCount); day !== undefined && !isOver(); day = early.get(toCount)) {
      early.delete(toCount);
      toCount += 1;
      count(day);
    }
  }
}
await Promise.all(threads.map(playOn));
progress.end();

/** The same seed, the same day, to its last step. */
async function replay(day: ToldDay): Promise<void> {
  const again = await threads[0]?.simulateDay(day.seed, true);
  const isSame = JSON.stringify({ ...again, steps: [] }) === JSON.stringify(day);
  for (const step of again?.steps.slice(-LAST_STEPS) ?? []) process.stderr.write(`${step}\n`);
  for (const { kind, text } of day.violations) process.stderr.write(`${kind}: ${text}\n`);
  process.stderr.write(
    isSame
      ? `seed ${day.seed}: again with npm run simulate -- --seeds 1 --seed ${day.seed}\n`
      : `seed ${day.seed} went another way when it was played again: the simulation itself is at fault\n`,
  );
}

const result = { ...total, ...rates(), cores };
const [firstFailed] = failed;
if (firstFailed !== undefined) await replay(firstFailed);
if (values.json) console.log(JSON.stringify(result));
else {
  console.log(
    `${result.sales} sales in ${result.seeds} days, ${result.salesPerSecond} a second on ${cores} cores: ${result.lost} lost, ` +
      `${result.doubled} doubled, ${result.wrongFinals} wrong finals, ${result.stuck} stuck; ${unknown} are for people to find out`,
  );
  console.log(
    Object.entries(result.faults)
      .map(([fault, times]) => `${fault} ${times}`)
      .join(', '),
  );
}
// What the dead left behind waits for nothing any more.
process.exit(failed.length > 0 ? 1 : 0);
