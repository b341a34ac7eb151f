/**
 * What each test file takes of a core: loaded into its process (`--import`), written down when that ends. Without it the
 * files that make a run slow are guessed at: by the clock on the wall most of a file's time is waiting for other files.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { basename, relative } from 'node:path';

/** A line of the list, which `dearest` reads. */
interface Cost {
  file: string;
  seconds: number;
}

/** Linux counts in these; there is no other value on any machine of today (`getconf CLK_TCK`). */
const TICKS_PER_SECOND = 100;

const list = process.env['MADOGUCHI_TEST_COSTS'];
// The runner itself is loaded with the same options.
if (list !== undefined && process.env['NODE_TEST_CONTEXT'] !== undefined) {
  process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    const file = relative(process.cwd(), process.argv[1] ?? '');
    const cost: Cost = {
      // Several that share a process: scripts/test.ts gathers them outside.
      file: file.startsWith('..') ? basename(file) : file,
      seconds: (user + system) / 1e6 + secondsOfChildren(),
    };
    appendFileSync(list, `${JSON.stringify(cost)}\n`);
  });
}

/** Of the processes that it started and that have ended: browsers, services, builds. Only Linux tells. */
function secondsOfChildren(): number {
  try {
    // Fields 16 and 17 of proc_pid_stat(5); the name, field 2, may have blanks in it.
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}

/** The files that took most, as lines to print; of all of them the sum first. */
export function dearest(file: string, howMany: number): string[] {
  const costs = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Cost)
    .sort((one, other) => other.seconds - one.seconds);
  const sum = costs.reduce((seconds, cost) => seconds + cost.seconds, 0);
  return [
    `${costs.length} files took ${Math.round(sum)} s of a core, most of it:`,
    ...costs.slice(0, howMany).map((cost) => `${cost.seconds.toFixed(1).padStart(7)} s  ${cost.file}`),
  ];
}
