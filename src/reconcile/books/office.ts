/** The books at work in an office: files come by upload and by folder, and are compared at once and every night. */
import type { Kysely } from 'kysely';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { businessDateOf } from '../../business-date.ts';
import type { Database } from '../../db/schema.ts';
import type { Nightly } from '../nightly.ts';
import type { Reconciling } from '../office.ts';
import { bringFile } from '../statements/bring.ts';
import { readFormats } from '../statements/declared.ts';
import type { ImportOutcome, IncomingFile } from '../statements/import.ts';
import type { ImportProgress } from '../statements/view.ts';
import { watchFolder } from '../statements/watch.ts';
import { matchDue, type MatchOutcome } from './run.ts';

export interface Books {
  /** `isCompared`: false where comparing failed; the file is in the books all the same, and it is tried again. */
  take: (
    file: IncomingFile,
    onProgress?: (progress: ImportProgress) => void,
  ) => Promise<ImportOutcome & { isCompared: boolean }>;
  /** In turn with the night's work. */
  matchNow: (cause: string) => Promise<MatchOutcome>;
  stop: () => Promise<void>;
}

/**
 * Watches the folder of statements from now on; before `isReady` no file in it is read. Books are matched in turn
 * with the nights.
 */
export function openBooks(options: {
  db: Kysely<Database>;
  municipality: string;
  dataDir: string;
  nightly: Nightly;
  noting: Reconciling['noting'];
  /** The cases follow each comparison. */
  follow: () => Promise<unknown>;
  isReady: () => boolean;
  now: () => Date;
  log: Logger;
}): Books {
  const { db, municipality, dataDir, nightly, noting, follow, isReady, now, log } = options;
  const today = (): string => businessDateOf(now());
  const matchNow: Books['matchNow'] = (cause) =>
    nightly.run(() =>
      noting(async () => {
        const outcome = await matchDue(db, municipality, today(), cause);
        await follow();
        return outcome;
      }),
    );
  const take: Books['take'] = async (file, onProgress) => {
    const outcome = await bringFile(db, municipality, today(), file, onProgress);
    if (outcome.kind === 'duplicate') return { ...outcome, isCompared: true };
    // The file is in the books, whether or not they can be compared. A refused one is a case too.
    const isCompared = await matchNow('statement').then(
      () => true,
      (error: unknown) => {
        log.error({ err: error }, 'the books were not compared');
        return false;
      },
    );
    return { ...outcome, isCompared };
  };
  const watched = watchFolder({
    folder: join(dataDir, 'statements'),
    formats: () => (isReady() ? readFormats(db, municipality) : Promise.resolve([])),
    ...{ take, now, log },
  });
  return { take, matchNow, stop: () => watched.stop() };
}
