import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { test } from 'node:test';
import { sql } from 'kysely';
import { openDb } from '../../src/db/db.ts';
import { migrateToLatest } from '../../src/db/migrate.ts';
import { openTestDatabase } from '../support/postgres.ts';

test('three services that start at once migrate once, and none fails', async (t) => {
  const { db, openAnother } = await openTestDatabase(t, 'empty');
  const ran = await Promise.all([db, openAnother(), openAnother()].map((each) => migrateToLatest(each)));
  const files = readdirSync(new URL('../../migrations', import.meta.url)).sort();
  assert.deepEqual(
    ran.flat(),
    files.map((file) => file.replace('.ts', '')),
  );
  assert.deepEqual(await migrateToLatest(db), []);
});

test('dates stay dates, instants are UTC, and counts and big integers are numbers', async (t) => {
  const { db } = await openTestDatabase(t);
  const { rows } = await sql<Record<string, unknown>>`
    SELECT date '2026-04-01' AS date, timestamptz '2026-04-01 00:30:00.123+09' AS instant,
      count(*) AS count, 9007199254740991::bigint AS big, '{"b": 1}'::jsonb AS json
    FROM (VALUES (1), (2)) AS two`.execute(db);
  assert.deepEqual(rows, [
    {
      date: '2026-04-01',
      instant: '2026-03-31T15:30:00.123Z',
      count: 2,
      big: 9_007_199_254_740_991,
      json: { b: 1 },
    },
  ]);
});

test('a big integer that a number cannot hold is an error, not another number', async (t) => {
  const { db } = await openTestDatabase(t);
  await assert.rejects(sql`SELECT 9007199254740993::bigint`.execute(db), /too large/);
});

test('a server that cuts an idle connection is told of, and the next query works', async (t) => {
  const { db: admin, url } = await openTestDatabase(t);
  const { promise: cut, resolve } = Promise.withResolvers<Error>();
  const db = openDb(url, resolve);
  t.after(() => db.destroy());
  const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(db);
  await sql`SELECT pg_terminate_backend(${rows[0]?.pid})`.execute(admin);
  assert.match((await cut).message, /terminat/);
  assert.deepEqual((await sql`SELECT 1 AS one`.execute(db)).rows, [{ one: 1 }]);
});

test('a server that accepts and never answers is an error within the time-out', async (t) => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
  const address = silent.address();
  assert.ok(typeof address === 'object' && address !== null);
  const db = openDb(`postgresql://nobody@127.0.0.1:${address.port}/none`, () => undefined);
  await assert.rejects(sql`SELECT 1`.execute(db), /timeout/);
  await db.destroy();
});

test('events and results can be neither changed nor deleted, not even by their owner', async (t) => {
  const { openOwner } = await openTestDatabase(t);
  const db = openOwner();
  for (const table of ['events', 'reconciliations']) {
    for (const statement of [`UPDATE ${table} SET at = now()`, `DELETE FROM ${table}`, `TRUNCATE ${table}`]) {
      await assert.rejects(sql.raw(statement).execute(db), /append-only/, statement);
    }
  }
});

test('one counter has one active journal', async (t) => {
  const { db } = await openTestDatabase(t);
  const journal = (journal_id: string): Promise<unknown> =>
    db
      .insertInto('journals')
      .values({
        municipality: '122327',
        counter: '01',
        journal_id,
        book: 'trial',
        head_sequence: 0,
        head_hash: 'x',
        status: 'active',
      })
      .execute();
  await journal('00000000-0000-4000-8000-000000000001');
  await assert.rejects(journal('00000000-0000-4000-8000-000000000002'), /journals_one_active/);
});
