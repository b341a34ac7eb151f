/**
 * Whether a counter's journal still is what was recorded, and where not:
 * `npm run verify-journal -- [FILE] [--database URL] [--checkpoint SEQUENCE:HASH[:COUNT:YEN]] [--json]`.
 *
 * FILE: DATA_DIR/journal.sqlite if left out. The city's record: --database, else DATABASE_URL, else the PostgreSQL of
 * a trial's own if it runs. --checkpoint: as the closing shows it; may be given several times. Reads only.
 * Exit code 0: whole, 1: it is not, 2: it could not be looked at.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadEnvFile } from '../src/config.ts';
import { openDb } from '../src/db/db.ts';
import { findServerUrl } from '../src/db/postgres-home.ts';
import { verifyJournal, type Checkpoint, type Verification } from '../src/journal/verify.ts';

loadEnvFile();

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      database: { type: 'string' },
      checkpoint: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
    },
  });
  const dataDir = process.env['DATA_DIR'] ?? './data';
  return {
    file: positionals[0] ?? join(dataDir, 'journal.sqlite'),
    database: values.database ?? process.env['DATABASE_URL'],
    dataDir,
    checkpoints: values.checkpoint.map(readCheckpoint),
    isJson: values.json,
  };
}

function readCheckpoint(text: string): Checkpoint {
  const [, sequence, hash, count, totalYen] = /^(\d+):([0-9a-f]{16,64})(?::(\d+):(\d+))?$/i.exec(text) ?? [];
  if (sequence === undefined || hash === undefined) {
    throw new Error(
      `--checkpoint ${text}: 番号:ハッシュ[:件数:金額] / SEQUENCE:HASH[:COUNT:YEN], at least 16 digits of the hash`,
    );
  }
  const numberOf = (digits: string | undefined): number | undefined =>
    digits === undefined ? undefined : Number(digits);
  return {
    sequence: Number(sequence),
    hash: hash.toLowerCase(),
    count: numberOf(count),
    totalYen: numberOf(totalYen),
  };
}

function describe(
  file: string,
  { journal, events, head, citySequence, checkpoints, findings }: Verification,
): string {
  const compared =
    citySequence === null
      ? '市の記録とは比べていません。切り取られた終わりは、市の記録か締めの控えなしには分かりません / not compared with the city: a cut tail shows only against it or a closing slip'
      : `市の記録 ${citySequence}番まで、締めの控え ${checkpoints}件と比べました / compared with the city up to ${citySequence} and ${checkpoints} checkpoints`;
  return [
    `${file}: ${journal.municipality} ${journal.counter} (${journal.book}, ${journal.journalId})`,
    `  ${events}件、${head.sequence}番まで / ${events} events up to ${head.sequence} ${head.hash.slice(0, 16)}`,
    `  ${compared}`,
    ...(findings.length === 0
      ? ['  欠け・書き換えはありません / nothing is missing or changed']
      : findings.map(({ text }) => `  ✗ ${text}`)),
  ].join('\n');
}

try {
  const { file, database, dataDir, checkpoints, isJson } = readArguments();
  const url = database ?? (await findServerUrl(join(dataDir, 'postgres')));
  const db = url === undefined ? undefined : openDb(url, () => undefined);
  try {
    const verification = await verifyJournal(file, db, checkpoints);
    console.log(isJson ? JSON.stringify(verification) : describe(file, verification));
    process.exitCode = verification.findings.length === 0 ? 0 : 1;
  } finally {
    await db?.destroy();
  }
} catch (error) {
  console.error(
    `調べられませんでした / could not be looked at: ${error instanceof Error ? error.message : String(error)}`,
  );
  process.exitCode = 2;
}
