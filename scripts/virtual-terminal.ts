/**
 * `npm run virtual-terminal -- --driver zvt [--listen pty|tcp:PORT] [--http PORT] [--currency NNN] [--data DIR]`:
 * a virtual terminal by itself, for any register software that speaks its protocol. Its options are the program's own;
 * see drivers/<model>/virtual/README.md.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drivers } from '../drivers/index.ts';

/** `--name value` or `--name=value`, taken out of the arguments. */
function takeOption(name: string, options: string[]): string | undefined {
  const at = options.findIndex((option) => option === `--${name}` || option.startsWith(`--${name}=`));
  if (at < 0) return undefined;
  const [option = ''] = options.splice(at, 1);
  return option.includes('=') ? option.slice(option.indexOf('=') + 1) : options.splice(at, 1)[0];
}

const options = process.argv.slice(2);
const model = takeOption('driver', options);
const driver = drivers.find((each) => each.model === model);
const program = driver?.virtual?.program;
if (driver === undefined || program === undefined) {
  const models = drivers.filter(({ virtual }) => virtual !== undefined).map((each) => each.model);
  console.error(`--driver is one of: ${models.join(', ')}`);
  process.exit(2);
}

const hasFolder = options.some((option) => option === '--data' || option.startsWith('--data='));
if (!hasFolder) options.push('--data', join('data', `virtual-${driver.model}`));
// The program reads its own options: as if it had been started by itself.
process.argv = [process.execPath, fileURLToPath(program), ...options];
await import(program.href);
