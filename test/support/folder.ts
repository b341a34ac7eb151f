/** A folder of its own for one test, gone after it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cleanup } from './cleanup.ts';

export function makeFolder(t: Cleanup): string {
  const folder = mkdtempSync(join(tmpdir(), 'madoguchi-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
