/** The service's log: JSON lines in the data folder, for whoever has to find out what happened. */
import { existsSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pino, type Logger } from 'pino';

const LARGEST_BYTES = 20_000_000;

/** Opens `madoguchi.log` in the data folder; a file that has grown large is kept as `madoguchi.log.1`. */
export function openLog(dataDir: string, level: string): Logger {
  const path = join(dataDir, 'madoguchi.log');
  if (existsSync(path) && statSync(path).size > LARGEST_BYTES) renameSync(path, `${path}.1`);
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ['*.authorization', '*.cookie', '*.token', '*.secret', '*.databaseUrl'],
    },
    pino.destination({ dest: path, sync: true }),
  );
}
