/** A file into the books, with what is declared of its acquirer: whether it is late. It is compared afterwards. */
import type { Kysely } from 'kysely';
import type { Database } from '../../db/schema.ts';
import { dueOf } from '../books/acquirer.ts';
import { readAcquirers } from './declared.ts';
import { importStatement, type ImportOutcome, type IncomingFile } from './import.ts';
import type { ImportProgress } from './view.ts';

/** Takes a file or refuses it whole. @param today in Tokyo */
export async function bringFile(
  db: Kysely<Database>,
  municipality: string,
  today: string,
  file: IncomingFile,
  onProgress?: (progress: ImportProgress) => void,
): Promise<ImportOutcome> {
  const acquirers = (await readAcquirers(db, municipality)).map(({ definition }) => definition);
  const isLate = (code: string, until: string): boolean => {
    const acquirer = acquirers.find((each) => each.code === code);
    return acquirer !== undefined && today > dueOf(acquirer, until).statementOn;
  };
  return importStatement(db, municipality, file, { today, isLate }, onProgress);
}
