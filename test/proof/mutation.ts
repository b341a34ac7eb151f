/** Runs the proofs against a copy of the tree in which one line is wrong, and says which of them noticed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

/** A mutant that never ends has not passed. */
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

/** Undefined if the proof passes. */
async function failureOf(command: readonly string[], cwd: string): Promise<string | undefined> {
  const child = spawn(process.execPath, command, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  const tooLong = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    said = (said + part).slice(-2_000);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(tooLong);
  if (code === null) throw new Error(`${command.join(' ')} did not end within ${PATIENCE_MS / 1_000} s`);
  if (code === 0) return undefined;
  const told = said
    .trim()
    .split('\n')
    .filter((line) => /^(\w.*: )?(lost|doubled|wrongFinals|unresolved): /.test(line));
  return told[0] ?? said.trim().split('\n').at(-1) ?? `ended with ${code}`;
}
