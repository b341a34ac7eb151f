import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import { chainHash } from '../../src/journal/chain.ts';
import { fileOpener } from '../../src/journal/file.ts';
import { JournalFault, openJournal, type JournalIdentity } from '../../src/journal/journal.ts';
import type { Cleanup } from '../support/cleanup.ts';
import { makeFolder } from '../support/folder.ts';

const trial: JournalIdentity = { municipality: '122327', counter: '01', book: 'trial' };
const at = (): Date => new Date('2026-11-24T00:42:00.000Z');

test('what was appended is there after the journal is opened again, with the same identity and head', (t) => {
  const path = join(makeFolder(t), 'journal.sqlite');
  const first = openJournal(path, trial, at);
  first.append('journal_opened', null, { book: 'trial' });
  first.append('armed', 'op-1', { businessDate: '2026-11-24', terminal: '1' });
  const { journalId, head } = first;
  first.close();

  const again = openJournal(path, trial, at);
  t.after(() => again.close());
  assert.equal(again.journalId, journalId);
  assert.deepEqual(again.head, head);
  assert.deepEqual(again.eventsOf('op-1')[0]?.payload, { businessDate: '2026-11-24', terminal: '1' });
  assert.deepEqual(again.businessDatesFrom('2026-11-24'), ['2026-11-24']);
  assert.deepEqual(again.businessDatesFrom('2026-11-25'), []);
});

test('sequence numbers have no gap and each hash covers the one before', (t) => {
  const journal = openJournal(join(makeFolder(t), 'journal.sqlite'), trial, at);
  t.after(() => journal.close());
  for (let n = 1; n <= 20; n += 1) journal.append('tick', null, { n });
  const events = journal.eventsAfter(0, 100);
  assert.deepEqual(
    events.map(({ sequence }) => sequence),
    Array.from({ length: 20 }, (_, index) => index + 1),
  );
  for (const event of events) {
    assert.equal(event.previousHash, journal.hashAt(event.sequence - 1));
    assert.equal(event.hash, chainHash(event.previousHash, event, event.payloadText));
  }
});

test('two journals of one counter are told apart', (t) => {
  const folder = makeFolder(t);
  const journals = ['a', 'b'].map((name) => openJournal(join(folder, name), trial, at));
  t.after(() => journals.forEach((journal) => journal.close()));
  assert.notEqual(journals[0]?.journalId, journals[1]?.journalId);
  assert.notEqual(journals[0]?.head.hash, journals[1]?.head.hash);
});

test('a journal is refused under another book or another counter, and stays as it was', (t) => {
  const path = join(makeFolder(t), 'journal.sqlite');
  openJournal(path, trial, at).close();
  assert.throws(() => openJournal(path, { ...trial, book: 'live' }, at), /stays one for ever/);
  assert.throws(
    () => openJournal(path, { ...trial, counter: '02' }, at),
    /belongs to municipality 122327, counter 01/,
  );
  assert.throws(() => openJournal(path, { ...trial, municipality: '999999' }, at), /belongs to municipality/);
  openJournal(path, trial, at).close();
});

test('what is recorded is flushed before it counts, and is neither changed nor deleted by the service', (t) => {
  let db: Database.Database | undefined;
  const journal = openJournal(
    join(makeFolder(t), 'journal.sqlite'),
    trial,
    at,
    fileOpener((path) => {
      db = new Database(path);
      return db;
    }),
  );
  t.after(() => journal.close());
  // FULL: one flush for each commit to the write-ahead log, which strace shows; NORMAL has none.
  assert.deepEqual(
    [db?.pragma('journal_mode', { simple: true }), db?.pragma('synchronous', { simple: true })],
    ['wal', 2],
  );
  journal.append('tick', null, {});
  assert.throws(() => db?.exec("UPDATE events SET type = 'tock'"), /never changed/);
  assert.throws(() => db?.exec('DELETE FROM events'), /never deleted/);
});

test('a second process can not record for the same counter; the lock goes with a SIGKILL', async (t) => {
  const path = join(makeFolder(t), 'journal.sqlite');
  const source = new URL('../../src/journal/journal.ts', import.meta.url).href;
  const script = `
    import { openJournal } from ${JSON.stringify(source)};
    const journal = openJournal(${JSON.stringify(path)}, ${JSON.stringify(trial)}, () => new Date());
    journal.append('held', null, {});
    console.log('held');
    setInterval(() => journal.head, 1000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  assert.throws(
    () => openJournal(path, trial, at),
    (error) => {
      assert.ok(error instanceof JournalFault);
      assert.match(error.message, /in use by another Madoguchi/);
      return true;
    },
  );
  child.kill('SIGKILL');
  await once(child, 'exit');
  const journal = openJournal(path, trial, at);
  t.after(() => journal.close());
  assert.equal(journal.eventsAfter(0, 10)[0]?.type, 'held');
});

test('a card number in any text of an event is masked before it is written, and an event raises the alarm', (t) => {
  const path = join(makeFolder(t), 'journal.sqlite');
  const journal = openJournal(path, trial, at);
  t.after(() => journal.close());
  let checked: unknown;
  const given = { note: '番号は 4111 1111 1111 1111 です', lines: [{ text: '4111111111111111' }] };
  const event = journal.append('tick', 'op-1', given, ({ payload }) => void (checked = payload));
  const kept = { note: '番号は **** **** **** **** です', lines: [{ text: '****************' }] };
  assert.deepEqual([event.payload, checked, journal.eventsOf('op-1')[0]?.payload], [kept, kept, kept]);
  const [alarm] = journal.eventsOfType('card_data_masked');
  assert.deepEqual([alarm?.sequence, alarm?.payload], [2, { sequence: 1 }]);
  assert.equal(alarm?.previousHash, event.hash);
  assert.equal(journal.append('tick', null, {}).sequence, 3);
});

test('a card number without its alarm is never on record: both are, or neither', (t) => {
  let db: Database.Database | undefined;
  const opened = fileOpener((file) => (db = new Database(file)));
  const journal = openJournal(join(makeFolder(t), 'journal.sqlite'), trial, at, opened);
  t.after(() => journal.close());
  db?.exec(
    `CREATE TRIGGER full BEFORE INSERT ON events WHEN NEW.type = 'card_data_masked'
     BEGIN SELECT RAISE(ABORT, 'no space'); END`,
  );
  const given = { note: '4111111111111111' };
  assert.throws(() => journal.append('tick', null, given), { code: 'journal_unwritable' });
  assert.deepEqual([journal.head.sequence, journal.eventsAfter(0, 10)], [0, []]);
  db?.exec('DROP TRIGGER full');
  journal.append('tick', null, given);
  assert.deepEqual(
    journal.eventsAfter(0, 10).map(({ type }) => type),
    ['tick', 'card_data_masked'],
  );
});

/** Ticks of a journal, of which one is edited afterwards on the disk. */
function editedAt(t: Cleanup, sequence: number, ticks: number, closedAfter?: number): string {
  const path = join(makeFolder(t), 'journal.sqlite');
  let db: Database.Database | undefined;
  const opened = fileOpener((file) => (db = new Database(file)));
  const journal = openJournal(path, trial, at, opened);
  db?.exec('BEGIN');
  for (let n = 1; n <= ticks; n += 1) journal.append(n === closedAfter ? 'closed' : 'tick', null, { n });
  db?.exec('COMMIT; DROP TRIGGER events_keep');
  db?.exec(`UPDATE events SET payload = '{"n":0}' WHERE sequence = ${sequence}`);
  journal.close();
  return path;
}

test('an edited event is found at the start wherever it stands since the last closing, and the file is let go of', (t) => {
  for (const sequence of [1, 999, 1_000, 1_001, 2_500]) {
    const path = editedAt(t, sequence, 2_500);
    const refused = new RegExp(`event ${sequence} does not follow`);
    assert.throws(() => openJournal(path, trial, at), refused);
    // Whoever looks at it next is not told that another Madoguchi has it.
    assert.throws(() => openJournal(path, trial, at), refused);
  }
  assert.doesNotThrow(() => openJournal(editedAt(t, 10, 30, 20), trial, at).close());
});
