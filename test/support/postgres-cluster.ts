/** A real PostgreSQL for a run of the tests, with a template that each test's own database is copied from. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { openDb } from '../../src/db/db.ts';
import { openEmbeddedPostgres } from '../../src/db/embedded.ts';
import { applicationUrl, prepareDatabase } from '../../src/db/roles.ts';
import { seedSampleFees } from '../../src/fees/fees.ts';

/** Migrated, with the sample fee table of `MUNICIPALITY`. */
export const TEMPLATE = 'madoguchi_template';
export const MUNICIPALITY = '122327';

export interface TestCluster {
  url: string;
  stop(): Promise<void>;
}

/** Started in a folder of its own that goes with it. Its data need not outlive a power cut: no fsync. */
export async function startTestCluster(): Promise<TestCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'madoguchi-pg-'));
  const postgres = await openEmbeddedPostgres({
    dataDir: join(folder, 'postgres'),
    binDir: process.env['PG_BIN'],
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
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

export function databaseUrl(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

/** No test cuts an idle connection without saying so. */
export function failLoudly(error: Error): void {
  throw error;
}
