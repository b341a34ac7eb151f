/** The service's log: JSON lines in the data folder, for whoever has to find out what happened. */
import { existsSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pino, type Logger } from 'pino';
import { maskCardNumbers } from './card-mask.ts';

const LARGEST_BYTES = 20_000_000;

/**
 * Opens `madoguchi.log` in the data folder; a file that has grown large is kept as `madoguchi.log.1`. A disk that takes
 * no more of it stops nothing: whether a sale may be taken is for the journal to say.
 */
export function openLog(dataDir: string, level: string): Logger {
  const path = join(dataDir, 'madoguchi.log');
  if (existsSync(path) && statSync(path).size > LARGEST_BYTES) renameSync(path, `${path}.1`);
  const file = pino.destination({ dest: path, sync: true });
  file.on('error', (error: Error) => process.stderr.write(`${path}: ${error.message}\n`));
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ['*.authorization', '*.cookie', '*.token', '*.secret', '*.databaseUrl'],
      hooks: { streamWrite: maskCardNumbers },
    },
    file,
  );
}
