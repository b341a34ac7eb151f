/** The service's log: JSON lines in the data folder, for whoever has to find out what happened. */
import { existsSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { pino, type Logger } from 'pino';
import { maskCardNumbers } from './card-mask.ts';

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
      hooks: { streamWrite: maskCardNumbers },
    },
    lineWriter(openSync(path, 'a', 0o600)),
  );
}

/**
 * A disk that takes no line stops nothing: whether a sale may be taken is for the journal to say. Pino's own file
 * stream tries a fatal line again until it is written, and a service that has to end would hang for it (measured).
 */
function lineWriter(file: number): { write(line: string): void } {
  let missing = 0;
  return {
    write(line) {
      try {
        if (missing > 0) writeSync(file, `{"msg":"${String(missing)} lines could not be written here"}\n`);
        missing = 0;
        writeSync(file, line);
      } catch {
        missing += 1;
      }
    },
  };
}
