/**
 * A database of its own for one test. `npm test` starts one cluster for all files and names it in the environment; a
 * file that is run by itself starts one of its own.
 */
import { randomBytes } from 'node:crypto';
import { after, type TestContext } from 'node:test';
import { sql, type Kysely } from 'kysely';
import { openDb } from '../../src/db/db.ts';
import { applicationUrl } from '../../src/db/roles.ts';
import type { Database } from '../../src/db/schema.ts';
import { databaseUrl, failLoudly, startTestCluster, TEMPLATE, type TestCluster } from './postgres-cluster.ts';

export { MUNICIPALITY } from './postgres-cluster.ts';

let own: Promise<TestCluster> | undefined;

after(async () => (await own)?.stop());

export interface TestDatabase {
  db: Kysely<Database>;
  /** As the application connects: it can't change what was recorded. */
  url: string;
  /** As the owner connects, for what only an administrator may do. */
  ownerUrl: string;
  /** Another pool on the same database: a second office, a second counter. Closed after the test. */
  openAnother: () => Kysely<Database>;
  openOwner: () => Kysely<Database>;
}

/** Migrated and with the sample fees; or `empty`, which only its owner can use. Gone after the test. */
export async function openTestDatabase(
  t: Pick<TestContext, 'after'>,
  content: 'sample' | 'empty' = 'sample',
): Promise<TestDatabase> {
  const clusterUrl = process.env['MADOGUCHI_TEST_PG'] ?? (await (own ??= startTestCluster())).url;
  const name = `test_${randomBytes(6).toString('hex')}`;
  const ownerUrl = databaseUrl(clusterUrl, name);
  const url = content === 'empty' ? ownerUrl : applicationUrl(ownerUrl);
  await asAdmin(
    clusterUrl,
    `CREATE DATABASE ${name} TEMPLATE ${content === 'sample' ? TEMPLATE : 'template0'}`,
  );
  const pools: Kysely<Database>[] = [];
  let isOver = false;
  const open = (as: string): Kysely<Database> => {
    // A backend that has not read the goodbye yet is cut by the drop.
    const db = openDb(as, (error) => {
      if (!isOver) throw error;
    });
    pools.push(db);
    return db;
  };
  t.after(async () => {
    isOver = true;
    await Promise.all(pools.map((db) => db.destroy()));
    await asAdmin(clusterUrl, `DROP DATABASE ${name} WITH (FORCE)`);
  });
  const openAnother = (): Kysely<Database> => open(url);
  return { db: openAnother(), url, ownerUrl, openAnother, openOwner: () => open(ownerUrl) };
}

async function asAdmin(clusterUrl: string, statement: string): Promise<void> {
  const admin = openDb(clusterUrl, failLoudly);
  try {
    await sql.raw(statement).execute(admin);
  } finally {
    await admin.destroy();
  }
}
