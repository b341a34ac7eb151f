/** Runs the proofs against a copy of the tree in which one line is wrong, and says which of them noticed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Mutant } from './mutants.ts';
import { FIXED_SEEDS } from './simulation.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COPIED = ['src', 'drivers', 'migrations', 'scripts', 'test', 'package.json'];

/** The fixed set: what `npm test` runs, without real processes and real time. Whoever fails first has caught the mutant. */
const PROOFS = [
  { name: 'simulate', command: ['scripts/simulate.ts', '--seeds', String(FIXED_SEEDS), '--bail', '--json'] },
  {
    name: 'crashpoints',
    command: ['scripts/crashpoints.ts', '--sigkills', '0', '--others', '0', '--bail', '--json'],
  },
] as const;

/** What the proofs count. */
const KINDS = ['lost', 'doubled', 'wrongFinals', 'stuck', 'unresolved'];
/** A proof that never ends has caught nothing. */
const PATIENCE_MS = 600_000;

export interface Caught {
  /** Undefined: nobody noticed. */
  by: string | undefined;
  seconds: number;
  /** The proof's last words. */
  words: string;
}

/** The files as the mutant has them. @throws if its text is not there, exactly once */
export function mutate({ name, edits }: Mutant, folder = ROOT): Map<string, string> {
  const mutated = new Map<string, string>();
  for (const { file, find, replace } of edits) {
    const text = mutated.get(file) ?? readFileSync(join(folder, file), 'utf8');
    const [before, after, ...more] = text.split(find);
    if (before === undefined || after === undefined || more.length > 0) {
      throw new Error(`${name}: its text is not there once in ${file} any more: ${find}`);
    }
    mutated.set(file, before + replace + after);
  }
  return mutated;
}

/** A copy of the tree with the mutant's lines. @throws if the mutant's text is not there, exactly once */
export function plantMutant(mutant: Mutant, folder: string): void {
  for (const place of COPIED) cpSync(join(ROOT, place), join(folder, place), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const [file, text] of mutate(mutant)) writeFileSync(join(folder, file), text);
}

/** @throws as `plantMutant` */
export async function tryMutant(mutant: Mutant, folder: string): Promise<Caught> {
  plantMutant(mutant, folder);
  const began = performance.now();
  if (mutant.test !== undefined) {
    const words = await failingTest(mutant.test, folder);
    return { by: words && mutant.test, seconds: secondsSince(began), words: words ?? '' };
  }
  for (const proof of PROOFS) {
    const words = await failureOf(proof.command, folder);
    if (words !== undefined) return { by: proof.name, seconds: secondsSince(began), words };
  }
  return { by: undefined, seconds: secondsSince(began), words: '' };
}

const secondsSince = (began: number): number => Math.round((performance.now() - began) / 1_000);

/** The name of a test of that file that fails; undefined: all pass. */
async function failingTest(file: string, cwd: string): Promise<string | undefined> {
  const command = ['--test', '--test-reporter=tap', '--test-timeout=60000', file];
  // A test runner that is started by another one would speak its language.
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  const child = spawn(process.execPath, command, { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [said, [code]] = await Promise.all([
    text(child.stdout),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  if (code === 0) return undefined;
  return /not ok \d+ - (.*)/.exec(said)?.[1] ?? said.slice(-500);
}

/** Runs a proof in that tree: its verdict in JSON, and what it said besides. */
export async function runProof(
  command: readonly string[],
  cwd: string,
): Promise<{ verdict: string; said: string }> {
  const child = spawn(process.execPath, command, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const tooLong = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  const [verdict, said] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  clearTimeout(tooLong);
  return { verdict, said };
}

/** The first violation in words; undefined if the proof passes. @throws if it comes to no verdict */
async function failureOf(command: readonly string[], cwd: string): Promise<string | undefined> {
  const { verdict, said } = await runProof(command, cwd);
  if (verdict === '') throw new Error(`${command.join(' ')} came to no verdict: ${said.slice(-500)}`);
  const counts = JSON.parse(verdict) as Record<string, number>;
  const wrong = KINDS.filter((kind) => (counts[kind] ?? 0) > 0);
  if (wrong.length === 0) return undefined;
  return (
    said.split('\n').find((line) => /(lost|doubled|wrongFinals|unresolved): /.test(line)) ?? wrong.join()
  );
}
