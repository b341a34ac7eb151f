/** `npm run check`: what is exported and imported nowhere is dead, or does not need to be exported. */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';

const files = globSync(
  ['src/**/*.{ts,tsx}', 'drivers/**/*.ts', 'migrations/*.ts', 'test/**/*.ts', 'scripts/*.ts'],
  {
    exclude: ['src/web/dist/**'],
  },
);
const { status } = spawnSync(
  process.execPath,
  ['node_modules/ts-unused-exports/bin/ts-unused-exports', 'tsconfig.json', ...files, '--ignoreLocallyUsed'],
  { stdio: 'inherit' },
);
process.exitCode = status ?? 1;
