/** The table of speeds beside the engine: each line measured by a process of its own, and replaced by the next measurement. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

const TABLE = fileURLToPath(new URL('../../src/reconcile/books/speed.md', import.meta.url));
const BENCH = fileURLToPath(new URL('../bench-reconcile.ts', import.meta.url));
const SIZES = [10_000, 20_000, 100_000, 1_000_000, 5_000_000];
/** On top of which the second night is measured. */
const NIGHTS_ON = [100_000, 300_000, 1_000_000];

const COLUMNS = `| rows a book | seconds | bare | ratio | cpu s | bare | ratio | cpu s a million | DuckDB s | MB | found | false | load | date |
|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|`;
const NIGHT_COLUMNS = `| rows before | new | first night s | second night s | cpu s | rows compared | the new ones alone s | cpu s | rows compared | cpu ratio | load | date |
|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|`;

/** Measures all sizes and second nights, or those of one kind, or one of it; the file is written after each. */
export function writeTable(only: string | undefined, isNight: boolean): void {
  const of = (sizes: readonly number[]): readonly number[] => (only === undefined ? sizes : [Number(only)]);
  if (!isNight) for (const rows of of(SIZES)) putLine('size', rows, sizeLine(rows));
  if (isNight || only === undefined)
    for (const rows of of(NIGHTS_ON)) putLine('night', rows, nightLine(rows));
}

type Figures = Record<string, number | null>;

/** @throws Error where a plant was not found or something else was told */
function bench(...args: string[]): Figures {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BENCH, ...args, '--json'], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`bench-reconcile ${args.join(' ')}: ${stdout}${stderr}`);
  console.log(stdout.trim());
  return JSON.parse(stdout) as Figures;
}

const grouped = (value: number): string => value.toLocaleString('en');
const rounded = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : value < 10 ? value.toFixed(2) : value.toFixed(1);
/** The machine's load of the last minute, before; and today. */
const occasion = (): string[] => [(loadavg()[0] ?? 0).toFixed(1), new Date().toISOString().slice(0, 10)];
const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function sizeLine(rows: number): string {
  const when = occasion();
  const of = bench('--rows', String(rows));
  const amillion = ((of['cpuSeconds'] ?? NaN) * 1_000_000) / rows;
  const times = ['seconds', 'bareSeconds', 'ratio', 'cpuSeconds', 'bareCpuSeconds', 'cpuRatio'];
  return line([
    ...[
      grouped(rows),
      ...times.map((name) => rounded(of[name])),
      rounded(amillion),
      rounded(of['duckdbSeconds']),
    ],
    ...[grouped(of['rssMb'] ?? 0), grouped(of['found'] ?? 0), grouped(of['falseAlarms'] ?? 0), ...when],
  ]);
}

function nightLine(rows: number): string {
  const when = occasion();
  const of = bench('--second-night', '--rows', String(rows));
  return line([
    ...[grouped(rows), grouped(of['newRows'] ?? 0), rounded(of['firstNightSeconds'])],
    ...[
      rounded(of['secondNightSeconds']),
      rounded(of['secondNightCpuSeconds']),
      grouped(of['compared'] ?? 0),
    ],
    ...[rounded(of['aloneSeconds']), rounded(of['aloneCpuSeconds']), grouped(of['aloneCompared'] ?? 0)],
    ...[rounded(of['cpuRatio']), ...when],
  ]);
}

/** The table's lines stand between its head and the next empty line, by size. */
function putLine(table: 'size' | 'night', rows: number, text: string): void {
  const known = existsSync(TABLE) ? readFileSync(TABLE, 'utf8') : '';
  const linesOf = (head: string): string[] =>
    known.split(`${head}\n`)[1]?.split('\n\n')[0]?.trim().split('\n') ?? [];
  const sizeOf = (each: string): number => Number((each.split(' | ')[0] ?? '').replaceAll(/[^\d]/g, ''));
  const put = (lines: string[]): string[] =>
    [...lines.filter((each) => sizeOf(each) !== rows), text].toSorted((a, b) => sizeOf(a) - sizeOf(b));
  const [sizes, nights] = [linesOf(COLUMNS), linesOf(NIGHT_COLUMNS)];
  const machine = `${availableParallelism()} cores of ${cpus()[0]?.model.trim() ?? '?'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`;
  writeFileSync(
    TABLE,
    `# How fast two books are compared

Written by \`npm run bench:reconcile -- --table\` (one size: \`--table --rows N\`, one night: \`--table --second-night --rows N\`);
what each figure means: \`scripts/bench-reconcile.ts\`. Others use the machine too: \`load\` is its own before the run, and
\`cpu s\`, what the whole server worked, says more than the clock. ${machine}; PostgreSQL and DuckDB from npm.

<!-- prettier-ignore -->
${COLUMNS}
${(table === 'size' ? put(sizes) : sizes).join('\n')}

A night that finds so many new rows of each book on top of what is there, beside the same rows in a municipality that
has nothing else (\`scripts/reconcile-bench/second-night.ts\`):

<!-- prettier-ignore -->
${NIGHT_COLUMNS}
${(table === 'night' ? put(nights) : nights).join('\n')}

`.trimEnd() + '\n',
  );
}
