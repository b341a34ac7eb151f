/**
 * The watched folder: `statements/<format>/` in the data folder. A file that is put there is taken or refused, and moved
 * to `taken/` or `refused/` beside it. A crash between the two finds the file again, and it changes nothing a second time.
 */
import { mkdir, readdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { ImportOutcome, IncomingFile } from './import.ts';
import { LARGEST_FILE_BYTES, type FormatView } from './view.ts';

const EVERY_MS = 15_000;
/** Who copies a file into it may be slow: one that changed a moment ago is left alone. */
const SETTLED_MS = 3_000;

export interface WatchedFolder {
  /** Everything that lies there now. */
  look(): Promise<ImportOutcome['kind'][]>;
  stop(): Promise<void>;
}

/** Looks every 15 seconds from now on, one look after the other. */
export function watchFolder(options: {
  folder: string;
  formats: () => Promise<FormatView[]>;
  take: (file: IncomingFile) => Promise<ImportOutcome>;
  now: () => Date;
  log: Logger;
}): WatchedFolder {
  let running: Promise<unknown> = Promise.resolve();
  const look = (): Promise<ImportOutcome['kind'][]> => {
    const result = running.then(() => lookOnce(options));
    running = result.catch(() => undefined);
    return result;
  };
  const timer = setInterval(() => {
    look().catch((error: unknown) =>
      options.log.warn({ err: error }, 'the folder of statements could not be read'),
    );
  }, EVERY_MS);
  return {
    look,
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

async function lookOnce({
  folder,
  formats,
  take,
  now,
  log,
}: Parameters<typeof watchFolder>[0]): Promise<ImportOutcome['kind'][]> {
  const kinds: ImportOutcome['kind'][] = [];
  for (const { definition, version } of await formats()) {
    const place = join(folder, definition.code);
    await mkdir(place, { recursive: true });
    for (const entry of await readdir(place, { withFileTypes: true })) {
      const path = join(place, entry.name);
      if (!entry.isFile() || entry.name.startsWith('.')) continue;
      const { mtimeMs, size } = await stat(path);
      if (now().getTime() - mtimeMs < SETTLED_MS) continue;
      if (size > LARGEST_FILE_BYTES) {
        log.warn({ path, size }, 'a statement is too large to be taken');
        continue;
      }
      const outcome = await take({
        ...{ name: entry.name, bytes: await readFile(path), format: definition, formatVersion: version },
        ...{ origin: 'folder' as const, by: { number: 'folder', name: '取り込みフォルダー' } },
      });
      kinds.push(outcome.kind);
      await putAside(path, place, entry.name, outcome);
    }
  }
  return kinds;
}

async function putAside(
  path: string,
  place: string,
  name: string,
  { kind, file }: ImportOutcome,
): Promise<void> {
  const beside = join(place, kind === 'refused' ? 'refused' : 'taken');
  await mkdir(beside, { recursive: true });
  // Two files of one name, from two months, both stay.
  await rename(path, join(beside, `${String(file.fileId).padStart(6, '0')}-${name}`));
}
