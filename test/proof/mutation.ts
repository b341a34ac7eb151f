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
const COPIED = [
  'src',
  'drivers',
  'migrations',
  'scripts',
  'test/proof',
  'test/support',
  'test/drivers',
  'package.json',
];

/** The fixed set: what `npm test` runs, without real processes. Whoever fails first has caught the mutant. */
const PROOFS = [
  { name: 'simulate', command: ['scripts/simulate.ts', '--seeds', String(FIXED_SEEDS), '--bail', '--json'] },
  { name: 'crashpoints', command: ['scripts/crashpoints.ts', '--sigkills', '0', '--bail', '--json'] },
] as const;

/** What the proofs count. */
const KINDS = ['lost', 'doubled', 'wrongFinals', 'stuck', 'unresolved'];
/** A proof that never ends has caught nothing. */
const PATIENCE_MS = 240_000;

export interface Caught {
  /** Undefined: nobody noticed. */
  by: string | undefined;
  seconds: number;
  /** The proof's last words. */
  words: string;
}

/** @throws if the mutant's text is not there, exactly once */
export async function tryMutant({ name, edits }: Mutant, folder: string): Promise<Caught> {
  for (const place of COPIED) cpSync(join(ROOT, place), join(folder, place), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const { file, find, replace } of edits) {
    const path = join(folder, file);
    const [before, after, ...more] = readFileSync(path, 'utf8').split(find);
    if (before === undefined || after === undefined || more.length > 0) {
      throw new Error(`${name}: its text is not there once in ${file} any more: ${find}`);
    }
    writeFileSync(path, before + replace + after);
  }
  const began = performance.now();
  for (const proof of PROOFS) {
    const words = await failureOf(proof.command, folder);
    const seconds = Math.round((performance.now() - began) / 1_000);
    if (words !== undefined) return { by: proof.name, seconds, words };
  }
  return { by: undefined, seconds: Math.round((performance.now() - began) / 1_000), words: '' };
}

/** The first violation in words; undefined if the proof passes. @throws if it comes to no verdict */
async function failureOf(command: readonly string[], cwd: string): Promise<string | undefined> {
  const child = spawn(process.execPath, command, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const tooLong = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  const [verdict, said] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  clearTimeout(tooLong);
  if (verdict === '') throw new Error(`${command.join(' ')} came to no verdict: ${said.slice(-500)}`);
  const counts = JSON.parse(verdict) as Record<string, number>;
  const wrong = KINDS.filter((kind) => (counts[kind] ?? 0) > 0);
  if (wrong.length === 0) return undefined;
  return (
    said.split('\n').find((line) => /(lost|doubled|wrongFinals|unresolved): /.test(line)) ?? wrong.join()
  );
}
