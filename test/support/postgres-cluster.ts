/** A real PostgreSQL for a run of tests or of a script, with a template that each database is copied from. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql, type Kysely } from 'kysely';
import { openDb } from '../../src/db/db.ts';
import { openEmbeddedPostgres } from '../../src/db/embedded.ts';
import { applicationUrl, prepareDatabase } from '../../src/db/roles.ts';
import type { Database } from '../../src/db/schema.ts';
import { seedSampleFees } from '../../src/fees/fees.ts';
import type { Cleanup } from './cleanup.ts';

/** Migrated, with the sample fee table of `MUNICIPALITY`. */
const TEMPLATE = 'madoguchi_template';
export const MUNICIPALITY = '122327';

export interface TestCluster {
  url: string;
  stop(): Promise<void>;
}

/** Linux keeps what is written there in memory. */
const MEMORY = '/dev/shm';
/** What a run of all tests needs at most; a container is often given 64 MB. */
const MEMORY_BYTES = 2 * 1024 ** 3;

/**
 * Started in a folder of its own that goes with it. Its data need not outlive a power cut: no fsync, and in memory where
 * there is enough: a copy of the template is 10 MB in 300 files, which takes a disk ten times as much of a core.
 */
export async function startTestCluster(): Promise<TestCluster> {
  const folder = await mkdtemp(join((await hasMemory()) ? MEMORY : tmpdir(), 'madoguchi-pg-'));
  const postgres = await openEmbeddedPostgres({
    dataDir: join(folder, 'postgres'),
    binDir: process.env['PG_BIN'],
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      max_wal_size: '256MB',
    },
  });
  const admin = openDb(postgres.url, failLoudly);
  await sql.raw(`CREATE DATABASE ${TEMPLATE}`).execute(admin);
  await admin.destroy();
  const ownerUrl = databaseUrl(postgres.url, TEMPLATE);
  await prepareDatabase(ownerUrl, applicationUrl(ownerUrl));
  const template = openDb(ownerUrl, failLoudly);
  await seedSampleFees(template, MUNICIPALITY);
  await template.destroy();
  return {
    url: postgres.url,
    async stop() {
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function hasMemory(): Promise<boolean> {
  try {
    const { bavail, bsize } = await statfs(MEMORY);
    return bavail * bsize >= MEMORY_BYTES;
  } catch {
    // Only Linux has it.
    return false;
  }
}

export interface TestDatabase {
  db: Kysely<Database>;
  /** As the application connects: it can't change what was recorded. */
  url: string;
  /** As the owner connects, for what only an administrator may do. */
  ownerUrl: string;
  /** Another pool on the same database: a second office, counter or municipality. Closed after the test. */
  openAnother: (municipality?: string) => Kysely<Database>;
  openOwner: () => Kysely<Database>;
}

/** A new one on that cluster, migrated and with the sample fees; or `empty`, which only its owner can use. */
export async function openDatabaseOn(
  clusterUrl: string,
  t: Cleanup,
  content: 'sample' | 'empty' = 'sample',
): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const ownerUrl = databaseUrl(clusterUrl, name);
  const url = content === 'empty' ? ownerUrl : applicationUrl(ownerUrl);
  const template = content === 'sample' ? TEMPLATE : 'template0';
  // By files: page by page through the log it takes twice as much.
  await asAdmin(clusterUrl, `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
  const pools: Kysely<Database>[] = [];
  let isOver = false;
  const open = (as: string, municipality = MUNICIPALITY): Kysely<Database> => {
    // A backend that has not read the goodbye yet is cut by the drop.
    const db = openDb(
      as,
      (error) => {
        if (!isOver) throw error;
      },
      municipality,
    );
    pools.push(db);
    return db;
  };
  t.after(async () => {
    isOver = true;
    await Promise.all(pools.map((db) => db.destroy()));
    await asAdmin(clusterUrl, `DROP DATABASE ${name} WITH (FORCE)`);
  });
  const openAnother = (municipality?: string): Kysely<Database> => open(url, municipality);
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

function databaseUrl(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

/** No test cuts an idle connection without saying so. */
export function failLoudly(error: Error): void {
  throw error;
}
