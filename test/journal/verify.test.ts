/** What was done to a journal behind the program's back is found, and where, while the service goes on. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { sql } from 'kysely';
import { createArchive } from '../../src/journal/archive.ts';
import { chainHash, genesisHash } from '../../src/journal/chain.ts';
import { drainBatch } from '../../src/journal/drain.ts';
import { openJournal, type Journal } from '../../src/journal/journal.ts';
import { verifyJournal, type Checkpoint } from '../../src/journal/verify.ts';
import { projectPayments } from '../../src/payments/projection.ts';
import { makeFolder } from '../support/folder.ts';
import { MUNICIPALITY, openTestDatabase } from '../support/postgres.ts';

const identity = { municipality: MUNICIPALITY, counter: '01', book: 'trial' } as const;
const open = (path: string): Journal => openJournal(path, identity, () => new Date());

/** Nine events and a closing that knows of them. */
function writeJournal(t: TestContext, name = 'journal.sqlite'): { path: string; slip: Checkpoint } {
  const path = join(makeFolder(t), name);
  const journal = open(path);
  for (let n = 1; n <= 9; n += 1) journal.append('tick', null, { n });
  const { sequence, hash } = journal.head;
  const slip = { sequence, hash, count: 3, totalYen: 1200 };
  journal.append('closed', null, {
    businessDate: '2026-11-24',
    count: slip.count,
    totalYen: slip.totalYen,
    headSequence: sequence,
    headHash: hash,
  });
  journal.close();
  return { path, slip };
}

/** As somebody would with the file and a database tool. */
function tamper(path: string, ...statements: string[]): void {
  const db = new Database(path);
  db.exec('DROP TRIGGER events_keep; DROP TRIGGER events_stay;');
  for (const statement of statements) db.exec(statement);
  db.close();
}

/** A whole chain again over what the rows now say: what a thorough forger does. */
function forgeChain(path: string): void {
  const db = new Database(path);
  const id = db.prepare('SELECT journal_id FROM meta').pluck().get() as string;
  let previousHash = genesisHash(id);
  const rows = db
    .prepare('SELECT sequence, at, type, operation_id AS operationId, payload FROM events')
    .all();
  for (const row of rows as {
    sequence: number;
    at: string;
    type: string;
    operationId: null;
    payload: string;
  }[]) {
    const hash = chainHash(previousHash, row, row.payload);
    db.prepare('UPDATE events SET previous_hash = ?, hash = ? WHERE sequence = ?').run(
      previousHash,
      hash,
      row.sequence,
    );
    previousHash = hash;
  }
  db.close();
}

const textsOf = async (path: string, ...slips: Checkpoint[]): Promise<string[]> =>
  (await verifyJournal(path, undefined, slips)).findings.map(({ text }) => text);

const MOVE_UP = 'UPDATE events SET sequence = -sequence WHERE sequence >= 5; ';

const DEEDS: [deed: string, statements: string[], found: RegExp][] = [
  ['an edited payload', [`UPDATE events SET payload = '{"n":7}' WHERE sequence = 5`], /^5番の内容が書き換え/],
  ['an edited time', [`UPDATE events SET at = '2026-01-01T00:00:00.000Z' WHERE sequence = 3`], /^3番の内容/],
  ['an event that was taken out', ['DELETE FROM events WHERE sequence = 5'], /^5番がありません/],
  [
    'several that were taken out',
    ['DELETE FROM events WHERE sequence IN (4, 5, 6)'],
    /^4番から6番までがありません/,
  ],
  [
    'an event that was taken out, and the rest moved up',
    [
      'DELETE FROM events WHERE sequence = 5',
      `${MOVE_UP} UPDATE events SET sequence = -sequence - 1 WHERE sequence < 0`,
    ],
    /^5番が、前の記録とつながりません|^5番の内容/,
  ],
  [
    'an event that was put in',
    [
      `${MOVE_UP} UPDATE events SET sequence = -sequence + 1 WHERE sequence < 0`,
      "INSERT INTO events SELECT 5, at, type, operation_id, payload, 'no parent', 'forged' FROM events WHERE sequence = 4",
    ],
    /^5番は、あとから差し込まれています/,
  ],
  [
    'two events that changed places',
    [
      'UPDATE events SET sequence = 100 WHERE sequence = 5',
      'UPDATE events SET sequence = 5 WHERE sequence = 6',
      'UPDATE events SET sequence = 6 WHERE sequence = 100',
    ],
    /^5番には、いま6番にある記録があるはず/,
  ],
];

for (const [deed, statements, found] of DEEDS) {
  test(`${deed} is found, with its place`, async (t) => {
    const { path } = writeJournal(t);
    assert.deepEqual(await textsOf(path), []);
    tamper(path, ...statements);
    assert.match((await textsOf(path))[0] ?? '', found);
  });
}

test('the service does not begin on a chain that was broken since the last closing', (t) => {
  const { path } = writeJournal(t);
  const journal = open(path);
  journal.append('tick', null, { n: 11 });
  journal.append('tick', null, { n: 12 });
  journal.close();
  tamper(path, `UPDATE events SET payload = '{"n":0}' WHERE sequence = 11`);
  assert.throws(() => open(path), /11番目の記録が、前の記録とつながりません.*verify-journal/);
});

test('a cut tail shows against the closing slip, and not without it', async (t) => {
  const { path, slip } = writeJournal(t);
  tamper(path, 'DELETE FROM events WHERE sequence >= 8');
  assert.deepEqual(await textsOf(path), []);
  assert.match((await textsOf(path, slip))[0] ?? '', /9番まであったと言いますが/);
});

test('a chain that was forged from end to end shows against the slip, be it only sixteen digits of it', async (t) => {
  const { path, slip } = writeJournal(t);
  tamper(path, `UPDATE events SET payload = '{"n":0}' WHERE sequence = 2`);
  forgeChain(path);
  assert.deepEqual(await textsOf(path), []);
  assert.match(
    (await textsOf(path, { ...slip, hash: slip.hash.slice(0, 16) }))[0] ?? '',
    /9番が締めの控えと違います/,
  );
});

test('another count or total than the slip’s is found', async (t) => {
  const { path, slip } = writeJournal(t);
  assert.deepEqual(await textsOf(path, slip), []);
  for (const other of [{ totalYen: 1600 }, { count: 99 }])
    assert.match((await textsOf(path, { ...slip, ...other }))[0] ?? '', /件数か金額が、控えと違います/);
});

test('events of another journal under this one’s name are found without anything else', async (t) => {
  const { path } = writeJournal(t);
  tamper(path, "UPDATE meta SET journal_id = '00000000-0000-4000-8000-000000000000'");
  assert.match((await textsOf(path))[0] ?? '', /^1番が、このファイルの番号とつながりません/);
});

test('against the city: a cut tail, a forged chain and an exchanged file, though no closing has been made', async (t) => {
  const { db } = await openTestDatabase(t);
  const drained = async (path: string): Promise<void> => {
    const journal = open(path);
    await drainBatch(createArchive(db, projectPayments), journal);
    journal.close();
  };
  const { path } = writeJournal(t);
  await drained(path);
  const against = async (file: string): Promise<string[]> =>
    (await verifyJournal(file, db, [])).findings.map(({ text }) => text);
  assert.deepEqual(await against(path), []);
  assert.equal((await verifyJournal(path, db, [])).checkpoints, 1, 'the closing has arrived as a checkpoint');

  const other = writeJournal(t);
  assert.match((await against(other.path))[0] ?? '', /別のもの（10番まで）です。ファイルごと取り替え/);

  tamper(
    path,
    'DELETE FROM events WHERE sequence = 10',
    `UPDATE events SET payload = '{"n":0}' WHERE sequence = 9`,
  );
  forgeChain(path);
  const texts = await against(path);
  assert.ok(
    texts.some((text) => text.startsWith('10番から10番までがこのファイルにありません')),
    texts.join('\n'),
  );
  assert.ok(texts.some((text) => text.startsWith('9番から、市の記録と違います')));
  assert.ok(texts.some((text) => text.startsWith('9番が締めの控えと違います')));
});

test('what the city’s own administrator changed in PostgreSQL is found too', async (t) => {
  const { db, openOwner } = await openTestDatabase(t);
  const { path } = writeJournal(t);
  const journal = open(path);
  await drainBatch(createArchive(db, projectPayments), journal);
  journal.close();
  const owner = openOwner();
  await sql`ALTER TABLE events DISABLE TRIGGER events_are_kept`.execute(owner);
  await sql`UPDATE events SET payload = '{"n": 0}' WHERE sequence = 4`.execute(owner);
  const { findings } = await verifyJournal(path, db, []);
  assert.deepEqual(
    findings.map(({ record, sequence }) => [record, sequence]),
    [['city', 4]],
  );
});

interface Said {
  code: number;
  out: string;
}

function runScript(...args: string[]): Promise<Said> {
  const script = fileURLToPath(new URL('../../scripts/verify-journal.ts', import.meta.url));
  const env = { PATH: process.env['PATH'], DATA_DIR: '/nowhere' };
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), out: stdout + stderr });
    });
  });
}

test('the command works while the service records, and its exit code tells', async (t) => {
  const { url } = await openTestDatabase(t);
  const { path, slip } = writeJournal(t);
  const service = open(path);
  service.append('tick', null, { n: 11 });
  const whole = await runScript(path, '--json');
  assert.equal(whole.code, 0, whole.out);
  assert.equal(
    (JSON.parse(whole.out) as { events: number }).events,
    11,
    'what is only in the log is read too',
  );
  service.append('tick', null, { n: 12 });
  service.close();

  tamper(path, 'DELETE FROM events WHERE sequence > 8');
  const cut = await runScript(
    path,
    '--checkpoint',
    `${slip.sequence}:${slip.hash}:3:1200`,
    '--database',
    url,
  );
  assert.equal(cut.code, 1);
  assert.match(cut.out, /✗ 締めの控えは 9番まであった/);
  assert.equal((await runScript('/nowhere/journal.sqlite')).code, 2);
  assert.equal((await runScript(path, '--checkpoint', '9:short')).code, 2);
});
