/**
 * Several test files in one process, one after the other, each a suite: what it does before and after its tests is done
 * around them alone. They leave their process as they found it.
 */
import { createRequire } from 'node:module';
import { relative } from 'node:path';
import { after, describe } from 'node:test';
import { shareBrowser } from './browser.ts';

/** @param files absolute paths */
export function testTogether(files: readonly string[]): void {
  shareBrowser({ after });
  // Where an `import` comes to its turn nobody knows; this has been read, and has named its tests, when it returns.
  const require = createRequire(import.meta.url);
  for (const file of files) describe(relative(process.cwd(), file), () => void require(file));
}
