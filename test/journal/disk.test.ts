/**
 * A disk that is full, read-only, failing or garbled, on real files: what was said to be recorded is there, and what was
 * refused is not. Where the machine can't be made to refuse without special rights, a limit of the process's own does.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { AppError } from '../../src/errors.ts';
import { fileOpener } from '../../src/journal/file.ts';
import { JournalFault, openJournal, type Journal } from '../../src/journal/journal.ts';
import { verifyJournal } from '../../src/journal/verify.ts';
import { createLedger } from '../../src/payments/ledger.ts';
import { makeFolder } from '../support/folder.ts';
import { answerOf, armedSale } from '../support/sale.ts';
import { IDENTITY, NOW, openWithDb } from './with-db.ts';

const program = fileURLToPath(new URL('disk-program.ts', import.meta.url));
const refusedByDisk = (error: unknown): boolean =>
  error instanceof AppError && error.code === 'journal_unwritable';

interface Told {
  recorded: number[];
  refused: string[];
}

function openCounted(path: string, count: number): Journal {
  const journal = openJournal(path, IDENTITY, NOW);
  while (journal.head.sequence < count) journal.append('tick', null, { text: 'x'.repeat(500) });
  return journal;
}

async function assertWhole(path: string, events: number): Promise<void> {
  const { findings, events: found } = await verifyJournal(path, undefined, []);
  assert.deepEqual([findings, found], [[], events]);
}

test('a disk that takes no more: what it took is there, what it refused is not, and it goes on when there is space', async (t) => {
  const path = join(makeFolder(t), 'journal.sqlite');
  // A file may not grow any further: the same to SQLite as a disk without space.
  const limited = `ulimit -f 400; exec "$0" "$@"`;
  const said = execFileSync('sh', ['-c', limited, process.execPath, program, path, 'append']);
  const { recorded, refused } = JSON.parse(String(said)) as Told;
  assert.deepEqual(refused, ['journal_unwritable', 'journal_unwritable']);
  const count = recorded.length / 2;
  assert.ok(count > 5);
  assert.deepEqual(recorded.slice(0, count), recorded.slice(count), 'readable without space');
  const journal = openJournal(path, IDENTITY, NOW);
  assert.equal(journal.head.sequence, count);
  assert.equal(journal.append('tick', null, {}).sequence, count + 1);
  journal.close();
  await assertWhole(path, count + 1);
});

test('a full database refuses a sale before anything is sent: the payment does not exist', (t) => {
  const { journal, db } = openWithDb(t);
  const ledger = createLedger(journal, () => assert.fail('nothing has changed'));
  db.pragma('max_page_count = 1');
  for (const length of [2_000, 0]) {
    assert.throws(() => {
      for (let n = 0; n < 100; n += 1) journal.append('tick', null, { text: 'x'.repeat(length) });
    }, refusedByDisk);
  }
  assert.throws(() => ledger.record('op-1', { type: 'armed', payload: armedSale() }), refusedByDisk);
  assert.equal(ledger.find('op-1'), undefined);
  assert.deepEqual(ledger.unsettled(), []);
});

test('a disk that has become read-only refuses every event and every snapshot, and reads on', (t) => {
  const { journal, db } = openWithDb(t);
  journal.append('tick', null, {});
  journal.saveReference({ version: 'first' });
  db.pragma('query_only = ON');
  assert.throws(() => journal.append('tick', null, {}), refusedByDisk);
  assert.throws(() => journal.saveReference({ version: 'second' }), refusedByDisk);
  assert.equal(journal.eventsAfter(0, 10).length, 1);
  assert.deepEqual(journal.reference(), { version: 'first' });
  db.pragma('query_only = OFF');
  assert.equal(journal.append('tick', null, {}).sequence, 2);
});

test('a journal in a folder without the right to write is not begun with, and stays as it was', (t) => {
  const folder = makeFolder(t);
  const path = join(folder, 'journal.sqlite');
  openCounted(path, 3).close();
  const before = readFileSync(path);
  chmodSync(path, 0o444);
  chmodSync(folder, 0o555);
  // Rights mean nothing to the superuser: the program becomes nobody then, to whom the file belongs.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(path, 65_534, 65_534);
  const said = execFileSync(process.execPath, [program, path, 'open', ...(isRoot ? ['65534'] : [])]);
  chmodSync(folder, 0o755);
  const { recorded, refused } = JSON.parse(String(said)) as Told;
  assert.deepEqual(recorded, []);
  assert.match(refused[0] ?? '', /読み書きできません。会計は始めていません。.*書き込みの権利/);
  assert.deepEqual(readFileSync(path), before);
});

test('a flush that fails: the event counts as never made, its number is free, and the chain stays whole', async (t) => {
  const path = join(makeFolder(t), 'journal.sqlite');
  let isFailing = false;
  const journal = openJournal(
    path,
    IDENTITY,
    NOW,
    fileOpener((file) => {
      const db = new Database(file);
      // What SQLite does when the flush of a commit fails: it takes the commit back and says so.
      db.function('flushes', () => {
        if (isFailing) throw new Database.SqliteError('disk I/O error', 'SQLITE_IOERR_FSYNC');
        return 1;
      });
      const prepare = db.prepare.bind(db);
      const failing = (sql: string): Database.Statement =>
        prepare(sql.replace(/^(INSERT INTO events) VALUES \((.*)\)$/, '$1 SELECT $2 WHERE flushes()'));
      Object.assign(db, { prepare: failing });
      return db;
    }),
  );
  const ledger = createLedger(journal, () => undefined);
  ledger.record('op-1', { type: 'armed', payload: armedSale() });
  isFailing = true;
  const answer = { answer: answerOf('approved'), refused: null };
  assert.throws(() => ledger.record('op-1', { type: 'answer', payload: answer }), refusedByDisk);
  assert.equal(ledger.find('op-1')?.answer, null, 'the terminal is not told that we have it');
  isFailing = false;
  ledger.record('op-1', { type: 'answer', payload: answer });
  assert.equal(journal.head.sequence, 2);
  journal.close();
  await assertWhole(path, 2);
});

/** Garbles a page of the file that holds some of what was recorded: the first, or the last in the file. */
function garble(path: string, which: 'first' | 'last' = 'last'): void {
  const pageBytes = 4096;
  const pages = Math.floor(statSync(path).size / pageBytes);
  const leaves = Array.from({ length: pages }, (_, at) => at).filter((at) => {
    const bytes = readFileSync(path).subarray(at * pageBytes, (at + 1) * pageBytes);
    // 0d: a leaf of a table. The one with many events in it.
    return bytes[0] === 0x0d && bytes.includes('xxxxxxxx');
  });
  const page = leaves.at(which === 'first' ? 0 : -1);
  assert.ok(page !== undefined);
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(pageBytes / 2, 0xa5), 0, pageBytes / 2, page * pageBytes);
  closeSync(file);
}

test('a garbled page is found before a sale is recorded behind it, in plain words, and nothing is changed', (t) => {
  const path = join(makeFolder(t), 'journal.sqlite');
  openCounted(path, 60).close();
  garble(path);
  const before = readFileSync(path);
  assert.throws(
    () => openJournal(path, IDENTITY, NOW),
    (error) =>
      error instanceof JournalFault && error.message.includes('会計は始めていません。ファイルは変えずに残し'),
  );
  assert.deepEqual(readFileSync(path), before);
});

test('a garbled page is found also where nothing reads it any more: before the last closing', (t) => {
  const path = join(makeFolder(t), 'journal.sqlite');
  const journal = openCounted(path, 60);
  journal.append('closed', null, {});
  journal.close();
  garble(path, 'first');
  assert.throws(() => openJournal(path, IDENTITY, NOW), JournalFault);
});

test('a page that the disk garbles meanwhile is a refusal with a sentence, not a bug', (t) => {
  const path = join(makeFolder(t), 'journal.sqlite');
  openCounted(path, 60).close();
  const journal = openJournal(
    path,
    IDENTITY,
    NOW,
    fileOpener((file) => {
      const db = new Database(file);
      // Nothing is remembered: every page is read from the disk each time.
      db.pragma('cache_size = 0');
      return db;
    }),
  );
  t.after(() => journal.close());
  const whole = readFileSync(path);
  writeFileSync(path, whole.toString('latin1').replaceAll('xxx"}', 'xxx}"'), 'latin1');
  assert.throws(
    () => journal.eventsOfType('tick'),
    refusedByDisk,
    'what it gives back says nothing any more',
  );
  writeFileSync(path, whole);
  garble(path);
  assert.throws(() => journal.eventsAfter(0, 100), refusedByDisk);
});

test('bytes that the disk has changed inside of an event are found by the chain, or by what they no longer say', (t) => {
  const path = join(makeFolder(t), 'journal.sqlite');
  openCounted(path, 60).close();
  const whole = readFileSync(path);
  writeFileSync(path, whole.toString('latin1').replaceAll('xxx"}', 'xxy"}'), 'latin1');
  assert.throws(() => openJournal(path, IDENTITY, NOW), /1番目の記録が、前の記録とつながりません/);
  writeFileSync(path, whole.toString('latin1').replaceAll('xxx"}', 'xxx}"'), 'latin1');
  assert.throws(() => openJournal(path, IDENTITY, NOW), JournalFault);
});
