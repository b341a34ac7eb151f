/** Nobody reads 同期済み while PostgreSQL is gone: the real server, a gate in the way, and a network that says nothing. */
import assert from 'node:assert/strict';
import { once, EventEmitter } from 'node:events';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { sql } from 'kysely';
import { openDb } from '../../src/db/db.ts';
import { createArchive } from '../../src/journal/archive.ts';
import { createDrain, keepDraining } from '../../src/journal/drain.ts';
import { startHeartbeat } from '../../src/journal/heartbeat.ts';
import { openJournal } from '../../src/journal/journal.ts';
import type { RecordStatus } from '../../src/live.ts';
import { projectPayments } from '../../src/payments/projection.ts';
import { makeFolder } from '../support/folder.ts';
import { openGate } from '../support/gate.ts';
import { MUNICIPALITY, openTestDatabase } from '../support/postgres.ts';

const AT = '2026-11-24T00:42:00.000Z';
const now = (): Date => new Date(AT);

async function openSynced(t: TestContext, ask?: () => Promise<unknown>) {
  const { url } = await openTestDatabase(t);
  const gate = await openGate(t, url);
  const db = openDb(gate.url, () => undefined, MUNICIPALITY);
  t.after(() => db.destroy());
  const identity = { municipality: MUNICIPALITY, counter: '01', book: 'trial' } as const;
  const journal = openJournal(join(makeFolder(t), 'journal.sqlite'), identity, now);
  t.after(() => journal.close());
  journal.append('journal_opened', null, { book: 'trial' });
  const told = new EventEmitter();
  const seen: RecordStatus[] = [];
  const drain = createDrain({
    journal,
    archive: createArchive(db, projectPayments),
    now,
    onStatus(status) {
      seen.push(status);
      told.emit(status.state);
    },
    onError: () => undefined,
  });
  t.after(() => drain.stop());
  const synced = once(told, 'synced');
  keepDraining(journal, drain);
  await synced;
  const heartbeat = startHeartbeat({
    drain,
    ask: ask ?? (() => sql`SELECT 1`.execute(db)),
    pace: { beatMs: 20, answerWithinMs: 50 },
  });
  t.after(() => heartbeat.stop());
  return { gate, drain, told, seen };
}

test('PostgreSQL goes while nothing is to be sent: that is told with its beginning, once, and ends by itself', async (t) => {
  const { gate, drain, told, seen } = await openSynced(t);
  const offline = once(told, 'offline');
  gate.shut();
  await offline;
  assert.deepEqual(drain.status, { state: 'offline', pending: 0, detail: null, since: AT });
  const synced = once(told, 'synced');
  gate.open();
  drain.wake();
  await synced;
  assert.equal(drain.status.since, null);
  assert.deepEqual(
    seen.map(({ state }) => state).filter((state, index, all) => state !== all[index - 1]),
    ['synced', 'offline', 'synced'],
  );
});

test('a network that says nothing at all is noticed too', async (t) => {
  const { told, drain } = await openSynced(t, () => new Promise(() => undefined));
  if (drain.status.state !== 'offline') await once(told, 'offline');
  assert.equal(drain.status.state, 'offline');
});
