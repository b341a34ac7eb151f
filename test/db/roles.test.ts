import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql, type Kysely } from 'kysely';
import { openDb } from '../../src/db/db.ts';
import { APPLICATION_MAY, DatabaseFault, ensureReady, prepareDatabase } from '../../src/db/roles.ts';
import type { Database } from '../../src/db/schema.ts';
import { openTestCounter } from '../support/drained.ts';
import { failLoudly } from '../support/postgres-cluster.ts';
import { openTestDatabase } from '../support/postgres.ts';

const DENIED = /permission denied|must be owner/;

test('the service can neither change nor delete what was recorded, nor the guards of it', async (t) => {
  const { db } = await openTestDatabase(t);
  const counter = openTestCounter(t, db);
  counter.sell({ amountYen: 400, businessDate: '2026-11-24' });
  await counter.drain();
  for (const statement of [
    "UPDATE events SET payload = '{}'",
    'DELETE FROM events',
    'TRUNCATE events',
    'TRUNCATE events CASCADE',
    'ALTER TABLE events DISABLE TRIGGER ALL',
    'DROP TABLE events',
    'ALTER TABLE events DROP COLUMN hash',
    'CREATE TRIGGER mine BEFORE INSERT ON events EXECUTE FUNCTION refuse_change()',
    "UPDATE journals SET status = 'active'",
    'DELETE FROM journals',
    'DELETE FROM payments',
    'UPDATE reconciliations SET closings = 9',
    'DELETE FROM reconciliations',
    'DELETE FROM survey_answers',
    'DELETE FROM kysely_migration',
    'SET session_replication_role = replica',
    'CREATE TABLE mine (id integer)',
  ]) {
    await assert.rejects(sql.raw(statement).execute(db), DENIED, statement);
  }
  const { count } = await db
    .selectFrom('events')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  assert.equal(count, 4);
});

/** What is folded anew from events, the head that follows them, what is only being prepared, and whose turn it is. */
const CHANGES: Record<string, readonly string[] | 'all'> = {
  payments: 'all',
  journals: ['drained_at', 'head_hash', 'head_sequence'],
  counted_sales: ['withdrawn_at', 'withdrawn_by'],
  once_claims: ['at', 'counter', 'operation_id', 'released'],
  once_uses: ['dropped', 'given_back'],
  tickets: ['cancel_note', 'cancel_reason', 'cancelled_by', 'operation_id', 'state', 'unsure'],
  fee_drafts: ['at', 'changed_by', 'changed_by_name', 'revisions', 'version'],
};

test('the service deletes nothing anywhere, and changes only what follows from the events or is not yet decided', async (t) => {
  const { db } = await openTestDatabase(t);
  const { rows: mighty } = await sql`
    SELECT table_name, privilege_type FROM information_schema.table_privileges
    WHERE table_schema = 'public' AND grantee IN (current_user, 'PUBLIC')
      AND privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE')`.execute(db);
  assert.deepEqual(mighty, []);
  const { rows } = await sql<{ name: string; columns: string[]; all: boolean }>`
    SELECT table_name AS name, array_agg(column_name::text ORDER BY column_name::text) AS columns,
      has_table_privilege(format('%I', table_name), 'UPDATE') AS all
    FROM information_schema.column_privileges
    WHERE table_schema = 'public' AND grantee IN (current_user, 'PUBLIC') AND privilege_type = 'UPDATE'
    GROUP BY table_name`.execute(db);
  const changes = rows.map(({ name, columns, all }) => [name, all ? 'all' : columns] as const);
  assert.deepEqual(Object.fromEntries(changes), CHANGES);
});

test('every table and view has its line in the list of what the service may do', async (t) => {
  const { openOwner } = await openTestDatabase(t);
  const owner = openOwner();
  const { rows } = await sql<{ name: string }>`
    SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`.execute(owner);
  assert.deepEqual(rows.map(({ name }) => name).sort(), Object.keys(APPLICATION_MAY).sort());
});

test('preparing makes the service’s account once, and takes back what it was given by hand', async (t) => {
  const { ownerUrl, openOwner, db } = await openTestDatabase(t);
  const owner = openOwner();
  const url = await accountOf(owner, ownerUrl);
  assert.deepEqual(await prepareDatabase(ownerUrl, url), [], 'the template is up to date');
  await sql`GRANT UPDATE ON events TO ${sql.id(new URL(url).username)}`.execute(owner);
  const app = openDb(url, failLoudly);
  await assert.rejects(ensureReady(app, 'live'), DatabaseFault);
  await prepareDatabase(ownerUrl, url);
  await ensureReady(app, 'live');
  await ensureReady(db, 'live');
  await app.destroy();
  await dropAccount(owner, url);
});

test('an account that owns the record is refused for the service', async (t) => {
  const { ownerUrl, openOwner } = await openTestDatabase(t);
  await assert.rejects(prepareDatabase(ownerUrl, ownerUrl), /DATABASE_URL に別の利用者/);
  const owner = openOwner();
  await assert.rejects(ensureReady(owner, 'live'), /記録を書き換えられる/);
  await ensureReady(owner, 'trial');
});

for (const might of ['SUPERUSER', 'BYPASSRLS']) {
  test(`an account with ${might} is refused for the service, whoever made it`, async (t) => {
    const { ownerUrl, openOwner } = await openTestDatabase(t);
    const owner = openOwner();
    const url = await accountOf(owner, ownerUrl);
    await sql`CREATE ROLE ${sql.id(new URL(url).username)} LOGIN ${sql.raw(might)}`.execute(owner);
    await assert.rejects(prepareDatabase(ownerUrl, url), /DATABASE_URL に別の利用者/);
    await dropAccount(owner, url);
  });
}

test('a live service does not migrate; it says which command does', async (t) => {
  const { db } = await openTestDatabase(t, 'empty');
  await assert.rejects(ensureReady(db, 'live'), /0001-first-sale.*npm run migrate/);
  const { rows } = await sql`SELECT 1 FROM pg_class WHERE relname = 'events'`.execute(db);
  assert.equal(rows.length, 0);
  await ensureReady(db, 'trial');
  await sql`SELECT 1 FROM events`.execute(db);
});

/** An account of this test alone; it goes with the test. */
async function accountOf(owner: Kysely<Database>, ownerUrl: string): Promise<string> {
  const { rows } = await sql<{ name: string }>`SELECT current_database() AS name`.execute(owner);
  const url = new URL(ownerUrl);
  url.username = `app_of_${rows[0]?.name ?? ''}`;
  url.password = 'a password with \' and "';
  return url.href;
}

async function dropAccount(owner: Kysely<Database>, url: string): Promise<void> {
  const role = sql.id(new URL(url).username);
  await sql`DROP OWNED BY ${role}`.execute(owner);
  await sql`DROP ROLE ${role}`.execute(owner);
}
