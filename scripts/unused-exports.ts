/** `npm run check`: what is exported and imported nowhere is dead, or does not need to be exported. */
import { globSync } from 'node:fs';
import { analyzeTsConfig } from 'ts-unused-exports';

const files = globSync(
  ['src/**/*.{ts,tsx}', 'drivers/**/*.ts', 'migrations/*.ts', 'test/**/*.ts', 'scripts/*.ts'],
  {
    exclude: ['src/web/dist/**'],
  },
);
const { unusedFiles: _files, ...found } = analyzeTsConfig('tsconfig.json', [...files, '--ignoreLocallyUsed']);
const lines = Object.entries(found).map(
  ([file, names]) => `${file}: ${names.map(({ exportName }) => exportName).join(', ')}`,
);
console.log(lines.length === 0 ? 'no dead exports' : ['dead exports:', ...lines].join('\n'));
process.exitCode = lines.length === 0 ? 0 : 1;
